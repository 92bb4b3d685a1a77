/**
 * Models to try exports with: one from every recipe that ships, on drawn data, as the zip that people take away. Weights are fresh by the recipe's seed and
 * then moved a little, so that nothing which begins at zero (biases, gates, positions) hides a mistake. Wide and deep recipes are cut to the same parts,
 * fewer and narrower.
 */

import { random } from '../../core/random.ts';
import { parseRecipe, type Recipe } from '../../core/recipe.ts';
import { factsOf } from '../../data/facts.ts';
import { prepare } from '../../data/prepare.ts';
import type { PreparedData } from '../../data/prepared.ts';
import { builtIns } from '../../data/synthetic/index.ts';
import { type ModelBundle, readBundle } from '../../interchange/bundle.ts';
import { initialize } from '../../models/initialize.ts';
import { knownOf, packModel } from '../../training/bundle.ts';
import { layoutOf } from '../../training/parameters.ts';
import { emptyRun } from '../../training/testing/emptyRun.ts';

const files = import.meta.glob<unknown>('../../../recipes/*.json', { eager: true, import: 'default' });

/** Every recipe that ships, by its file's name without ending. */
export const shippedRecipes: ReadonlyMap<string, Recipe> = new Map(
  Object.entries(files).map(([path, json]) => [
    path.split('/').at(-1)!.replace('.json', ''),
    parseRecipe(json),
  ]),
);

/** Towers of at most two blocks and 48 wide; other parts as they are. */
export function shrunk(recipe: Recipe): Recipe {
  const narrow = (part: Recipe['fusion']): Recipe['fusion'] => {
    const depth = Math.min(Number(part['depth'] ?? 1), 2);
    const width = Number(part['width'] ?? 0);
    return {
      ...part,
      ...(part['depth'] !== undefined && { depth }),
      ...(width > 64 && { width: 48 }),
      ...(width > 64 && part['heads'] !== undefined && { heads: 4 }),
    };
  };
  const encoders = Object.fromEntries(
    Object.entries(recipe.encoders).map(([modality, part]) => [modality, narrow(part)]),
  );
  return {
    ...recipe,
    data: { ...recipe.data, imageSize: Math.min(recipe.data.imageSize, 32) },
    encoders,
    fusion: narrow(recipe.fusion),
  };
}

/** The built-in set that has what a recipe reads and predicts. */
function setFor({ encoders, objectives, data }: Recipe): string {
  const has = (...modalities: string[]) => modalities.every((modality) => encoders[modality]);
  const types = objectives.map(({ type }) => type);
  if (types.includes('vqa')) return 'shapes-qa';
  if (has('image', 'audio', 'table')) return 'interactions';
  if (has('image', 'audio', 'text')) return 'xor';
  if (has('table')) return 'product';
  if (has('audio')) return data.imageSize === 16 ? 'imbalance' : 'digits';
  return 'shapes';
}

const sets = new Map<string, Promise<PreparedData>>();

/** Drawn data made ready for a recipe; 120 samples, made once for each setting of the data. */
export function dataFor(recipe: Recipe): Promise<PreparedData> {
  const name = setFor(recipe);
  const key = JSON.stringify([name, recipe.data]);
  let known = sets.get(key);
  if (!known) {
    const set = builtIns.find((one) => one.name === name)!;
    known = set.make({ count: 120 }).then((drawn) => prepare(drawn, recipe.data));
    sets.set(key, known);
  }
  return known;
}

/**
 * What no recipe that ships has: other kinds of the same encoders and fusions, other objectives, modalities that may be missing. `target`: the kind of what
 * is predicted, where it is not the data's own.
 */
export const otherRecipes: ReadonlyMap<string, { recipe: Recipe; target?: 'number' | 'labels' }> = new Map(
  Object.entries(variations()),
);

function variations(): Record<string, { recipe: Recipe; target?: 'number' | 'labels' }> {
  const from = (name: string, parts: Partial<Recipe>): Recipe => ({ ...shippedRecipes.get(name)!, ...parts });
  const small = { width: 16, depth: 1, heads: 2, mlp: 2 };
  const { mlp: _, ...decoder } = small;
  const image = { type: 'vit', patch: 8, ...small };
  const text = { type: 'transformer', ...small };
  const { encoders: heard, training } = shippedRecipes.get('digits')!;
  const { encoders: listed } = shippedRecipes.get('product')!;
  return {
    'resnet, rotary, causal, sigmoid loss': {
      recipe: from('clip-shapes', {
        encoders: {
          image: { type: 'cnn', shape: 'resnet', width: 8 },
          text: { ...text, positions: 'rotary', causal: true, pool: 'last' },
        },
        objectives: [{ type: 'sigmoid' }],
      }),
    },
    'towers of CLIP’s shape': {
      recipe: from('clip-shapes', {
        encoders: {
          image: { type: 'clip-vision', patch: 8, width: 16, depth: 1, heads: 2, inner: 32 },
          text: { type: 'clip-text', width: 16, depth: 1, heads: 2, inner: 32 },
        },
      }),
    },
    'a ViT and a BERT of the hub': {
      recipe: from('clip-shapes', {
        encoders: {
          image: { type: 'hf-vit', patch: 8, width: 16, depth: 1, heads: 2, inner: 32 },
          text: { type: 'bert', width: 16, depth: 1, heads: 2, inner: 32 },
        },
      }),
    },
    regression: { recipe: from('product', { objectives: [{ type: 'regression' }] }), target: 'number' },
    'several labels, a convolution over rows, a full tensor': {
      recipe: from('product', {
        encoders: { table: { ...listed['table'], kind: 'cnn' }, image, text: { ...text, pool: 'cls' } },
        fusion: { type: 'low-rank', width: 16, kind: 'tensor', rank: 2 },
        objectives: [{ type: 'labels' }],
      }),
      target: 'labels',
    },
    'modalities that may be missing, each alone': {
      recipe: from('digits', {
        fusion: { type: 'early', ...small },
        objectives: [{ type: 'classification' }, { type: 'unimodal' }],
        training: { ...training, drop: { image: 0.2, audio: 0.2 } },
      }),
    },
    'missing modalities, two experts a token': {
      recipe: from('product', {
        encoders: { ...listed, image, text },
        fusion: { type: 'moe', ...small, experts: 3, top: 'two', capacity: 0.7 },
        training: { ...training, drop: { text: 0.3, table: 0.3 } },
      }),
    },
    'captions of pictures and tables': {
      recipe: from('product', {
        encoders: { image, table: listed['table'] },
        fusion: { type: 'late', width: 16, combine: 'concat' },
        objectives: [{ type: 'captioning', ...decoder }],
        training: { ...training, drop: { table: 0.3 } },
      }),
    },
    'captions of fused tokens, and words found again': {
      recipe: from('masked', {
        encoders: { image, text },
        fusion: { type: 'early', ...small },
        objectives: [{ type: 'captioning', ...decoder }, { type: 'mlm' }],
      }),
    },
    'sound and words': {
      recipe: from('xor', {
        encoders: { audio: heard['audio'], text },
        fusion: { type: 'mid-gated', ...small },
      }),
    },
  };
}

/** The zip of a model. `move`: deviation of what is added to each weight. */
export async function modelZip(
  recipe: Recipe,
  { move = 0.05, target }: { move?: number; target?: 'number' | 'labels' } = {},
): Promise<Uint8Array> {
  const own = await dataFor(recipe);
  const data = target && own.target ? { ...own, target: retargeted(own.target, target) } : own;
  const layout = layoutOf(recipe, factsOf(data));
  const parameters = initialize(layout, recipe.seed);
  for (const { name, offset, size } of layout.entries) {
    const generator = random(recipe.seed, 'moved', name);
    const variance = name.endsWith('running_var');
    for (let i = offset; i < offset + size; i++) {
      const by = move * generator.normal();
      parameters[i] = variance ? parameters[i] * Math.exp(by) : parameters[i] + by;
    }
  }
  return packModel(
    { ...emptyRun(recipe.name, recipe, data), datasetName: setFor(recipe), state: 'finished', step: 7 },
    knownOf(data),
    layout,
    parameters,
  );
}

/** Classes as several labels or as numbers. */
function retargeted(
  target: NonNullable<PreparedData['target']>,
  kind: 'number' | 'labels',
): NonNullable<PreparedData['target']> {
  const { classes, values } = target;
  if (kind === 'number') return { ...target, kind, classes: [], mean: 4.5, deviation: 2.5 };
  const labels = Float32Array.from({ length: values.length * classes.length }, (_, at) =>
    values[Math.floor(at / classes.length)] === at % classes.length ? 1 : 0,
  );
  return { ...target, kind, values: labels };
}

/** The model of one of the other recipes. */
export async function otherModel(name: string): Promise<ModelBundle> {
  const found = otherRecipes.get(name);
  if (!found) throw new Error(`no recipe is called ${name}`);
  return readBundle(`${name}.zip`, await modelZip(found.recipe, { target: found.target }));
}

/** The model of a shipped recipe, shrunk, as an export gets it. */
export async function shippedModel(name: string): Promise<ModelBundle> {
  const recipe = shippedRecipes.get(name);
  if (!recipe) throw new Error(`no recipe is called ${name}`);
  return readBundle(`${name}.zip`, await modelZip(shrunk(recipe)));
}

export const shippedNames = [...shippedRecipes.keys()];
