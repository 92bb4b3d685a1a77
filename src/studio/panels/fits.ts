/** Which panels suit the open run: one that could never show anything does not stand there empty. */
import type { Recipe } from '../../core/recipe.ts';
import { recipeStore } from '../state/recipe.ts';

/** Whether modalities are compared by similarity. */
export const contrasts = (recipe: Recipe): boolean =>
  recipe.objectives.some(({ type }) => type === 'infonce' || type === 'sigmoid');

/** Whether any encoder attends. */
export const attends = (recipe: Recipe): boolean =>
  Object.values(recipe.encoders).some(
    (encoder) => encoder.type !== 'cnn' && !(encoder.type === 'table' && encoder['kind'] !== 'transformer'),
  );

/** Whether the fusion has gates or experts; which those of late and dynamic fusion are is a setting. */
export const gated = ({ fusion }: Recipe): boolean =>
  ['late', 'mid-gated', 'flamingo', 'dynamic', 'hierarchical', 'moe'].includes(fusion.type);

/** Whether pictures and words are brought together. */
export const pairsWords = ({ encoders }: Recipe): boolean => 'image' in encoders && 'text' in encoders;

/** Objectives as they are at any time of the run. */
const objectivesOf = ({ objectives, training }: Recipe) => [
  ...objectives,
  ...(training.stages ?? []).flatMap((stage) => stage.objectives ?? []),
];

/** Whether something is predicted from a few modalities together: then each one's part in it can be measured (training/contribution.ts). */
export function predictsTogether(recipe: Recipe): boolean {
  const count = Object.keys(recipe.encoders).length;
  const { objectives = [] } = recipeStore.getState().catalog ?? {};
  const joint = objectives.filter(({ wants }) => wants?.joint).map(({ type }) => type);
  return count > 1 && count <= 4 && objectivesOf(recipe).some(({ type }) => joint.includes(type));
}

/** Whether a curriculum says what steps draw, at any time of the run. */
export const draws = (recipe: Recipe): boolean =>
  [recipe.training, ...(recipe.training.stages ?? [])].some(({ sampling }) => sampling?.curriculum);

/** Whether modalities are balanced, or trained by themselves, at any time of the run. */
export const balances = (recipe: Recipe): boolean =>
  [recipe.training, ...(recipe.training.stages ?? [])].some(
    ({ balance }) => balance !== undefined && balance.type !== 'none',
  ) || objectivesOf(recipe).some(({ type }) => type === 'unimodal');

const saying = ['mim', 'mlm', 'captioning', 'classification', 'labels', 'regression', 'vqa', 'unimodal'];

/** Whether the model says something of a sample by itself: draws, writes or predicts. */
export const says = (recipe: Recipe): boolean =>
  objectivesOf(recipe).some(({ type }) => saying.includes(type));
