/** Encoders that a recipe freezes as a whole. Such a tower says the same of a sample in every epoch, so it may be computed once (training/heldTowers.ts). */
import { augments } from './augment.ts';
import type { Recipe } from './recipe.ts';

/**
 * Modalities whose groups freeze every parameter, by the modality's name or `<modality>.*`; strict: a later group that trains a part, or might, undoes it.
 * @param recipe as it holds, without stages
 */
export const frozenModalities = ({ encoders, training: { groups = [] } }: Recipe): string[] =>
  Object.keys(encoders).filter((modality) => {
    let frozen = false;
    for (const { match, freeze } of groups) {
      if (freeze === undefined) continue;
      if (match === modality || match === `${modality}.*`) frozen = freeze;
      else if (!freeze && (match.startsWith(`${modality}.`) || match.includes('*'))) frozen = false;
    }
    return frozen;
  });

/** Those of them that a graph may leave out: what decides whether recipes have the same structure. */
export const mayHold = (recipe: Recipe): string[] =>
  recipe.training.keepFeatures === false
    ? []
    : frozenModalities(recipe).filter((modality) => !augments(recipe.data.augment, modality));
