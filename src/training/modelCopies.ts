/** Samples that a model's tower sees almost alike: neighbours among its vectors, found with an approximate index (data/cleaning/neighbours.ts). */
import { StudioError } from '../core/errors.ts';
import type { OnProgress } from '../core/progress.ts';
import { Neighbours } from '../data/cleaning/neighbours.ts';
import type { Model } from './model.ts';
import { pairOf, type Suspicions } from './suspicious.ts';
import { hasModality } from './validate.ts';

/** Samples embedded at a time. */
const together = 512;

/**
 * Each sample whose vector has a cosine of at least `least` with one before it, with the nearest of those.
 * @param modality of the tower that looks
 * @returns highest cosine first
 * @throws StudioError `cancelled`; `recipe-invalid` where the model has no such tower, `data-empty` where no sample has the modality
 */
export async function modelCopies(
  model: Model,
  modality: string,
  limit: number,
  least: number,
  { signal, onProgress }: { signal?: AbortSignal; onProgress?: OnProgress } = {},
): Promise<Suspicions> {
  const { data } = model;
  const seen = new Set<number>();
  const pairs = model.pairs('all').filter((pair) => {
    const sample = data.pairs.sample[pair];
    const fresh = hasModality(data, modality, pair) && !seen.has(sample);
    if (fresh) seen.add(sample);
    return fresh;
  });
  if (pairs.length === 0) throw new StudioError('data-empty', { message: `No sample has ${modality}.` });
  const embedder = await model.embed();
  const { width } = embedder;
  const index = new Neighbours({ width });
  const ids: number[] = [];
  const found: Suspicions['pairs'] = [];
  for (let from = 0; from < pairs.length; from += together) {
    if (signal?.aborted) throw new StudioError('cancelled', { what: model.recipe.name });
    const part = pairs.subarray(from, from + together);
    const vectors = await embedder.pairs(modality, part);
    for (const [row, pair] of part.entries()) {
      const vector = vectors.subarray(row * width, (row + 1) * width);
      const [near] = index.search(vector, 1);
      // Equal vectors hide each other, so that only one of them is in the index.
      if (near && near.similarity >= least)
        found.push({ ...pairOf(data, pair), figure: near.similarity, like: data.pairs.sample[ids[near.id]] });
      if (near && near.similarity > 1 - 1e-6) continue;
      index.add(vector);
      ids.push(pair);
    }
    onProgress?.({ phase: 'measure', done: from + part.length, total: pairs.length });
  }
  return { measured: pairs.length, pairs: found.sort((a, b) => b.figure - a.figure).slice(0, limit) };
}
