/** Graphs for batches in which no sample has a modality: what they leave out costs nothing. */
import type { Recipe } from '../core/recipe.ts';
import type { Modality } from '../data/dataset.ts';
import type { PreparedData } from '../data/prepared.ts';

/** Below so many expected batches in a run, a graph of its own is not worth its compiling. */
const worthwhile = 0.01;

export const branchOf = (absent: readonly string[]): string => absent.join('+');

/** Modalities of the recipe that some samples lack, in its order. */
const optional = (recipe: Recipe, data: PreparedData): Modality[] =>
  (Object.keys(recipe.encoders) as Modality[]).filter((modality) => data.present?.[modality]);

/** The sets of modalities that whole batches of a run are likely to lack. */
export function likelyAbsent(recipe: Recipe, data: PreparedData): string[][] {
  const names = optional(recipe, data);
  const { batch, steps, accumulate = 1 } = recipe.training;
  const train = data.splitPairs.train;
  const sets: Modality[][] = [];
  for (let bits = 1; bits < 2 ** names.length; bits++) {
    const chosen = names.filter((_, index) => bits & (1 << index));
    if (chosen.length === Object.keys(recipe.encoders).length) continue;
    const lacking = train.filter((pair) => chosen.every((modality) => !has(data, modality, pair))).length;
    if ((lacking / train.length) ** batch * steps * accumulate >= worthwhile) sets.push(chosen);
  }
  return sets;
}

/** The modalities that no sample of a batch has. */
export function absentIn(recipe: Recipe, data: PreparedData, pairs: Int32Array): string[] {
  return optional(recipe, data).filter((modality) => pairs.every((pair) => !has(data, modality, pair)));
}

function has({ present, pairs }: PreparedData, modality: Modality, pair: number): boolean {
  const known = present?.[modality];
  return !known || known[modality === 'text' ? pair : pairs.sample[pair]] === 1;
}
