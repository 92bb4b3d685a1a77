/** Earlier data that a recipe names, headless: a folder, an archive or a built-in set, opened with the layout that fits best; and a run's own data as a recipe reads it. */
import { namesEarlier, type Recipe } from '../core/recipe.ts';
import type { Dataset, DatasetStore } from '../data/dataset.ts';
import { prepare } from '../data/prepare.ts';
import type { PreparedData } from '../data/prepared.ts';
import { createMemoryStore } from '../data/store.memory.ts';
import type { ArgumentRules, Arguments } from './arguments.ts';
import { openAt } from './openData.ts';
import { tokenizerFor } from './tokenizer.ts';

export const earlierRules: ArgumentRules = {
  earlier: {
    value: 'folder|zip|builtin:name',
    help: 'where the data of the recipe’s replay and alsoValidate lies, if not where the recipe says',
  },
};

/**
 * Puts the earlier data into a store.
 * @returns the id of a data set that the recipe names
 * @throws StudioError of the readers; `bad-argument`
 */
export async function openEarlier(
  { training: { replay, alsoValidate } }: Recipe,
  given: Arguments,
  datasets: DatasetStore,
): Promise<(name: string) => Promise<string | undefined>> {
  const ids = new Map<string, string>();
  for (const name of [replay?.dataset, alsoValidate?.dataset]) {
    if (name === undefined || ids.has(name)) continue;
    const { dataset, skipped } = await openAt(given.one('earlier') ?? name, given);
    await datasets.save(dataset, skipped);
    ids.set(name, dataset.id);
  }
  return async (name) => ids.get(name);
}

/** A data set as a recipe reads it, with what it replays. */
export async function readFor(recipe: Recipe, dataset: Dataset, given: Arguments): Promise<PreparedData> {
  const tokenizer = await tokenizerFor(recipe.data.tokenizer, given);
  const own = await prepare(dataset, recipe.data, tokenizer);
  if (!namesEarlier(recipe)) return own;
  const datasets = createMemoryStore();
  const find = await openEarlier(recipe, given, datasets);
  const { withEarlier } = await import('../training/earlier.ts');
  return (await withEarlier(recipe, own, { datasets, find, prepare }, undefined, true)).data;
}
