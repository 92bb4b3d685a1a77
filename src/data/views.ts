/**
 * A training sample beside what augmentation makes of it, drawn and read by what training draws and reads with (data/draw.ts, data/batches.ts). View k is what
 * the first micro-batch of step k would show if the sample stood in its first row.
 */
import { random } from '../core/random.ts';
import type { Recipe } from '../core/recipe.ts';
import { evaluationBatch, readBatch } from './batches.ts';
import type { Dataset } from './dataset.ts';
import { drawRows } from './draw.ts';
import { withEdits } from './edits.ts';
import { prepare } from './prepare.ts';
import type { Batch, PreparedData } from './prepared.ts';
import { someOf } from './someOf.ts';
import { splitsOf } from './splits.ways.ts';
import type { Part } from './words.ts';

/** Samples that stand for a whole set when its views are shown. */
const most = 128;

export interface Seen {
  /** RGB bytes, `size × size × 3`; absent where there is no picture. */
  pixels?: Uint8Array<ArrayBuffer>;
  mirrored: boolean;
  /** The caption in pieces, with what each was; none where there are no words. */
  words: Part[];
  /** Features of the sound, `frames × bins`: decibels, or cepstral coefficients; NaN in frames that do not count. Absent without sound. */
  sound?: Float32Array<ArrayBuffer>;
}

export interface SampleViews {
  /** Its index in the data set, and its name. */
  sample: number;
  file: string;
  size: number;
  /** Training samples that views can be had of. */
  samples: number;
  /** Of the sound's features. */
  bins: number;
  /** Of the sound, where it has one. */
  seconds?: number;
  original: Seen;
  views: Seen[];
}

/**
 * @param pair of the prepared data
 * @param from first step, 0-based
 */
export function viewsOf(
  prepared: PreparedData,
  recipe: Recipe,
  pair: number,
  from: number,
  count: number,
): SampleViews {
  const { size, sound, captions, files } = prepared;
  const { accumulate = 1 } = recipe.training;
  const sample = prepared.pairs.sample[pair];
  const rows = Int32Array.of(pair);
  const caption: string | undefined = captions[sample][prepared.pairs.caption[pair]];
  const plain = caption ? [{ text: caption }] : [];
  return {
    sample,
    file: files[sample],
    size,
    samples: prepared.splits.filter((split) => split === 'train').length,
    bins: sound?.bins ?? 0,
    original: seen(prepared, evaluationBatch(prepared, rows, 1), sample, plain, false),
    views: Array.from({ length: count }, (_, k) => {
      const drawn = drawRows(prepared, recipe, (from + k) * accumulate, rows);
      const [words = plain] = drawn.words;
      return seen(prepared, readBatch(prepared, drawn), sample, words, drawn.views[0].mirrored);
    }),
  };
}

/** The only row of a batch, in the units of its files. */
function seen(
  { size, mean, deviation, present, sound }: PreparedData,
  { images, more = {} }: Batch,
  sample: number,
  words: Part[],
  mirrored: boolean,
): Seen {
  const pictured = size > 0 && present?.image?.[sample] !== 0;
  const pixels = new Uint8Array(pictured ? images.length : 0);
  for (let i = 0; i < pixels.length; i++)
    pixels[i] = Math.round(255 * Math.min(1, Math.max(0, images[i] * deviation[i % 3] + mean[i % 3])));
  const [heard, keep] = [more['sound'], more['soundKeep']];
  const values =
    sound && heard && keep && sound.lengths[sample] > 0
      ? Float32Array.from(heard, (value, i) => {
          const bin = i % sound.bins;
          const counts = keep[Math.floor(i / sound.bins)] === 1;
          return counts ? value * sound.deviation[bin] + sound.mean[bin] : Number.NaN;
        })
      : undefined;
  return { words, mirrored, ...(pictured && { pixels }), ...(values && { sound: values }) };
}

export interface Sampled {
  prepared: PreparedData;
  /** Its pairs, in an order drawn once. */
  pairs: Int32Array;
  /** Of its samples, their indices in the set. */
  indices: Int32Array;
}

/**
 * A set made ready by some of its training samples, so that views of a large one are there at once. Means, deviations and vocabulary are those of these samples.
 * @throws StudioError `data-empty`, and of splits
 */
export async function sampled(set: Dataset, data: Recipe['data']): Promise<Sampled> {
  const dataset = data.edits ? withEdits(set, data.edits) : set;
  const splits = await splitsOf(dataset, data.split);
  const gone = new Set(dataset.dropped);
  const training = Int32Array.from(splits.keys()).filter(
    (index) => splits[index] === 'train' && !gone.has(index),
  );
  const order = random(0, 'views').permutation(training.length);
  const indices = Int32Array.from(order.subarray(0, most), (place) => training[place]).sort();
  // Indices of samples are others in a part; and words are shown, whatever splits them into tokens.
  const { cleaning: _, edits: __, tokenizer: ___, ...rest } = data;
  const own = { ...rest, split: { by: 'files' as const, validation: 0, test: 0, seed: 0 } };
  const prepared = await prepare(someOf(dataset, indices), own);
  const pairs = random(1, 'views').permutation(prepared.pairs.count);
  return { prepared, pairs: Int32Array.from(pairs), indices };
}
