/** The extents that a recipe will have, before its data is prepared. */
import type { Recipe } from '../core/recipe.ts';
import { soundShape } from '../data/audio/shape.ts';
import type { ModelShape } from '../models/build.ts';
import { objectives } from '../models/registry.ts';

/** What is known of a data set before it is prepared. */
export interface DataFacts {
  trainPictures: number;
  table?: { steps: number; columns: number };
  target?: { kind: 'class' | 'labels' | 'number'; classes: number };
  /** Modalities that some samples lack. */
  missing?: string[];
}

/** The extents that a recipe will have on data; where none is chosen, on data of an ordinary size. */
export function expectedShape(recipe: Recipe, facts?: Partial<DataFacts>): ModelShape {
  const { imageSize, textLength, vocabulary, audio } = recipe.data;
  const kinds = recipe.objectives.flatMap(
    ({ type }) => objectives.find((one) => one.type === type)?.needs.target ?? [],
  );
  return {
    batch: recipe.training.batch,
    imageSize,
    textLength,
    vocabulary,
    sound: soundShape(audio),
    table: facts?.table ?? { steps: 1, columns: 8 },
    target: facts?.target ?? (kinds.length > 0 ? { kind: kinds[0], classes: 10 } : undefined),
    missing: facts?.missing?.filter((modality) => recipe.encoders[modality]),
  };
}
