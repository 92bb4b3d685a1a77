/**
 * `npm run bench -- held`: a frozen picture tower whose features are kept, beside the same run that computes it in every step: steps a second in alternating rounds
 * on one device, their losses, and what it takes to open the run with nothing kept and again.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { create } from 'webgpu';
import clipShapes from '../recipes/clip-shapes.json' with { type: 'json' };
import { parseRecipe, type Recipe } from '../src/core/recipe.ts';
import { keepFeatures } from '../src/data/keptFeatures.ts';
import { prepare } from '../src/data/prepare.ts';
import { memoryFiles } from '../src/data/store.memory.ts';
import { nodeFiles } from '../src/data/store.node.ts';
import { generateShapes } from '../src/data/synthetic/shapes.ts';
import { GpuExecutor } from '../src/engine/webgpu/executor.ts';
import type { FeatureOptions } from '../src/training/features.ts';
import { RunStore } from '../src/training/runStore.ts';
import { Session } from '../src/training/session.ts';
import { writeText } from './document.ts';
import { median } from './measure/statistics.ts';

const samples = 1000;
/** Of a round. */
const steps = 5;

/** A ViT of a trained tower's proportions beside a small text tower that learns. */
function heldRecipe(fusion: Recipe['fusion'], keep: boolean): Recipe {
  const recipe = parseRecipe(clipShapes);
  const joint = fusion.type !== 'two-tower';
  return {
    ...recipe,
    encoders: {
      ...recipe.encoders,
      image: { type: 'vit', patch: 8, width: 128, depth: 4, heads: 4 },
    },
    fusion,
    objectives: joint ? [{ type: 'itm' }] : recipe.objectives,
    training: {
      ...recipe.training,
      batch: 16,
      steps: 100_000,
      validateEvery: 1_000_000,
      checkpointEvery: 1_000_000,
      groups: [{ match: 'image', freeze: true }],
      ...(!keep && { keepFeatures: false }),
    },
  };
}

class Run {
  readonly losses: number[] = [];
  readonly pace: number[] = [];
  readonly session: Session;
  private goal = 0;

  constructor(parts: Pick<Session['options'], 'executor' | 'recipe' | 'data' | 'features'>) {
    this.session = new Session({
      ...parts,
      runs: new RunStore(memoryFiles()),
      run: 'bench',
      keep: false,
      onRow: (row) => {
        if (row['loss'] === undefined) return;
        this.losses.push(row['loss']);
        if (this.losses.length >= this.goal) void this.session.pause();
      },
    });
  }

  /** Trains for about so many steps. @param counted whether its pace is kept */
  async round(counted: boolean): Promise<void> {
    const { session } = this;
    const before = session.step;
    this.goal = this.losses.length + steps;
    const began = performance.now();
    session.start();
    await session.settled();
    if (session.error) throw session.error;
    if (counted) this.pace.push(((session.step - before) * 1000) / (performance.now() - began));
  }
}

/** @param seconds of the alternating rounds of each fusion */
export async function heldBench(
  seconds: number,
  write: boolean,
  say: (text: string) => void,
): Promise<string> {
  const executor = await GpuExecutor.create(create([]));
  const before = loadavg()[0];
  const set = await generateShapes({ count: samples, size: 64 });
  const folder = await mkdtemp(join(tmpdir(), 'features-'));
  const rows: string[] = [];
  try {
    for (const fusion of [
      { type: 'two-tower', width: 128 },
      { type: 'co-attention', width: 64, depth: 1, heads: 4 },
    ]) {
      const recipe = heldRecipe(fusion, true);
      const prepared = await prepare(set, { ...recipe.data, imageSize: 64 });
      const sized = (one: Recipe): Recipe => ({ ...one, data: { ...one.data, imageSize: 64 } });
      const store = keepFeatures(nodeFiles(join(folder, fusion.type)));
      let told: number[] = [];
      const features: FeatureOptions = {
        kept: async () => store,
        onProgress: () => told.push(performance.now()),
      };
      // Nothing is in memory of the time before.
      const fresh = () => ({ ...prepared, pairs: { ...prepared.pairs } });
      const open = async (kept: boolean) => {
        const began = performance.now();
        const run = new Run({ executor, recipe: sized(heldRecipe(fusion, kept)), data: fresh(), features });
        await run.session.prepare();
        return { run, milliseconds: performance.now() - began };
      };
      say(`${fusion.type}: opened the first time`);
      // Kernels are compiled by then.
      (await open(false)).run.session.destroy();
      const computed = await open(false);
      const { run: kept, milliseconds: first } = await open(true);
      const made = told.at(-1)! - told[0];
      told = [];
      const again = await open(true);
      if (told.length > 0) throw new Error('features that were kept were computed again');
      again.run.session.destroy();
      say(`${fusion.type}: alternating rounds`);
      const runs = [computed.run, kept];
      for (const run of runs) await run.round(false);
      const until = performance.now() + seconds * 1000;
      while (performance.now() < until || kept.pace.length < 3) for (const run of runs) await run.round(true);
      const common = Math.min(...runs.map(({ losses }) => losses.length));
      const apart = Math.max(
        ...kept.losses
          .slice(0, common)
          .map((loss, i) => Math.abs(loss - computed.run.losses[i]) / computed.run.losses[i]),
      );
      if (!(apart < 1e-5)) throw new Error(`${fusion.type}: losses differ by ${apart}`);
      const [slow, fast] = runs.map(({ pace }) => median(pace));
      const { bytes } = await store.size();
      rows.push(
        `| ${[
          fusion.type,
          slow.toFixed(1),
          fast.toFixed(1),
          `${(fast / slow).toFixed(1)} ×`,
          apart === 0 ? `equal to the bit (${common} steps)` : `${apart.toExponential(1)} (${common} steps)`,
          `${(bytes / 1e6).toFixed(1)} MB`,
          `${(made / 1000).toFixed(1)} s`,
          `${(first / 1000).toFixed(1)} s`,
          `${(again.milliseconds / 1000).toFixed(2)} s (${(first / again.milliseconds).toFixed(0)} ×)`,
        ].join(' | ')} |`,
      );
      for (const { session } of runs) session.destroy();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const text = `${new Date().toISOString().slice(0, 10)}, ${executor.adapter.name}, Node ${process.versions.node}, ${availableParallelism()} cores, load ${before.toFixed(1)} at the beginning and ${loadavg()[0].toFixed(1)} at the end; ${samples} pictures of 64 × 64, ViT of 4 blocks and width 128 frozen, text of 2 blocks and width 64 trained, 16 pairs a step:

| fusion | computed, steps/s | kept, steps/s | faster | losses apart | features | computing them | first opening | again |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
${rows.join('\n')}`;
  if (write) writeText('held', text);
  return text;
}
