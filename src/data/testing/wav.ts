/** WAV files made in memory, for tests. */

export interface WavOptions {
  rate?: number;
  channels?: number;
  /** Format tag and bits: `1/16` is plain PCM. */
  format?: string;
  /** The extensible form of the header. */
  extensible?: boolean;
}

/** @param values interleaved, as the format holds them (whole numbers, floats or codes) */
export function wav(
  values: readonly number[],
  { rate = 8000, channels = 1, format = '1/16', extensible = false }: WavOptions = {},
): Uint8Array {
  const [tag, bits] = format.split('/').map(Number);
  const width = bits / 8;
  const head = extensible ? 40 : 16;
  const size = values.length * width;
  const bytes = new Uint8Array(28 + head + size + (size % 2));
  const view = new DataView(bytes.buffer);
  const text = (at: number, letters: string) =>
    bytes.set(
      [...letters].map((letter) => letter.charCodeAt(0)),
      at,
    );
  text(0, 'RIFF');
  view.setUint32(4, bytes.length - 8, true);
  text(8, 'WAVEfmt ');
  view.setUint32(16, head, true);
  view.setUint16(20, extensible ? 0xfffe : tag, true);
  view.setUint16(22, channels, true);
  view.setUint32(24, rate, true);
  view.setUint32(28, rate * channels * width, true);
  view.setUint16(32, channels * width, true);
  view.setUint16(34, bits, true);
  if (extensible) view.setUint16(44, tag, true);
  text(20 + head, 'data');
  view.setUint32(24 + head, size, true);
  for (const [i, value] of values.entries()) {
    const at = 28 + head + i * width;
    if (tag === 3) bits === 64 ? view.setFloat64(at, value, true) : view.setFloat32(at, value, true);
    else for (let byte = 0; byte < width; byte++) bytes[at + byte] = (value >> (8 * byte)) & 255;
  }
  return bytes;
}

/** A tone of so many hertz at half volume, 16-bit. */
export const tone = (hertz: number, seconds: number, rate = 8000): Uint8Array =>
  wav(
    Array.from({ length: Math.round(seconds * rate) }, (_, i) =>
      Math.round(16384 * Math.sin((2 * Math.PI * hertz * i) / rate)),
    ),
    { rate },
  );
