/**
 * Measures on pairs that are not trained on: retrieval both ways and the contrastive loss in batches as large as in training, where the recipe
 * compares modalities; and what every other objective measures (accuracy, reconstruction error).
 */
import { checkFields } from '../core/fields.ts';
import type { Recipe } from '../core/recipe.ts';
import type { Modality } from '../data/dataset.ts';
import type { PreparedData } from '../data/prepared.ts';
import { validationLoss } from '../evaluation/contrastive.ts';
import { effectiveRank } from '../evaluation/effectiveRank.ts';
import { retrieval } from '../evaluation/retrieval.ts';
import { find, objectives } from '../models/registry.ts';
import { termNames } from '../models/terms.ts';
import type { Embedder } from './embed.ts';
import type { Measures } from './measure.ts';
import type { Model, Split } from './model.ts';
import { watchedRows } from './watch.ts';

export interface RetrievalMeasure {
  r1: number;
  r5: number;
  r10: number;
  medianRank: number;
}

export interface Validation {
  pairs: number;
  /** Samples among them. */
  images: number;
  /** The sum that training minimizes, as far as it can be measured on samples. */
  loss: number;
  /** Between the two modalities `between`, where the recipe compares any. */
  between?: [string, string];
  imageToText?: RetrievalMeasure;
  textToImage?: RetrievalMeasure;
  measures: Measures;
  /** Effective rank of the embeddings of `between`, of the first samples. */
  ranks?: Record<string, number>;
}

/** Objectives whose loss lies between samples. */
export const contrasts = ['infonce', 'sigmoid'];

/** The two modalities that retrieval is measured between: pictures and captions, else the first two. */
export function comparedModalities(recipe: Recipe): [string, string] | undefined {
  if (!recipe.objectives.some(({ type }) => contrasts.includes(type))) return undefined;
  const names = Object.keys(recipe.encoders);
  if (names.includes('image') && names.includes('text')) return ['image', 'text'];
  return names.length < 2 ? undefined : [names[0], names[1]];
}

/** Whether a pair's sample has a modality. */
export const hasModality = (data: PreparedData, modality: string, pair: number): boolean => {
  const present = data.present?.[modality as Modality];
  return !present || present[modality === 'text' ? pair : data.pairs.sample[pair]] === 1;
};

/** Measures the first `limit` pairs of a split, without the modalities `absent`. @throws StudioError `data-empty` */
export async function validate(
  model: Model,
  split: Split,
  limit: number,
  absent: readonly string[],
): Promise<Validation> {
  const { data, recipe } = model;
  const pairs = model.pairs(split).slice(0, limit);
  const between = comparedModalities(recipe);
  const contrast =
    between && !between.some((modality) => absent.includes(modality))
      ? await validateContrast(
          await model.embed(),
          data,
          pairs,
          between,
          await model.scale(),
          recipe.training.batch,
        )
      : undefined;
  const measures = await model.measurer.measure(data, pairs, absent);
  return {
    pairs: pairs.length,
    images: new Set(Array.from(pairs, (pair) => data.pairs.sample[pair])).size,
    loss: totalLoss(recipe, contrast?.loss, measures),
    ...(contrast && {
      between,
      imageToText: contrast.imageToText,
      textToImage: contrast.textToImage,
      ranks: contrast.ranks,
    }),
    measures,
  };
}

/** @param scale exp(logit scale) of the model */
async function validateContrast(
  embedder: Embedder,
  data: PreparedData,
  all: Int32Array,
  between: [string, string],
  scale: number,
  batch: number,
): Promise<Required<Pick<Validation, 'loss' | 'imageToText' | 'textToImage' | 'ranks'>> | undefined> {
  const pairs = all.filter((pair) => between.every((modality) => hasModality(data, modality, pair)));
  if (pairs.length === 0) return undefined;
  // One embedding per sample of the first modality, however many captions it has.
  const place = new Map<number, number>();
  const firstPairs: number[] = [];
  const imageOfText = Int32Array.from(pairs, (pair) => {
    const sample = data.pairs.sample[pair];
    let index = place.get(sample);
    if (index === undefined) {
      index = firstPairs.push(pair) - 1;
      place.set(sample, index);
    }
    return index;
  });
  const { width } = embedder;
  const images = await embedder.pairs(between[0], Int32Array.from(firstPairs));
  const texts = await embedder.pairs(between[1], pairs);
  const { imageToText, textToImage } = retrieval({ images, texts, width, imageOfText });
  const paired = new Float32Array(texts.length);
  for (const [row, index] of imageOfText.entries())
    paired.set(images.subarray(index * width, (index + 1) * width), row * width);
  const loss = validationLoss(
    {
      images: paired,
      texts,
      width,
      sampleGroups: Int32Array.from(pairs, (pair) => data.pairs.sample[pair]),
      textGroups: Int32Array.from(pairs, (pair) => data.pairs.textGroup[pair]),
    },
    scale,
    batch,
  );
  const measure = ({ r1, r5, r10, medianRank }: RetrievalMeasure): RetrievalMeasure => ({
    r1,
    r5,
    r10,
    medianRank,
  });
  const rank = (vectors: Float32Array) =>
    effectiveRank(vectors, Math.min(watchedRows, vectors.length / width), width);
  return {
    loss,
    imageToText: measure(imageToText),
    textToImage: measure(textToImage),
    ranks: { [between[0]]: rank(images), [between[1]]: rank(texts) },
  };
}

/** Σ weight · loss over the terms that were measured. */
function totalLoss(recipe: Recipe, contrast: number | undefined, measures: Measures): number {
  const names = termNames(recipe);
  let total = 0;
  for (const [index, part] of recipe.objectives.entries()) {
    const path = `objectives.${index}`;
    const fields = checkFields(find(objectives, part.type, path).fields, part, path);
    const weight = (fields['weight'] as number | undefined) ?? 1;
    const loss =
      measures[`${names[index]}.loss`] ?? (contrasts.includes(part.type) ? contrast : undefined) ?? 0;
    total += weight * loss;
  }
  return total;
}

/** As metrics of a row: `rank.<modality>`, `val.loss`, `val.r1` (mean of both directions), `val.i2t.r1`, `val.accuracy`, `val.<term>.<measure>`. */
export function validationRow(validation: Validation): Record<string, number> {
  const { loss, imageToText, textToImage, measures, between, ranks = {} } = validation;
  const row: Record<string, number> = { 'val.loss': loss };
  for (const [modality, rank] of Object.entries(ranks)) row[`rank.${modality}`] = rank;
  if (imageToText && textToImage) {
    for (const name of ['r1', 'r5', 'r10'] as const)
      row[`val.${name}`] = (imageToText[name] + textToImage[name]) / 2;
    if (between?.join() === 'image,text') {
      for (const [name, value] of Object.entries(imageToText)) row[`val.i2t.${name}`] = value;
      for (const [name, value] of Object.entries(textToImage)) row[`val.t2i.${name}`] = value;
    }
  }
  for (const [name, value] of Object.entries(measures)) {
    row[`val.${name}`] = value;
    if (name.endsWith('.accuracy') && !/^(unimodal|balance)\./.test(name)) row['val.accuracy'] ??= value;
  }
  return row;
}
