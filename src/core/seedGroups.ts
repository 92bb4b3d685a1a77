/** Runs that differ in nothing but the seed: repetitions of one experiment, which belong together as a mean with its deviation. */

import { isObject } from './paths.ts';
import type { Recipe } from './recipe.ts';

interface Repeatable {
  id: string;
  recipe: Recipe;
  fingerprint: string;
  parent?: { run: string; step: number };
}

/** JSON with its keys in order, so that equal documents have equal texts. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) =>
    isObject(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part,
  );

/** Equal for repetitions: the same recipe but for seed and name, the same data, and where they branched off, the same place. */
export function repetitionKey({ recipe, fingerprint, parent }: Repeatable): string {
  const { seed: _, name: __, ...rest } = recipe;
  return canonical([rest, fingerprint, parent?.run, parent?.step]);
}

/** What a group is called: as the run that was repeated. */
export const groupName = (runs: readonly { recipe: Recipe; createdAt: number }[]): string =>
  runs.reduce((oldest, run) => (run.createdAt < oldest.createdAt ? run : oldest)).recipe.name;

/** Groups of at least two seeds, each in the order of the runs given. */
export function seedGroups<T extends Repeatable>(runs: readonly T[]): T[][] {
  const byKey = new Map<string, T[]>();
  for (const run of runs) {
    const key = repetitionKey(run);
    const group = byKey.get(key);
    if (group) group.push(run);
    else byKey.set(key, [run]);
  }
  return [...byKey.values()].filter((group) => new Set(group.map(({ recipe }) => recipe.seed)).size > 1);
}

/** Mean and standard deviation of a sample (n − 1); the deviation of one value is 0. */
export function meanAndDeviation(values: readonly number[]): { mean: number; deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : 0 };
}
