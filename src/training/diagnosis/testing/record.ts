/**
 * Makes `runs.json` anew: real runs under Node on whatever adapter there is, healthy ones of shipped recipes and others made to go wrong.
 * npx tsx src/training/diagnosis/testing/record.ts [name …]
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { create, globals } from 'webgpu';
import { parseRecipe, type Recipe } from '../../../core/recipe.ts';
import type { Dataset } from '../../../data/dataset.ts';
import { prepare } from '../../../data/prepare.ts';
import { memoryFiles } from '../../../data/store.memory.ts';
import { builtIns } from '../../../data/synthetic/index.ts';
import { GpuExecutor } from '../../../engine/webgpu/executor.ts';
import type { MetricRow } from '../../metricLog.ts';
import { recipes } from '../../recipes.ts';
import { RunStore } from '../../runStore.ts';
import { Session } from '../../session.ts';
import { tinyRecipe } from '../../testing/tinySession.ts';
import { factsFor } from '../facts.ts';
import type { MadeRun } from './made.ts';

interface Plan {
  name: string;
  recipe: Recipe;
  data: string;
  options?: Record<string, number>;
  spoil?(set: Dataset): Dataset;
}

const shipped = (id: string, training: Partial<Recipe['training']>, rest: Partial<Recipe> = {}): Recipe => {
  const { recipe } = recipes().find((one) => one.id === id)!;
  return parseRecipe({ ...recipe, ...rest, training: { ...recipe.training, ...training } });
};
const constant = { type: 'constant', warmup: 0 };
const adamw = (rate: number) => ({ type: 'adamw', rate, weightDecay: 0 });
const tiny = (training: Partial<Recipe['training']>): Recipe =>
  tinyRecipe({ batch: 16, steps: 200, validateEvery: 40, validatePairs: 64, ...training });
const shapes = { data: 'shapes', options: { count: 400, size: 16 } };
const interactions = { data: 'interactions', options: { count: 800 } };
const equalCaptions = (set: Dataset): Dataset => ({
  ...set,
  captions: set.captions.map(() => ['a shape']),
});
const plans: Plan[] = [
  {
    name: 'healthy clip-shapes',
    recipe: shipped('clip-shapes', { steps: 200, validateEvery: 50 }),
    data: 'shapes',
  },
  { name: 'healthy digits-av', recipe: shipped('digits-av', { steps: 200 }), data: 'digits' },
  { name: 'healthy interactions', recipe: shipped('interactions', { steps: 200 }), data: 'interactions' },
  {
    name: 'healthy moe',
    recipe: shipped('fusion-moe', { steps: 200, validateEvery: 50 }),
    data: 'product',
  },
  {
    name: 'chance, slow',
    recipe: tiny({ optimizer: adamw(1e-6), schedule: constant }),
    ...shapes,
  },
  {
    name: 'chance, fast',
    recipe: tiny({ optimizer: adamw(0.3), schedule: constant }),
    ...shapes,
  },
  { name: 'chance, equal captions', recipe: tiny({}), ...shapes, spoil: equalCaptions },
  {
    name: 'diverging',
    recipe: shipped('interactions', {
      steps: 200,
      optimizer: adamw(3),
      schedule: constant,
      clip: 0,
    }),
    ...interactions,
  },
  {
    name: 'plateau',
    recipe: shipped('interactions', { steps: 400, optimizer: adamw(1e-6), schedule: constant }),
    ...interactions,
  },
  {
    name: 'vanishing',
    recipe: shipped('interactions', {
      steps: 200,
      schedule: constant,
      groups: [{ match: 'audio', rate: 1e-5 }],
    }),
    ...interactions,
  },
  {
    name: 'dominance',
    recipe: shipped('interactions', {
      steps: 200,
      schedule: constant,
      groups: [{ match: 'audio', rate: 0.02 }],
    }),
    ...interactions,
  },
  {
    name: 'contribution',
    recipe: shipped('imbalance', { steps: 250, validateEvery: 50 }),
    data: 'imbalance',
  },
  {
    name: 'overfitting',
    recipe: shipped('interactions', { steps: 400, optimizer: adamw(0.003), schedule: constant }),
    data: 'interactions',
    options: { count: 120 },
  },
  {
    name: 'spikes',
    recipe: shipped('interactions', {
      steps: 300,
      optimizer: { type: 'sgd', rate: 0.15, momentum: 0.9, weightDecay: 0 },
      schedule: constant,
      clip: 0,
    }),
    ...interactions,
  },
  {
    name: 'dead experts',
    recipe: shipped(
      'fusion-moe',
      { steps: 200, validateEvery: 50, optimizer: adamw(0.01), schedule: constant },
      { fusion: { type: 'moe', width: 48, depth: 1, heads: 4, mlp: 2, experts: 8, balance: 0 } },
    ),
    data: 'product',
  },
  {
    name: 'overflow',
    recipe: shipped(
      'interactions',
      { steps: 200, precision: 'f16', schedule: constant },
      {
        objectives: [{ type: 'classification', weight: 100 }],
      },
    ),
    ...interactions,
  },
  { name: 'clipped', recipe: tiny({ clip: 0.01 }), ...shapes },
];

const wanted =
  /^(loss|loss\..*|grad\.(?!block\/|term\/).*|ratio\..*|lr|temperature|overflows|lossScale|time\.data|stepMs)$/;
const short = (value: number) => (Number.isFinite(value) ? Number(value.toPrecision(4)) : null);

async function record({ name, recipe, data, options = {}, spoil }: Plan): Promise<MadeRun> {
  const made = await builtIns.find((one) => one.name === data)!.make(options);
  const prepared = await prepare(spoil ? spoil(made) : made, recipe.data);
  const executor = await GpuExecutor.create(create([]));
  const rows: MetricRow[] = [];
  const runs = new RunStore(memoryFiles());
  const session = new Session({
    executor,
    recipe,
    data: prepared,
    runs,
    run: name,
    keep: false,
    onRow: (row) => rows.push(row),
  });
  await session.prepare();
  session.start();
  await session.settled();
  const steps: MadeRun['steps'] = {};
  const trained = rows.filter(({ loss }) => loss !== undefined);
  for (const column of Object.keys(trained[0]).filter((one) => wanted.test(one)))
    steps[column] = trained.map((row) => short(row[column]));
  const validations = rows
    .filter(({ loss }) => loss === undefined)
    .map((row) =>
      Object.fromEntries(
        Object.entries(row).map(([key, value]) => [key, key === 'step' ? value : (short(value) ?? 0)]),
      ),
    );
  session.destroy();
  executor.device.destroy();
  return { name, recipe, facts: factsFor(prepared, recipe), steps, validations };
}

Object.assign(globalThis, globals);
const file = fileURLToPath(new URL('./runs.json', import.meta.url));
const before = JSON.parse(readFileSync(file, 'utf8')) as MadeRun[];
const only = process.argv.slice(2);
const results: MadeRun[] = [];
for (const plan of plans) {
  const known = before.find(({ name }) => name === plan.name);
  if (known && !only.includes(plan.name) && only.length > 0) {
    results.push(known);
    continue;
  }
  process.stderr.write(`${plan.name}\n`);
  results.push(await record(plan));
  writeFileSync(
    file,
    JSON.stringify([...results, ...before.filter(({ name }) => !results.some((one) => one.name === name))]),
  );
}
process.exit(0);
