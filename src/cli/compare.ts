/**
 * `npm run compare`: every fusion on the same data, with equally many parameters and the same seeds, beside controls. Each finished trial is
 * written at once, so that the same command goes on where a cancelled one was.
 */
import { join } from 'node:path';
import {
  type ComparisonRow,
  planTrials,
  runTrial,
  summarize,
  type Trial,
  type TrialResult,
} from '../training/compare.ts';
import { type ArgumentRules, parseArguments, wholeNumber } from './arguments.ts';
import { earlierRules, readFor } from './earlier.ts';
import { executorNamed, executorRule, openInNode } from './gpu.node.ts';
import { dataRules, openData } from './openData.ts';
import { defaultRecipe, overridden, readRecipe } from './recipeFile.ts';
import { note, progress, result } from './terminal.ts';
import { tokenizerRules } from './tokenizer.ts';
import { markdown, runHeadless } from './trialsFile.ts';

export const rules: ArgumentRules = {
  ...dataRules,
  recipe: { value: 'file.json', help: `encoders, objectives and training (${defaultRecipe})` },
  fusions: { value: 'all|a,b,…', help: 'which methods (all that fit the recipe)' },
  'match-parameters': { help: 'widths are chosen so that parameters agree within 5 %' },
  seeds: { value: 'count', help: 'runs of each method (3)' },
  'no-controls': { help: 'without each modality alone and without shuffled modalities' },
  steps: { value: 'count', help: 'steps instead of the recipe’s' },
  seed: { value: 'number', help: 'first seed instead of the recipe’s' },
  out: { value: 'folder', help: 'where results go (runs/compare-<recipe>)' },
  ...earlierRules,
  ...tokenizerRules,
  executor: executorRule,
};
export const summary =
  'Compares fusion methods fairly; writes table.md and trials.jsonl to --out. The last line is JSON.';

export async function run(list: readonly string[]): Promise<number> {
  const given = parseArguments(list, rules);
  const recipe = await overridden(await readRecipe(given.one('recipe') ?? defaultRecipe), given);
  const out = given.one('out') ?? join('runs', `compare-${recipe.name}`);
  const which = given.one('fusions') ?? 'all';
  const plan = {
    recipe,
    fusions: which === 'all' ? [] : which.split(',').map((name) => name.trim()),
    seeds: wholeNumber(given.one('seeds') ?? '3', '--seeds', 1),
    match: given.has('match-parameters'),
    controls: !given.has('no-controls'),
  };
  const { dataset } = await openData(given);
  const data = await readFor(recipe, dataset, given);
  const trials = planTrials(plan, data);

  const executor = await openInNode(executorNamed(given.one('executor') ?? 'webgpu'));
  const { results, exit } = await runHeadless<Trial, TrialResult>({
    out,
    of: [dataset.fingerprint, plan],
    trials,
    what: 'The comparison',
    table: (found) => tableOf(summarize(found)),
    async run(trial, earlier, signal) {
      const label = `${earlier.length + 1} / ${trials.length}  ${trial.kind} ${trial.name} seed ${trial.seed}`;
      const onStep = (step: number, steps: number) => progress(`${label}  step ${step} / ${steps}`);
      const found = await runTrial(executor, trial, data, { signal, onStep });
      progress(`${label}  ${found.metric} ${found.score.toFixed(3)}`, true);
      return found;
    },
  });
  if (exit !== undefined) return exit;
  const rows = summarize(results);
  note(`\n${tableOf(rows)}\n`);
  result({ out, trials: results.length, adapter: executor.adapter.name, rows });
  return 0;
}

/** Markdown, best first. */
export function tableOf(rows: readonly ComparisonRow[]): string {
  const modalities = [...new Set(rows.flatMap(({ missing }) => Object.keys(missing)))];
  const head = [
    'method',
    rows[0]?.metric.replace('val.', '') ?? 'score',
    'parameters',
    'with noise',
    'ms/step',
    ...modalities.map((name) => `without ${name}`),
  ];
  const kinds = { fusion: '', alone: ' alone', shuffled: ', modalities shuffled' };
  const lines = rows.map(({ kind, name, mean, spread, seeds, parameters, stepMs, noisy, missing }) => [
    `${name}${kinds[kind]}`,
    seeds > 1 ? `${mean.toFixed(3)} ± ${spread.toFixed(3)}` : mean.toFixed(3),
    parameters.toLocaleString('en'),
    noisy.toFixed(3),
    stepMs.toFixed(0),
    ...modalities.map((modality) => missing[modality]?.toFixed(3) ?? ''),
  ]);
  return markdown(head, lines);
}
