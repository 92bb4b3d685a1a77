/**
 * WAV files (RIFF, RF64) to mono floats: PCM of 8, 16, 24 and 32 bits, floats of 32 and 64, A-law and µ-law, plain or in the extensible
 * form, channels averaged. After Microsoft's “Multiple Channel Audio Data and WAVE Files” and ITU-T G.711. What a file states about
 * lengths is a claim: reading ends where the file ends.
 */
import { StudioError } from '../../core/errors.ts';

export interface Clip {
  /** Samples per second. */
  rate: number;
  /** Mono, −1 … 1. */
  samples: Float32Array;
}

interface Format {
  tag: number;
  channels: number;
  rate: number;
  bits: number;
  /** Bytes of a frame: one sample of every channel. */
  frame: number;
}

type ReadSample = (view: DataView, at: number) => number;

const extensible = 0xfffe;

/** By format tag and bits. */
const readers: Record<string, ReadSample> = {
  '1/8': (view, at) => (view.getUint8(at) - 128) / 128,
  '1/16': (view, at) => view.getInt16(at, true) / 2 ** 15,
  '1/24': (view, at) => (view.getUint16(at, true) + view.getInt8(at + 2) * 65536) / 2 ** 23,
  '1/32': (view, at) => view.getInt32(at, true) / 2 ** 31,
  '3/32': (view, at) => view.getFloat32(at, true),
  '3/64': (view, at) => view.getFloat64(at, true),
  '6/8': (view, at) => aLaw(view.getUint8(at)),
  '7/8': (view, at) => muLaw(view.getUint8(at)),
};

export const isWav = (bytes: Uint8Array): boolean =>
  ['RIFF', 'RF64'].includes(word(bytes, 0)) && word(bytes, 8) === 'WAVE';

/**
 * @param longest seconds that are read at most
 * @throws StudioError `sound-decode` with the byte where reading ended
 */
export function decodeWav(bytes: Uint8Array, file: string, longest = Number.POSITIVE_INFINITY): Clip {
  const fail = (at: number, message: string): never => {
    throw new StudioError('sound-decode', { file, message: `byte ${at}: ${message}` });
  };
  if (!isWav(bytes)) fail(0, 'this is no WAV file');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let format: Format | undefined;
  for (let at = 12; at + 8 <= bytes.length; ) {
    const name = word(bytes, at);
    const stated = view.getUint32(at + 4, true);
    const body = at + 8;
    // Streams write 0 or the largest number, since they do not know their end; RF64 states it elsewhere.
    const open = name === 'data' && (stated === 0 || stated === 0xffffffff);
    const size = Math.min(open ? bytes.length : stated, bytes.length - body);
    if (name === 'fmt ') {
      if (size < 16) fail(at, `the format has ${size} bytes of 16`);
      format = readFormat(view, body, size);
    } else if (name === 'data') {
      if (!format) return fail(at, 'sound stands before its format');
      const { tag, bits, channels, rate, frame } = format;
      const read = readers[`${tag}/${bits}`] ?? fail(at, `format ${tag} with ${bits} bits is not supported`);
      if (channels < 1 || channels > 64) fail(at, `${channels} channels`);
      if (rate < 1000 || rate > 768_000) fail(at, `${rate} samples a second`);
      if (frame !== (channels * bits) / 8) fail(at, `${frame} bytes for ${channels} samples of ${bits} bits`);
      const count = Math.min(Math.floor(size / frame), Math.ceil(longest * rate));
      if (count === 0) fail(at, 'it holds no sound');
      return { rate, samples: mono(view, body, count, format, read) };
    }
    at = body + stated + (stated % 2);
  }
  return fail(bytes.length, format ? 'it ends before the sound' : 'it ends before the format');
}

function readFormat(view: DataView, at: number, size: number): Format {
  const tag = view.getUint16(at, true);
  return {
    // The extensible form has the true tag at the head of its sub-format.
    tag: tag === extensible && size >= 26 ? view.getUint16(at + 24, true) : tag,
    channels: view.getUint16(at + 2, true),
    rate: view.getUint32(at + 4, true),
    frame: view.getUint16(at + 12, true),
    bits: view.getUint16(at + 14, true),
  };
}

function mono(
  view: DataView,
  from: number,
  count: number,
  { channels, bits }: Format,
  read: ReadSample,
): Float32Array {
  const samples = new Float32Array(count);
  const width = bits / 8;
  let at = from;
  for (let i = 0; i < count; i++) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++, at += width) sum += read(view, at);
    // A float that is no number would spread through every feature.
    samples[i] = Number.isFinite(sum) ? sum / channels : 0;
  }
  return samples;
}

function aLaw(code: number): number {
  const value = code ^ 0x55;
  const exponent = (value >> 4) & 7;
  const mantissa = ((value & 15) << 4) + 8;
  const size = exponent === 0 ? mantissa : (mantissa + 256) << (exponent - 1);
  return (value & 0x80 ? size : -size) / 2 ** 15;
}

function muLaw(code: number): number {
  const value = ~code & 0xff;
  const size = ((((value & 15) << 3) + 132) << ((value >> 4) & 7)) - 132;
  return (value & 0x80 ? -size : size) / 2 ** 15;
}

const word = (bytes: Uint8Array, at: number): string => String.fromCharCode(...bytes.subarray(at, at + 4));
