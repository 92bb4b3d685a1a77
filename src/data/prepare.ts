/**
 * Makes a data set ready for one recipe: splits, tokenizer, pictures at the model's size, captions as ids, features of sound, means and
 * deviations. What is learned here (vocabulary, mean, deviation) is learned from training samples alone. Data may lack any modality: then
 * the size of pictures is 0, and the tokenizer has learned nothing but bytes.
 */
import type { Cleaning } from '../core/cleaning.ts';
import { StudioError } from '../core/errors.ts';
import type { OnProgress } from '../core/progress.ts';
import type { Recipe } from '../core/recipe.ts';
import type { Dataset, DatasetStore, Split } from './dataset.ts';
import { withEdits } from './edits.ts';
import { firstPairs, presence } from './having.ts';
import { resizeRgb } from './image/resizeSquare.ts';
import { noisy } from './noise.ts';
import { draftInMemory } from './pixelDraft.ts';
import { heldBytes, type Pixels } from './pixels.ts';
import { prepareSound, prepareTable, prepareTarget } from './prepare.numbers.ts';
import { encodeAll } from './prepare.text.ts';
import type { PreparedData } from './prepared.ts';
import { splitsOf } from './splits.ways.ts';
import { learnedTokenizer } from './text/learned.ts';
import { loadTokenizer } from './text/tokenizer.ts';

export interface PrepareTools {
  signal?: AbortSignal;
  /** Where pictures of the model's size are kept when they are too many for memory; without, all are held. */
  resized?: Pick<DatasetStore, 'resized' | 'draftResized'>;
  /** Bytes of pictures that memory holds. */
  held?: number;
}

/**
 * @param stored with the edits of the recipe, whatever the set's own are now
 * @param tokenizerJson a `tokenizer.json` to use (the recipe's, an imported model's) instead of training one
 * @throws StudioError `data-empty`, `split-unfit`, `split-groups`, `tokenizer-invalid`, `tokenizer-missing`, `cancelled`
 */
export async function prepare(
  stored: Dataset,
  recipeData: Recipe['data'],
  tokenizerJson?: unknown,
  onProgress?: OnProgress,
  { signal, resized, held = heldBytes }: PrepareTools = {},
): Promise<PreparedData> {
  const dataset = withEdits(stored, recipeData.edits);
  const breathe = pacer(signal);
  const kept = recipeData.cleaning && (await keptOf(dataset, recipeData.cleaning, onProgress, signal));
  // Drawn over all samples, so that a rule that is switched never moves another sample to the other side.
  const splits = (await splitsOf(dataset, recipeData.split)).map((split, i) =>
    kept?.[i] === 0 ? 'test' : split,
  );
  if (!splits.includes('train'))
    throw new StudioError('data-empty', {
      message: `Nothing of “${dataset.name}” is ${kept?.includes(0) ? 'left by its cleaning ' : ''}for training.`,
    });
  const report = (phase: string) => (done: number, total: number) => onProgress?.({ phase, done, total });

  const tokenizer = loadTokenizer(
    tokenizerJson ?? learnedTokenizer(dataset.captions, splits, recipeData, report('tokenize'), signal),
  );
  await breathe();
  const size = dataset.size === 0 ? 0 : recipeData.imageSize;
  const pixels = await resizeAll(dataset, size, report('resize'), breathe, held, resized);
  const pairs = await encodeAll(
    dataset.captions,
    tokenizer,
    recipeData.textLength,
    report('tokenize'),
    breathe,
    kept,
  );
  const pairSplits = Array.from(pairs.sample, (sample) => splits[sample]);
  const sound = await prepareSound(dataset, recipeData.audio, splits, report('sound'), breathe);
  const table = prepareTable(dataset.table, splits);
  const target = prepareTarget(kept ? targetOf(dataset, kept) : dataset.target, pairSplits);
  const prepared: PreparedData = {
    dataset: dataset.id,
    fingerprint: dataset.fingerprint,
    size,
    pixels,
    files: dataset.files,
    captions: dataset.captions,
    splits,
    ...(dataset.sources && { sources: dataset.sources }),
    tokenizer,
    textLength: recipeData.textLength,
    pairs,
    splitPairs: {
      train: pairsOf('train'),
      validation: pairsOf('validation'),
      test: pairsOf('test'),
    },
    fit: dataset.fit ?? 'crop',
    background: dataset.background ?? '#ffffff',
    ...(await statistics(pixels, splits, breathe, dataset.pictured)),
    ...presence(dataset, pairs.sample, kept),
    ...(sound && { sound }),
    ...(table && { table }),
    ...(target && { target }),
  };
  return noisy(prepared, recipeData.noise ?? 0, recipeData.split.seed);

  function pairsOf(split: Split): Int32Array {
    return Int32Array.from(pairs.sample.keys()).filter((pair) => pairSplits[pair] === split);
  }
}

/** Which samples the cleaning keeps. Its rules are loaded only where there are some. */
async function keptOf(
  dataset: Dataset,
  cleaning: Cleaning,
  onProgress?: OnProgress,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const { clean } = await import('./cleaning/clean.ts');
  return (await clean(dataset, cleaning, { onProgress, signal })).kept;
}

/** The answers of the pairs that stay. */
function targetOf({ target, captions }: Dataset, kept: Uint8Array): Dataset['target'] {
  if (!target) return undefined;
  const each = target.kind === 'labels' ? target.classes.length : 1;
  const first = firstPairs(captions);
  const left = [...kept.keys()].filter((sample) => kept[sample] === 1);
  const values = left.map((sample) => target.values.subarray(first[sample] * each, first[sample + 1] * each));
  const joined = new Float32Array(values.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of values) {
    joined.set(part, at);
    at += part.length;
  }
  return { ...target, values: joined };
}

/** Lets the thread's other work go on every 30 ms, and notices a cancel. */
function pacer(signal?: AbortSignal): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last > 30) {
      await new Promise((resolve) => setTimeout(resolve));
      last = performance.now();
    }
    if (signal?.aborted) throw new StudioError('cancelled', { what: 'Preparing the data' });
  };
}

async function resizeAll(
  dataset: Dataset,
  to: number,
  report: (done: number, total: number) => void,
  breathe: () => Promise<void>,
  held: number,
  kept?: PrepareTools['resized'],
): Promise<Pixels> {
  const { id, size: from, pixels, files, pictured } = dataset;
  if (from === to) return pixels;
  const bytes = to * to * 3;
  const length = files.length * bytes;
  const place = length > held ? kept : undefined;
  const known = await place?.resized(id, to, length);
  if (known) return known;
  const draft = (await place?.draftResized(id, to, files.length)) ?? draftInMemory(files.length, bytes);
  const black = new Uint8Array(bytes);
  try {
    for (let i = 0; i < files.length; i++) {
      const there = pictured?.[i] !== 0;
      const picture = () => pixels.subarray(i * from * from * 3, (i + 1) * from * from * 3);
      draft.write(i, there ? resizeRgb(picture(), from, to) : black);
      if (i % 32 === 31) {
        report(i + 1, files.length);
        await breathe();
      }
    }
  } catch (error) {
    await draft.discard();
    throw error;
  }
  report(files.length, files.length);
  return draft.finish(new Uint8Array(files.length).fill(1));
}

/** Channel mean and deviation of the training pictures, of values in 0 … 1; 0 and 1 where there are none. */
async function statistics(
  pixels: Pixels,
  splits: Split[],
  breathe: () => Promise<void>,
  pictured?: Uint8Array,
): Promise<Pick<PreparedData, 'mean' | 'deviation'>> {
  const values = pixels.length / splits.length;
  const sums = [0, 0, 0];
  const squares = [0, 0, 0];
  let count = 0;
  for (const [i, split] of splits.entries()) {
    if (split !== 'train' || pictured?.[i] === 0) continue;
    count += values / 3;
    const picture = pixels.subarray(i * values, (i + 1) * values);
    for (let at = 0; at < values; at += 3) {
      for (let channel = 0; channel < 3; channel++) {
        const value = picture[at + channel];
        sums[channel] += value;
        squares[channel] += value * value;
      }
    }
    if (i % 256 === 255) await breathe();
  }
  if (count === 0) return { mean: [0, 0, 0], deviation: [1, 1, 1] };
  const mean = sums.map((sum) => sum / count);
  // Whole numbers up to here, so the variance cannot come out below zero; the floor is for pictures of one colour.
  const deviation = squares.map((sum, c) => Math.max(1, Math.sqrt(Math.max(0, sum / count - mean[c] ** 2))));
  const unit = (list: number[]): [number, number, number] => [list[0] / 255, list[1] / 255, list[2] / 255];
  return { mean: unit(mean), deviation: unit(deviation) };
}
