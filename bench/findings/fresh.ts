/**
 * Runs that no threshold was tuned on: other seeds, recipes and data than tuned.ts. What each was made to show, and what is true of it besides, was written
 * down before it was run; whatever else is found is a false alarm. Paths are of the reference data beside the repository.
 */
import type { Recipe } from '../../src/core/recipe.ts';
import type { Dataset } from '../../src/data/dataset.ts';
import { adamw, constant, interactions, type Plan, shapes, shipped, tiny } from './tuned.ts';

interface Expected extends Plan {
  /** Codes. */
  shows: string[];
  also?: string[];
}

const shared = (path: string) => `../shared/data/${path}`;
const emoji = shared('noto-emoji/noto-emoji.zip');
const flags = shared('region-flags/region-flags.zip');
const grocery = shared('grocery-photos/grocery-train.zip');
const digits = shared('digits-av/digits-av.zip');
const vqa = shared('easy-vqa/easy-vqa-train.zip');

type Training = Parameters<typeof shipped>[1];
/** Another seed than any tuned run had. */
const seeded = (id: string, seed: number, training: Training, rest: Parameters<typeof shipped>[2] = {}) =>
  shipped(id, training, { ...rest, seed });
/** The recipe for emoji, a third of its size: short runs on a processor. */
const emojis = (seed: number, training: Training, data: Partial<Recipe['data']> = {}): Recipe => {
  const tower = { width: 48, depth: 1, heads: 4 };
  const whole = shipped('clip-emoji', {}).data;
  return seeded(
    'clip-emoji',
    seed,
    { batch: 32, ...training },
    {
      encoders: { image: { type: 'vit', patch: 8, ...tower }, text: { type: 'transformer', ...tower } },
      data: { ...whole, imageSize: 24, ...data },
    },
  );
};
const still = { crop: 0, flip: false, color: 0, wordDropout: 0 };
const sgd = (rate: number, momentum = 0.9) => ({ type: 'sgd', rate, momentum, weightDecay: 0 });
const contrast = (rest: object) => [
  { type: 'infonce', direction: 'both', temperature: 0.2, learned: true, ...rest },
];

/** Every picture twice, the copy with another pixel in its corner: splits keep equal files together, and these are equal only in the size that the model sees. */
const doubled = (set: Dataset): Dataset => {
  const twice = <T>(list: T[]) => [...list, ...list];
  const pixels = new Uint8Array(2 * set.pixels.length);
  const own = set.pixels.subarray(0);
  pixels.set(own);
  pixels.set(own, own.length);
  const each = 3 * set.size * set.size;
  for (let i = 0; i < set.files.length; i++) pixels[set.pixels.length + i * each] ^= 1;
  return {
    ...set,
    pixels,
    pictured: undefined,
    files: [...set.files, ...set.files.map((file) => `copy of ${file}`)],
    captions: twice(set.captions),
    stated: twice(set.stated),
  };
};
/** Captions belong to other pictures. */
const shuffled = (set: Dataset): Dataset => ({
  ...set,
  captions: set.captions.map((_, i, all) => all[(i * 7 + 3) % all.length]),
});
/** Each caption goes on with those of twenty others. */
const longer = (set: Dataset): Dataset => ({
  ...set,
  captions: set.captions.map((_, i, all) => [
    Array.from({ length: 21 }, (_, k) => all[(i + k) % all.length][0]).join(' '),
  ]),
});
const two = (set: Dataset): Dataset => ({
  ...set,
  captions: set.captions.map((_, i) => [i % 2 ? 'a picture' : 'a photo']),
});
const dark = (set: Dataset): Dataset => ({ ...set, pixels: new Uint8Array(set.pixels.length) });

export const fresh: readonly Expected[] = [
  {
    name: 'healthy shapes, seed 7',
    recipe: seeded('clip-shapes', 7, { steps: 300 }),
    data: 'builtin:shapes',
    shows: [],
  },
  { name: 'healthy emoji', recipe: emojis(3, { steps: 250 }), data: emoji, shows: [] },
  { name: 'healthy spoken digits', recipe: seeded('digits-av', 5, {}), data: digits, shows: [] },
  { name: 'healthy xor', recipe: seeded('xor', 2, { validateEvery: 50 }), data: 'builtin:xor', shows: [] },
  {
    name: 'healthy product',
    recipe: seeded('product', 3, { steps: 300 }),
    data: 'builtin:product',
    shows: [],
  },
  {
    name: 'healthy interactions, seed 9',
    recipe: seeded('interactions', 9, { steps: 300 }),
    data: 'builtin:interactions?kind=2',
    shows: [],
    // Of this kind, the sound alone tells the class.
    also: ['contribution'],
  },
  {
    name: 'healthy captioner',
    recipe: seeded('captioner', 4, { steps: 160, validateEvery: 50 }),
    data: 'builtin:shapes?count=800',
    shows: [],
  },
  {
    name: 'healthy questions',
    recipe: seeded('vqa', 6, { steps: 250, batch: 32, validateEvery: 50, validatePairs: 200 }),
    data: vqa,
    shows: [],
  },
  {
    name: 'healthy mixture of experts',
    recipe: seeded('fusion-moe', 8, { steps: 300 }),
    data: 'builtin:product?seed=5',
    shows: [],
  },
  {
    name: 'healthy 16 bits',
    recipe: seeded('digits', 2, { steps: 250, precision: 'f16' }),
    data: 'builtin:digits',
    shows: [],
  },
  {
    name: 'healthy Lion, accumulated',
    recipe: seeded('interactions', 4, {
      steps: 250,
      accumulate: 2,
      optimizer: { type: 'lion', rate: 2e-4, weightDecay: 0.1 },
    }),
    data: 'builtin:interactions?kind=1',
    shows: [],
  },
  {
    name: 'rate too low, contrast',
    recipe: emojis(1, { steps: 200, optimizer: adamw(1e-6), schedule: constant }),
    data: emoji,
    shows: ['chance'],
  },
  {
    name: 'rate too high, contrast',
    recipe: seeded('clip-shapes', 2, {
      steps: 200,
      optimizer: adamw(0.1),
      schedule: constant,
      validateEvery: 50,
    }),
    data: 'builtin:shapes?count=1500',
    shows: ['chance', 'collapse'],
    also: ['temperature'],
  },
  {
    name: 'two captions for all',
    recipe: seeded('clip-shapes', 5, { steps: 200, validateEvery: 50 }),
    data: 'builtin:shapes?count=1000',
    spoil: two,
    shows: ['chance'],
    also: ['collapse'],
  },
  {
    name: 'wrong captions',
    recipe: tiny({ steps: 250, optimizer: adamw(0.01), schedule: constant }),
    ...shapes,
    spoil: shuffled,
    shows: ['overfitting'],
    also: ['chance', 'temperature', 'collapse'],
  },
  {
    name: 'rate far too high',
    recipe: seeded('digits', 3, { steps: 200, optimizer: adamw(1), schedule: constant, clip: 0 }),
    data: 'builtin:digits?count=1000',
    shows: ['diverging'],
    also: ['collapse', 'spikes', 'contribution', 'plateau', 'vanishing', 'dominance'],
  },
  {
    name: 'rate too low',
    recipe: seeded('product', 6, { steps: 400, optimizer: adamw(2e-6), schedule: constant }),
    data: 'builtin:product?count=800',
    shows: ['plateau'],
  },
  {
    name: 'schedule ended early',
    recipe: seeded('interactions', 3, {
      steps: 500,
      optimizer: adamw(3e-4),
      schedule: { type: 'step', warmup: 10, every: 30, gamma: 0.1 },
    }),
    data: 'builtin:interactions?seed=3',
    shows: ['plateau'],
    also: ['vanishing'],
  },
  {
    name: 'a rate of nothing for the text',
    recipe: emojis(4, {
      steps: 150,
      schedule: constant,
      groups: [{ match: 'text', rate: 1e-5 }],
    }),
    data: emoji,
    shows: ['vanishing'],
  },
  {
    name: 'a small rate for the sound',
    recipe: seeded('digits-av', 2, {
      steps: 250,
      schedule: constant,
      groups: [{ match: 'audio', rate: 0.02 }],
    }),
    data: digits,
    shows: ['dominance'],
  },
  {
    name: 'dark pictures',
    recipe: seeded('digits-av', 7, { steps: 300 }),
    data: digits,
    spoil: dark,
    shows: ['contribution'],
    also: ['vanishing', 'dominance', 'collapse'],
  },
  {
    name: 'pictures forgotten',
    recipe: seeded('digits-av', 1, {
      steps: 400,
      validateEvery: 25,
      schedule: { type: 'constant', warmup: 20 },
      optimizer: adamw(0.001),
      // Learnt while sound is rare, then thrown about by a rate that only the pictures have.
      drop: { audio: 0.6 },
      stages: [{ from: 150, drop: { image: 0.6 }, groups: [{ match: 'image', rate: 60 }] }],
    }),
    data: digits,
    shows: ['contribution'],
    also: ['collapse', 'dominance', 'spikes'],
  },
  {
    name: 'collapse of two towers',
    recipe: emojis(2, {
      steps: 200,
      validateEvery: 40,
      optimizer: adamw(0.05),
      schedule: constant,
    }),
    data: emoji,
    shows: ['collapse'],
    also: ['chance', 'temperature', 'plateau'],
  },
  {
    name: 'few flags by heart',
    recipe: emojis(
      5,
      { steps: 400, validateEvery: 40 },
      {
        augment: still,
        split: { by: 'files', validation: 0.3, test: 0, seed: 1 },
      },
    ),
    data: flags,
    shows: ['overfitting'],
  },
  {
    name: 'few samples by heart',
    recipe: seeded(
      'digits-av',
      3,
      { steps: 400, validateEvery: 40, optimizer: adamw(0.004), schedule: constant },
      {
        data: {
          ...shipped('digits-av', {}).data,
          noise: 2,
          augment: still,
          split: { by: 'random', validation: 0.9, test: 0, seed: 2 },
        },
      },
    ),
    data: digits,
    shows: ['overfitting'],
    also: ['contribution'],
  },
  {
    name: 'temperature falls',
    recipe: {
      ...tiny({ steps: 900, batch: 8, optimizer: adamw(0.006), schedule: constant, validateEvery: 300 }),
      data: { ...tiny({}).data, augment: still },
      objectives: contrast({ temperature: 0.03 }),
    },
    data: 'builtin:shapes?count=20&size=16',
    shows: ['temperature'],
    also: ['overfitting', 'held-out'],
  },
  {
    name: 'spikes of SGD',
    recipe: seeded('interactions', 6, { steps: 300, optimizer: sgd(0.2), schedule: constant, clip: 0 }),
    ...interactions,
    shows: ['spikes'],
    also: ['plateau', 'diverging', 'overfitting', 'contribution'],
  },
  {
    name: 'experts without balance',
    recipe: seeded(
      'fusion-moe',
      5,
      { steps: 250, validateEvery: 50, optimizer: adamw(0.006), schedule: constant },
      { fusion: { type: 'moe', width: 48, depth: 1, heads: 4, mlp: 2, experts: 12, balance: 0 } },
    ),
    data: 'builtin:product?seed=2',
    shows: ['experts'],
    also: ['plateau', 'overfitting', 'contribution'],
  },
  {
    name: 'words drawn anew for a large batch',
    recipe: {
      ...tiny({ steps: 150, batch: 256, validateEvery: 50 }),
      data: {
        ...tiny({}).data,
        augment: { crop: 0, flip: false, color: 0, wordDropout: 0.3 },
      },
      encoders: {
        image: { type: 'vit', patch: 16, width: 8, depth: 1, heads: 1 },
        text: { type: 'transformer', width: 8, depth: 1, heads: 1 },
      },
      objectives: contrast({ direction: 'image-to-text' }),
    },
    data: 'builtin:shapes?count=1200&size=16',
    spoil: longer,
    shows: ['starvation'],
    also: ['chance'],
  },
  {
    name: 'too large for 16 bits',
    recipe: seeded(
      'interactions',
      6,
      { steps: 150, precision: 'f16', schedule: constant, clip: 0, optimizer: adamw(0.03) },
      { objectives: [{ type: 'classification', weight: 100 }] },
    ),
    ...interactions,
    shows: ['overflow'],
    also: ['diverging', 'spikes', 'plateau', 'vanishing', 'dominance', 'contribution', 'collapse'],
  },
  {
    name: 'every sample twice',
    recipe: emojis(6, { steps: 120 }, { split: { by: 'random', validation: 0.2, test: 0, seed: 3 } }),
    data: emoji,
    spoil: doubled,
    shows: ['leak'],
  },
  {
    name: 'hardly anything held out',
    recipe: emojis(
      7,
      { steps: 120, validateEvery: 40 },
      {
        split: { by: 'files', validation: 0.05, test: 0, seed: 0 },
      },
    ),
    data: flags,
    shows: ['held-out'],
  },
  {
    name: 'clip far too narrow',
    recipe: seeded('digits-av', 8, { steps: 250, clip: 0.01 }),
    data: digits,
    shows: ['clipped'],
  },
  {
    name: 'grocery prompts',
    recipe: emojis(9, { steps: 200 }),
    data: grocery,
    shows: [],
    also: ['held-out'],
  },
  {
    name: 'a strong sound',
    recipe: seeded('imbalance', 4, { steps: 400, validateEvery: 50 }),
    data: 'builtin:imbalance?seed=7',
    shows: ['contribution'],
    also: ['dominance'],
  },
];
