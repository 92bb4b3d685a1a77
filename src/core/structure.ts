/** What a step computes, as text. Recipes of equal structure differ in settings only, which change without another graph. */
import { mayHold } from './frozen.ts';
import type { Recipe } from './recipe.ts';

/** @param recipe as it holds, without stages (core/stages.ts) */
export function structureOf(recipe: Recipe): string {
  const { encoders, fusion, objectives, training } = recipe;
  const {
    optimizer,
    batch,
    accumulate,
    cached,
    weighting,
    precision,
    adapters,
    balance,
    average,
    drop,
    sampling,
  } = training;
  const { rate: _, weightDecay: __, ...rule } = optimizer;
  return JSON.stringify([
    encoders,
    fusion,
    objectives,
    rule,
    [batch, accumulate, cached, weighting, precision, adapters],
    balance?.type === 'none' ? undefined : balance,
    (average ?? 0) > 0,
    Object.keys(encoders).filter((modality) => (drop?.[modality] ?? 0) > 0),
    sampling?.alike ?? false,
    mayHold(recipe),
  ]);
}
