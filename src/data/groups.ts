/** Groups of training samples: by the modalities that they have, by class, by source. What ratios keep between, and what a page shows beforehand. */
import type { Sampling } from '../core/controls.ts';
import { StudioError } from '../core/errors.ts';
import type { Recipe } from '../core/recipe.ts';
import { modalities } from './dataset.ts';
import type { PreparedData } from './prepared.ts';
import { unitsOf } from './units.ts';

type By = NonNullable<Sampling['ratios']>['by'];

/** As much of prepared data as tells its groups. */
export type Grouped = Pick<PreparedData, 'captions' | 'sources' | 'target' | 'present' | 'having'> & {
  pairs: Pick<PreparedData['pairs'], 'sample'>;
  splitPairs: Pick<PreparedData['splitPairs'], 'train'>;
};

/** The source of samples of earlier data (training/earlier.ts), which have the share of each batch that the recipe's replay says. */
export const replaySource = 'replay';

/** Of samples that lack what the others are told apart by. */
const unnamed = 'none';

/** The name of each unit's group. @throws StudioError `sampling-unknown` where the data does not tell */
export function groupNames(data: Grouped, encoders: Recipe['encoders'], by: By): string[] {
  const { pairs } = unitsOf(data);
  const { sources, target, present, having = ['image', 'text'] } = data;
  const sampleOf = (pair: number) => data.pairs.sample[pair];
  if (by === 'source') {
    if (!sources) throw new StudioError('sampling-unknown', { by });
    return Array.from(pairs, (pair) => sources[sampleOf(pair)]);
  }
  if (by === 'class') {
    if (target?.kind !== 'class') throw new StudioError('sampling-unknown', { by });
    return Array.from(pairs, (pair) => target.classes[target.values[pair]] ?? unnamed);
  }
  const read = modalities.filter((name) => encoders[name] && having.includes(name));
  return Array.from(pairs, (pair) => {
    const own = read.filter((name) => present?.[name]?.[name === 'text' ? pair : sampleOf(pair)] !== 0);
    return own.join('+') || unnamed;
  });
}

/** How many units each group has; the largest first. @throws StudioError `sampling-unknown` */
export function countGroups(
  data: Grouped,
  encoders: Recipe['encoders'],
  by: By,
): { name: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const name of groupNames(data, encoders, by)) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts]
    .map(([name, count]) => ({ name, count }))
    .sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
}
