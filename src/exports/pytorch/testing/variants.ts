/** Recipes with the parts and choices that no shipped one has, on drawn data of which some samples lack a modality. */
import type { Recipe } from '../../../core/recipe.ts';
import type { PreparedData } from '../../../data/prepared.ts';
import { dataFor, shippedRecipes } from '../../testing/models.ts';

const tiny = { width: 16, depth: 2, heads: 2, mlp: 2 };
const one = { ...tiny, depth: 1 };

function change(of: string, parts: Partial<Recipe>, training: Partial<Recipe['training']> = {}): Recipe {
  const recipe = shippedRecipes.get(of)!;
  return { ...recipe, ...parts, training: { ...recipe.training, batch: 5, ...training } };
}

const product = (fusion: Recipe['fusion'], more: Partial<Recipe> = {}) =>
  change('product', {
    encoders: {
      table: { type: 'table', kind: 'mlp', ...one },
      image: { type: 'vit', patch: 8, ...one },
      text: { type: 'transformer', ...one },
    },
    fusion: { ...fusion },
    ...more,
  });
const wide = { width: 16 };
const hub = { width: 16, depth: 1, heads: 2, inner: 20 };
const shapes = (
  objectives: Recipe['objectives'],
  encoders: Recipe['encoders'] = {},
  fusion: Recipe['fusion'] = { type: 'two-tower', ...wide },
) =>
  change('clip-shapes', {
    encoders: {
      image: { type: 'vit', patch: 8, ...one },
      text: { type: 'transformer', ...one },
      ...encoders,
    },
    fusion,
    objectives,
  });
const infonce = [{ type: 'infonce' }];
const taught = (recipe: Recipe, what: string) => ({
  type: 'distillation',
  what,
  teacher: { run: 'a', name: 'a', step: 1, recipe },
});
const teacher = shapes(infonce, {}, { type: 'two-tower', width: 24 });

export const variants: Record<string, Recipe> = {
  'late sum': product({ type: 'late', ...wide, combine: 'sum' }),
  'late gate, some absent': product({ type: 'late', ...wide, combine: 'gate' }),
  'early with a class token': product({ type: 'early', ...one, pool: 'cls' }),
  'co-attention into the first': product({ type: 'co-attention', ...one, direction: 'into-first' }),
  'co-attention from the first': product({ type: 'co-attention', ...one, direction: 'from-first' }),
  'flamingo, not causal': product({ type: 'flamingo', ...one, latents: 3, causal: false }),
  'q-former apart': product({ type: 'q-former', ...tiny, latents: 3, mask: 'apart' }),
  'q-former causal': product({ type: 'q-former', ...tiny, latents: 3, mask: 'causal' }),
  'mid-gated, some absent': product({ type: 'mid-gated', ...one }),
  'hierarchical, low alone': product({ type: 'hierarchical', ...one, mid: false, high: false }),
  'hierarchical, high alone': product({ type: 'hierarchical', ...one, low: false, mid: false }),
  'hierarchical, none': product({ type: 'hierarchical', ...one, low: false, mid: false, high: false }),
  'experts, two of four': product({
    type: 'moe',
    ...one,
    experts: 4,
    top: 'two',
    capacity: 0.8,
    balance: 0.1,
  }),
  'dynamic, soft': product({ type: 'dynamic', ...wide, gate: 'soft' }),
  'full tensor': product({ type: 'low-rank', ...wide, kind: 'tensor', narrow: 3 }),
  'contrast of three, some absent': product({ type: 'two-tower', ...wide }, { objectives: infonce }),
  'sigmoid of three, some absent': product(
    { type: 'two-tower', ...wide },
    { objectives: [{ type: 'sigmoid' }] },
  ),
  'each alone beside the joint': product(
    { type: 'early', ...one },
    {
      objectives: [{ type: 'classification', weight: 0.5 }, { type: 'unimodal' }],
    },
  ),
  'matching, some absent': product(
    { type: 'late', ...wide, combine: 'concat' },
    {
      objectives: [{ type: 'itm' }, { type: 'mlm' }, { type: 'mim', normalize: true, depth: 2 }],
    },
  ),
  'captions from fused tokens': product(
    { type: 'moe', ...one, experts: 2 },
    {
      objectives: [{ type: 'captioning', width: 16, depth: 1, heads: 2 }],
    },
  ),
  'captions from encoders': product(
    { type: 'late', ...wide, combine: 'sum' },
    {
      objectives: [{ type: 'captioning', width: 16, depth: 1, heads: 2 }],
    },
  ),
  'several labels': product(
    { type: 'late', ...wide, combine: 'concat' },
    { objectives: [{ type: 'labels' }] },
  ),
  'a number, squared': product(
    { type: 'late', ...wide, combine: 'concat' },
    { objectives: [{ type: 'regression' }] },
  ),
  'a number, absolute': product(
    { type: 'late', ...wide, combine: 'concat' },
    {
      objectives: [{ type: 'regression', loss: 'absolute' }],
    },
  ),
  'ResNet, rotary, causal, last': shapes(infonce, {
    image: { type: 'cnn', shape: 'resnet', width: 4, stem: '4' },
    text: { type: 'transformer', ...tiny, positions: 'rotary', causal: true, pool: 'last' },
  }),
  'ResNet, first step 2, first token': shapes(
    [{ type: 'infonce', direction: 'text-to-image', learned: false }],
    {
      image: { type: 'cnn', shape: 'resnet', width: 4, stem: '2' },
      text: { type: 'transformer', ...one, pool: 'cls' },
    },
  ),
  'convolutions over a table': change('product', {
    encoders: {
      table: { type: 'table', kind: 'cnn', ...one },
      image: { type: 'cnn', shape: 'lenet', width: 4, stem: '4' },
    },
    fusion: { type: 'late', ...wide, combine: 'concat' },
  }),
  'learned weights, a term twice': {
    ...product(
      { type: 'early', ...one },
      {
        objectives: [
          { type: 'classification' },
          { type: 'infonce', weight: 0.3 },
          { type: 'infonce', direction: 'image-to-text' },
        ],
      },
    ),
    training: { ...shippedRecipes.get('product')!.training, batch: 5, weighting: 'learned' },
  },
  'CLIP’s own towers': shapes(infonce, {
    image: { type: 'clip-vision', patch: 8, ...hub, activation: 'quick_gelu' },
    text: { type: 'clip-text', places: 40, ...hub, activation: 'gelu_pytorch_tanh' },
  }),
  'ViT and BERT of Hugging Face': shapes([{ type: 'infonce' }, { type: 'mim' }, { type: 'mlm' }], {
    image: { type: 'hf-vit', patch: 8, ...hub, activation: 'gelu' },
    text: { type: 'bert', places: 40, ...hub, activation: 'gelu' },
  }),
  'taught vectors': shapes([taught(teacher, 'embeddings')]),
  'taught relations': shapes([{ type: 'infonce' }, taught(teacher, 'relation')]),
  'taught answers': product(
    { type: 'late', ...wide, combine: 'concat' },
    {
      objectives: [{ type: 'classification' }, taught(product({ type: 'early', ...one }), 'logits')],
    },
  ),
};

/** The data of a variant; what is to be predicted as its objectives want it. */
export async function variantData(recipe: Recipe): Promise<PreparedData> {
  const data = await dataFor(recipe);
  const types = recipe.objectives.map(({ type }) => type);
  const { target } = data;
  if (!target) return data;
  const { values, classes } = target;
  if (types.includes('regression'))
    return {
      ...data,
      target: {
        ...target,
        kind: 'number',
        classes: [],
        values: values.map((value) => (value < 1 ? Number.NaN : value / 2)),
      },
    };
  if (types.includes('labels'))
    return {
      ...data,
      target: {
        ...target,
        kind: 'labels',
        values: Float32Array.from({ length: values.length * classes.length }, (_, i) =>
          (i * 7) % 3 === 0 ? 1 : 0,
        ),
      },
    };
  return data;
}
