/**
 * `npm run compare`: every fusion on the same data, with equally many parameters and the same seeds, beside controls. Each finished trial is
 * written at once, so that the same command goes on where a cancelled one was.
 */
import { createHash } from 'node:crypto';
import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StudioError } from '../core/errors.ts';
import { prepare } from '../data/prepare.ts';
import {
  type ComparisonRow,
  planTrials,
  runTrial,
  summarize,
  type TrialResult,
} from '../training/compare.ts';
import { type ArgumentRules, parseArguments, wholeNumber } from './arguments.ts';
import { executorNamed, executorRule, openInNode } from './gpu.node.ts';
import { dataRules, openData } from './openData.ts';
import { defaultRecipe, overridden, readRecipe } from './recipeFile.ts';
import { onSignal } from './signals.ts';
import { note, progress, result } from './terminal.ts';

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
  executor: executorRule,
};
export const summary =
  'Compares fusion methods fairly; writes table.md and trials.jsonl to --out. The last line is JSON.';

export async function run(list: readonly string[]): Promise<number> {
  const given = parseArguments(list, rules);
  const recipe = overridden(await readRecipe(given.one('recipe') ?? defaultRecipe), given);
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
  const data = await prepare(dataset, recipe.data);
  const trials = planTrials(plan, data);

  await mkdir(out, { recursive: true });
  const file = join(out, 'trials.jsonl');
  // Trials of another plan, recipe or data would not compare.
  const stamp = createHash('sha256')
    .update(JSON.stringify([dataset.fingerprint, plan]))
    .digest('hex')
    .slice(0, 16);
  const results = await done(file, stamp);
  const left = trials.filter(({ key }) => !results.some((one) => one.key === key));
  note(`${trials.length} trials of ${recipe.training.steps} steps, ${results.length} done already`);

  const executor = await openInNode(executorNamed(given.one('executor') ?? 'webgpu'));
  const stop = new AbortController();
  const signal = onSignal(() => stop.abort());
  try {
    for (const [index, trial] of left.entries()) {
      const label = `${results.length + 1} / ${trials.length}  ${trial.kind} ${trial.name} seed ${trial.seed}`;
      const found = await runTrial(executor, trial, data, {
        signal: stop.signal,
        onStep: (step, steps) => progress(`${label}  step ${step} / ${steps}`),
      });
      results.push(found);
      await appendFile(file, `${JSON.stringify({ stamp, ...found })}\n`);
      await writeFile(join(out, 'table.md'), `${tableOf(summarize(results))}\n`);
      progress(`${label}  ${found.metric} ${found.score.toFixed(3)}`, true);
      if (stop.signal.aborted && index < left.length - 1)
        throw new StudioError('cancelled', { what: 'The comparison' });
    }
  } catch (error) {
    if (!(error instanceof StudioError && error.code === 'cancelled')) throw error;
    const came = signal.end();
    note(`stopped after ${results.length} of ${trials.length} trials; the same command goes on from there`);
    return came === 'SIGTERM' ? 143 : 130;
  }
  signal.end();
  const rows = summarize(results);
  note(`\n${tableOf(rows)}\n`);
  result({ out, trials: results.length, adapter: executor.adapter.name, rows });
  return 0;
}

async function done(file: string, stamp: string): Promise<TrialResult[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const lines = text.split('\n').flatMap((line) => {
    try {
      return line ? [JSON.parse(line) as TrialResult & { stamp: string }] : [];
    } catch {
      // The last line of a comparison that was killed.
      return [];
    }
  });
  return lines.filter((one) => one.stamp === stamp).map(({ stamp: _, ...rest }) => rest);
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
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, index) => (index ? '---:' : '---'))), ...lines.map(line)].join('\n');
}
