/** A session as small as one can be, on drawn shapes: what a person would train, in milliseconds a step. */
import clipShapes from '../../../recipes/clip-shapes.json' with { type: 'json' };
import { parseRecipe, type Recipe } from '../../core/recipe.ts';
import { prepare } from '../../data/prepare.ts';
import type { PreparedData } from '../../data/prepared.ts';
import { memoryFiles } from '../../data/store.memory.ts';
import { generateShapes } from '../../data/synthetic/shapes.ts';
import type { Executor } from '../../engine/executor.ts';
import type { MetricRow } from '../metricLog.ts';
import { ready } from '../ready.ts';
import { RunStore } from '../runStore.ts';
import { Session, type SessionOptions } from '../session.ts';
import { emptyRun } from './emptyRun.ts';

export function tinyRecipe(training: Partial<Recipe['training']> = {}): Recipe {
  const recipe = parseRecipe(clipShapes);
  return {
    ...recipe,
    name: 'tiny',
    data: {
      ...recipe.data,
      imageSize: 16,
      textLength: 16,
      vocabulary: 300,
      augment: { crop: 0.1, flip: true, color: 0.1, wordDropout: 0.1 },
    },
    encoders: {
      image: { type: 'vit', patch: 8, width: 16, depth: 1, heads: 2 },
      text: { type: 'transformer', width: 16, depth: 1, heads: 2 },
    },
    fusion: { type: 'two-tower', width: 16 },
    training: {
      ...recipe.training,
      batch: 8,
      steps: 200,
      schedule: { type: 'cosine', warmup: 5 },
      validateEvery: 1_000_000,
      validatePairs: 16,
      checkpointEvery: 1_000_000,
      ...training,
    },
  };
}

const prepared = new Map<string, Promise<PreparedData>>();

/** Two hundred drawn pictures, made ready once for each setting of the data. */
export function tinyData(recipe: Recipe): Promise<PreparedData> {
  const key = JSON.stringify(recipe.data);
  let known = prepared.get(key);
  if (!known) {
    known = generateShapes({ count: 200, size: 16 }).then((set) => prepare(set, recipe.data));
    prepared.set(key, known);
  }
  return known;
}

/** A session whose run lives in memory, not yet prepared, with the rows it reports. */
export async function tinySession(
  executor: Executor,
  recipe: Recipe,
  options: Partial<SessionOptions> = {},
): Promise<{ session: Session; runs: RunStore; rows: MetricRow[] }> {
  const runs = new RunStore(memoryFiles());
  const data = await tinyData(recipe);
  await runs.create(emptyRun('tiny', recipe, data), {});
  const rows: MetricRow[] = [];
  await ready(recipe);
  const session = new Session({
    executor,
    recipe,
    data,
    runs,
    run: 'tiny',
    onRow: (row) => rows.push(row),
    ...options,
  });
  return { session, runs, rows };
}

/** Losses of the steps, in order. */
export const lossesOf = (rows: readonly MetricRow[]): number[] =>
  rows.flatMap((row) => (row['loss'] === undefined ? [] : [row['loss']]));
