/**
 * Inputs made worse on purpose, step by step, to see what a model stands (Hendrycks & Dietterich 2019, arXiv 1903.12261): noise, blur, a hole in the picture (DeVries & Taylor 2017), words
 * that are gone, a modality that is missing. Seeded; strength 0 leaves the data as it is. The data is that of `takePairs`: all of it is changed.
 */
import { type Random, random } from '../core/random.ts';
import type { Modality } from './dataset.ts';
import { noisy } from './noise.ts';
import type { PreparedData } from './prepared.ts';

export interface Damage {
  type: 'noise' | 'blur' | 'cutout' | 'words' | 'missing';
  /** What it can be done to. */
  modalities: readonly Modality[];
  /** From 0 on. */
  strengths: readonly number[];
  apply(data: PreparedData, modality: Modality, strength: number, seed: number): PreparedData;
}

export const damages: readonly Damage[] = [
  {
    type: 'noise',
    modalities: ['image', 'audio', 'table'],
    strengths: [0, 0.25, 0.5, 1, 2, 4],
    apply: (data, modality, strength, seed) => noisy(data, strength, seed, [modality]),
  },
  {
    type: 'blur',
    modalities: ['image'],
    strengths: [0, 0.01, 0.02, 0.04, 0.08],
    apply: (data, _, strength) =>
      eachPicture(data, (picture, size) => blurred(picture, size, strength * size)),
  },
  {
    type: 'cutout',
    modalities: ['image'],
    strengths: [0, 0.1, 0.25, 0.5, 0.75],
    apply(data, _, strength, seed) {
      const draw = random(seed, 'cutout');
      return eachPicture(data, (picture, size) => holed(picture, size, strength, data.mean, draw));
    },
  },
  {
    type: 'words',
    modalities: ['text'],
    strengths: [0, 0.1, 0.25, 0.5, 0.75],
    apply: fewerWords,
  },
  {
    type: 'missing',
    modalities: ['image', 'text', 'audio', 'table'],
    strengths: [0, 0.25, 0.5, 0.75, 1],
    apply: (data, modality, strength, seed) =>
      lacking(data, modality, strength, random(seed, 'missing', modality)),
  },
];

/** A share of the samples (of text: pairs) without a modality. */
export function lacking(data: PreparedData, modality: Modality, share: number, draw: Random): PreparedData {
  const before = data.present?.[modality];
  const count = modality === 'text' ? data.pairs.count : data.files.length;
  const gone = new Set(draw.permutation(count).subarray(0, Math.round(share * count)));
  const there = Uint8Array.from({ length: count }, (_, index) =>
    gone.has(index) ? 0 : before ? before[index] : 1,
  );
  return share === 0 ? data : { ...data, present: { ...data.present, [modality]: there } };
}

function eachPicture(
  data: PreparedData,
  change: (picture: Uint8Array, size: number) => Uint8Array,
): PreparedData {
  const { size } = data;
  const bytes = size * size * 3;
  const pixels = new Uint8Array(data.pixels.length);
  for (let from = 0; from < pixels.length; from += bytes)
    pixels.set(change(data.pixels.subarray(from, from + bytes), size), from);
  return { ...data, pixels };
}

/** Gaussian, along rows and then columns; the edge goes on beyond it. @param sigma pixels */
function blurred(picture: Uint8Array, size: number, sigma: number): Uint8Array {
  if (sigma === 0) return picture;
  const reach = Math.max(1, Math.ceil(3 * sigma));
  const kernel = Float64Array.from({ length: 2 * reach + 1 }, (_, k) =>
    Math.exp(-((k - reach) ** 2) / (2 * sigma * sigma)),
  );
  const total = kernel.reduce((a, b) => a + b, 0);
  const along = (from: ArrayLike<number>, step: number, across: number): Float64Array => {
    const to = new Float64Array(from.length);
    for (let line = 0; line < size; line++)
      for (let i = 0; i < size; i++)
        for (let channel = 0; channel < 3; channel++) {
          let sum = 0;
          for (let k = -reach; k <= reach; k++) {
            const place = Math.min(size - 1, Math.max(0, i + k));
            sum += kernel[k + reach] * from[line * across + place * step + channel];
          }
          to[line * across + i * step + channel] = sum / total;
        }
    return to;
  };
  return Uint8Array.from(along(along(picture, 3, size * 3), size * 3, 3), Math.round);
}

/** A square of the mean colour that hides `share` of the picture, anywhere within it. */
function holed(
  picture: Uint8Array,
  size: number,
  share: number,
  mean: readonly number[],
  draw: Random,
): Uint8Array {
  const side = Math.round(Math.sqrt(share) * size);
  const [top, left] = [draw.integer(size - side + 1), draw.integer(size - side + 1)];
  const result = picture.slice();
  for (let y = top; y < top + side; y++)
    for (let x = left; x < left + side; x++)
      for (let channel = 0; channel < 3; channel++)
        result[(y * size + x) * 3 + channel] = Math.round(255 * mean[channel]);
  return result;
}

/** Captions without some of their words; of languages without spaces, without some characters. */
function fewerWords(data: PreparedData, _: Modality, share: number, seed: number): PreparedData {
  if (share === 0) return data;
  const draw = random(seed, 'words');
  const { pairs, textLength, tokenizer, captions } = data;
  const tokens = new Int32Array(pairs.tokens.length).fill(tokenizer.padId);
  const lengths = pairs.lengths.slice();
  for (let pair = 0; pair < pairs.count; pair++) {
    const caption: string | undefined = captions[pairs.sample[pair]][pairs.caption[pair]];
    if (!caption) continue;
    const words = caption.match(/\p{Script=Han}|[^\s\p{Script=Han}]+|\s+/gu) ?? [];
    const text = words.filter((word) => /^\s/.test(word) || draw.uniform() >= share).join('');
    const ids = tokenizer.encode(text.trim(), textLength);
    tokens.set(ids, pair * textLength);
    lengths[pair] = ids.length;
  }
  return { ...data, pairs: { ...pairs, tokens, lengths } };
}
