/** The reference run of a whole two-tower model (references/clip-tiny, PyTorch in float64) under our names and orders. */
import { parseRecipe, type Recipe } from '../../core/recipe.ts';
import type { NumberArray } from '../../engine/executor.ts';
import type { ReferenceTensor } from '../../engine/testing/safetensors.ts';
import type { ModelShape } from '../../models/build.ts';

export const clipTinyShape: ModelShape = { batch: 32, imageSize: 32, textLength: 16, vocabulary: 512 };

export const clipTinyRecipe: Recipe = parseRecipe({
  format: 'amalgam-recipe/1',
  name: 'clip-tiny',
  data: {
    imageSize: 32,
    textLength: 16,
    vocabulary: 512,
    split: { by: 'files', validation: 0, test: 0, seed: 0 },
    augment: { crop: 0, flip: false, color: 0, wordDropout: 0 },
  },
  encoders: {
    image: { type: 'vit', patch: 8, width: 64, depth: 2, heads: 4, pool: 'cls' },
    text: { type: 'transformer', width: 64, depth: 2, heads: 4, pool: 'mean' },
  },
  fusion: { type: 'two-tower', width: 64 },
  objectives: [{ type: 'infonce', temperature: 0.07, learned: true }],
  training: {
    batch: 32,
    steps: 20,
    optimizer: { type: 'adamw', rate: 1e-3, beta1: 0.9, beta2: 0.98, epsilon: 1e-6, weightDecay: 0.1 },
    schedule: { type: 'constant', warmup: 0 },
    clip: 1,
    validateEvery: 1_000_000,
    validatePairs: 1,
    checkpointEvery: 1_000_000,
  },
  seed: 0,
});

/** `image.blocks.0.attention.qkv.weight` → `img.0.qkv.w`. */
export function referenceName(name: string): string {
  return name
    .replace('infonce.logit_scale', 'logit_scale')
    .replace(/^image\./, 'img.')
    .replace(/^text\./, 'txt.')
    .replace('positions.class', 'cls')
    .replace('positions.weight', 'pos')
    .replace('embedding.weight', 'emb')
    .replace('projection.weight', 'head.w')
    .replace('blocks.', '')
    .replace('attention.norm', 'ln1')
    .replace('mlp.norm', 'ln2')
    .replace('attention.', '')
    .replace('mlp.', '')
    .replace(/^(img|txt)\.norm/, '$1.lnf')
    .replace(/(ln.)\.weight$/, '$1.g')
    .replace(/\.weight$/, '.w')
    .replace(/\.bias$/, '.b');
}

/** The reference's numbers for one of our parameters: its matrices are [in, out], ours [out, in]. */
export function referenceValues(
  file: ReadonlyMap<string, ReferenceTensor>,
  kind: 'param' | 'grad' | 'after20',
  name: string,
  shape: readonly number[],
): Float32Array {
  const key = `${kind}.${referenceName(name)}`;
  const found = file.get(key);
  if (!(found?.values instanceof Float32Array)) throw new Error(`${key} is not in the reference (${name})`);
  const matrix = shape.length === 2 && key.endsWith('.w');
  if (!matrix) return found.values;
  const [rows, columns] = shape;
  if (found.shape.join() !== `${columns},${rows}`) throw new Error(`${key} is ${found.shape}, ours ${shape}`);
  return Float32Array.from(
    { length: rows * columns },
    (_, i) => found.values[(i % columns) * rows + Math.floor(i / columns)],
  );
}

/** Inputs of the reference's batch; every picture has the caption of its row. */
export function referenceBatch(
  file: ReadonlyMap<string, ReferenceTensor>,
  index: number,
): Record<string, NumberArray> {
  const { batch, imageSize, textLength } = clipTinyShape;
  const part = (name: string, size: number) => file.get(name)!.values.slice(index * size, (index + 1) * size);
  const groups = Int32Array.from({ length: batch }, (_, row) => row);
  return {
    images: part('batch.images', batch * imageSize * imageSize * 3),
    tokens: part('batch.tokens', batch * textLength),
    keep: new Float32Array(batch * textLength).fill(1),
    imageGroups: groups,
    textGroups: groups,
  };
}
