/** The extents that a recipe will have, before its data is prepared. */
import type { Recipe } from '../core/recipe.ts';
import { soundShape } from '../data/audio/shape.ts';
import type { DatasetSummary } from '../data/dataset.ts';
import { missingIn } from '../data/facts.ts';
import type { PreparedData } from '../data/prepared.ts';
import type { ModelShape } from '../models/build.ts';
import { objectives } from '../models/registry.ts';

/** What is known of a data set before it is prepared. */
export interface DataFacts {
  trainPictures: number;
  /** Modalities that any sample has; where absent nothing is known of them. */
  having?: string[];
  table?: { steps: number; columns: number };
  target?: { kind: 'class' | 'labels' | 'number'; classes: number };
  /** Modalities that some samples lack. */
  missing?: string[];
}

/** What the list of data sets tells of one. Sets kept by older versions have pictures and captions only. */
export function dataFacts({ splits, having, images, table, target }: DatasetSummary): DataFacts {
  const counts = Object.entries(having ?? { image: images, text: images });
  return {
    trainPictures: splits.train,
    having: counts.map(([modality]) => modality),
    table: table && { steps: table.steps, columns: table.columns.length },
    target: target && { kind: target.kind, classes: target.classes.length },
    missing: counts.filter(([, count]) => count < images).map(([modality]) => modality),
  };
}

/** The extents that a recipe will have on data; where none is chosen, on data of an ordinary size. */
export function expectedShape(recipe: Recipe, facts?: Partial<DataFacts>): ModelShape {
  const { imageSize, textLength, vocabulary, tokenizer, audio } = recipe.data;
  const kinds = recipe.objectives.flatMap(
    ({ type }) => objectives.find((one) => one.type === type)?.needs.target ?? [],
  );
  return {
    batch: recipe.training.batch,
    imageSize,
    textLength,
    vocabulary: tokenizer?.entries ?? vocabulary,
    sound: soundShape(audio),
    table: facts?.table ?? { steps: 1, columns: 8 },
    target: facts?.having
      ? facts.target
      : (facts?.target ?? (kinds.length > 0 ? { kind: kinds[0], classes: 10 } : undefined)),
    missing: facts?.missing?.filter((modality) => recipe.encoders[modality]),
  };
}

/** The same of data that is prepared. */
export const dataFactsOf = (data: PreparedData): DataFacts => ({
  trainPictures: data.splits.filter((split) => split === 'train').length,
  having: data.having ?? ['image', 'text'],
  table: data.table && { steps: data.table.steps, columns: data.table.columns.length },
  target: data.target && { kind: data.target.kind, classes: data.target.classes.length },
  missing: missingIn(data),
});
