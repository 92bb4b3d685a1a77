/** What a way of splitting makes of a data set, before anything is prepared: samples of each split, and of each class of what is predicted. */
import type { Recipe } from '../core/recipe.ts';
import type { Dataset, Split } from './dataset.ts';
import { firstPairs } from './having.ts';
import { countSplits } from './splits.ts';
import { splitsOf } from './splits.ways.ts';

export interface Divided {
  samples: Record<Split, number>;
  /** Pairs of each class or label by split, the most frequent first; none where no class is predicted. */
  classes: { name: string; pairs: Record<Split, number> }[];
}

/** @throws StudioError `split-unfit`, `split-groups` */
export async function dividedBy(dataset: Dataset, split: Recipe['data']['split']): Promise<Divided> {
  const splits = await splitsOf(dataset, split);
  const { captions, target } = dataset;
  const classes = (target?.classes ?? []).map((name) => ({
    name,
    pairs: { train: 0, validation: 0, test: 0 },
  }));
  const first = firstPairs(captions);
  for (const [index, part] of splits.entries())
    for (let pair = first[index]; pair < first[index + 1]; pair++) {
      if (target?.kind === 'class') {
        const own = classes[target.values[pair]];
        if (own) own.pairs[part]++;
      } else if (target?.kind === 'labels')
        for (const [label, own] of classes.entries())
          own.pairs[part] += target.values[pair * classes.length + label];
    }
  const all = ({ pairs }: (typeof classes)[number]) => pairs.train + pairs.validation + pairs.test;
  return { samples: countSplits(splits), classes: classes.sort((a, b) => all(b) - all(a)) };
}
