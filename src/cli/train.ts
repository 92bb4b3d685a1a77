/** `npm run train`: the same session as on the page, under Node. Writes the model's zip, `metrics.jsonl`, the recipe and the run itself. */
import { createWriteStream } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StudioError } from '../core/errors.ts';
import { parseRecipe, type Recipe } from '../core/recipe.ts';
import { createMemoryStore } from '../data/store.memory.ts';
import { nodeFiles } from '../data/store.node.ts';
import { RunStore } from '../training/runStore.ts';
import { Workbench } from '../training/workbench.ts';
import { type ArgumentRule, parseArguments, wholeNumber } from './arguments.ts';
import { executorNamed, openInNode } from './gpu.node.ts';
import { dataRules, openData } from './openData.ts';
import { duration, endProgress, number, progress, result } from './terminal.ts';

export const rules: Record<string, ArgumentRule> = {
  ...dataRules,
  recipe: { value: 'file.json', help: 'the recipe (recipes/clip-shapes.json)' },
  steps: { value: 'count', help: 'steps instead of the recipe’s' },
  seed: { value: 'number', help: 'seed instead of the recipe’s' },
  out: { value: 'folder', help: 'where results go (runs/<recipe>)' },
  executor: { value: 'webgpu|tfjs|tfjs-wasm|tfjs-cpu', help: 'what computes (webgpu)' },
};
export const summary = 'Trains a recipe on data and writes the model’s zip; the last line is JSON.';

async function readRecipe(path: string): Promise<Recipe> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new StudioError(
      'bad-argument',
      { argument: '--recipe', message: `${path} cannot be read` },
      { cause },
    );
  }
  try {
    return parseRecipe(JSON.parse(text));
  } catch (cause) {
    if (cause instanceof StudioError) throw cause;
    throw new StudioError('recipe-invalid', { path, message: 'it is not JSON' }, { cause });
  }
}

export async function run(list: readonly string[]): Promise<void> {
  const given = parseArguments(list, rules);
  const recipe = await readRecipe(given.one('recipe') ?? 'recipes/clip-shapes.json');
  if (given.has('steps')) recipe.training.steps = wholeNumber(given.one('steps')!, '--steps', 1);
  if (given.has('seed')) recipe.seed = wholeNumber(given.one('seed')!, '--seed', 0);
  const executorName = executorNamed(given.one('executor'));
  const out = given.one('out') ?? join('runs', recipe.name);

  const { dataset, skipped } = await openData(given, ({ phase, done, total, rate }) =>
    progress(`${phase} ${done}${total ? ` / ${total}` : ''}${rate ? `  ${number(rate)} /s` : ''}`),
  );
  progress(
    `${dataset.files.length} pictures, ${dataset.captions.flat().length} captions${skipped.length ? `, ${skipped.length} left out` : ''}`,
    true,
  );
  for (const { file, code } of skipped.slice(0, 5)) progress(`  ${file}: ${code}`, true);
  endProgress();

  await mkdir(out, { recursive: true });
  const metrics = createWriteStream(join(out, 'metrics.jsonl'));
  const datasets = createMemoryStore();
  await datasets.save(dataset, skipped);
  const runs = new RunStore(nodeFiles(join(out, 'run')));
  const bench: Workbench = new Workbench({
    runs,
    datasets,
    open: openInNode,
    onProgress: ({ phase, done, total }) => progress(`${phase} ${done} / ${total}`),
    onRow: (row) => {
      metrics.write(
        `${JSON.stringify(row, (_, value: unknown) => (typeof value === 'number' && !Number.isFinite(value) ? null : value))}\n`,
      );
      const last = bench.session?.last ?? row;
      const left = ((recipe.training.steps - row['step']) * (last['stepMs'] ?? 0)) / 1000;
      const text = [
        `step ${row['step']} / ${recipe.training.steps}`,
        `loss ${number(last['loss'])}`,
        'val.loss' in last
          ? `val ${number(last['val.loss'])}  R@1 ${number(100 * last['val.r1'])} %  R@10 ${number(100 * last['val.r10'])} %`
          : '',
        `${number(last['samplesPerSecond'])} samples/s`,
        Number.isFinite(left) && left > 0 ? `${duration(left)} left` : '',
      ];
      progress(text.filter(Boolean).join('  '), 'val.loss' in row);
    },
  });
  await bench.create(recipe, dataset.id, executorName, recipe.name);
  const session = bench.current;
  progress(`on ${session.options.executor.adapter.name}`, true);
  const interrupt = () => void session.pause().then(() => undefined);
  process.once('SIGINT', interrupt);
  session.start();
  await session.settled();
  process.off('SIGINT', interrupt);
  await new Promise<void>((resolve) => metrics.end(resolve));
  if (session.error) throw session.error;

  const { bytes } = await bench.exportModel();
  await writeFile(join(out, 'model.zip'), bytes);
  await writeFile(join(out, 'recipe.json'), `${JSON.stringify(recipe, null, 2)}\n`);
  const { last } = session;
  const val = Object.fromEntries(
    Object.entries(last).flatMap(([name, value]) =>
      name.startsWith('val.') ? [[name.slice(4), value]] : [],
    ),
  );
  result({
    steps: session.step,
    loss: last['loss'],
    val,
    samplesPerSecond: session.seconds > 0 ? (session.step * recipe.training.batch) / session.seconds : null,
    adapter: session.options.executor.adapter.name,
    out,
  });
}
