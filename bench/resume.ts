/**
 * `npm run resume`: every recipe that ships, with modality dropout, accumulation, 16-bit floats, a running average and stages on, run whole and run in two
 * parts through its checkpoint. Parameters and losses must be equal to the bit. Minutes on a software adapter, so no part of the tests; these hold the
 * same for small sessions (src/training/stages.gpu.test.ts).
 */
import { create, globals } from 'webgpu';
import { parseRecipe, type Recipe } from '../src/core/recipe.ts';
import { prepare } from '../src/data/prepare.ts';
import { memoryFiles } from '../src/data/store.memory.ts';
import { builtIns } from '../src/data/synthetic/index.ts';
import { GpuExecutor } from '../src/engine/webgpu/executor.ts';
import type { MetricRow } from '../src/training/metricLog.ts';
import { recipes } from '../src/training/recipes.ts';
import { RunStore } from '../src/training/runStore.ts';
import { Session } from '../src/training/session.ts';

Object.assign(globalThis, globals);

const steps = 6;
const half = 3;

/** Everything on that a run must remember. */
function loaded(recipe: Recipe): Recipe {
  const names = Object.keys(recipe.encoders);
  const several = names.length > 1;
  const classes = recipe.objectives.some(({ type }) => type === 'classification');
  return parseRecipe({
    ...recipe,
    training: {
      ...recipe.training,
      batch: 8,
      accumulate: 2,
      steps,
      precision: 'f16',
      average: 0.9,
      schedule: { type: 'cosine', warmup: 2 },
      validateEvery: 2,
      validatePairs: 8,
      checkpointEvery: half,
      ...(several && { drop: { [names[1]]: 0.2 } }),
      stages: [
        { from: 2, groups: [{ match: names[0], freeze: true }], clip: 0.5 },
        // Another graph, where one more loss makes it one.
        {
          from: 4,
          groups: [],
          ...(several && { drop: {} }),
          ...(classes && several && { balance: { type: 'blending' } }),
        },
      ],
    },
  });
}

interface Ended {
  parameters: Float32Array;
  losses: number[];
}

const executor = await GpuExecutor.create(create([]));

async function run(
  recipe: Recipe,
  data: Awaited<ReturnType<typeof prepare>>,
  runs: RunStore,
  from?: Uint8Array,
): Promise<Ended> {
  const rows: MetricRow[] = [];
  const session = new Session({
    executor,
    recipe,
    data,
    runs,
    run: 'run',
    keep: from === undefined,
    onRow: (row) => rows.push(row),
  });
  await session.prepare(from);
  session.start();
  await session.settled();
  if (session.error) throw session.error;
  const parameters = await session.ready.weights.read('parameters');
  session.destroy();
  return { parameters, losses: rows.flatMap((row) => row['loss'] ?? []) };
}

const same = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  a.length === b.length && Array.from(a).every((value, i) => Object.is(value, b[i]));

const wanted = process.argv.slice(2);
const failed: string[] = [];
for (const { id, dataset = 'builtin:shapes', recipe: shipped } of recipes()) {
  if (wanted.length > 0 && !wanted.includes(id)) continue;
  const [name, query] = dataset.slice('builtin:'.length).split('?');
  const options = Object.fromEntries(new URLSearchParams(query));
  // `digits-av` is meant for files of one's own; the drawn digits have the same modalities.
  const own = id === 'digits-av' ? 'digits' : name;
  const recipe = loaded(shipped);
  const numbers = Object.fromEntries(Object.entries(options).map(([key, value]) => [key, Number(value)]));
  const set = await builtIns.find((one) => one.name === own)!.make({ ...numbers, count: 200 });
  const data = await prepare(set, recipe.data);
  const runs = new RunStore(memoryFiles());
  await runs.create(
    {
      id: 'run',
      name: id,
      note: '',
      recipe,
      dataset: set.id,
      datasetName: set.name,
      fingerprint: set.fingerprint,
      executor: 'webgpu',
      adapter: executor.adapter.name,
      createdAt: 0,
      updatedAt: 0,
      state: 'idle',
      step: 0,
      last: {},
      checkpoints: [],
    },
    data.tokenizer.toJSON(),
  );
  const whole = await run(recipe, data, runs);
  const rest = await run(recipe, data, runs, await runs.checkpoint('run', half));
  const equal = same(whole.parameters, rest.parameters) && same(whole.losses.slice(half), rest.losses);
  if (!equal) failed.push(id);
  console.log(
    `${equal ? 'equal' : 'DIFFERENT'}  ${id}  ${whole.parameters.length} numbers, loss ${whole.losses.at(-1)}`,
  );
}
console.log(
  `${executor.adapter.name}: ${failed.length === 0 ? 'all equal to the bit' : `different: ${failed.join(', ')}`}`,
);
process.exit(failed.length === 0 ? 0 : 1);
