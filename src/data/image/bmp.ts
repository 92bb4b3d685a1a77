/**
 * Uncompressed BMP of 8, 24 and 32 bits: what screenshots and old tools write. Only Node needs it; browsers read BMP
 * themselves.
 */
import type { Picture } from './resize.ts';

/** @throws Error naming the kind of BMP that is not read */
export function decodeBmp(bytes: Uint8Array): Picture {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = view.getUint32(10, true);
  const headerSize = view.getUint32(14, true);
  if (headerSize < 40) throw new Error('BMP of the OS/2 kind is not read here');
  const width = view.getInt32(18, true);
  const signed = view.getInt32(22, true);
  const height = Math.abs(signed);
  const bits = view.getUint16(28, true);
  const compression = view.getUint32(30, true);
  if (compression !== 0 || ![8, 24, 32].includes(bits))
    throw new Error(`BMP of ${bits} bits, compression ${compression}, is not read here`);
  const stride = Math.ceil((width * bits) / 32) * 4;
  if (start + stride * height > bytes.length) throw new Error('it ends too early');
  const palette = 14 + headerSize;
  const data = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y++) {
    const row = start + (signed < 0 ? y : height - 1 - y) * stride;
    for (let x = 0; x < width; x++) {
      const from = bits === 8 ? palette + bytes[row + x] * 4 : row + (x * bits) / 8;
      const to = (y * width + x) * 4;
      data[to] = bytes[from + 2];
      data[to + 1] = bytes[from + 1];
      data[to + 2] = bytes[from];
      // The fourth byte of a plain 32-bit BMP is unused, not alpha.
      data[to + 3] = 255;
    }
  }
  return { width, height, data };
}
