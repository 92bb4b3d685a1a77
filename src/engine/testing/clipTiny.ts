/** The reference run clip-tiny as our recipe: names and layouts mapped, so that start, gradients and end can be compared. */
import type { Recipe } from '../../core/recipe.ts';
import type { ParameterLayout } from '../compile/layout.ts';
import type { ReferenceTensor } from './safetensors.ts';

export const clipTinyRecipe: Recipe = {
  format: 'amalgam-recipe/1',
  name: 'clip-tiny',
  data: {
    imageSize: 32,
    textLength: 16,
    vocabulary: 512,
    split: { by: 'random', validation: 0, test: 0, seed: 0 },
    augment: { crop: 0, flip: false, color: 0, wordDropout: 0 },
  },
  encoders: {
    image: { type: 'vit', patch: 8, width: 64, depth: 2, heads: 4 },
    text: { type: 'transformer', width: 64, depth: 2, heads: 4 },
  },
  fusion: { type: 'two-tower', width: 64 },
  objectives: [{ type: 'infonce', temperature: 0.07 }],
  training: {
    batch: 32,
    steps: 20,
    optimizer: { type: 'adamw', rate: 1e-3, beta1: 0.9, beta2: 0.98, epsilon: 1e-6, weightDecay: 0.1 },
    schedule: { type: 'constant', warmup: 0 },
    clip: 1,
    validateEvery: 1000,
    validatePairs: 10,
    checkpointEvery: 1000,
  },
  seed: 0,
};

/** Our parameter's name in the reference, and whether its matrix is the other way round there. */
function theirName(name: string): { theirs: string; transposed: boolean } {
  if (name === 'infonce.logit_scale') return { theirs: 'logit_scale', transposed: false };
  const short = name
    .replace('image.', 'img.')
    .replace('text.', 'txt.')
    .replace('blocks.', '')
    .replace('positions.class', 'cls')
    .replace('positions.weight', 'pos')
    .replace('embedding.weight', 'emb')
    .replace('projection', 'head')
    .replace('attention.norm', 'ln1')
    .replace('mlp.norm', 'ln2')
    .replace('attention.', '')
    .replace('mlp.', '')
    .replace(/\.norm\./, '.lnf.');
  const norm = /\.ln[12f]\./.test(short);
  const theirs = short.replace('.weight', norm ? '.g' : '.w').replace('.bias', '.b');
  return { theirs, transposed: theirs.endsWith('.w') };
}

/** The flat buffer of the reference's tensors under a prefix: `param.`, `grad.`, `after20.`. */
export function flatReference(
  layout: ParameterLayout,
  tensors: ReadonlyMap<string, ReferenceTensor>,
  prefix: string,
): Float32Array {
  const flat = new Float32Array(layout.total);
  for (const { name, offset, size } of layout.entries) {
    const { theirs, transposed } = theirName(name);
    const found = tensors.get(prefix + theirs);
    if (!found || found.values.length !== size) throw new Error(`${prefix}${theirs} does not fit ${name}`);
    const [rows, columns] = found.shape;
    for (let i = 0; i < size; i++)
      flat[offset + (transposed ? (i % columns) * rows + Math.floor(i / columns) : i)] = found.values[i];
  }
  return flat;
}

const pairs = 32;
const groups = Int32Array.from({ length: pairs }, (_, i) => i);

/** Batch `k` of ten, under the names of the graph's inputs. */
export function clipTinyBatch(tensors: ReadonlyMap<string, ReferenceTensor>, k: number) {
  const images = tensors.get('batch.images')!.values as Float32Array;
  const tokens = tensors.get('batch.tokens')!.values as Int32Array;
  const [perImages, perTokens] = [images.length / 10, tokens.length / 10];
  return {
    images: images.slice(k * perImages, (k + 1) * perImages),
    tokens: tokens.slice(k * perTokens, (k + 1) * perTokens),
    keep: new Float32Array(perTokens).fill(1),
    sampleGroups: groups,
    textGroups: groups,
  };
}
