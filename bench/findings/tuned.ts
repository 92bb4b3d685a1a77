/**
 * The runs that the thresholds of the detectors were tuned on (`tuned`): healthy ones of shipped recipes, and others made to go wrong. What is held against
 * them afterwards is in fresh.ts.
 */
import { parseRecipe, type Recipe } from '../../src/core/recipe.ts';
import type { Dataset } from '../../src/data/dataset.ts';
import { recipes } from '../../src/training/recipes.ts';
import { tinyRecipe } from '../../src/training/testing/tinySession.ts';

export interface Plan {
  name: string;
  recipe: Recipe;
  /** As `--data` takes it. */
  data: string;
  spoil?(set: Dataset): Dataset;
}

export const shipped = (
  id: string,
  training: Partial<Recipe['training']>,
  rest: Partial<Recipe> = {},
): Recipe => {
  const { recipe } = recipes().find((one) => one.id === id)!;
  return parseRecipe({ ...recipe, ...rest, training: { ...recipe.training, ...training } });
};
export const constant = { type: 'constant', warmup: 0 };
export const adamw = (rate: number) => ({ type: 'adamw', rate, weightDecay: 0 });
export const tiny = (training: Partial<Recipe['training']>): Recipe =>
  tinyRecipe({ batch: 16, steps: 200, validateEvery: 40, validatePairs: 64, ...training });
export const shapes = { data: 'builtin:shapes?count=400&size=16' };
export const interactions = { data: 'builtin:interactions?count=800' };
export const equalCaptions = (set: Dataset): Dataset => ({
  ...set,
  captions: set.captions.map(() => ['a shape']),
});
export const tuned: readonly Plan[] = [
  {
    name: 'healthy clip-shapes',
    recipe: shipped('clip-shapes', { steps: 200, validateEvery: 50 }),
    data: 'builtin:shapes',
  },
  { name: 'healthy digits-av', recipe: shipped('digits-av', { steps: 200 }), data: 'builtin:digits' },
  {
    name: 'healthy interactions',
    recipe: shipped('interactions', { steps: 200 }),
    data: 'builtin:interactions',
  },
  {
    name: 'healthy moe',
    recipe: shipped('fusion-moe', { steps: 200, validateEvery: 50 }),
    data: 'builtin:product',
  },
  {
    name: 'chance, slow',
    recipe: tiny({ optimizer: adamw(1e-6), schedule: constant }),
    ...shapes,
  },
  {
    name: 'chance, fast',
    recipe: tiny({ optimizer: adamw(0.3), schedule: constant }),
    ...shapes,
  },
  { name: 'chance, equal captions', recipe: tiny({}), ...shapes, spoil: equalCaptions },
  {
    name: 'diverging',
    recipe: shipped('interactions', {
      steps: 200,
      optimizer: adamw(3),
      schedule: constant,
      clip: 0,
    }),
    ...interactions,
  },
  {
    name: 'plateau',
    recipe: shipped('interactions', { steps: 400, optimizer: adamw(1e-6), schedule: constant }),
    ...interactions,
  },
  {
    name: 'vanishing',
    recipe: shipped('interactions', {
      steps: 200,
      schedule: constant,
      groups: [{ match: 'audio', rate: 1e-5 }],
    }),
    ...interactions,
  },
  {
    name: 'dominance',
    recipe: shipped('interactions', {
      steps: 200,
      schedule: constant,
      groups: [{ match: 'audio', rate: 0.02 }],
    }),
    ...interactions,
  },
  {
    name: 'contribution',
    recipe: shipped('imbalance', { steps: 250, validateEvery: 50 }),
    data: 'builtin:imbalance',
  },
  {
    name: 'overfitting',
    recipe: shipped('interactions', { steps: 400, optimizer: adamw(0.003), schedule: constant }),
    data: 'builtin:interactions?count=120',
  },
  {
    name: 'spikes',
    recipe: shipped('interactions', {
      steps: 300,
      optimizer: { type: 'sgd', rate: 0.15, momentum: 0.9, weightDecay: 0 },
      schedule: constant,
      clip: 0,
    }),
    ...interactions,
  },
  {
    name: 'dead experts',
    recipe: shipped(
      'fusion-moe',
      { steps: 200, validateEvery: 50, optimizer: adamw(0.01), schedule: constant },
      { fusion: { type: 'moe', width: 48, depth: 1, heads: 4, mlp: 2, experts: 8, balance: 0 } },
    ),
    data: 'builtin:product',
  },
  {
    name: 'overflow',
    recipe: shipped(
      'interactions',
      { steps: 200, precision: 'f16', schedule: constant },
      {
        objectives: [{ type: 'classification', weight: 100 }],
      },
    ),
    ...interactions,
  },
  { name: 'clipped', recipe: tiny({ clip: 0.01 }), ...shapes },
];
