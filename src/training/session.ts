/**
 * A session: a recipe on a device with its weights, optimizer state and data cursor, as a state machine
 * idle → compiling → paused ⇄ running → finished | failed. The data cursor is the step itself (data/batches.ts), so weights, moments, step and what
 * methods remember are all there is to resume exactly. Steps are taken in small chunks; the records of one chunk are read while the next runs. Where a
 * stage begins, or a change was asked for, the session settles and the phase (training/phase.ts) is configured or followed by another.
 */
import type { Change } from '../core/controls.ts';
import { asStudioError, StudioError } from '../core/errors.ts';
import type { Memory, Profile, StepSplit } from '../core/profile.ts';
import type { OnProgress } from '../core/progress.ts';
import type { Recipe } from '../core/recipe.ts';
import { nextStage, recipeAt } from '../core/stages.ts';
import { drawBatch } from '../data/draw.ts';
import type { Drawn } from '../data/prepared.ts';
import type { StepRecord, Trainer, Weights } from '../engine/executor.ts';
import { Changing } from './changing.ts';
import { Course } from './course.ts';
import { MetricLog, type MetricRow } from './metricLog.ts';
import type { Model } from './model.ts';
import { type Chunk, Pace } from './pace.ts';
import type { Phase, PhaseOptions } from './phase.ts';
import type { Profiler } from './profiler.ts';
import { NonFinite, rowOf } from './record.ts';
import type { SessionState } from './run.ts';
import type { RunStore } from './runStore.ts';
import type { Setup } from './setup.ts';

export interface SessionOptions extends PhaseOptions {
  recipe: Recipe;
  runs: RunStore;
  run: string;
  /** Whether checkpoints are written; true by default. */
  keep?: boolean;
  onState?(state: SessionState, error?: StudioError): void;
  onRow?(row: MetricRow): void;
  /** The recipe changed: by hand, and then it is kept with the run. */
  onRecipe?(recipe: Recipe): void;
  /** Between chunks of steps, when reading from the device is safe. */
  onPause?(session: Session): Promise<void>;
}

/** Milliseconds of a chunk: with two under way short enough to answer a click, long enough to hide the reading back. */
const chunkTime = 40;

export class Session {
  state: SessionState = 'idle';
  error?: StudioError;
  step = 0;
  /** Seconds spent training, over all resumes. */
  seconds = 0;
  last: MetricRow = {};
  /** Norms of the last step that was settled, of the groups of its phase. */
  norms?: { step: number; groups: Setup['norms']; of: StepRecord['norms'] };
  readonly options: SessionOptions;
  private readonly course: Course;
  private readonly changing: Changing;
  private loop?: Promise<void>;
  private wanted: 'run' | 'pause' | 'stop' = 'pause';
  private log = new MetricLog();
  private readonly pace = new Pace();
  private profiler?: Profiler;

  /** @throws StudioError `recipe-invalid`, `shape-mismatch`, `data-too-few` */
  constructor(options: SessionOptions) {
    this.options = options;
    const { recipe, data } = options;
    this.course = new Course(recipe, options);
    this.changing = new Changing(this.course, () => this.keepRecipe());
    drawBatch(data, recipeAt(recipe, 0), 0);
  }

  /** With its stages, those made by hand among them. */
  get recipe(): Recipe {
    return this.course.recipe;
  }

  private get open(): Phase {
    if (!this.course.phase) throw this.wrongState('train');
    return this.course.phase;
  }

  get setup(): Setup {
    return this.course.setup;
  }

  get ready(): { weights: Weights; trainer: Trainer } {
    return this.open;
  }

  /** What the last micro-batch drew, for probes. */
  get batch(): Drawn | undefined {
    return this.course.phase?.stepping.batch;
  }

  /** The model with its weights as they are now. */
  get model(): Model {
    return this.open.model;
  }

  holds(model: Model): boolean {
    return this.course.phase?.model === model;
  }

  /** Puts the model on the device; from a checkpoint, or from the seed. Then `paused`. */
  async prepare(checkpoint?: Uint8Array, onProgress?: OnProgress): Promise<void> {
    this.enter('compiling');
    try {
      const begun = await this.course.begin(checkpoint, (done, total) =>
        onProgress?.({ phase: 'compile', done, total }),
      );
      this.step = begun.step;
      this.seconds = begun.seconds;
      this.enter(this.step >= this.recipe.training.steps ? 'finished' : 'paused');
    } catch (error) {
      throw this.fail(error);
    }
  }

  /**
   * Changes what training does, from the next step on; kept in the recipe as a stage. Where the graph changes, it is compiled beside the running one.
   * Settles when it is in force. @throws StudioError `recipe-invalid`, `session-state`; nothing has changed then
   */
  async change(change: Change): Promise<void> {
    if (this.state !== 'paused' && this.state !== 'running') throw this.wrongState('change');
    await this.changing.ask(
      change,
      () => this.step,
      () => {
        if (this.state !== 'running') void this.changing.apply(this.step);
      },
    );
  }

  private async keepRecipe(): Promise<void> {
    const { keep, runs, run, onRecipe } = this.options;
    onRecipe?.(this.recipe);
    if (keep !== false) await runs.update(run, { recipe: this.recipe });
  }

  start(): void {
    if (this.state !== 'paused') throw this.wrongState('start');
    this.wanted = 'run';
    this.enter('running');
    this.loop = this.run(Number.POSITIVE_INFINITY);
  }

  /** Stops after the steps that are under way and keeps a checkpoint. */
  async pause(): Promise<void> {
    if (this.state === 'paused') return;
    if (this.state !== 'running') throw this.wrongState('pause');
    this.wanted = 'pause';
    await this.loop;
  }

  /** One step, then paused again. */
  async stepOnce(): Promise<void> {
    if (this.state !== 'paused') throw this.wrongState('step');
    this.wanted = 'run';
    this.enter('running');
    this.loop = this.run(1);
    await this.loop;
  }

  /**
   * Measures the next steps of the run, which are the same to the bit as without; paused, it takes them and is paused again. Fewer where
   * the run ends before. @throws StudioError `session-state`
   */
  async profile(steps = 5): Promise<Profile> {
    const { Profiler } = await import('./profiler.ts');
    if (this.state !== 'paused' && this.state !== 'running') throw this.wrongState('profile');
    this.profiler ??= new Profiler(steps, this.ready.trainer.untimed);
    const { result } = this.profiler;
    if (this.state === 'paused') {
      this.wanted = 'run';
      this.enter('running');
      this.loop = this.run(steps);
      await this.loop;
    }
    return result;
  }

  /** Bytes of a training step and its weights, by kind; undefined before `prepare`. */
  get memory(): Memory | undefined {
    return this.course.phase?.trainer.memory();
  }

  /** Ends the run for good. */
  async stop(): Promise<void> {
    if (this.state === 'running') {
      this.wanted = 'stop';
      await this.loop;
    } else if (this.state === 'paused') {
      await this.save('finished');
      this.enter('finished');
    } else throw this.wrongState('stop');
  }

  /** Settles when the run is no longer running. */
  async settled(): Promise<void> {
    await this.loop;
  }

  private async run(count: number): Promise<void> {
    const { steps, validateEvery, checkpointEvery } = this.recipe.training;
    const end = Math.min(steps, this.step + count);
    try {
      if (this.step === 0) this.pushFound(await this.course.measure(0, Number.NaN));
      while (this.step < end && this.wanted === 'run') {
        await this.changing.apply(this.step);
        this.course.lookAhead(this.step);
        // A chunk ends where something must be measured or kept, or another stage begins.
        const next = Math.min(
          end,
          nextMultiple(this.step, validateEvery),
          nextMultiple(this.step, checkpointEvery),
          this.course.nextBreak(this.step),
        );
        await this.runUntil(next);
        if (this.step < next) continue;
        if (this.step % validateEvery === 0 || this.step === steps)
          this.pushFound(await this.course.measure(this.step, this.last['loss']));
        this.pushFound(await this.course.refresh(this.step));
        if (this.step % checkpointEvery === 0 && this.step < end) await this.save('running');
        if (this.step < steps && nextStage(this.recipe, this.step - 1) === this.step)
          await this.course.enter(this.step);
      }
      const finished = this.step >= steps || this.wantsStop();
      await this.save(finished ? 'finished' : 'paused');
      this.enter(finished ? 'finished' : 'paused');
      await this.changing.apply(this.step);
    } catch (error) {
      if (!(error instanceof NonFinite)) {
        this.fail(error);
        return;
      }
      // The weights are those before that step; the person is told which tensor broke, and can go back further.
      const failure = await this.diagnose(error.step);
      await this.save('paused');
      this.error = failure;
      this.enter('paused', failure);
    } finally {
      this.profiler?.end(() => this.error ?? this.wrongState('profile'));
      this.profiler = undefined;
    }
  }

  /** Steps, settled, until `next` are done, a pause is wanted or a change waits. */
  private async runUntil(next: number): Promise<void> {
    let waiting: Chunk | undefined;
    while (this.step < next && this.wanted === 'run' && !this.changing.waits) {
      if (this.profiler) {
        if (waiting) await this.settle(waiting);
        waiting = undefined;
        await this.profileStep(this.profiler);
      } else {
        const { capacity } = this.open.stepping;
        const chunk = this.take(Math.min(next - this.step, capacity, this.pace.chunk(chunkTime)));
        // With the records of the chunk before awaited only now, the device already has this chunk to work on.
        if (waiting) await this.settle(waiting);
        waiting = chunk;
        await breathe();
        // Two of a step that is longer than a chunk would answer a click too late.
        if ((this.pace.step ?? Number.POSITIVE_INFINITY) > chunkTime) {
          await this.settle(chunk);
          waiting = undefined;
        }
      }
      await this.pace.leaveOut(() => this.options.onPause?.(this), waiting);
    }
    if (waiting) await this.settle(waiting);
  }

  /** Takes the next steps to the device. */
  private take(size: number): Chunk {
    const { stepping } = this.open;
    const began = performance.now();
    let data = 0;
    for (let i = 0; i < size; i++) {
      data += stepping.take(this.step, this.course.memories.rate.at(this.step + 1), this.pace.step ?? 0);
      this.step++;
    }
    const records = stepping.records();
    return { size, began, data, encode: performance.now() - began - data, records };
  }

  /** Awaits a chunk's records and makes rows of them. @throws NonFinite */
  private async settle(chunk: Chunk): Promise<void> {
    const began = performance.now();
    const records = await chunk.records;
    const { seconds, split } = this.pace.settle(chunk, performance.now() - began);
    this.seconds += seconds;
    this.account(records, split);
  }

  /** One step of the run, measured. It waits for the device and counts in no average. @throws NonFinite */
  private async profileStep(profiler: Profiler): Promise<void> {
    const { stepping } = this.open;
    const began = performance.now();
    const taken = stepping.profile(this.step, this.course.memories.rate.at(this.step + 1));
    this.step++;
    const profile = await taken;
    const records = await stepping.records();
    this.seconds += (performance.now() - began) / 1000;
    this.account(records);
    profiler.add(this.step, profile);
    if (!profiler.done) return;
    this.profiler = undefined;
    profiler.end(() => this.wrongState('profile'));
  }

  private wantsStop(): boolean {
    return this.wanted === 'stop';
  }

  /** Turns records into rows. @throws NonFinite; the step is then taken back */
  private account(records: StepRecord[], split?: StepSplit): void {
    const { recipe, setup, stepping } = this.open;
    for (const record of records) {
      if (record.skipped || !Number.isFinite(record.scalars['loss'])) {
        this.step = record.step - 1;
        throw new NonFinite(record.step);
      }
      this.norms = { step: record.step, groups: setup.norms, of: record.norms };
      const rate = this.course.memories.rate.at(record.step);
      const row = rowOf(record, setup, Object.keys(recipe.encoders), rate, this.seconds);
      const { step: stepMs = Number.NaN } = this.pace;
      row['samplesPerSecond'] = (stepping.rows(record.step - 1) * 1000) / stepMs;
      row['stepMs'] = stepMs;
      for (const [part, milliseconds] of Object.entries(split ?? {})) row[`time.${part}`] = milliseconds;
      this.push(row);
    }
  }

  private push(row: MetricRow): void {
    this.log.push(row);
    Object.assign(this.last, row);
    this.options.onRow?.(row);
  }

  private pushFound(row: Record<string, number>): void {
    if (Object.keys(row).length > 0) this.push({ step: this.step, time: this.seconds, ...row });
  }

  /** Keeps weights, moments, step and metrics. */
  private async save(state: SessionState): Promise<void> {
    if (this.options.keep === false) return;
    const bytes = await this.checkpoint();
    const metrics = this.log.take();
    await this.options.runs.saveCheckpoint(this.options.run, this.step, bytes, metrics, {
      state,
      step: this.step,
      last: { ...this.last },
    });
  }

  /** All that is needed to go on from here. Steps must be settled. */
  checkpoint(): Promise<Uint8Array> {
    return this.course.checkpoint(this.step, this.seconds);
  }

  private enter(state: SessionState, error?: StudioError): void {
    this.state = state;
    if (state === 'running') {
      this.error = undefined;
      this.course.phase?.trainer.clearHalt();
    }
    this.options.onState?.(state, error);
  }

  /** Ends a session that cannot go on; its last checkpoint stays. */
  fail(error: unknown): StudioError {
    this.error = asStudioError(error);
    this.enter('failed', this.error);
    return this.error;
  }

  private wrongState(command: string): StudioError {
    return new StudioError('session-state', { state: this.state, command });
  }

  /** Names the tensor of a step (1-based) that was not finite, and the micro-batch where several make the step. */
  async diagnose(step: number): Promise<StudioError> {
    const { recipe, setup, weights, stepping } = this.open;
    const parameters = await weights.read('parameters');
    const { diagnose } = await import('./diagnose.ts');
    return diagnose(recipe, this.options.data, setup.layout, parameters, step, stepping.draws);
  }

  destroy(): void {
    this.course.destroy();
    this.changing.end(this.wrongState('change'));
  }
}

const nextMultiple = (step: number, every: number) => (Math.floor(step / every) + 1) * every;

/** Lets messages of the page arrive between chunks. */
const breathe = () => new Promise<void>((resolve) => setTimeout(resolve));
