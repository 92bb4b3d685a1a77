/**
 * `npm run continual [-- results.jsonl]`: the tables of docs/continual.md. Pictures of the digits 0–4, then 5–9, with and without replay, against training on both at once; and a
 * picture model that is given sound, against one that begins at random. A trial that is in the file of results is not run again. Half an hour on a software adapter.
 */
import { appendFile, readFile } from 'node:fs/promises';
import { create, globals } from 'webgpu';
import shipped from '../recipes/digits.json' with { type: 'json' };
import { parseRecipe, type Recipe } from '../src/core/recipe.ts';
import { createMemoryStore, memoryFiles } from '../src/data/store.memory.ts';
import { digits } from '../src/data/synthetic/digits.ts';
import { GpuExecutor } from '../src/engine/webgpu/executor.ts';
import { RunStore } from '../src/training/runStore.ts';
import { Workbench } from '../src/training/workbench.ts';

Object.assign(globalThis, globals);

const seeds = [0, 1, 2];
const steps = 150;
const file = process.argv[2] ?? 'continual.jsonl';

/** A trial's numbers by name: accuracies, 0 … 1. */
interface Result {
  table: 'tasks' | 'modality';
  trial: string;
  seed: number;
  numbers: Record<string, number>;
}

const results = (await readFile(file, 'utf8').catch(() => ''))
  .split('\n')
  .filter(Boolean)
  .map((line): Result => JSON.parse(line));

const executor = await GpuExecutor.create(create([]));
const runs = new RunStore(memoryFiles());
const datasets = createMemoryStore();
const old = await digits.make({ first: 0, last: 4 });
const fresh = await digits.make({ first: 5, last: 9 });
const all = await digits.make({});
for (const set of [old, fresh, all]) await datasets.save(set, []);
const bench = new Workbench({ runs, datasets, open: async () => executor });

function recipeOf(
  seed: number,
  training: Partial<Recipe['training']>,
  encoders?: Recipe['encoders'],
): Recipe {
  const recipe = parseRecipe(shipped);
  return parseRecipe({
    ...recipe,
    seed,
    data: { ...recipe.data, imageSize: 14 },
    ...(encoders && { encoders }),
    training: {
      ...recipe.training,
      steps,
      schedule: { type: 'cosine', warmup: 15 },
      validateEvery: 50,
      checkpointEvery: 1_000_000,
      ...training,
    },
  });
}

/** Trains, and gives the validated accuracies: the last, and by step. */
async function train(recipe: Recipe, dataset: string, from?: string) {
  await bench.create(
    recipe,
    dataset,
    'webgpu',
    'trial',
    from === undefined ? undefined : { runs, run: from },
  );
  const run = bench.run!.id;
  bench.current.start();
  await bench.current.settled();
  if (bench.current.error) throw bench.current.error;
  const { last } = bench.current;
  await bench.close();
  const { step, ...columns } = await runs.metrics(run);
  const at = (name: string, wanted: number) => columns[name]?.[step.lastIndexOf(wanted)] ?? Number.NaN;
  return { run, last, at };
}

async function trial(
  table: Result['table'],
  name: string,
  seed: number,
  measure: () => Promise<Record<string, number>>,
) {
  if (results.some((one) => one.table === table && one.trial === name && one.seed === seed)) return;
  const numbers = await measure();
  const result = { table, trial: name, seed, numbers };
  results.push(result);
  await appendFile(file, `${JSON.stringify(result)}\n`);
  console.error(JSON.stringify(result));
}

const { image, ...others } = parseRecipe(shipped).encoders;
const alsoValidate = { dataset: old.id };
const replays: [string, Recipe['training']['replay']][] = [
  ['no replay', undefined],
  ['replay of 25 samples', { dataset: old.id, samples: 25, share: 0.5, by: 'class' }],
  ['replay of 200 samples', { dataset: old.id, samples: 200, share: 0.5, by: 'class' }],
];

for (const seed of seeds) {
  let first: Promise<{ run: string; accuracy: number }> | undefined;
  const before = () => {
    first ??= train(recipeOf(seed, {}, { image }), old.id).then(({ run, last }) => ({
      run,
      accuracy: last['val.accuracy'],
    }));
    return first;
  };
  for (const [name, replay] of replays)
    await trial('tasks', name, seed, async () => {
      const { run, accuracy } = await before();
      const { last, at } = await train(recipeOf(seed, { alsoValidate, replay }, { image }), fresh.id, run);
      return {
        first: accuracy,
        grown: at('old.val.accuracy', 0),
        old: last['old.val.accuracy'],
        new: last['val.accuracy'],
        forgetting: last['old.forgetting'],
      };
    });
  // All earlier samples, half of every batch, from the seed: both tasks at once.
  await trial('tasks', 'both at once', seed, async () => {
    const replay = { dataset: old.id, samples: old.files.length, share: 0.5 };
    const { last } = await train(
      recipeOf(seed, { alsoValidate, replay, steps: 2 * steps }, { image }),
      fresh.id,
    );
    return { old: last['old.val.accuracy'], new: last['val.accuracy'] };
  });
}

for (const seed of seeds) {
  let first: Promise<{ run: string; accuracy: number }> | undefined;
  const before = () => {
    first ??= train(recipeOf(seed, {}, { image }), all.id).then(({ run, last }) => ({
      run,
      accuracy: last['val.accuracy'],
    }));
    return first;
  };
  const kinds: [string, boolean, Partial<Recipe['training']>][] = [
    ['picture encoder frozen', true, { groups: [{ match: 'image', freeze: true }] }],
    ['everything learns', true, {}],
    ['from random weights', false, {}],
  ];
  for (const [name, taken, training] of kinds)
    await trial('modality', name, seed, async () => {
      const parent = taken ? await before() : undefined;
      const { at } = await train(recipeOf(seed, training, { image, ...others }), all.id, parent?.run);
      const numbers = Object.fromEntries(
        [50, 100, 150].map((step) => [`after ${step}`, at('val.accuracy', step)]),
      );
      return { ...(parent && { pictures: parent.accuracy }), ...numbers };
    });
}

/** Markdown: mean and deviation over the seeds. */
function tableOf(table: Result['table']): string {
  const own = results.filter((one) => one.table === table);
  const columns = [...new Set(own.flatMap(({ numbers }) => Object.keys(numbers)))];
  const cell = (name: string, column: string) => {
    const values = own
      .filter(({ trial: one }) => one === name)
      .flatMap(({ numbers }) => numbers[column] ?? []);
    if (values.length === 0) return '–';
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance =
      values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length - 1);
    return `${mean.toFixed(3)} ± ${Math.sqrt(variance).toFixed(3)}`;
  };
  const names = [...new Set(own.map(({ trial: name }) => name))];
  return [
    `| | ${columns.join(' | ')} |`,
    `|---|${columns.map(() => '---:').join('|')}|`,
    ...names.map((name) => `| ${name} | ${columns.map((column) => cell(name, column)).join(' | ')} |`),
  ].join('\n');
}
console.log(`${executor.adapter.name}, ${steps} steps, seeds ${seeds.join(', ')}\n`);
console.log(`${tableOf('tasks')}\n\n${tableOf('modality')}`);
process.exit(0);
