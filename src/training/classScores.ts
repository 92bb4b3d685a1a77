/** How surely a classifier takes samples for one of its classes: unsafe pictures, advertisements, whatever it was trained to tell. */
import { StudioError } from '../core/errors.ts';
import type { OnProgress } from '../core/progress.ts';
import { termNames } from '../models/terms.ts';
import { softmax } from './ask.ts';
import type { Model } from './model.ts';
import { pairOf, type Suspicions } from './suspicious.ts';

/**
 * The samples with the highest share of a class (softmax; sigmoid where several labels may hold), at least `least`, highest first. A sample counts by its first pair.
 * @throws StudioError `data-unfit` where the model does not tell this class, `cancelled`
 */
export async function classScores(
  model: Model,
  name: string,
  limit: number,
  least: number,
  { signal, onProgress }: { signal?: AbortSignal; onProgress?: OnProgress } = {},
): Promise<Suspicions> {
  const { data, recipe } = model;
  const { classes = [], kind } = data.target ?? {};
  const chosen = classes.indexOf(name);
  const unfit = () =>
    new StudioError('data-unfit', { message: `the model does not tell “${name}” from others` });
  if (chosen < 0) throw unfit();
  const seen = new Set<number>();
  const pairs = model.pairs('all').filter((pair) => {
    const sample = data.pairs.sample[pair];
    return !seen.has(sample) && seen.add(sample);
  });
  const { measurer } = model;
  const found: Suspicions['pairs'] = [];
  for (let from = 0; from < pairs.length; from += measurer.batch) {
    if (signal?.aborted) throw new StudioError('cancelled', { what: recipe.name });
    const part = pairs.subarray(from, from + measurer.batch);
    const answers = await measurer.answers(data, part);
    const term = termNames(recipe).find((one) => answers[`${one}/logits`]);
    if (!term) throw unfit();
    for (const [row, pair] of part.entries()) {
      const logits = answers[`${term}/logits`].subarray(row * classes.length, (row + 1) * classes.length);
      const figure = kind === 'labels' ? 1 / (1 + Math.exp(-logits[chosen])) : softmax(logits)[chosen];
      if (figure >= least) found.push({ ...pairOf(data, pair), figure });
    }
    onProgress?.({ phase: 'measure', done: from + part.length, total: pairs.length });
  }
  return { measured: pairs.length, pairs: found.sort((a, b) => b.figure - a.figure).slice(0, limit) };
}
