/** A FLAC file of verbatim subframes (RFC 9639), mono, 16 bits: the least that a decoder must read. Chromium has a decoder and no encoder. */
const frameSize = 4096;

export function flac(samples: Int16Array, rate: number): Uint8Array {
  const bytes: number[] = [...'fLaC'].map((letter) => letter.charCodeAt(0));
  // STREAMINFO, the last block: sizes of blocks, of frames (unknown), 20 bits of rate, channels − 1, bits − 1, count, MD5 (unknown).
  bytes.push(0x80, 0, 0, 34, ...big(frameSize, 2), ...big(frameSize, 2), 0, 0, 0, 0, 0, 0);
  bytes.push(
    ...big(rate >> 4, 2),
    ((rate & 15) << 4) | 0,
    0xf0,
    ...big(samples.length, 4),
    ...new Array<number>(16).fill(0),
  );
  for (let from = 0, number = 0; from < samples.length; from += frameSize, number++) {
    const block = samples.subarray(from, from + frameSize);
    if (number > 127) throw new Error('frame numbers beyond 127 are not written');
    // Sync, fixed block size; block size in 16 bits, rate and bits as in STREAMINFO, mono.
    const frame = [0xff, 0xf8, 0x70, 0x00, number, ...big(block.length - 1, 2)];
    frame.push(checksum(frame, 8, 0x07));
    frame.push(0x02);
    for (const value of block) frame.push(...big(value & 0xffff, 2));
    bytes.push(...frame, ...big(checksum(frame, 16, 0x8005), 2));
  }
  return Uint8Array.from(bytes);
}

const big = (value: number, bytes: number): number[] =>
  Array.from({ length: bytes }, (_, i) => Math.floor(value / 256 ** (bytes - 1 - i)) % 256);

function checksum(bytes: readonly number[], bits: 8 | 16, polynomial: number): number {
  const top = 1 << (bits - 1);
  let sum = 0;
  for (const byte of bytes) {
    sum ^= byte << (bits - 8);
    for (let i = 0; i < 8; i++)
      sum = ((sum & top ? (sum << 1) ^ polynomial : sum << 1) & ((1 << bits) - 1)) >>> 0;
  }
  return sum;
}
