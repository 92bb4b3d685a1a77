/** A built-in set written into a folder as the Data screen writes it, and read again from there; and a model's project beside it. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openInNode } from '../../../cli/gpu.node.ts';
import type { Recipe } from '../../../core/recipe.ts';
import type { Form } from '../../../data/card.ts';
import type { Dataset } from '../../../data/dataset.ts';
import { decodeInNode } from '../../../data/image/decode.node.ts';
import { importDataset, planImport } from '../../../data/import.ts';
import { prepare } from '../../../data/prepare.ts';
import type { PreparedData } from '../../../data/prepared.ts';
import { openPath } from '../../../data/sources/folder.node.ts';
import { shownSplits } from '../../../data/splits.ts';
import { memoryFiles } from '../../../data/store.memory.ts';
import { builtIns } from '../../../data/synthetic/index.ts';
import { writeDataset } from '../../../data/writers/index.ts';
import { encodePngInNode } from '../../../data/writers/png.node.ts';
import type { MetricRow } from '../../../training/metricLog.ts';
import { ready } from '../../../training/ready.ts';
import { RunStore } from '../../../training/runStore.ts';
import { Session } from '../../../training/session.ts';
import { emptyRun } from '../../../training/testing/emptyRun.ts';
import { pythonEnv } from '../../testing/python.ts';
import { projectFiles } from '../project.ts';
import { put } from './firstStep.ts';
import { freshModel } from './fresh.ts';

export async function write(dataset: Dataset, form: Form, folder: string): Promise<void> {
  const files = writeDataset(dataset, shownSplits(dataset), form, { encodePng: encodePngInNode });
  for await (const { path, bytes } of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), bytes);
  }
}

export async function readAgain(folder: string): Promise<Dataset> {
  const tree = await openPath(folder);
  const [guess] = await planImport(tree);
  const store = { name: 'again', size: guess.size ?? 28, fit: 'crop', background: '#ffffff' } as const;
  const tools = { decode: decodeInNode };
  return (await importDataset(tree, guess.reader, guess.options, store, tools)).dataset;
}

export interface Made {
  recipe: Recipe;
  data: PreparedData;
  /** Where the set lies, and the project. */
  set: string;
  project: string;
}

/** A built-in set, or files; and the form that it is written in. */
export type Wanted = { form: Form } & ({ set: string; count: number } | { path: () => string });

/** Writes a set and the project of a fresh model under a folder. */
export async function make(folder: string, name: string, recipe: Recipe, wanted: Wanted): Promise<Made> {
  const { form } = wanted;
  const drawn =
    'set' in wanted
      ? await builtIns.find((one) => one.name === wanted.set)!.make({ count: wanted.count })
      : await readAgain(wanted.path());
  const written = join(folder, `${name}-set`);
  await write(drawn, form, written);
  const data = await prepare(await readAgain(written), recipe.data);
  const project = join(folder, name);
  await put(project, await projectFiles(freshModel(recipe, data, 0)));
  return { recipe, data, set: written, project };
}

/** Trains as the studio does, on TensorFlow.js. @returns the rows of all steps */
export async function trainHere(recipe: Recipe, data: PreparedData): Promise<MetricRow[]> {
  const runs = new RunStore(memoryFiles());
  await runs.create({ ...emptyRun('run', recipe, data), executor: 'tfjs-wasm' }, {});
  const rows: MetricRow[] = [];
  await ready(recipe);
  const executor = await openInNode('tfjs-wasm');
  const session = new Session({ executor, recipe, data, runs, run: 'run', onRow: (row) => rows.push(row) });
  await session.prepare();
  session.start();
  await session.settled();
  return rows;
}

export interface Job {
  name: string;
  folder: string;
  script: string;
  arguments: string[];
}
export interface Ran {
  error?: string;
  /** Why the script ended itself. */
  exit?: string;
  printed: string;
  seconds: number;
}

const driver = fileURLToPath(new URL('jobs.py', import.meta.url));

/** Runs jobs one after another in one Python process, or in several that work together. */
export async function runJobs(
  folder: string,
  jobs: readonly Job[],
  processes = 1,
): Promise<Record<string, Ran>> {
  const list = join(folder, `jobs-${processes}.json`);
  await writeFile(list, JSON.stringify(jobs));
  const way = processes === 1 ? ['run'] : ['torchrun', '--standalone', '--nproc_per_node', String(processes)];
  await pythonEnv(folder, ...way, driver, list);
  return JSON.parse(await readFile(list.replace('.json', '.out.json'), 'utf8'));
}

/** Rows of a run's metrics.jsonl. */
export async function metricsOf(out: string): Promise<Record<string, number>[]> {
  const text = await readFile(join(out, 'metrics.jsonl'), 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}
