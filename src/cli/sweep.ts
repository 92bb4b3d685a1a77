/**
 * `npm run sweep`: values of any settings of a recipe, as a grid or drawn at random, in one table, best first. Each finished trial is written at once, so that the
 * same command goes on where a cancelled one was.
 */
import { join } from 'node:path';
import { pathOf } from '../core/paths.ts';
import type { Recipe } from '../core/recipe.ts';
import type { SweepPlan } from '../core/sweepPlan.ts';
import type { Dataset } from '../data/dataset.ts';
import type { PreparedData } from '../data/prepared.ts';
import { memoryFiles } from '../data/store.memory.ts';
import { RunStore } from '../training/runStore.ts';
import { runSweepTrial, type SweepResult } from '../training/sweep.ts';
import { type SweepRow, sweepRows } from '../training/sweepRows.ts';
import { planSweep, pointText, type SweepTrial } from '../training/sweepTrials.ts';
import { type ArgumentRules, type Arguments, parseArguments, wholeNumber } from './arguments.ts';
import { parseAxis } from './axes.ts';
import { earlierRules, readFor } from './earlier.ts';
import { executorNamed, executorRule, openInNode } from './gpu.node.ts';
import { dataRules, openData } from './openData.ts';
import { defaultRecipe, overridden, readRecipe } from './recipeFile.ts';
import { note, progress, result } from './terminal.ts';
import { tokenizerRules } from './tokenizer.ts';
import { markdown, runHeadless } from './trialsFile.ts';

export const rules: ArgumentRules = {
  ...dataRules,
  recipe: { value: 'file.json', help: `what is varied (${defaultRecipe})` },
  axis: {
    value: 'path=values',
    help: 'a setting and its values: training.batch=32,64, or a range training.optimizer.rate=1e-4..1e-2:log, with :integer or :points; may be repeated',
    many: true,
    required: true,
  },
  trials: { value: 'count', help: 'so many points drawn at random; without it all of the grid' },
  draw: { value: 'number', help: 'seed of the drawing (0)' },
  seeds: { value: 'count', help: 'trainings of each point (1)' },
  metric: { value: 'name', help: 'what counts, such as val.loss (the recipe’s main score)' },
  'match-parameters': { help: 'where fusion.type is an axis: widths are chosen so that parameters agree' },
  stop: {
    value: 'step',
    help: 'end trials that are worse than the median of the finished ones, not before this step (a quarter)',
    optional: true,
  },
  steps: { value: 'count', help: 'steps instead of the recipe’s' },
  seed: { value: 'number', help: 'first seed instead of the recipe’s' },
  out: { value: 'folder', help: 'where results go (runs/sweep-<recipe>)' },
  ...earlierRules,
  ...tokenizerRules,
  executor: executorRule,
};
export const summary =
  'Tries values of a recipe’s settings; writes table.md and trials.jsonl to --out. The last line is JSON.';

/** @throws StudioError `bad-argument` */
function planOf(recipe: Recipe, given: Arguments): SweepPlan {
  const { steps } = recipe.training;
  const grace = given.one('stop');
  const trials = given.one('trials');
  return {
    recipe,
    axes: given.all('axis').map(parseAxis),
    kind: trials === undefined ? 'grid' : 'random',
    trials: wholeNumber(trials ?? '1', '--trials', 1),
    seed: wholeNumber(given.one('draw') ?? '0', '--draw', 0),
    seeds: wholeNumber(given.one('seeds') ?? '1', '--seeds', 1),
    match: given.has('match-parameters'),
    ...(given.has('metric') && { metric: given.one('metric') }),
    ...(grace !== undefined && {
      stop: { grace: grace === '' ? Math.ceil(steps / 4) : wholeNumber(grace, '--stop', 0), least: 3 },
    }),
  };
}

export async function run(list: readonly string[]): Promise<number> {
  const given = parseArguments(list, rules);
  const recipe = await overridden(await readRecipe(given.one('recipe') ?? defaultRecipe), given);
  const plan = planOf(recipe, given);
  const out = given.one('out') ?? join('runs', `sweep-${recipe.name}`);
  const { dataset } = await openData(given);
  const data = readings(dataset, given);
  const trials = planSweep(plan, await data(recipe));
  const executorName = executorNamed(given.one('executor') ?? 'webgpu');
  const executor = await openInNode(executorName);
  const ground = {
    ...{ executor, executorName, data },
    runs: new RunStore(memoryFiles()),
    dataset: dataset.id,
    datasetName: dataset.name,
  };
  const { results, exit } = await runHeadless<SweepTrial, SweepResult>({
    out,
    of: [dataset.fingerprint, plan],
    trials,
    what: 'The sweep',
    table: (found) => tableOf(sweepRows(found)),
    async run(trial, earlier, signal) {
      const label = `${earlier.length + 1} / ${trials.length}  ${pointText(trial.point)} seed ${trial.seed}`;
      const onStep = (step: number, steps: number) => progress(`${label}  step ${step} / ${steps}`);
      const found = await runSweepTrial(plan, trial, earlier, { ...ground, signal, onStep });
      progress(`${label}  ${outcome(found)}`, true);
      return found;
    },
  });
  if (exit !== undefined) return exit;
  const rows = sweepRows(results);
  note(`\n${tableOf(rows)}\n`);
  const plain = rows.map(({ changes: _, runs: __, ...row }) => row);
  result({ out, trials: results.length, adapter: executor.adapter.name, rows: plain });
  return 0;
}

/** The data as recipes read it; the last reading is kept for the trials that follow. */
function readings(dataset: Dataset, given: Arguments): (recipe: Recipe) => Promise<PreparedData> {
  let known: { key: string; data: Promise<PreparedData> } | undefined;
  return (recipe) => {
    const key = JSON.stringify([recipe.data, recipe.training.replay, recipe.seed]);
    if (known?.key !== key) known = { key, data: readFor(recipe, dataset, given) };
    return known.data;
  };
}

const outcome = ({ state, metric, score, step, error }: SweepResult) =>
  state === 'failed'
    ? `failed: ${error}`
    : `${metric} ${score?.toFixed(3)}${state === 'stopped' ? `, stopped at step ${step}` : ''}`;

/** Markdown, best first. */
export function tableOf(rows: readonly SweepRow[]): string {
  const axes = Object.keys(rows[0]?.point ?? {});
  const short = (path: string) => pathOf(path).at(-1)!;
  const unique = new Set(axes.map(short)).size === axes.length;
  const head = [
    ...axes.map((path) => (unique ? short(path) : path)),
    rows[0]?.metric.replace('val.', '') ?? 'score',
    'loss',
    'ms/step',
    'parameters',
    'state',
  ];
  const states = { finished: 'finished', failed: 'failed' };
  return markdown(
    head,
    rows.map(({ point, mean, spread, seeds, loss, stepMs, parameters, state, step }) => [
      ...axes.map((path) => String(point[path])),
      mean === undefined ? '' : seeds > 1 ? `${mean.toFixed(3)} ± ${spread.toFixed(3)}` : mean.toFixed(3),
      loss?.toFixed(3) ?? '',
      stepMs?.toFixed(0) ?? '',
      parameters?.toLocaleString('en') ?? '',
      state === 'stopped' ? `stopped at step ${step}` : states[state],
    ]),
  );
}
