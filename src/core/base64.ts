/** Bytes as text, and numbers in JSON compactly: 32-bit floats, little-endian. */

/** Bytes at once: a multiple of three, so that pieces join. */
const piece = 3 * 8192;

export function bytesToBase64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += piece)
    text += btoa(String.fromCharCode(...bytes.subarray(at, at + piece)));
  return text;
}

export const bytesFromBase64 = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text), (character) => character.charCodeAt(0));

export const floatsToBase64 = (values: Float32Array): string =>
  bytesToBase64(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));

export function floatsFromBase64(text: string): Float32Array {
  const bytes = bytesFromBase64(text);
  return new Float32Array(bytes.buffer, 0, Math.floor(bytes.length / 4));
}
