/**
 * What the page can ask of training, free of workers and of the browser: one open session, models loaded from runs, the runs and data
 * sets that are kept. The engine worker exposes it; tests and the headless program use the same code.
 */

import { trainedOn } from '../core/edits.ts';
import { StudioError } from '../core/errors.ts';
import type { OnProgress } from '../core/progress.ts';
import { namesEarlier, parseRecipe, type Recipe } from '../core/recipe.ts';
import type { ChosenTokenizer } from '../core/tokenizer.ts';
import type { DatasetReader } from '../data/dataset.ts';
import { adopt } from '../data/facts.ts';
import type { prepare } from '../data/prepare.ts';
import type { PreparedData } from '../data/prepared.ts';
import type { Executor } from '../engine/executor.ts';
import type { Beginning } from './beginning.ts';
import type { BranchChange, BranchPoint } from './branch.ts';
import type { Earlier, EarlierParts } from './earlier.ts';
import { expectedShape } from './expected.ts';
import type { FeatureOptions } from './features.ts';
import type { HubFiles } from './hubModel.ts';
import type { MetricRow } from './metricLog.ts';
import type { Model } from './model.ts';
import { newRun } from './newRun.ts';
import { ofSet } from './ofSet.ts';
import { ready } from './ready.ts';
import type { ExecutorName, RunSummary, SessionState } from './run.ts';
import type { RunStore } from './runStore.ts';
import { Session, type SessionOptions } from './session.ts';
import { setUp } from './setup.ts';
import type { StartPoint } from './start.ts';
import type { Ground } from './trials.ts';

export interface WorkbenchParts {
  runs: RunStore;
  datasets: DatasetReader;
  open(name: ExecutorName): Promise<Executor>;
  /** Runs `prepare`, wherever the host wants it to run. */
  prepare?: typeof prepare;
  onState?(state: SessionState, error?: StudioError): void;
  onProgress?: OnProgress;
  onRow?(row: MetricRow): void;
  /** The open run's recipe was changed by hand. */
  onRecipe?(): void;
  onPause?(session: Session): Promise<void>;
  /** Where the features of frozen encoders are kept beyond a run. */
  features?: FeatureOptions['kept'];
  /** The `tokenizer.json` that a recipe names. @throws StudioError `tokenizer-missing` */
  tokenizer?(chosen: ChosenTokenizer): Promise<unknown>;
  /** The id of the data set that a recipe names, where its place is known otherwise than by the store. */
  find?: EarlierParts['find'];
}

/** Loaded models that are kept; each holds a data set and weights on the device. */
const mostModels = 2;

export class Workbench {
  session?: Session;
  run?: RunSummary;
  private readonly parts: WorkbenchParts;
  private readonly executors = new Map<ExecutorName, Promise<Executor>>();
  private readonly models = new Map<string, Promise<Model>>();
  private prepared?: { key: string; data: Promise<PreparedData> };

  constructor(parts: WorkbenchParts) {
    this.parts = parts;
  }

  /** Opened once; again after its device was lost. */
  executor(name: ExecutorName): Promise<Executor> {
    let known = this.executors.get(name);
    if (!known) {
      known = this.parts.open(name).then((executor) => {
        void executor.lost.then((reason) => this.lost(name, reason));
        return executor;
      });
      known.catch(() => this.executors.delete(name));
      this.executors.set(name, known);
    }
    return known;
  }

  /** Compiles a recipe's kernels before they are asked for; a recipe with a mistake is left alone. */
  async warm(input: Recipe, executorName: ExecutorName): Promise<void> {
    const recipe = parseRecipe(input);
    // The text of the kernels is the same for any number of pictures.
    const shape = { ...expectedShape(recipe), pictures: { capacity: 1 } };
    const { specification, layout } = setUp(recipe, shape);
    await (await this.executor(executorName)).warm(specification, layout);
  }

  private lost(name: ExecutorName, reason: string): void {
    this.executors.delete(name);
    this.models.clear();
    const { session, run } = this;
    if (session && run?.executor === name && session.state !== 'finished')
      session.fail(new StudioError('device-lost', { reason, step: run.checkpoints.at(-1)?.step ?? 0 }));
  }

  private summary = async (dataset: string) =>
    (await this.parts.datasets.list()).find(({ id }) => id === dataset);

  /** A host that prepares elsewhere does not load it. */
  private async preparing(): Promise<typeof prepare> {
    return this.parts.prepare ?? (await import('../data/prepare.ts')).prepare;
  }

  private data(
    dataset: string,
    recipe: Recipe,
    tokenizer: unknown,
    onProgress?: OnProgress,
  ): Promise<PreparedData> {
    const key = JSON.stringify([
      dataset,
      recipe.data,
      tokenizer === undefined ? '' : JSON.stringify(tokenizer).length,
    ]);
    if (this.prepared?.key === key) return this.prepared.data;
    const { tokenizer: chosen } = recipe.data;
    const data = this.parts.datasets.load(dataset).then(async (set) => {
      const given = tokenizer ?? (chosen && (await this.parts.tokenizer?.(chosen)));
      return (await this.preparing())(set, recipe.data, given, onProgress);
    });
    data.catch(() => {
      if (this.prepared?.data === data) this.prepared = undefined;
    });
    this.prepared = { key, data };
    return data;
  }

  /**
   * Makes a run and compiles it; it is then `paused` at step 0.
   * @param from whose weights it starts with, as far as they fit (training/start.ts)
   * @throws StudioError `start-unfit`, `tokenizer-clash`, `run-missing`, and what `Session` throws
   */
  async create(
    input: Recipe,
    datasetId: string,
    executorName: ExecutorName,
    name: string,
    from?: StartPoint,
  ): Promise<void> {
    const summary = await this.summary(datasetId);
    const recipe = ofSet(parseRecipe(input), summary);
    await this.close();
    this.parts.onState?.('compiling');
    try {
      const executor = await this.executor(executorName);
      const { data, parent, ...begun } = await this.beginning(recipe, datasetId, from);
      const run = newRun({
        name,
        recipe,
        data,
        dataset: datasetId,
        datasetName: summary?.name ?? datasetId,
        executor: executorName,
        adapter: executor.adapter.name,
        parent,
      });
      const session = await this.sessionFor(run, executor, data, begun);
      await session.prepare(undefined, this.parts.onProgress);
      await this.parts.runs.create(run, data.tokenizer.toJSON());
      const bytes = await session.checkpoint();
      await this.parts.runs.saveCheckpoint(run.id, 0, bytes, {}, { state: 'paused' });
      this.run = await this.parts.runs.get(run.id);
    } catch (error) {
      // A session that could not be made leaves nothing behind.
      this.session = undefined;
      this.run = undefined;
      this.parts.onState?.('idle');
      throw error;
    }
  }

  /** What a run begins with: its data and, where the recipe or a person says so, more. */
  private async beginning(recipe: Recipe, dataset: string, from?: StartPoint): Promise<Beginning> {
    const { runs, onProgress } = this.parts;
    const read = (tokenizer: unknown) => this.data(dataset, recipe, tokenizer, onProgress);
    const taught = recipe.objectives.some((part) => part['teacher'] !== undefined);
    if (!from && !taught && !namesEarlier(recipe)) return { data: await read(undefined) };
    const { beginning } = await import('./beginning.ts');
    return beginning(recipe, { ...(await this.earlierParts()), runs, read }, from);
  }

  private async withEarlier(
    recipe: Recipe,
    own: PreparedData,
    split?: Recipe['data']['split'],
    grow = false,
  ): Promise<{ data: PreparedData; earlier?: Earlier }> {
    if (!namesEarlier(recipe)) return { data: own };
    const { withEarlier } = await import('./earlier.ts');
    return withEarlier(recipe, own, await this.earlierParts(), split, grow);
  }

  private async earlierParts(): Promise<EarlierParts> {
    const { datasets, find, onProgress } = this.parts;
    const prepare = await this.preparing();
    return {
      datasets,
      find,
      prepare: (set, data, tokenizer) => prepare(set, data, tokenizer, onProgress),
    };
  }

  /** Opens a run at a checkpoint, the newest by default; what came after it is forgotten. It is then `paused`. */
  async open(runId: string, step?: number): Promise<void> {
    const kept = await this.parts.runs.get(runId);
    const at = step ?? kept.checkpoints.at(-1)?.step;
    // What was changed later is forgotten with what came of it; opened where it ended, all of it goes on.
    const { withoutLater } = await import('./changes.ts');
    const run = step === undefined ? kept : { ...kept, recipe: withoutLater(kept.recipe, step) };
    if (at === undefined)
      throw new StudioError('checkpoint-invalid', { message: `“${run.name}” keeps no checkpoint.` });
    const checkpoint = await this.parts.runs.checkpoint(runId, at);
    await this.close();
    this.parts.onState?.('compiling');
    try {
      const executor = await this.executor(run.executor);
      const dataset = await this.datasetOf(run);
      const read = await this.data(
        dataset,
        run.recipe,
        await this.parts.runs.tokenizer(runId),
        this.parts.onProgress,
      );
      const own = run.facts ? adopt(read, run.facts) : read;
      const { data, earlier } = await this.withEarlier(run.recipe, own, run.parent?.split);
      const session = await this.sessionFor({ ...run, dataset }, executor, data, { earlier });
      session.last = { ...run.last };
      await session.prepare(checkpoint, this.parts.onProgress);
      await this.parts.runs.rewind(runId, at);
      await this.parts.runs.update(runId, {
        recipe: run.recipe,
        state: session.state,
        executor: run.executor,
        adapter: executor.adapter.name,
        dataset,
      });
      this.run = await this.parts.runs.get(runId);
    } catch (error) {
      this.session = undefined;
      this.run = undefined;
      this.parts.onState?.('idle');
      throw error;
    }
  }

  /**
   * A new run that begins at a checkpoint of another, opened and `paused`; nothing is left of it where it cannot be opened.
   * @throws StudioError `branch-unfit` where a changed recipe's parameters do not fit, and what `open` throws
   */
  async branch(at: BranchPoint, change?: BranchChange): Promise<void> {
    const { branchRun } = await import('./branch.ts');
    const run = await branchRun(this.parts.runs, at, change);
    try {
      await this.open(run.id);
    } catch (error) {
      await this.parts.runs.remove(run.id);
      throw error;
    }
  }

  /** The stored data set a run was trained on, by id or, for an imported model, by fingerprint. */
  private async datasetOf(run: RunSummary): Promise<string> {
    const sets = await this.parts.datasets.list();
    const found = sets.find(({ id }) => id === run.dataset) ?? sets.find((set) => trainedOn(run, set));
    if (!found) throw new StudioError('dataset-missing', { dataset: run.datasetName });
    return found.id;
  }

  private async sessionFor(
    run: RunSummary,
    executor: Executor,
    data: PreparedData,
    begun: Pick<SessionOptions, 'fill' | 'earlier'>,
  ): Promise<Session> {
    await ready(run.recipe);
    this.run = run;
    this.session = new Session({
      executor,
      recipe: run.recipe,
      data,
      runs: this.parts.runs,
      run: run.id,
      features: { kept: this.parts.features, onProgress: this.parts.onProgress },
      ...begun,
      onState: (state, error) => this.parts.onState?.(state, error),
      onRow: (row) => this.parts.onRow?.(row),
      onRecipe: (recipe) => {
        if (this.run?.id === run.id) this.run = { ...this.run, recipe };
        this.parts.onRecipe?.();
      },
      onPause: (session) => this.parts.onPause?.(session) ?? Promise.resolve(),
    });
    return this.session;
  }

  /** Ends what is open, keeping it. */
  async close(): Promise<void> {
    const { session } = this;
    if (session?.state === 'running') await session.pause();
    session?.destroy();
    this.session = undefined;
    this.run = undefined;
  }

  /** The open session. @throws StudioError `session-state` */
  get current(): Session {
    if (!this.session) throw new StudioError('session-state', { state: 'idle', command: 'train' });
    return this.session;
  }

  /** A model to ask: the open session's as it is now, or a run's at a saved step; on its own data set or another. */
  async model(at: { run?: string; step?: number; dataset?: string } = {}): Promise<Model> {
    const own = this.run?.id;
    const runId = at.run ?? own;
    if (runId === undefined) throw new StudioError('session-state', { state: 'idle', command: 'ask' });
    const otherData = at.dataset !== undefined && at.dataset !== this.run?.dataset;
    if (
      runId === own &&
      at.step === undefined &&
      !otherData &&
      this.session &&
      this.session.state !== 'failed'
    )
      return this.session.model;
    const run = await this.parts.runs.get(runId);
    const step = at.step ?? run.checkpoints.at(-1)?.step ?? 0;
    const dataset = at.dataset ?? (await this.datasetOf(run));
    const key = `${runId} ${step} ${dataset} ${run.checkpoints.find((checkpoint) => checkpoint.step === step)?.createdAt}`;
    let known = this.models.get(key);
    if (known) {
      // The one asked for last is the last to be let go.
      this.models.delete(key);
      this.models.set(key, known);
    } else {
      known = this.load(run, step, dataset);
      known.catch(() => this.models.delete(key));
      this.models.set(key, known);
      for (const [oldest, model] of this.models) {
        if (this.models.size <= mostModels) break;
        this.models.delete(oldest);
        void model.then((loaded) => loaded.destroy(true));
      }
    }
    return known;
  }

  private async load(run: RunSummary, step: number, dataset: string): Promise<Model> {
    const { session, parts } = this;
    const open = run.id === this.run?.id && dataset === this.run.dataset ? session?.options : undefined;
    const { openModel } = await import('./openModel.ts');
    const executor = await this.executor(run.executor);
    const prepare = await this.preparing();
    return openModel({ ...parts, executor, prepare }, run, step, dataset, open?.earlier?.own ?? open?.data);
  }

  /** What comparisons, sweeps and checks stand on, beside what is open. */
  async ground(dataset: string, executorName: ExecutorName): Promise<Ground> {
    const executor = await this.executor(executorName);
    const set = await this.summary(dataset);
    return {
      executor,
      executorName,
      runs: this.parts.runs,
      dataset,
      datasetName: set?.name ?? dataset,
      data: async (recipe) => {
        const own = await this.data(dataset, ofSet(recipe, set), undefined);
        return (await this.withEarlier(recipe, own, undefined, true)).data;
      },
    };
  }

  /** The zip of a run's weights at a saved step, or the newest (the open run's as they are now). */
  async exportModel(runId?: string, step?: number): Promise<{ name: string; bytes: Uint8Array }> {
    const run = await this.parts.runs.get(runId ?? this.run?.id ?? '');
    const open = step === undefined && run.id === this.run?.id ? this.session : undefined;
    const { exportKept, exportRun } = await import('./exchange.ts');
    const kept = open ? undefined : await exportKept(this.parts.runs, run, step);
    if (kept) return kept;
    const model = await this.model({ run: run.id, step });
    const now = open ? { step: open.step, last: { ...open.last } } : {};
    return exportRun({ ...run, recipe: model.recipe, ...now }, model);
  }

  /** A folder of Hugging Face's as a run. */
  async importHub(name: string, files: HubFiles, executor: ExecutorName): Promise<RunSummary> {
    return (await import('./exchange.ts')).importHub(name, files, executor, this.parts);
  }

  /** Restores an exported model as a run; nothing is kept when it is damaged. */
  async importModel(name: string, bytes: Uint8Array, executor: ExecutorName): Promise<RunSummary> {
    return (await import('./exchange.ts')).importRun(name, bytes, executor, this.parts);
  }
}
