/**
 * The workloads: a two-tower model with its start weights and batches, the same for every engine. clip-tiny is the committed PyTorch run
 * (references/clip-tiny), so its losses have an independent answer; the larger ones are drawn from seeds.
 */
import { random } from '../src/core/random.ts';
import type { Recipe } from '../src/core/recipe.ts';
import { clipTinyBatch, clipTinyRecipe, flatReference } from '../src/engine/testing/clipTiny.ts';
import type { ReferenceTensor } from '../src/engine/testing/safetensors.ts';
import { initialize } from '../src/models/initialize.ts';
import { type Setup, setUp } from '../src/training/setup.ts';

export interface Size {
  /** Side of a picture and of a patch, pixels. */
  imageSize: number;
  patch: number;
  width: number;
  heads: number;
  /** Blocks of each tower. */
  depth: number;
  textLength: number;
  vocabulary: number;
  batch: number;
}

export interface Hyper {
  rate: number;
  beta1: number;
  beta2: number;
  epsilon: number;
  weightDecay: number;
  /** Largest global gradient norm. */
  clip: number;
}

/** The graph's inputs by name. */
export interface Batch {
  /** [batch, side, side, 3] */
  images: Float32Array;
  /** [batch, length] */
  tokens: Int32Array;
  /** [batch, length], all ones: no padding, because the peers' models know none. */
  keep: Float32Array;
  sampleGroups: Int32Array;
  textGroups: Int32Array;
}

export interface Workload {
  name: string;
  size: Size;
  hyper: Hyper;
  setup: Setup;
  /** Start weights, flat as `setup.layout` says. */
  start: Float32Array;
  /** Step n (1-based) takes `batches[(n − 1) % batches.length]`. */
  batches: Batch[];
}

/** The reference's tensors, where it is at hand; without them clip-tiny is drawn too, and has no known losses. */
export type Reference = ReadonlyMap<string, ReferenceTensor>;

const usual: Hyper = { rate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.1, clip: 1 };

const sizes: Record<string, { size: Size; hyper: Hyper; batches: number }> = {
  'clip-tiny': {
    size: {
      imageSize: 32,
      patch: 8,
      width: 64,
      heads: 4,
      depth: 2,
      textLength: 16,
      vocabulary: 512,
      batch: 32,
    },
    hyper: { ...usual, beta2: 0.98, epsilon: 1e-6 },
    batches: 10,
  },
  'clip-small': {
    size: {
      imageSize: 64,
      patch: 8,
      width: 128,
      heads: 4,
      depth: 4,
      textLength: 32,
      vocabulary: 4096,
      batch: 64,
    },
    hyper: usual,
    batches: 10,
  },
  'clip-base': {
    size: {
      imageSize: 128,
      patch: 16,
      width: 384,
      heads: 6,
      depth: 6,
      textLength: 32,
      vocabulary: 4096,
      batch: 128,
    },
    hyper: usual,
    batches: 4,
  },
};

export const workloadNames = Object.keys(sizes);

export const batchOf = (name: string): number => sizes[name].size.batch;

function recipeOf(name: string, size: Size, hyper: Hyper): Recipe {
  const { imageSize, patch, width, depth, heads, textLength, vocabulary, batch } = size;
  const { clip, ...optimizer } = hyper;
  return {
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
      image: { type: 'vit', patch, width, depth, heads },
      text: { type: 'transformer', width, depth, heads },
    },
    fusion: { type: 'two-tower', width },
    objectives: [{ type: 'infonce', temperature: 0.07 }],
    training: {
      batch,
      steps: 1000,
      optimizer: { type: 'adamw', ...optimizer },
      schedule: { type: 'constant', warmup: 0 },
      clip,
      validateEvery: 1000,
      validatePairs: 1,
      checkpointEvery: 1000,
    },
    seed: 0,
  };
}

function drawnBatch({ batch, imageSize, textLength, vocabulary }: Size, name: string, index: number): Batch {
  const stream = random(1, name, index);
  const groups = Int32Array.from({ length: batch }, (_, i) => i);
  const images = new Float32Array(batch * imageSize ** 2 * 3);
  for (let i = 0; i < images.length; i++) images[i] = stream.normal();
  const tokens = new Int32Array(batch * textLength);
  for (let i = 0; i < tokens.length; i++) tokens[i] = stream.integer(vocabulary);
  return {
    images,
    tokens,
    keep: new Float32Array(batch * textLength).fill(1),
    sampleGroups: groups,
    textGroups: groups,
  };
}

/** @throws Error when there is no such workload */
export function workload(name: string, reference?: Reference): Workload {
  const found = sizes[name];
  if (!found) throw new Error(`no workload ${name}; there are ${workloadNames.join(', ')}`);
  const { size, hyper } = found;
  const known = name === 'clip-tiny' ? reference : undefined;
  const setup = setUp(known ? clipTinyRecipe : recipeOf(name, size, hyper), size);
  return {
    name,
    size,
    hyper,
    setup,
    start: known ? flatReference(setup.layout, known, 'param.') : initialize(setup.layout, 0),
    batches: Array.from({ length: found.batches }, (_, index) =>
      known ? clipTinyBatch(known, index) : drawnBatch(size, name, index),
    ),
  };
}
