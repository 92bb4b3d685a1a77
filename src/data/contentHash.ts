/** 64 bits of two multiplicative hashes: enough that different pictures and sounds never meet by chance. */
export function contentHash(values: Uint8Array | Int16Array): [number, number] {
  let a = 0x811c9dc5;
  let b = 0x9e3779b9;
  for (let i = 0; i < values.length; i++) {
    a = Math.imul(a ^ values[i], 0x01000193);
    b = Math.imul(b + values[i], 0x85ebca6b) ^ (b >>> 15);
  }
  return [a >>> 0, b >>> 0];
}
