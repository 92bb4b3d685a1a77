/**
 * Makes a data set ready for one recipe: splits, tokenizer, pictures at the model's size, captions as ids, mean and
 * deviation. What is learned here (vocabulary, mean, deviation) is learned from training pictures alone.
 */
import { StudioError } from '../core/errors.ts';
import type { OnProgress } from '../core/progress.ts';
import type { Recipe } from '../core/recipe.ts';
import type { Dataset, Split } from './dataset.ts';
import { resizeRgb } from './image/resizeSquare.ts';
import type { PreparedData } from './prepared.ts';
import { assignSplits } from './splits.ts';
import { trainBpe } from './text/bpe.ts';
import { normalize } from './text/byteLevel.ts';
import { loadTokenizer, type Tokenizer } from './text/tokenizer.ts';

/**
 * @param tokenizerJson a `tokenizer.json` to use (an imported model's) instead of training one
 * @throws StudioError `data-empty`, `tokenizer-invalid`, `cancelled`
 */
export async function prepare(
  dataset: Dataset,
  recipeData: Recipe['data'],
  tokenizerJson?: unknown,
  onProgress?: OnProgress,
  signal?: AbortSignal,
): Promise<PreparedData> {
  const breathe = pacer(signal);
  const splits = assignSplits(dataset, recipeData.split);
  if (!splits.includes('train'))
    throw new StudioError('data-empty', { message: `No picture of “${dataset.name}” is for training.` });
  const report = (phase: string) => (done: number, total: number) => onProgress?.({ phase, done, total });

  const tokenizer = loadTokenizer(
    tokenizerJson ??
      trainBpe(
        dataset.captions.flatMap((captions, i) => (splits[i] === 'train' ? captions : [])),
        recipeData.vocabulary,
        report('tokenize'),
        signal,
      ),
  );
  await breathe();
  const pixels = await resizeAll(dataset, recipeData.imageSize, report('resize'), breathe);
  const pairs = await encodeAll(
    dataset.captions,
    tokenizer,
    recipeData.textLength,
    report('tokenize'),
    breathe,
  );
  return {
    dataset: dataset.id,
    fingerprint: dataset.fingerprint,
    size: recipeData.imageSize,
    pixels,
    files: dataset.files,
    captions: dataset.captions,
    splits,
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
    ...statistics(pixels, splits),
  };

  function pairsOf(split: Split): Int32Array {
    return Int32Array.from(pairs.sample.keys()).filter((pair) => splits[pairs.sample[pair]] === split);
  }
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
): Promise<Uint8Array> {
  const { size: from, pixels, files } = dataset;
  if (from === to) return pixels;
  const result = new Uint8Array(files.length * to * to * 3);
  for (let i = 0; i < files.length; i++) {
    const picture = pixels.subarray(i * from * from * 3, (i + 1) * from * from * 3);
    result.set(resizeRgb(picture, from, to), i * to * to * 3);
    if (i % 32 === 31) {
      report(i + 1, files.length);
      await breathe();
    }
  }
  report(files.length, files.length);
  return result;
}

async function encodeAll(
  captions: string[][],
  tokenizer: Tokenizer,
  textLength: number,
  report: (done: number, total: number) => void,
  breathe: () => Promise<void>,
): Promise<PreparedData['pairs']> {
  const count = captions.reduce((sum, list) => sum + list.length, 0);
  const sample = new Int32Array(count);
  const caption = new Int32Array(count);
  const textGroup = new Int32Array(count);
  const tokens = new Int32Array(count * textLength).fill(tokenizer.padId);
  const lengths = new Int32Array(count);
  const groups = new Map<string, number>();
  let cut = 0;
  let pair = 0;
  for (const [i, list] of captions.entries()) {
    for (const [c, text] of list.entries()) {
      const key = normalize(text);
      const group = groups.get(key) ?? groups.size;
      groups.set(key, group);
      // One more than fits tells whether something was cut.
      const ids = tokenizer.encode(text, textLength + 1);
      const isCut = ids.length > textLength;
      if (isCut) cut++;
      const kept = isCut ? tokenizer.encode(text, textLength) : ids;
      sample[pair] = i;
      caption[pair] = c;
      textGroup[pair] = group;
      lengths[pair] = kept.length;
      tokens.set(kept, pair * textLength);
      pair++;
    }
    if (i % 256 === 255) {
      report(pair, count);
      await breathe();
    }
  }
  report(count, count);
  return { count, sample, caption, textGroup, tokens, lengths, cut };
}

/** Channel mean and deviation of the training pictures, of values in 0 … 1. */
function statistics(pixels: Uint8Array, splits: Split[]): Pick<PreparedData, 'mean' | 'deviation'> {
  const values = pixels.length / splits.length;
  const sums = [0, 0, 0];
  const squares = [0, 0, 0];
  let count = 0;
  for (const [i, split] of splits.entries()) {
    if (split !== 'train') continue;
    count += values / 3;
    for (let at = i * values; at < (i + 1) * values; at += 3) {
      for (let channel = 0; channel < 3; channel++) {
        const value = pixels[at + channel];
        sums[channel] += value;
        squares[channel] += value * value;
      }
    }
  }
  const mean = sums.map((sum) => sum / count);
  // Whole numbers up to here, so the variance cannot come out below zero; the floor is for pictures of one colour.
  const deviation = squares.map((sum, c) => Math.max(1, Math.sqrt(Math.max(0, sum / count - mean[c] ** 2))));
  const unit = (list: number[]): [number, number, number] => [list[0] / 255, list[1] / 255, list[2] / 255];
  return { mean: unit(mean), deviation: unit(deviation) };
}
