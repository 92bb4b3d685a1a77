/** Changes that several detectors offer, and what they need to know of a recipe. */
import type { Recipe } from '../../core/recipe.ts';
import { find, objectives } from '../../models/registry.ts';
import type { Observed, Remedy } from './definition.ts';
import { median } from './history.ts';

/** Two digits are enough for a setting. */
export const rounded = (value: number): number => Number(value.toPrecision(2));

/** Peak rate of the optimizer. */
export const rateOf = ({ training }: Recipe): number => Number(training.optimizer['rate'] ?? 1e-3);

/** The rate times a factor, with the figure that the button names. */
export function timesRate(recipe: Recipe, factor: number): { remedy: Remedy; params: { rate: number } } {
  const rate = rounded(Math.min(1, rateOf(recipe) * factor));
  return { remedy: { change: { rate } }, params: { rate } };
}

export const modalitiesOf = ({ encoders }: Recipe): string[] => Object.keys(encoders);

/** Whether a modality's encoder is not meant to learn. */
export function isFrozen({ training }: Recipe, modality: string): boolean {
  const own = (training.groups ?? []).filter(({ match }) => match === modality || match === `${modality}.*`);
  const frozen = own.findLast(({ freeze }) => freeze !== undefined)?.freeze ?? false;
  return frozen || own.findLast(({ rate }) => rate !== undefined)?.rate === 0;
}

/** Median over the last `count` steps of a measure of each modality that learns. */
export function mediansOf({ history, recipe }: Observed, measure: 'grad' | 'ratio', count: number) {
  const found = new Map<string, number>();
  for (const modality of modalitiesOf(recipe)) {
    const values = history.recent(`${measure}.${modality}`, count);
    if (values.length >= count && !isFrozen(recipe, modality)) found.set(modality, median(values));
  }
  return found;
}

/** Largest update ratio among the modalities, over the last steps; NaN where none is measured. */
export function updateRatio(run: Observed, count = 50): number {
  const values = [...mediansOf(run, 'ratio', Math.min(count, run.history.length)).values()];
  return values.length > 0 ? Math.max(...values) : Number.NaN;
}

const predicts = (recipe: Recipe): boolean =>
  recipe.objectives.some(
    ({ type }, index) => find(objectives, type, `objectives.${index}`).needs.joint ?? false,
  );

/** Whether a class is predicted from several modalities together: methods that balance them are for that. */
const classifies = (recipe: Recipe): boolean =>
  modalitiesOf(recipe).length > 1 &&
  recipe.objectives.some(({ type }) => /^(classification|vqa)$/.test(type));

/** Three times the rate for a modality's encoder. */
export function fasterFor({ training }: Recipe, modality: string): { kind: string; remedy: Remedy } {
  const groups = [...(training.groups ?? []), { match: modality, rate: 3 }];
  return { kind: 'rate', remedy: { change: { groups } } };
}

/** How a modality that falls behind is helped: by balancing, by leaving out the one ahead, or by a rate of its own. */
export function helpFor(recipe: Recipe, weak: string, strong: string): { kind: string; remedy: Remedy } {
  const { balance, drop = {} } = recipe.training;
  if (classifies(recipe) && (balance?.type ?? 'none') === 'none')
    return { kind: 'balance', remedy: { change: { balance: { type: 'ogm-ge' } } } };
  if (predicts(recipe) && (drop[strong] ?? 0) === 0)
    return { kind: 'drop', remedy: { change: { drop: { ...drop, [strong]: 0.3 } } } };
  return fasterFor(recipe, weak);
}

/** Steps that a learning rate takes to come to its peak. */
export const warmupOf = ({ training }: Recipe): number => Number(training.schedule['warmup'] ?? 50);
