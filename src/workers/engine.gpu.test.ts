/** The two workers as the page uses them: draw data, train, pause, reopen, look inside, search, export, import again. */
import { proxy, wrap } from 'comlink';
import { expect, test } from 'vitest';
import type { Recipe } from '../core/recipe.ts';
import type { DataApi, EngineApi, Telemetry } from './api.ts';
import { receiveTelemetry } from './telemetry.ts';
import './transfer.ts';

const engineWorker = () => new Worker(new URL('./engine.worker.ts', import.meta.url), { type: 'module' });
const data = wrap<DataApi>(new Worker(new URL('./data.worker.ts', import.meta.url), { type: 'module' }));

async function small(): Promise<Recipe> {
  const { recipes } = await data.catalog();
  const recipe = structuredClone(recipes[0].recipe);
  recipe.data.imageSize = 16;
  recipe.encoders['image'] = { type: 'vit', patch: 8, width: 16, depth: 1, heads: 2 };
  recipe.encoders['text'] = { type: 'transformer', width: 16, depth: 1, heads: 2 };
  recipe.fusion = { type: 'two-tower', width: 16 };
  Object.assign(recipe.training, {
    batch: 8,
    steps: 30,
    validateEvery: 10,
    validatePairs: 32,
    checkpointEvery: 10,
  });
  return recipe;
}

test('draws, trains, pauses, reopens, searches, exports and imports', async () => {
  const engine = wrap<EngineApi>(engineWorker());
  const phases: string[] = [];
  const set = await data.generate(
    'shapes',
    { count: 300, size: 32, seed: 1 },
    'draw',
    proxy(({ phase }: { phase: string }) => phases.push(phase)),
  );
  expect(set.images).toBe(300);

  const [gpu] = await engine.capabilities();
  expect(gpu, 'this test needs a WebGPU adapter').toMatchObject({ name: 'webgpu', available: true });

  const frames: Telemetry[] = [];
  const { port1, port2 } = new MessageChannel();
  receiveTelemetry(port1, (frame) => frames.push(frame));
  await engine.connect((await import('comlink')).transfer(port2, [port2]));

  const recipe = await small();
  const examination = await engine.examine(recipe, set.id);
  expect(examination.problems).toEqual([]);
  expect(examination.parameters).toBeGreaterThan(5000);
  expect(examination.diagram.blocks.map(({ id }) => id)).toEqual(
    expect.arrayContaining(['image.patch', 'image.blocks.0', 'text.embedding', 'infonce']),
  );

  const made = await engine.create(recipe, set.id, 'webgpu', 'small');
  expect(made.state).toBe('paused');
  await engine.step();
  const profile = await engine.profile(2);
  expect(profile).toMatchObject({ step: 3, steps: 2 });
  expect(profile.kernels!.length).toBeGreaterThan(50);
  expect((await engine.status()).memory!.activations).toBeGreaterThan(0);
  await engine.start();
  const live = engine.attention({ image: 0, caption: 0 });
  await new Promise((resolve) => setTimeout(resolve, 300));
  await engine.pause();
  const paused = await engine.status();
  expect(paused.step).toBeGreaterThan(0);
  await expect.poll(() => frames.some(({ metrics }) => metrics['loss']?.length)).toBe(true);
  const { result: maps } = await live;
  const now = await engine.similarity(undefined);
  expect(now.step).toBe(paused.step);
  expect(now.result!.values).toHaveLength(64);
  for (const map of maps) {
    const rows = map.values.length / map.tokens;
    for (let row = 0; row < rows; row++) {
      const total = map.values.subarray(row * map.tokens, (row + 1) * map.tokens).reduce((a, b) => a + b, 0);
      expect(total).toBeCloseTo(1, 4);
    }
  }

  if (paused.state === 'paused') await engine.start();
  await expect.poll(async () => (await engine.status()).state, { timeout: 60_000 }).toBe('finished');
  const [run] = await engine.runs();
  expect(run).toMatchObject({ name: 'small', step: 30, state: 'finished' });
  expect(run.checkpoints.map(({ step }) => step)).toEqual(expect.arrayContaining([0, 10, 20, 30]));
  const metrics = await engine.metrics(run.id);
  expect(metrics['loss'].filter(Number.isFinite)).toHaveLength(30);

  const hits = await engine.search({ text: 'a small red circle' }, { split: 'validation', limit: 5 });
  expect(hits).toHaveLength(5);
  const retrieval = await engine.retrieval({ split: 'validation' });
  const earlier = await engine.attention({ image: 0, caption: 0 }, { run: run.id, step: 10 });
  expect(earlier).toMatchObject({ step: 10, result: { length: 2 } });
  const then = await engine.similarity(undefined, { run: run.id, step: 10 });
  expect(then.result!.values).toHaveLength(64);

  const { name, bytes } = await engine.exportModel(run.id);
  expect(name).toMatch(/^small-step-30\.zip$/);
  const imported = await engine.importModel(name, bytes);
  const again = await engine.retrieval({ split: 'validation', run: imported.id });
  expect(again).toEqual(retrieval);

  // A second worker, as after a reload, finds the run and goes on from a checkpoint.
  const second = wrap<EngineApi>(engineWorker());
  const reopened = await second.open(run.id, 20);
  expect(reopened).toMatchObject({ state: 'paused', step: 20 });
  await second.start();
  await expect.poll(async () => (await second.status()).state, { timeout: 60_000 }).toBe('finished');
  const repeated = await second.metrics(run.id);
  expect([...repeated['loss'].filter(Number.isFinite)]).toEqual([...metrics['loss'].filter(Number.isFinite)]);

  await expect(second.open('nothing')).rejects.toMatchObject({ code: 'run-missing' });
  await second.removeRun(run.id);
  await data.remove(set.id);
});
