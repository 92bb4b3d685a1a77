/** The two workloads of the benchmark: one training step of a two-tower model, on random numbers. */

import { random } from '../src/core/random.ts';
import type { Recipe } from '../src/core/recipe.ts';
import type { NumberArray } from '../src/engine/executor.ts';
import { setUp } from '../src/training/setup.ts';

interface Size {
  imageSize: number;
  width: number;
  depth: number;
  heads: number;
  textLength: number;
  vocabulary: number;
  batch: number;
}

const sizes: Record<string, Size> = {
  'clip-tiny': { imageSize: 32, width: 64, depth: 2, heads: 4, textLength: 16, vocabulary: 512, batch: 32 },
  'clip-small': {
    imageSize: 64,
    width: 128,
    depth: 4,
    heads: 4,
    textLength: 32,
    vocabulary: 4096,
    batch: 64,
  },
};

export const workloadNames = Object.keys(sizes);

export function workload(name: string) {
  const { imageSize, width, depth, heads, textLength, vocabulary, batch } = sizes[name];
  const recipe: Recipe = {
    format: 'amalgam-recipe/1',
    name,
    data: {
      imageSize,
      textLength,
      vocabulary,
      split: { by: 'random', validation: 0, test: 0, seed: 0 },
      augment: { crop: 0, flip: false, color: 0, wordDropout: 0 },
    },
    encoders: {
      image: { type: 'vit', patch: 8, width, depth, heads },
      text: { type: 'transformer', width, depth, heads },
    },
    fusion: { type: 'two-tower', width },
    objectives: [{ type: 'infonce', temperature: 0.07 }],
    training: {
      batch,
      steps: 1000,
      optimizer: { type: 'adamw', rate: 1e-3 },
      schedule: { type: 'constant', warmup: 0 },
      clip: 1,
      validateEvery: 1000,
      validatePairs: 1,
      checkpointEvery: 1000,
    },
    seed: 0,
  };
  const stream = random(1, name);
  const groups = Int32Array.from({ length: batch }, (_, i) => i);
  const inputs: Record<string, NumberArray> = {
    images: Float32Array.from({ length: batch * imageSize ** 2 * 3 }, () => stream.normal()),
    tokens: Int32Array.from({ length: batch * textLength }, () => stream.integer(vocabulary)),
    keep: new Float32Array(batch * textLength).fill(1),
    imageGroups: groups,
    textGroups: groups,
  };
  return { setup: setUp(recipe, { batch, imageSize, textLength, vocabulary }), inputs };
}
