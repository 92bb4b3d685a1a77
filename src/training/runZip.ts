/**
 * A whole run as a folder in a zip: what it is, how it went, every checkpoint, and forms of it that other programs read (metrics.csv, TensorBoard events, a
 * card). It opens again in any browser. A zip that comes in is not trusted: everything is checked before anything is kept.
 */
import { type Zippable, zipSync } from 'fflate';
import * as v from 'valibot';
import { trainedOn } from '../core/edits.ts';
import { StudioError } from '../core/errors.ts';
import { parseRecipe } from '../core/recipe.ts';
import { recipeBehind } from '../core/stages.ts';
import type { DatasetReader } from '../data/dataset.ts';
import { loadTokenizer } from '../data/text/tokenizer.ts';
import { readFacts } from '../interchange/facts.ts';
import { modelCard } from '../interchange/modelCard.ts';
import { tagOf, writeEvents } from '../interchange/tensorboard.ts';
import { unpack } from '../interchange/unpack.ts';
import { joinColumns, rowsOf } from './metricLog.ts';
import { newRunId } from './newRun.ts';
import { layoutOf, parametersOf } from './parameters.ts';
import type { ExecutorName, MetricColumns, RunSummary } from './run.ts';
import type { RunStore } from './runStore.ts';

const format = 'amalgam-run-folder/1';
const limits = { text: 256_000_000, checkpoint: 2_000_000_000 };
const checkpointName = (step: number) => `checkpoint-${String(step).padStart(8, '0')}.safetensors`;
const checkpointPattern = /^checkpoint-(\d{1,12})\.safetensors$/;
const texts = new Set(['run.json', 'recipe.json', 'tokenizer.json', 'metrics.json']);

/** What else lies in the folder, by path: samples, reports. */
export type Besides = Readonly<Record<string, string>>;

/** @throws StudioError `run-missing`, `checkpoint-invalid` */
export async function packRun(
  runs: RunStore,
  id: string,
  besides: Besides = {},
): Promise<{ name: string; bytes: Uint8Array }> {
  const run = await runs.get(id);
  const metrics = await runs.metrics(id);
  const { recipe, checkpoints, ...about } = run;
  const encode = (text: string) => new TextEncoder().encode(text);
  const json = (value: unknown) => encode(`${JSON.stringify(value, null, 2)}\n`);
  const files: Zippable = {
    'run.json': json({ format, ...about, checkpoints }),
    'recipe.json': json(recipe),
    'tokenizer.json': json(await runs.tokenizer(id)),
    'metrics.json': encode(JSON.stringify(plainColumns(metrics))),
    'metrics.csv': encode(csvOf(metrics)),
    [`events.out.tfevents.${Math.floor(run.createdAt / 1000)}.amalgam`]: writeEvents(
      rowsOf(metrics).map(({ step, time, ...row }) => ({
        time: run.createdAt / 1000 + time,
        step,
        scalars: Object.fromEntries(Object.entries(row).map(([name, value]) => [tagOf(name), value])),
      })),
    ),
    'README.md': encode(cardOf(run, Object.keys(besides))),
    ...Object.fromEntries(Object.entries(besides).map(([path, text]) => [path, encode(text)])),
  };
  // Trained weights are noise to a compressor.
  for (const { step } of checkpoints)
    files[checkpointName(step)] = [await runs.checkpoint(id, step), { level: 0 }];
  const safe = run.name.replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^-+|-+$/g, '') || 'run';
  return { name: `${safe}-run.zip`, bytes: zipSync(files, { mtime: new Date(1980, 0, 1), level: 6 }) };
}

const plainColumns = (columns: MetricColumns) =>
  Object.fromEntries(
    Object.entries(columns).map(([name, values]) => [
      name,
      Array.from(values, (value) => (Number.isFinite(value) ? value : null)),
    ]),
  );

/** A header and a line a row; what was not measured is empty. */
function csvOf(columns: MetricColumns): string {
  const names = Object.keys(columns);
  const quoted = names.map((name) => (/[",\n]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name));
  const lines = Array.from(columns['step'] ?? [], (_, row) =>
    names.map((name) => (Number.isNaN(columns[name][row]) ? '' : String(columns[name][row]))).join(','),
  );
  return `${[quoted.join(','), ...lines].join('\n')}\n`;
}

const described: Record<string, string> = {
  'run.json': 'name, state, steps, last measured values, fingerprint of the data',
  'recipe.json': 'everything that made it; open it in the studio, or train again headless',
  'tokenizer.json': 'for Hugging Face’s tokenizers',
  'metrics.csv': 'every measured value by step; metrics.json the same by column',
  'events.out.tfevents.…': 'the same for TensorBoard: tensorboard --logdir .',
  'checkpoint-….safetensors': 'weights and moments at each saved step',
};
const besideNames: Record<string, string> = {
  'samples.json': 'what the model makes of a few validation samples',
  'report.html': 'the newest evaluation, one page',
};

function cardOf(run: RunSummary, besides: readonly string[]): string {
  const { recipe, facts } = run;
  const side = facts?.size ?? 0;
  const layout = facts && layoutOf(recipe, facts);
  return modelCard(
    {
      name: run.name,
      recipe,
      parameters: layout?.entries.reduce((sum, { size }) => sum + size, 0) ?? 0,
      picture: recipe.encoders['image'] && side > 0 ? `${side} × ${side}` : undefined,
      metrics: Object.fromEntries(
        Object.entries(run.last).filter(([name]) => /^(loss|val\.|temperature)/.test(name)),
      ),
      datasetName: run.datasetName,
      fingerprint: run.fingerprint,
      step: run.step,
      more: [
        ['trained by', [run.executor, run.adapter].filter(Boolean).join(', ')],
        ['begun', new Date(run.createdAt).toISOString().slice(0, 16).replace('T', ' ')],
        ...(run.parent ? [['descends from', `${run.parent.name} at step ${run.parent.step}`] as const] : []),
        ...(run.note ? [['note', run.note] as const] : []),
      ],
    },
    [...Object.entries(described), ...besides.map((name) => [name, besideNames[name] ?? name] as const)],
    'Drop the zip into the studio to open the run again, with its curves and checkpoints.\n',
  );
}

const count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(Number.MAX_SAFE_INTEGER));
const shortText = v.pipe(v.string(), v.maxLength(10_000));
const aboutSchema = v.object({
  format: v.literal(format),
  name: v.pipe(shortText, v.minLength(1)),
  note: shortText,
  datasetName: shortText,
  fingerprint: shortText,
  adapter: shortText,
  createdAt: count,
  step: count,
  state: v.string(),
  last: v.record(v.string(), v.nullable(v.number())),
  tags: v.optional(v.pipe(v.array(shortText), v.maxLength(100))),
  facts: v.unknown(),
  parent: v.optional(
    v.looseObject({ run: shortText, step: count, name: shortText, kind: v.optional(v.literal('weights')) }),
  ),
});
const metricsSchema = v.record(v.string(), v.array(v.nullable(v.number())));

/** Where runs are kept, and the data sets that one may be of. */
export interface Library {
  runs: RunStore;
  datasets: Pick<DatasetReader, 'list'>;
}

/** Whether a zip lists what a run's folder has. @param names of its files, without folders */
export const isRunFolder = (names: ReadonlySet<string>): boolean =>
  names.has('run.json') && names.has('recipe.json') && !names.has('model.safetensors');

/**
 * Restores a run: as a new one, whatever is there already. Nothing is kept when something in it is wrong.
 * @throws StudioError `bundle-invalid`, `safetensors-invalid`, `checkpoint-invalid`
 */
export async function unpackRun(
  name: string,
  bytes: Uint8Array,
  executor: ExecutorName,
  { runs, datasets }: Library,
): Promise<RunSummary> {
  const fail = (message: string): never => {
    throw new StudioError('bundle-invalid', { file: name, message });
  };
  const limit = (plain: string) =>
    texts.has(plain) ? limits.text : checkpointPattern.test(plain) ? limits.checkpoint : undefined;
  const files = unpack(bytes, limit, fail);
  const json = (file: string): unknown => {
    try {
      return JSON.parse(
        new TextDecoder('utf-8', { fatal: true }).decode(files.get(file) ?? fail(`${file} is missing`)),
      );
    } catch (error) {
      return error instanceof StudioError ? fail(String(error.params.message)) : fail(`${file} is not JSON`);
    }
  };
  const checked = <T>(file: string, read: () => T): T => {
    try {
      return read();
    } catch (error) {
      if (error instanceof StudioError)
        return fail(`${file}: ${error.params.path ? `${error.params.path}: ` : ''}${error.params.message}`);
      throw error;
    }
  };
  const parsed = v.safeParse(aboutSchema, json('run.json'));
  if (!parsed.success)
    return fail(`run.json: ${v.getDotPath(parsed.issues[0]) ?? 'file'}: ${parsed.issues[0].message}`);
  const { format: _, facts: givenFacts, last, state, parent, ...about } = parsed.output;
  const recipe = checked('recipe.json', () => parseRecipe(json('recipe.json')));
  const facts = readFacts(givenFacts, (message) => fail(`run.json: facts: ${message}`));
  const tokenizer = json('tokenizer.json');
  checked('tokenizer.json', () => loadTokenizer(tokenizer));
  const columns = columnsOf(json('metrics.json'), fail);
  const checkpoints = [...files].flatMap(([file, content]) => {
    const step = checkpointPattern.exec(file)?.[1];
    return step === undefined ? [] : [{ step: Number(step), content }];
  });
  checkpoints.sort((a, b) => a.step - b.step);
  for (const { step, content } of checkpoints)
    checked(checkpointName(step), () => parametersOf(content, layoutOf(recipeBehind(recipe, step), facts)));
  const set = (await datasets.list()).find((one) => trainedOn({ ...about, recipe }, one));
  const summary: RunSummary = {
    ...about,
    id: newRunId('run', Date.now()),
    recipe,
    dataset: set?.id ?? '',
    executor,
    updatedAt: Date.now(),
    state: state === 'finished' || state === 'imported' ? state : 'paused',
    last: Object.fromEntries(
      Object.entries(last).flatMap(([key, value]) => (value === null ? [] : [[key, value]])),
    ),
    checkpoints: [],
    facts,
    ...(parent && { parent: { run: parent.run, step: parent.step, name: parent.name, kind: parent.kind } }),
  };
  await runs.create(summary, tokenizer);
  try {
    let before = -1;
    for (const [index, { step, content }] of checkpoints.entries()) {
      const until = index === checkpoints.length - 1 ? Number.POSITIVE_INFINITY : step;
      await runs.saveCheckpoint(summary.id, step, content, between(columns, before, until), {});
      before = step;
    }
  } catch (error) {
    await runs.remove(summary.id);
    throw error;
  }
  return runs.get(summary.id);
}

/** Rows behind `after` up to `until`. */
function between(columns: MetricColumns, after: number, until: number): MetricColumns {
  const steps = columns['step'] ?? new Float64Array();
  const part = Object.fromEntries(
    Object.entries(columns).map(([name, values]) => [name, values.filter((_, row) => steps[row] > after)]),
  );
  return joinColumns([part], until);
}

function columnsOf(json: unknown, fail: (message: string) => never): MetricColumns {
  const parsed = v.safeParse(metricsSchema, json);
  if (!parsed.success)
    return fail(`metrics.json: ${v.getDotPath(parsed.issues[0]) ?? ''} is no list of numbers`);
  const columns = Object.entries(parsed.output);
  const rows = parsed.output['step']?.length ?? 0;
  for (const [name, values] of columns)
    if (values.length !== rows) return fail(`metrics.json: “${name}” has ${values.length} rows of ${rows}`);
  if (parsed.output['step']?.some((step) => step === null))
    return fail('metrics.json: a row without its step');
  return Object.fromEntries(
    columns.map(([name, values]) => [name, Float64Array.from(values, (value) => value ?? Number.NaN)]),
  );
}
