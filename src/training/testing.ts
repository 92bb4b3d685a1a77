/** A small session for tests: drawn shapes, a model of a few thousand numbers, a store in memory. */
import { parseRecipe, type Recipe } from '../core/recipe.ts';
import { prepare } from '../data/prepare.ts';
import type { PreparedData } from '../data/prepared.ts';
import { memoryFiles } from '../data/store.memory.ts';
import { generateShapes } from '../data/synthetic/shapes.ts';
import type { Executor } from '../engine/executor.ts';
import type { MetricRow } from './metricLog.ts';
import { RunStore } from './runStore.ts';
import { Session } from './session.ts';

export function tinyRecipe(change: Partial<Recipe['training']> = {}): Recipe {
  return parseRecipe({
    format: 'amalgam-recipe/1',
    name: 'tiny',
    data: {
      imageSize: 16,
      textLength: 20,
      vocabulary: 320,
      split: { by: 'files', validation: 0.1, test: 0, seed: 0 },
      augment: { crop: 0.1, flip: true, color: 0.1, wordDropout: 0.1 },
    },
    encoders: {
      image: { type: 'vit', patch: 8, width: 16, depth: 1, heads: 2 },
      text: { type: 'transformer', width: 16, depth: 1, heads: 2 },
    },
    fusion: { type: 'two-tower', width: 16 },
    objectives: [{ type: 'infonce', temperature: 0.25 }],
    training: {
      batch: 8,
      steps: 200,
      optimizer: { type: 'adamw', rate: 3e-3 },
      schedule: { type: 'cosine', warmup: 10 },
      clip: 1,
      validateEvery: 1000,
      validatePairs: 16,
      checkpointEvery: 1000,
      ...change,
    },
    seed: 7,
  });
}

let shapes: ReturnType<typeof generateShapes> | undefined;

export async function tinyData(recipe: Recipe): Promise<PreparedData> {
  shapes ??= generateShapes({ count: 200, size: 16, seed: 2 });
  return prepare(await shapes, recipe.data);
}

export interface TinySession {
  session: Session;
  rows: MetricRow[];
  runs: RunStore;
  losses(): number[];
}

export async function tinySession(
  executor: Executor,
  recipe: Recipe,
  checkpoint?: Uint8Array,
): Promise<TinySession> {
  const runs = new RunStore(memoryFiles());
  const now = 0;
  await runs.create(
    {
      id: 'run',
      name: 'tiny',
      note: '',
      recipe,
      dataset: 'd',
      datasetName: 'd',
      fingerprint: 'f',
      executor: 'webgpu',
      adapter: '',
      createdAt: now,
      updatedAt: now,
      state: 'paused',
      step: 0,
      last: {},
      checkpoints: [],
    },
    {},
  );
  const rows: MetricRow[] = [];
  const session = new Session({
    executor,
    recipe,
    data: await tinyData(recipe),
    runs,
    run: 'run',
    onRow: (row) => rows.push(row),
  });
  await session.prepare(checkpoint);
  return {
    session,
    rows,
    runs,
    losses: () => rows.flatMap((row) => (row['loss'] === undefined ? [] : [row['loss']])),
  };
}
