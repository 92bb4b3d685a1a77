/** Which samples are equal, and which captions nearly so: by hashes of what the model sees, and by words without case, marks and articles. */
import type { PreparedData } from '../../data/prepared.ts';

/** Values of a sample that are looked at, evenly spread. */
const most = 1024;

/** FNV-1a over numbers, in two streams, so that 64 bits tell millions of samples apart. */
function hashed(values: ArrayLike<number>, from: number, to: number, seed: number): string {
  let a = 0x811c9dc5 ^ seed;
  let b = 0x9747b28c ^ seed;
  const stride = Math.ceil((to - from) / most);
  for (let i = from; i < to; i += stride) {
    a = Math.imul(a ^ values[i], 0x01000193);
    b = Math.imul(b ^ values[i], 0x85ebca6b);
    b ^= b >>> 13;
  }
  return `${(a >>> 0).toString(36)}.${(b >>> 0).toString(36)}`;
}

const bits = (values: Float32Array) => new Int32Array(values.buffer, values.byteOffset, values.length);

/**
 * A text for each sample, equal for samples that are equal in the named modalities (captions aside). A sample that has none of them is like no other.
 */
export function hashesOf(data: PreparedData, modalities: readonly string[]): string[] {
  const { sound, table, present, size, pixels } = data;
  const has = (modality: 'image' | 'audio' | 'table', sample: number) =>
    modalities.includes(modality) && (present?.[modality]?.[sample] ?? 1) === 1;
  const heard = sound && bits(sound.values);
  const listed = table && bits(table.values);
  return data.files.map((_, sample) => {
    const parts: string[] = [];
    const add = (values: ArrayLike<number>, each: number, seed: number, from = sample * each) =>
      parts.push(hashed(values, from, from + each, seed));
    if (size > 0 && has('image', sample)) {
      const each = size * size * 3;
      add(pixels.subarray(sample * each, (sample + 1) * each), each, 1, 0);
    }
    if (sound && heard && has('audio', sample)) add(heard, sound.frames * sound.bins, 2);
    if (table && listed && has('table', sample)) add(listed, table.steps * table.columns.length, 3);
    if (parts.length > 0) return parts.join(' ');
    return modalities.every((modality) => modality === 'text') ? '' : `#${sample}`;
  });
}

/** Captions that differ in case, marks or articles alone have equal texts. */
export const nearly = (caption: string): string =>
  (caption.toLocaleLowerCase('en').match(/[\p{L}\p{N}]+/gu) ?? [])
    .filter((word) => !/^(a|an|the)$/.test(word))
    .join(' ');
