/**
 * Batches as floats: pictures read on the processor and normalized. Training reads them on the device where it can (training/feed.ts);
 * this is the same meaning for executors that cannot, for measuring, and for tests.
 */
import { StudioError } from '../core/errors.ts';
import type { Recipe } from '../core/recipe.ts';
import { readView } from './augment.ts';
import { copyTokens, drawBatch, emptyRows } from './draw.ts';
import type { Batch, Drawn, PreparedData, Rows } from './prepared.ts';
import type { Drawing } from './sampling.ts';

/** The micro-batch of a number (data/draw.ts). @throws StudioError `data-too-few` */
export const trainBatch = (prepared: PreparedData, recipe: Recipe, micro: number, drawing?: Drawing): Batch =>
  readBatch(prepared, drawBatch(prepared, recipe, micro, drawing));

/** Reads the pictures of a drawn micro-batch through its views. */
export function readBatch(prepared: PreparedData, { views, words: _, ...rows }: Drawn): Batch {
  const { scale, offset } = normalization(prepared);
  const values = prepared.size * prepared.size * 3;
  const images = new Float32Array(views.length * values);
  for (const [row, view] of views.entries()) {
    const image = prepared.pairs.sample[rows.pairs[row]];
    const picture = prepared.pixels.subarray(image * values, (image + 1) * values);
    readView(picture, 0, prepared.size, view, scale, offset, images, row * values);
  }
  return { ...rows, images };
}

/**
 * Pairs without augmentation. Where `pairs` does not fill the batch, its first pair fills the last rows; the caller
 * leaves them out of what it measures.
 */
export function evaluationBatch(prepared: PreparedData, pairs: Int32Array, batch: number): Batch {
  const rows = evaluationRows(prepared, pairs, batch);
  const values = prepared.size * prepared.size * 3;
  const result: Batch = { ...rows, images: new Float32Array(batch * values) };
  const { scale, offset } = normalization(prepared);
  const table = new Float32Array(256 * 3);
  for (let value = 0; value < 256; value++)
    for (let channel = 0; channel < 3; channel++)
      table[value * 3 + channel] = (value / 255) * scale[channel] + offset[channel];
  for (const [row, pair] of rows.pairs.entries()) {
    const image = prepared.pairs.sample[pair];
    const picture = prepared.pixels.subarray(image * values, (image + 1) * values);
    const to = row * values;
    for (let i = 0; i < values; i += 3) {
      for (let channel = 0; channel < 3; channel++)
        result.images[to + i + channel] = table[picture[i + channel] * 3 + channel];
    }
  }
  return result;
}

/** The same but for its pictures. */
export function evaluationRows(prepared: PreparedData, pairs: Int32Array, batch: number): Rows {
  if (pairs.length === 0 || pairs.length > batch)
    throw new StudioError('internal', { message: `${pairs.length} pairs for a batch of ${batch}` });
  const rows = emptyRows(
    prepared,
    Int32Array.from({ length: batch }, (_, row) => pairs[row < pairs.length ? row : 0]),
  );
  for (const [row, pair] of rows.pairs.entries()) copyTokens(prepared, pair, rows, row);
  return rows;
}

/** Per channel, for values in 0 … 1: normalized = value × scale + offset. */
export function normalization({ mean, deviation }: PreparedData) {
  return { scale: deviation.map((d) => 1 / d), offset: mean.map((m, c) => -m / deviation[c]) };
}
