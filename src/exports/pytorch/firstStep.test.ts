/**
 * The model as it is written for PyTorch against the graph in float64: of every recipe that ships, the loss, each of its terms and every gradient of the first
 * step. One Python process for all.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import type { Recipe } from '../../core/recipe.ts';
import type { PreparedData } from '../../data/prepared.ts';
import { encoders, fusions, objectives } from '../../models/registry.ts';
import { dataFor, shippedNames, shippedRecipes, shrunk } from '../testing/models.ts';
import { describePython, pythonEnv } from '../testing/python.ts';
import { projectFiles } from './project.ts';
import { put, putFirstStep } from './testing/firstStep.ts';
import { freshModel } from './testing/fresh.ts';
import { variantData, variants } from './testing/variants.ts';

interface Found {
  error?: string;
  float64: { loss: number; gradients: number; worst: Record<string, number> };
  float32: { loss: number; gradients: number; worst: Record<string, number> };
}

const small = (recipe: Recipe): Recipe => ({
  ...recipe,
  data: { ...recipe.data, augment: { crop: 0, flip: false, color: 0, wordDropout: 0 } },
  training: { ...recipe.training, batch: 4 },
});

describePython('first step', () => {
  const folder = mkdtemp(join(tmpdir(), 'amalgam-torch-'));
  afterAll(async () => rm(await folder, { recursive: true, force: true }));

  /** Puts each recipe's project and first step in a folder, and runs Python over all. */
  async function compared(
    recipes: ReadonlyMap<string, [Recipe, PreparedData]>,
  ): Promise<Record<string, Found>> {
    const folders: string[] = [];
    for (const [name, [recipe, data]] of recipes) {
      const own = join(await folder, name);
      const bundle = freshModel(recipe, data, 0.05);
      await put(own, await projectFiles(bundle));
      await putFirstStep(own, bundle, recipe, data);
      folders.push(own);
    }
    const script = fileURLToPath(new URL('testing/first_step.py', import.meta.url));
    const results: Record<string, Found> = JSON.parse(
      await pythonEnv(process.cwd(), 'run', script, ...folders),
    );
    expect(Object.keys(results)).toEqual([...recipes.keys()]);
    for (const [name, { error, float64, float32 }] of Object.entries(results)) {
      expect(error, name).toBeUndefined();
      expect(float64.gradients, name).toBeGreaterThan(10);
      for (const [what, value] of Object.entries(float64.worst))
        expect(value, `${name}: ${what}`).toBeLessThan(1e-6);
      for (const [what, value] of Object.entries(float32.worst))
        expect(value, `${name}: ${what}`).toBeLessThan(1e-4);
    }
    const worst = (way: 'float64' | 'float32') =>
      Math.max(...Object.values(results).flatMap((one) => Object.values(one[way].worst)));
    console.info(
      `PyTorch, first step of ${folders.length} recipes: worst ${worst('float64').toExponential(1)} in float64, ${worst('float32').toExponential(1)} in float32`,
    );
    return results;
  }

  test('of every shipped recipe: loss, terms and every gradient', async () => {
    const recipes = new Map<string, [Recipe, PreparedData]>();
    for (const name of shippedNames) {
      const recipe = small(shrunk(shippedRecipes.get(name)!));
      recipes.set(name, [recipe, await dataFor(recipe)]);
    }
    await compared(recipes);
  }, 300_000);

  test('of parts that no shipped recipe has, where samples lack modalities', async () => {
    const recipes = new Map<string, [Recipe, PreparedData]>();
    for (const [name, recipe] of Object.entries(variants))
      recipes.set(name, [recipe, await variantData(recipe)]);
    await compared(recipes);
    const used = (list: readonly { type: string }[]) => new Set(list.map(({ type }) => type));
    const all = [...Object.values(variants), ...shippedRecipes.values()];
    const types = (part: (recipe: Recipe) => { type: string }[]) => used(all.flatMap(part));
    expect(types(({ encoders: each }) => Object.values(each))).toEqual(used(encoders));
    expect(types(({ fusion }) => [fusion])).toEqual(used(fusions));
    expect(types(({ objectives: each }) => each)).toEqual(used(objectives));
  }, 300_000);
});
