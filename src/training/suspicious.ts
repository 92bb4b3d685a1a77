/**
 * The pairs that a model finds hardest: what it loses on each, in evaluation mode. A pair whose words, class or number are wrong keeps a high loss while the others are learned, until the
 * model learns it by heart (Arpit et al. 2017, arXiv 1706.05394; small-loss selection as in Han et al. 2018, arXiv 1804.06872); rare and ambiguous pairs do too.
 */
import { StudioError } from '../core/errors.ts';
import type { OnProgress } from '../core/progress.ts';
import { random } from '../core/random.ts';
import type { Split } from '../data/dataset.ts';
import { targetText } from '../data/having.ts';
import type { PreparedData } from '../data/prepared.ts';
import { sampleLosses } from './difficulty.ts';
import type { Model } from './model.ts';

export interface SuspiciousPair {
  sample: number;
  /** Which of its captions; 0 for a sample without any. */
  caption: number;
  file: string;
  text?: string;
  /** What the data says is to be predicted. */
  target?: string;
  split: Split;
  /** The loss; or the cosine with the sample that it is like. */
  figure: number;
  like?: number;
}

export interface Suspicions {
  /** Highest figure first. */
  pairs: SuspiciousPair[];
  /** Pairs that were measured; where an objective says nothing of a pair, it is not. */
  measured: number;
  /** The loss of half of them is less. */
  median?: number;
}

/** Pairs measured together, and the rivals of contrast. */
const together = 1024;
/** In contrast a pair's loss depends on its rivals: it is measured among others each time, and the mean counts. */
const rounds = 2;

/** @throws StudioError `cancelled`, `data-empty` where no objective says anything of single pairs */
export async function suspiciousPairs(
  model: Model,
  limit: number,
  { signal, onProgress }: { signal?: AbortSignal; onProgress?: OnProgress } = {},
): Promise<Suspicions> {
  const { data, recipe } = model;
  const pairs = model.pairs('all');
  const sums = new Float64Array(pairs.length);
  for (let round = 0; round < rounds; round++) {
    const order = random(recipe.seed, 'suspicious', round).permutation(pairs.length);
    for (let from = 0; from < order.length; from += together) {
      if (signal?.aborted) throw new StudioError('cancelled', { what: recipe.name });
      const rows = order.subarray(from, from + together);
      const losses = await sampleLosses(
        model,
        Int32Array.from(rows, (row) => pairs[row]),
        round,
      );
      for (const [place, row] of rows.entries()) sums[row] += losses[place] / rounds;
      const done = round * order.length + from + rows.length;
      onProgress?.({ phase: 'measure', done, total: rounds * order.length });
    }
  }
  const ranked = [...sums.keys()].filter((row) => !Number.isNaN(sums[row])).sort((a, b) => sums[b] - sums[a]);
  if (ranked.length === 0)
    throw new StudioError('data-empty', { message: 'No objective says anything of single pairs.' });
  return {
    measured: ranked.length,
    median: sums[ranked[Math.floor(ranked.length / 2)]],
    pairs: ranked.slice(0, limit).map((row) => ({ ...pairOf(data, pairs[row]), figure: sums[row] })),
  };
}

/** What a person knows a pair by. */
export function pairOf(data: PreparedData, pair: number): Omit<SuspiciousPair, 'figure'> {
  const sample = data.pairs.sample[pair];
  const caption = data.pairs.caption[pair];
  return {
    sample,
    caption,
    file: data.files[sample],
    text: data.captions[sample][caption],
    ...(data.target && { target: said(data.target, pair) }),
    split: data.splits[sample],
  };
}

/** Numbers as the data has them, not standardized. */
function said(target: NonNullable<PreparedData['target']>, pair: number): string {
  if (target.kind !== 'number') return targetText(target, pair);
  const value = target.values[pair] * target.deviation + target.mean;
  return targetText({ ...target, values: Float32Array.of(value) }, 0);
}
