/** The groups of a stored data set under a recipe's splits, before anything of it is prepared: what a page offers to keep ratios between. */
import type { Recipe } from '../core/recipe.ts';
import type { Dataset } from './dataset.ts';
import { countGroups, type Grouped } from './groups.ts';
import { firstPairs, presence } from './having.ts';
import { splitsOf } from './splits.ways.ts';

/** Groups with how many training samples each has, the largest first; absent where the data does not tell them apart. */
export interface GroupCounts {
  modalities: { name: string; count: number }[];
  class?: { name: string; count: number }[];
  source?: { name: string; count: number }[];
}

export async function groupCounts(
  dataset: Dataset,
  split: Recipe['data']['split'],
  encoders: Recipe['encoders'],
): Promise<GroupCounts> {
  const { captions, sources, target, dropped } = dataset;
  const gone = new Set(dropped);
  const splits = await splitsOf(dataset, split);
  const first = firstPairs(captions);
  const sample = new Int32Array(first[captions.length]);
  for (const index of captions.keys()) sample.fill(index, first[index], first[index + 1]);
  const train = Int32Array.from(sample.keys()).filter(
    (pair) => splits[sample[pair]] === 'train' && !gone.has(sample[pair]),
  );
  const grouped: Grouped = {
    captions,
    sources,
    ...(target && { target: { ...target, mean: 0, deviation: 1 } }),
    ...presence(dataset, sample),
    pairs: { sample },
    splitPairs: { train },
  };
  return {
    modalities: countGroups(grouped, encoders, 'modalities'),
    ...(target?.kind === 'class' && { class: countGroups(grouped, encoders, 'class') }),
    ...(sources && { source: countGroups(grouped, encoders, 'source') }),
  };
}
