/**
 * `npm run train`: the same session as on the page, under Node. Writes the model's zip, `metrics.jsonl`, the recipe, and the run with its
 * checkpoints, from which `--resume` goes on exactly. Ctrl+C keeps a checkpoint and the model as it is.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { baseOf, trainedOn } from '../core/edits.ts';
import { StudioError } from '../core/errors.ts';
import { pairsPerStep, type Recipe } from '../core/recipe.ts';
import { recipeBehind } from '../core/stages.ts';
import { takenTexts } from '../core/taken.ts';
import { createMemoryStore } from '../data/store.memory.ts';
import { nodeFiles } from '../data/store.node.ts';
import type { BranchPoint } from '../training/branch.ts';
import { Diagnosis } from '../training/diagnosis/diagnosis.ts';
import { factsFor } from '../training/diagnosis/facts.ts';
import { type MetricRow, rowsOf } from '../training/metricLog.ts';
import type { RunSummary } from '../training/run.ts';
import { RunStore } from '../training/runStore.ts';
import { Workbench } from '../training/workbench.ts';
import { type ArgumentRules, type Arguments, parseArguments } from './arguments.ts';
import { earlierRules, openEarlier } from './earlier.ts';
import { FindingNotes, resultOf } from './findings.ts';
import { executorNamed, executorRule, openInNode } from './gpu.node.ts';
import { hubPoint } from './hubFolder.ts';
import { openMetrics } from './metricsFile.ts';
import { dataRules, openData } from './openData.ts';
import { profileRules, RunProfile } from './profile.ts';
import { defaultRecipe, overridden, readRecipe } from './recipeFile.ts';
import { outBeside, type RunPoint, runPoint } from './runFolder.ts';
import { onSignal } from './signals.ts';
import { note, oldPart, progress, result, trainingLine, validationPart } from './terminal.ts';
import { tokenizerFor, tokenizerRules } from './tokenizer.ts';

export const rules: ArgumentRules = {
  ...dataRules,
  recipe: { value: 'file.json', help: `the recipe (${defaultRecipe})` },
  steps: { value: 'count', help: 'steps instead of the recipe’s' },
  seed: { value: 'number', help: 'seed instead of the recipe’s' },
  out: { value: 'folder', help: 'where results go (runs/<recipe>)' },
  resume: { help: 'go on with the newest run in --out, from its last checkpoint' },
  from: {
    value: 'folder[@step]',
    help: 'a new run that begins at a checkpoint (the last) of the run in another --out; --recipe may change what keeps the weights’ shapes',
  },
  'start-from': {
    value: 'folder[@step]',
    help: 'a new run on --data that starts with the weights of the run in another --out, or of a folder of Hugging Face’s CLIP, ViT or BERT, as far as they fit; by its recipe unless --recipe says another',
  },
  ...earlierRules,
  ...tokenizerRules,
  executor: executorRule,
  ...profileRules,
};
export const summary =
  'Trains a recipe on data; writes model.zip and metrics.jsonl to --out. The last line is JSON.';

interface Plan {
  recipe: Recipe;
  out: string;
  runs: RunStore;
  /** The run that goes on. */
  resumed?: RunSummary;
  /** Where another run is left. */
  branch?: BranchPoint;
  /** Whose weights a new run starts with. */
  start?: RunPoint;
}

/** `--from`. @throws StudioError `bad-argument` */
async function branchOf(given: Arguments): Promise<Plan> {
  const point = await runPoint(given, 'from');
  const { runs: from, run, step } = point;
  const recipe = await overridden(
    given.has('recipe') ? await readRecipe(given.one('recipe')!) : run.recipe,
    given,
  );
  const out = outBeside(point, 'from', given.one('out') ?? join('runs', `${recipe.name}-from-${step}`));
  const runs = new RunStore(nodeFiles(join(out, 'run')));
  return { recipe, out, runs, branch: { from, run: run.id, step } };
}

/** `--start-from`. @throws StudioError `bad-argument` */
async function startOf(given: Arguments): Promise<Plan> {
  const point = (await hubPoint(given.one('start-from') ?? '')) ?? (await runPoint(given, 'start-from'));
  const { stages: _, ...training } = recipeBehind(point.run.recipe, point.step).training;
  const own = { ...point.run.recipe, training };
  const recipe = await overridden(given.has('recipe') ? await readRecipe(given.one('recipe')!) : own, given);
  const out = outBeside(point, 'start-from', given.one('out') ?? join('runs', `${recipe.name}-on`));
  return { recipe, out, runs: new RunStore(nodeFiles(join(out, 'run'))), start: point };
}

/** @throws StudioError `bad-argument`, `recipe-invalid` */
async function planOf(given: Arguments): Promise<Plan> {
  if (given.has('from')) return branchOf(given);
  if (given.has('start-from')) return startOf(given);
  const stated = given.has('recipe') || !given.has('resume') || !given.has('out');
  const own = stated
    ? await overridden(await readRecipe(given.one('recipe') ?? defaultRecipe), given)
    : undefined;
  const out = given.one('out') ?? join('runs', own?.name ?? '');
  const runs = new RunStore(nodeFiles(join(out, 'run')));
  const [newest] = await runs.list();
  if (!given.has('resume')) {
    if (newest)
      note(`${out} holds a run at step ${newest.step}, which --resume continues; this is a new one`);
    return { recipe: own!, out, runs };
  }
  if (!newest)
    throw new StudioError('bad-argument', { argument: '--resume', message: `${out} holds no run` });
  const recipe = await overridden(newest.recipe, given);
  // The same command line with --resume added is fine; another recipe would not be the same run.
  const same = (one: Recipe) => JSON.stringify({ ...one, training: { ...one.training, steps: 0 } });
  if (same(recipe) !== same(newest.recipe) || (given.has('recipe') && own && same(own) !== same(recipe)))
    throw new StudioError('bad-argument', {
      argument: '--resume',
      message: `the run in ${out} has another recipe or seed; only --steps may differ`,
    });
  return { recipe, out, runs, resumed: newest };
}

export async function run(list: readonly string[]): Promise<number> {
  const given = parseArguments(list, rules);
  const executor = given.has('executor') ? executorNamed(given.one('executor')!) : undefined;
  const profile = RunProfile.from(given);
  const { recipe, out, runs, resumed, branch, start } = await planOf(given);
  const { steps, batch, accumulate = 1 } = recipe.training;

  const { dataset, skipped } = await openData(given);
  const left = skipped.length ? `, ${skipped.length} left out` : '';
  note(`${dataset.files.length} pictures, ${dataset.captions.flat().length} captions${left}`);
  for (const { file, code } of skipped.slice(0, 5)) note(`  ${file}: ${code}`);

  const earlier = resumed ?? (branch && (await branch.from.get(branch.run)));
  if (earlier && !trainedOn(earlier, { fingerprint: baseOf(dataset) }))
    throw new StudioError('bad-argument', {
      argument: '--data',
      message: `the run “${earlier.name}” was trained on other data (${earlier.datasetName})`,
    });

  await mkdir(out, { recursive: true });
  await writeFile(join(out, 'recipe.json'), `${JSON.stringify(recipe, null, 2)}\n`);
  const datasets = createMemoryStore();
  await datasets.save(dataset, skipped);
  const metrics = await openMetrics(join(out, 'metrics.jsonl'), resumed?.checkpoints.at(-1)?.step);
  const before = branch ? await rowsUntil(branch) : [];
  for (const row of before) metrics.write(row);
  /** After the first chunk, in which drivers compile: the speed is measured from there. */
  let warm: { step: number; seconds: number } | undefined;
  const diagnosis = new Diagnosis(
    () => bench.current.recipe,
    () => factsFor(bench.current.options.data, recipe),
  );
  const notes = new FindingNotes();
  const bench: Workbench = new Workbench({
    runs,
    datasets,
    find: await openEarlier(recipe, given, datasets),
    open: openInNode,
    tokenizer: (chosen) => tokenizerFor(chosen, given),
    onProgress: ({ phase, done, total }) => progress(`${phase} ${done} / ${total}`),
    onRow: (row) => {
      metrics.write(row);
      profile?.count(row);
      progress(trainingLine(row, bench.session?.last ?? row, steps), 'val.loss' in row);
      notes.tell(diagnosis.row(row), row['step']);
    },
    onPause: async (session) => {
      warm ??= { step: session.step, seconds: session.seconds };
      profile?.ask(session);
    },
  });
  if (resumed) {
    await runs.update(resumed.id, { recipe, ...(executor && { executor }) });
    await bench.open(resumed.id);
    // What was found before the stop is found again.
    for (const row of rowsOf(await runs.metrics(resumed.id))) notes.tell(diagnosis.row(row), row['step']);
  } else if (branch) {
    await bench.branch(branch, { recipe, name: recipe.name, executor });
    for (const row of before) notes.tell(diagnosis.row(row), row['step']);
  } else {
    const from = start && { runs: start.runs, run: start.run.id, step: start.step };
    await bench.create(recipe, dataset.id, executor ?? 'webgpu', recipe.name, from);
    for (const text of takenTexts(bench.run?.parent?.taken ?? [], 'en')) note(text);
  }
  const session = bench.current;
  const adapter = session.options.executor.adapter.name;
  const parts = accumulate > 1 ? ` (${batch} × ${accumulate})` : '';
  note(`${steps} steps of ${pairsPerStep(recipe)} pairs${parts}`);
  note(`on ${adapter}${earlier ? `, from step ${session.step}` : ''}`);

  const began = { step: session.step, seconds: session.seconds };
  const interrupted = onSignal(() => void session.pause().catch(() => undefined));
  if (session.state === 'paused') {
    progress('first step; some drivers compile their kernels only now', true);
    session.start();
  }
  await session.settled();
  const signal = interrupted.end();
  await metrics.close();
  if (session.error) throw session.error;

  if (profile) note(`\n${await profile.report(session)}\n`);
  const { bytes } = await bench.exportModel();
  await writeFile(join(out, 'model.zip'), bytes);
  const from = warm && session.step > warm.step ? warm : began;
  const seconds = session.seconds - from.seconds;
  result({
    steps: session.step,
    loss: session.last['loss'],
    val: validationPart(session.last),
    ...('old.forgetting' in session.last && { old: oldPart(session.last) }),
    findings: resultOf(diagnosis.findings),
    samplesPerSecond: seconds > 0 ? ((session.step - from.step) * pairsPerStep(recipe)) / seconds : null,
    adapter,
    out,
  });
  if (!signal || session.step >= steps) return 0;
  note(`stopped at step ${session.step} of ${steps}; --resume goes on from there`);
  return signal === 'SIGINT' ? 130 : 143;
}

/** What the other run measured until it was left. */
async function rowsUntil({ from, run, step = 0 }: BranchPoint): Promise<MetricRow[]> {
  return rowsOf(await from.metrics(run)).filter((row) => row['step'] <= step);
}
