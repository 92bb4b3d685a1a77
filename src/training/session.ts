/**
 * A session: a graph on a device with its weights, optimizer state and data cursor, as a state machine
 * idle → compiling → paused ⇄ running → finished | failed. The data cursor is the step itself (data/batches.ts), so weights, moments and step
 * are all there is to resume exactly. Steps are taken in small chunks; the records of one chunk are read while the next runs.
 */
import { asStudioError, StudioError } from '../core/errors.ts';
import type { Memory, Profile, StepSplit } from '../core/profile.ts';
import type { OnProgress } from '../core/progress.ts';
import { pairsPerStep, type Recipe } from '../core/recipe.ts';
import { trainBatch } from '../data/batches.ts';
import { drawBatch, trainPictures } from '../data/draw.ts';
import type { Drawn, PreparedData } from '../data/prepared.ts';
import type { ParameterLayout } from '../engine/compile/layout.ts';
import type { Executor, StepRecord, Trainer, Weights } from '../engine/executor.ts';
import { trainingGraph } from '../models/build.ts';
import { initialize } from '../models/initialize.ts';
import { likelyAbsent } from './branches.ts';
import { readCheckpoint, writeCheckpoint } from './checkpoint.ts';
import { drawObjectives } from './draws.ts';
import { Feed, graphInputs, type PicturePlan, planPictures } from './feed.ts';
import { MetricLog, type MetricRow } from './metricLog.ts';
import { Model } from './model.ts';
import { type Chunk, Pace } from './pace.ts';
import { Profiler } from './profiler.ts';
import { NonFinite, rowOf } from './record.ts';
import type { SessionState } from './run.ts';
import type { RunStore } from './runStore.ts';
import { type Setup, setUp } from './setup.ts';
import { modelShape } from './shape.ts';
import { microBatches, Stepping } from './stepping.ts';
import { TermNorms } from './termNorms.ts';
import { validationRow } from './validate.ts';

export interface SessionOptions {
  executor: Executor;
  recipe: Recipe;
  data: PreparedData;
  runs: RunStore;
  run: string;
  /** Bytes that pictures may take on the device; by its limits by default (training/feed.ts). */
  pictureBudget?: number;
  /** Whether checkpoints are written; true by default. */
  keep?: boolean;
  /** Writes what does not start at random: a teacher's weights. */
  fill?(flat: Float32Array, layout: ParameterLayout): void;
  onState?(state: SessionState, error?: StudioError): void;
  onRow?(row: MetricRow): void;
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
  readonly options: SessionOptions;
  readonly setup: Setup;
  private asked?: Model;
  private termNorms?: TermNorms;
  private weights?: Weights;
  private trainer?: Trainer;
  private stepping?: Stepping;
  private readonly pictures?: PicturePlan;
  private loop?: Promise<void>;
  private wanted: 'run' | 'pause' | 'stop' = 'pause';
  private log = new MetricLog();
  private readonly pace = new Pace();
  private profiler?: Profiler;

  /** @throws StudioError `recipe-invalid`, `shape-mismatch`, `data-too-few` */
  constructor(options: SessionOptions) {
    this.options = options;
    const { recipe, data, executor, pictureBudget } = options;
    const shape = modelShape(recipe, data);
    const facts = { pictures: trainPictures(data).length, size: data.size, batch: shape.batch };
    this.pictures = planPictures(facts, executor.adapter, pictureBudget);
    this.setup = setUp(recipe, { ...shape, pictures: this.pictures }, likelyAbsent(recipe, data));
    drawBatch(data, recipe, 0);
  }

  get ready(): { weights: Weights; trainer: Trainer } {
    if (!this.weights || !this.trainer) throw this.wrongState('train');
    return { weights: this.weights, trainer: this.trainer };
  }

  /** What the last micro-batch drew, for probes. */
  get batch(): Drawn | undefined {
    return this.stepping?.batch;
  }

  /** The model with its weights as they are now. */
  get model(): Model {
    const { executor, recipe, data } = this.options;
    this.asked ??= new Model(executor, recipe, data, this.ready.weights);
    return this.asked;
  }

  /** Puts the model on the device; from a checkpoint, or from the seed. Then `paused`. */
  async prepare(checkpoint?: Uint8Array, onProgress?: OnProgress): Promise<void> {
    const { executor, recipe, data } = this.options;
    this.enter('compiling');
    try {
      const { moments } = this.setup.rule;
      this.weights = await executor.weights(this.setup.layout, moments);
      let scaling: number[] | undefined;
      if (checkpoint) {
        const { step, seconds, ...kept } = readCheckpoint(checkpoint, this.weights, moments);
        this.step = step;
        this.seconds = seconds;
        scaling = kept.scaling;
      } else {
        const flat = initialize(this.setup.layout, recipe.seed);
        this.options.fill?.(flat, this.setup.layout);
        this.weights.write('parameters', flat);
      }
      this.trainer = await executor.trainer(this.setup.specification, this.weights, (done, total) =>
        onProgress?.({ phase: 'compile', done, total }),
      );
      if (scaling) this.trainer.restoreScaling(scaling);
      const feed = await Feed.create(this.trainer, data, recipe, this.pictures);
      this.stepping = new Stepping(this.trainer, feed, data, recipe, this.setup.specification.branches);
      this.enter(this.step >= recipe.training.steps ? 'finished' : 'paused');
    } catch (error) {
      throw this.fail(error);
    }
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
    return this.trainer?.memory();
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
    const { steps, validateEvery, checkpointEvery } = this.options.recipe.training;
    const end = Math.min(steps, this.step + count);
    try {
      const stepping = this.stepping!;
      while (this.step < end && this.wanted === 'run') {
        // A chunk ends where something must be measured or kept.
        const next = Math.min(
          end,
          nextMultiple(this.step, validateEvery),
          nextMultiple(this.step, checkpointEvery),
        );
        let waiting: Chunk | undefined;
        while (this.step < next && this.wanted === 'run') {
          if (this.profiler) {
            if (waiting) await this.settle(waiting);
            waiting = undefined;
            await this.profileStep(this.profiler);
          } else {
            const chunk = this.take(
              Math.min(next - this.step, stepping.capacity, this.pace.chunk(chunkTime)),
            );
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
        if (this.step % validateEvery === 0 || this.step === steps) await this.measure();
        if (this.step % checkpointEvery === 0 && this.step < end) await this.save('running');
      }
      const finished = this.step >= steps || this.wantsStop();
      await this.save(finished ? 'finished' : 'paused');
      this.enter(finished ? 'finished' : 'paused');
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

  /** Takes the next steps to the device. */
  private take(size: number): Chunk {
    const stepping = this.stepping!;
    const began = performance.now();
    let data = 0;
    for (let i = 0; i < size; i++) {
      data += stepping.take(this.step, this.setup.rateAt(this.step + 1), this.pace.step ?? 0);
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
    const stepping = this.stepping!;
    const began = performance.now();
    const taken = stepping.profile(this.step, this.setup.rateAt(this.step + 1));
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
    const { recipe } = this.options;
    for (const record of records) {
      if (record.skipped || !Number.isFinite(record.scalars['loss'])) {
        this.step = record.step - 1;
        throw new NonFinite(record.step);
      }
      const row = rowOf(record, this.setup, Object.keys(recipe.encoders), this.seconds);
      const { step: stepMs = Number.NaN } = this.pace;
      row['samplesPerSecond'] = (pairsPerStep(recipe) * 1000) / stepMs;
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

  private async measure(): Promise<void> {
    const { data, recipe, executor } = this.options;
    if (data.splitPairs.validation.length === 0) return;
    const validation = await this.model.validate('validation', recipe.training.validatePairs);
    this.termNorms ??= new TermNorms(executor, recipe, modelShape(recipe, data), this.ready.weights);
    const norms = await this.termNorms.measure(data, microBatches(recipe, this.step - 1)[0]);
    this.push({ step: this.step, time: this.seconds, ...validationRow(validation), ...norms });
  }

  /** Keeps weights, moments, step and metrics. */
  private async save(state: SessionState): Promise<void> {
    const { weights, trainer } = this.ready;
    if (this.options.keep === false) return;
    await trainer.records();
    const { moments } = this.setup.rule;
    const bytes = await writeCheckpoint(weights, moments, this.step, this.seconds, await trainer.scaling());
    const metrics = this.log.take();
    await this.options.runs.saveCheckpoint(this.options.run, this.step, bytes, metrics, {
      state,
      step: this.step,
      last: { ...this.last },
    });
  }

  private enter(state: SessionState, error?: StudioError): void {
    this.state = state;
    if (state === 'running') {
      this.error = undefined;
      this.trainer?.clearHalt();
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
    const { data, recipe } = this.options;
    const parameters = await this.ready.weights.read('parameters');
    // Read on the processor, so that not every picture has to pass.
    const micros = microBatches(recipe, step - 1);
    const shape = modelShape(recipe, data);
    const model = trainingGraph(recipe, shape);
    const inputsOf = (k: number) => {
      const batch = trainBatch(data, recipe, micros[k]);
      return { ...graphInputs(batch), ...drawObjectives(recipe, shape, batch, micros[k]) };
    };
    const { firstNonFinite } = await import('./nonFinite.ts');
    const tensor = firstNonFinite(model, this.setup.layout, parameters, inputsOf, micros.length);
    return new StudioError('non-finite', {
      step,
      tensor: tensor ?? 'the gradient norm, in the device’s own arithmetic',
    });
  }

  destroy(): void {
    this.asked?.destroy(false);
    this.termNorms?.destroy();
    this.trainer?.destroy();
    this.weights?.destroy();
  }
}

const nextMultiple = (step: number, every: number) => (Math.floor(step / every) + 1) * every;

/** Lets messages of the page arrive between chunks. */
const breathe = () => new Promise<void>((resolve) => setTimeout(resolve));
