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

/** The zip of a model. `move`: deviation of what is added to each weight. */
export async function modelZip(recipe: Recipe, move = 0.05): Promise<Uint8Array> {
  const data = await dataFor(recipe);
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
    {
      id: recipe.name,
      name: recipe.name,
      note: '',
      recipe,
      dataset: data.dataset,
      datasetName: setFor(recipe),
      fingerprint: data.fingerprint,
      executor: 'webgpu',
      adapter: '',
      createdAt: 0,
      updatedAt: 0,
      state: 'finished',
      step: 7,
      last: {},
      checkpoints: [],
    },
    knownOf(data),
    layout,
    parameters,
  );
}

/** The model of a shipped recipe, shrunk, as an export gets it. */
export async function shippedModel(name: string): Promise<ModelBundle> {
  const recipe = shippedRecipes.get(name);
  if (!recipe) throw new Error(`no recipe is called ${name}`);
  return readBundle(`${name}.zip`, await modelZip(shrunk(recipe)));
}

export const shippedNames = [...shippedRecipes.keys()];
