/**
 * Which frozen encoders are computed once per sample instead of in every step (docs/decisions/0025-held-features.md). Only where the features that were kept
 * are what the step would compute: everything else is computed as ever, and the reason is told.
 */
import { augments } from '../core/augment.ts';
import { frozenModalities } from '../core/frozen.ts';
import type { Recipe } from '../core/recipe.ts';
import { trainPictures } from '../data/draw.ts';
import type { PreparedData } from '../data/prepared.ts';
import { sizeOf } from '../engine/graph/tensor.ts';
import { cachedIn } from '../models/across.ts';
import { type ModelShape, type TrainingGraph, trainingGraph } from '../models/build.ts';
import { type FeatureName, featureNames, heldInput } from '../models/heldTower.ts';
import { modelShape } from './shape.ts';

/**
 * Why a frozen tower is computed in every step: `off` the recipe says so; `cached` contrast across micro-batches looks at it twice; `precision` steps compute
 * with 16 bits; `augmented` its samples change at random; `replaced` an objective shows it other inputs; `adapters` it has some, which learn; `statistics`
 * its batch norms follow the batches; `once` the run hardly sees a sample twice; `large` its features take too much memory.
 */
export type ComputedBecause =
  | 'off'
  | 'cached'
  | 'precision'
  | 'augmented'
  | 'replaced'
  | 'adapters'
  | 'statistics'
  | 'once'
  | 'large';

/** An encoder that is frozen as a whole. */
export interface FrozenTower {
  modality: string;
  /** Absent where its features are kept. */
  computed?: ComputedBecause;
  /** Of the features of the training split; 0 where that was not asked. */
  bytes: number;
}

/** Training samples, and their captions: what pictures, sounds and tables are encoded by, and what texts are. */
export interface Encodings {
  samples: number;
  pairs: number;
}

/** Bytes of features that are held in memory, at most, of one tower. */
const mostBytes = 512 * 2 ** 20;

/** What the recipe alone forbids. */
function forbids(recipe: Recipe, modality: string): ComputedBecause | undefined {
  const { keepFeatures, precision } = recipe.training;
  if (keepFeatures === false) return 'off';
  if (cachedIn(recipe)) return 'cached';
  if (precision === 'f16') return 'precision';
  return augments(recipe.data.augment, modality) ? 'augmented' : undefined;
}

/** What the model forbids. @param replaced modalities that objectives encode with other inputs */
function learns({ graph, replaced }: TrainingGraph, modality: string): ComputedBecause | undefined {
  if (replaced.has(modality)) return 'replaced';
  const own = [...graph.parameters.values()].filter(({ name }) => name.startsWith(`${modality}.`));
  if (own.some(({ follow }) => follow !== undefined)) return 'statistics';
  return own.some(({ trainable }) => !trainable) ? 'adapters' : undefined;
}

/** The features that a training graph with held towers reads of one: each with its extents for one sample or caption. */
export function featuresRead(
  { graph }: Pick<TrainingGraph, 'graph'>,
  modality: string,
): Map<FeatureName, number[]> {
  return new Map(
    featureNames.flatMap((name) => {
      const input = graph.inputs.get(heldInput(modality, name));
      return input ? [[name, [...input.shape.slice(1)]] as const] : [];
    }),
  );
}

/**
 * The encoders that a recipe freezes as a whole, in its order, and whether each is held.
 * @param recipe as it holds, without stages
 * @param encodings of the training split
 * @throws StudioError `recipe-invalid`, `shape-mismatch`
 */
export function frozenTowers(recipe: Recipe, shape: ModelShape, encodings: Encodings): FrozenTower[] {
  const { batch, steps, accumulate = 1 } = recipe.training;
  let whole: TrainingGraph | undefined;
  return frozenModalities(recipe).map((modality) => {
    const forbidden = forbids(recipe, modality);
    if (forbidden) return { modality, computed: forbidden, bytes: 0 };
    whole ??= trainingGraph(recipe, shape);
    const learned = learns(whole, modality);
    if (learned) return { modality, computed: learned, bytes: 0 };
    const count = modality === 'text' ? encodings.pairs : encodings.samples;
    const read = featuresRead(trainingGraph(recipe, { ...shape, held: [modality] }), modality);
    const bytes = 4 * count * [...read.values()].reduce((sum, extents) => sum + sizeOf(extents), 0);
    if (steps * accumulate * batch <= count) return { modality, computed: 'once', bytes };
    return bytes > mostBytes ? { modality, computed: 'large', bytes } : { modality, bytes };
  });
}

/** The same on prepared data. */
export const towersOn = (recipe: Recipe, data: PreparedData): FrozenTower[] =>
  frozenTowers(recipe, modelShape(recipe, data), {
    samples: trainPictures(data).length,
    pairs: data.splitPairs.train.length,
  });

/** The modalities among them that are held. */
export const heldOf = (towers: readonly FrozenTower[]): string[] =>
  towers.filter(({ computed }) => computed === undefined).map(({ modality }) => modality);
