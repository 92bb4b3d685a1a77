/** What detectors and checks know of the data, counted once. */
import type { Recipe } from '../../core/recipe.ts';
import type { PreparedData } from '../../data/prepared.ts';
import { hashesOf } from '../preflight/likeness.ts';

export interface Facts {
  /** Pairs of each split. */
  train: number;
  validation: number;
  /** Distinct captions of the training pairs over their number; 1 where there are none. */
  distinctCaptions: number;
  /** Validation pairs that are equal to a training pair in everything the model reads. */
  leaked: number;
}

export function factsFor(data: PreparedData, recipe: Recipe): Facts {
  const { train, validation } = data.splitPairs;
  const groups = new Set(Array.from(train, (pair) => data.pairs.textGroup[pair]));
  const captioned = data.captions.some((list) => list.length > 0);
  const like = likenesses(data, recipe);
  const known = new Set(Array.from(train, like));
  return {
    train: train.length,
    validation: validation.length,
    distinctCaptions: captioned && train.length > 0 ? groups.size / train.length : 1,
    leaked: Array.from(validation, like).filter((likeness) => known.has(likeness)).length,
  };
}

/** Equal texts for pairs that look the same to the model. */
function likenesses(data: PreparedData, recipe: Recipe): (pair: number) => string {
  const { sample, textGroup } = data.pairs;
  const hashes = hashesOf(data, Object.keys(recipe.encoders));
  const reads = recipe.encoders['text'] !== undefined;
  return (pair) => `${hashes[sample[pair]]} ${reads ? textGroup[pair] : ''}`;
}
