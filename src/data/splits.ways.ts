/** Every way of dividing a data set into splits. What few runs use is loaded when one does. */
import { random } from '../core/random.ts';
import type { Recipe } from '../core/recipe.ts';
import type { Dataset, Split } from './dataset.ts';
import { assignSplits, duplicateGroups } from './splits.ts';

type Parts = Pick<
  Dataset,
  | 'files'
  | 'pixels'
  | 'prints'
  | 'pictured'
  | 'sound'
  | 'captions'
  | 'stated'
  | 'sources'
  | 'table'
  | 'target'
>;

/**
 * The split of each sample as `data.split` of a recipe says; copies go together. `random`, `stratified` and `group` pay no heed to what the files state.
 * @throws StudioError `split-unfit`, `split-groups` where the data cannot be divided so
 */
export async function splitsOf(dataset: Parts, options: Recipe['data']['split']): Promise<Split[]> {
  const { by, validation, test, seed } = options;
  if (by === 'files' || by === 'random') return assignSplits(dataset, { by, validation, test, seed });
  const copies = duplicateGroups(dataset);
  const draw = random(seed, 'splits');
  const splits = new Array<Split>(dataset.files.length).fill('train');
  const put = (group: readonly number[], split: Split) => {
    for (const index of group) splits[index] = split;
  };
  if (by === 'group') {
    const { dealGroups, groupKeys, joinGroups } = await import('./splits.groups.ts');
    dealGroups(joinGroups(copies, await groupKeys(dataset, options)), options, draw, put);
    return splits;
  }
  const { strataOf, stratify } = await import('./splits.stratified.ts');
  // Shares that add up to more than all leave nothing for training, which `prepare` tells.
  const kept = Math.min(validation, 1 - test);
  stratify(copies, strataOf(dataset), { train: 1 - test - kept, validation: kept, test }, draw, put);
  return splits;
}
