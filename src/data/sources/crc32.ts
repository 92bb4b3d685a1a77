/** CRC-32 of IEEE 802.3, as zip and PNG use it; eight bytes at a time (Kounavis and Berry, “A systematic approach to building high performance CRC”, 2005). */
const tables: Uint32Array[] = [];
for (let t = 0; t < 8; t++)
  tables.push(
    Uint32Array.from({ length: 256 }, (_, n) => {
      if (t > 0) {
        const before = tables[t - 1][n];
        return (tables[0][before & 0xff] ^ (before >>> 8)) >>> 0;
      }
      let value = n;
      for (let k = 0; k < 8; k++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
      return value >>> 0;
    }),
  );
const [t0, t1, t2, t3, t4, t5, t6, t7] = tables;

export function crc32(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let crc = 0xffffffff;
  let at = 0;
  for (; at + 8 <= bytes.length; at += 8) {
    const low = crc ^ view.getUint32(at, true);
    const high = view.getUint32(at + 4, true);
    crc =
      t7[low & 0xff] ^
      t6[(low >>> 8) & 0xff] ^
      t5[(low >>> 16) & 0xff] ^
      t4[low >>> 24] ^
      t3[high & 0xff] ^
      t2[(high >>> 8) & 0xff] ^
      t1[(high >>> 16) & 0xff] ^
      t0[high >>> 24];
  }
  for (; at < bytes.length; at++) crc = t0[(crc ^ bytes[at]) & 0xff] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}
