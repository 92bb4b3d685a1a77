/**
 * The contracts between the page and its workers. Plain data only: no tensor, no GPU handle, no callback per step.
 * Commands go through comlink; telemetry has a port of its own (workers/telemetry.ts).
 * Long work takes an `onProgress` (a comlink proxy) and a job id that `cancel` accepts.
 */
import type { Change, Stage } from '../core/controls.ts';
import type { ErrorCode, ErrorParams, Language } from '../core/errors.ts';
import type { Evaluation, EvaluationOptions } from '../core/evaluation.ts';
import type { ExportTarget, Written } from '../core/exporting.ts';
import type { FieldValues } from '../core/fields.ts';
import type { ParameterSize } from '../core/parts.ts';
import type { Memory, Profile } from '../core/profile.ts';
import type { OnProgress, Progress } from '../core/progress.ts';
import type { Recipe } from '../core/recipe.ts';
import type { SweepPlan } from '../core/sweepPlan.ts';
import type { TakenPart } from '../core/taken.ts';
import type { DatasetSummary, Split } from '../data/dataset.ts';
import type { Diagram } from '../models/diagram.ts';
import type { Answer, Asked, Brought } from '../training/ask.ts';
import type { Catalog, CatalogEntry } from '../training/catalog.ts';
import type { ComparisonPlan, ComparisonRow } from '../training/compare.ts';
import type { Comparison, ComparisonProgress } from '../training/comparisons.ts';
import type { Finding, Remedy } from '../training/diagnosis/definition.ts';
import type { Examination } from '../training/examine.ts';
import type { Writing } from '../training/generate.ts';
import type { FrozenTower } from '../training/heldTowers.ts';
import type { AttentionMaps } from '../training/look/attention.ts';
import type { Attribution, AttributionOptions } from '../training/look/attribution.ts';
import type { BlockNorms, Blocks } from '../training/look/blocks.ts';
import type { Embedding } from '../training/look/embedding.ts';
import type { Credit } from '../training/look/explain.ts';
import type { AxisPart, FusionProbe } from '../training/look/fusion.ts';
import type { Gates } from '../training/look/gates.ts';
import type { Histograms, TensorHistogram } from '../training/look/histogram.ts';
import type { Looked, Moment, PinnedSample } from '../training/look/look.ts';
import type { SampleAnswer, SampleWord, ShownSample, ShownSamples } from '../training/look/samples.ts';
import type { Similarity } from '../training/look/similarity.ts';
import type { WordMap, WordsAndPatches } from '../training/look/words.ts';
import type { Nearest, NearestQuestion } from '../training/nearest.ts';
import type { CheckResult } from '../training/preflight/definition.ts';
import type { CheckEntry, PreflightProgress } from '../training/preflight/preflight.ts';
import type { ExecutorName, MetricColumns, RunEdit, RunSummary, SessionState } from '../training/run.ts';
import type { PairScore, SearchHit } from '../training/search.ts';
import type { Suspicions } from '../training/suspicious.ts';
import type { SweepRow } from '../training/sweepRows.ts';
import type { Sweep, SweepProgress } from '../training/sweeps.ts';
import type { Looks } from './looks.ts';

export type { Evaluation } from '../core/evaluation.ts';
export type * from './dataApi.ts';
export type {
  Answer,
  Asked,
  AttentionMaps,
  Attribution,
  AttributionOptions,
  AxisPart,
  BlockNorms,
  Blocks,
  Brought,
  Catalog,
  CatalogEntry,
  CheckEntry,
  CheckResult,
  Comparison,
  ComparisonPlan,
  ComparisonProgress,
  ComparisonRow,
  Credit,
  DatasetSummary,
  Diagram,
  Embedding,
  Examination,
  ExecutorName,
  Finding,
  FrozenTower,
  FusionProbe,
  Gates,
  Histograms,
  Looked,
  MetricColumns,
  Moment,
  Nearest,
  OnProgress,
  PairScore,
  PinnedSample,
  PreflightProgress,
  Progress,
  Remedy,
  RunEdit,
  RunSummary,
  SampleAnswer,
  SampleWord,
  SearchHit,
  SessionState,
  ShownSample,
  ShownSamples,
  Similarity,
  Split,
  Suspicions,
  Sweep,
  SweepPlan,
  SweepProgress,
  SweepRow,
  TensorHistogram,
  WordMap,
  WordsAndPatches,
  Writing,
};

/** UMAP, in a worker of its own. */
export interface MapApi {
  /** Points × 2; from `start` and laid on `onto` (NaN where a point is new), both points × 2. The same for the same seed. @throws StudioError `cancelled` */
  layOut(
    options: {
      /** Points × width, unit length. */
      vectors: Float32Array;
      width: number;
      neighbours: number;
      least: number;
      seed: number;
      start: Float32Array;
      onto?: Float32Array;
    },
    job: string,
    onProgress: OnProgress,
  ): Promise<Float32Array>;
  /** Ends a layout that is under way. */
  cancel(job: string): Promise<void>;
}

/** Other forms of an exported model, in a worker of their own. */
export interface ExportApi {
  /** Reads a model's zip and keeps it: what follows is about it. @throws StudioError `bundle-invalid`, `safetensors-invalid` */
  open(name: string, bytes: Uint8Array): Promise<ExportTarget[]>;
  /** One file to keep, and what is inside. @param name without ending @throws StudioError `export-unfit`, `recipe-invalid`, `cancelled` */
  write(
    type: string,
    fields: FieldValues,
    name: string,
    job: string,
    onProgress: OnProgress,
  ): Promise<Written & { name: string; bytes: Uint8Array; files: { path: string; bytes: number }[] }>;
  cancel(job: string): void;
}

export interface ExecutorCapability {
  name: ExecutorName;
  available: boolean;
  /** Why not, where not available. */
  reason?: string;
  /** `NVIDIA …`, `SwiftShader`, `WebAssembly SIMD`, … */
  adapter?: string;
  /** A software adapter proves correctness, not speed. */
  software?: boolean;
  /** Largest buffer in bytes, where there is such a limit. */
  maxBuffer?: number;
  features?: string[];
}

export interface SessionStatus {
  state: SessionState;
  run?: string;
  dataset?: string;
  step: number;
  steps: number;
  executor?: ExecutorName;
  adapter?: string;
  software?: boolean;
  error?: { code: ErrorCode; params: ErrorParams };
  /** Steps of a pass over the training samples. */
  epoch?: number;
  /** While compiling, and while features of frozen encoders are computed. */
  progress?: Progress;
  /** Encoders that are frozen as a whole, and whether their features are kept; once compiled. */
  towers?: readonly FrozenTower[];
  /** Of a training step and its weights; once compiled. */
  memory?: Memory;
  /** What the recipe changes during the run, in order; changes by hand among them. */
  stages?: Stage[];
}

/** One tick of telemetry, decoded. */
export interface Telemetry {
  status: SessionStatus;
  /** New rows since the last frame. */
  metrics: MetricColumns;
  /** Of the open run, the worst first; where they were looked for again. */
  findings?: Finding[];
}

interface RetrievalMeasure {
  r1: number;
  r5: number;
  r10: number;
  medianRank: number;
}

export interface ValidationResult {
  pairs: number;
  /** Samples among them. */
  images: number;
  loss: number;
  /** Between the two modalities `between`, from the first to the second and back, where the recipe compares any. */
  between?: [string, string];
  imageToText?: RetrievalMeasure;
  textToImage?: RetrievalMeasure;
  /** What the objectives measure by themselves, `<term>.<measure>`. */
  measures: Record<string, number>;
}

/** A checkpoint of a run of this browser, the newest by default. */
export interface StartingPoint {
  run: string;
  step?: number;
}

/** A run at a saved step (the newest by default), on its own data or other data. */
export interface EvaluatedModel {
  run: string;
  step?: number;
  dataset?: string;
}

/** A kept evaluation without its figures. */
export type EvaluationHead = Pick<Evaluation, 'id' | 'createdAt' | 'model' | 'data' | 'options'>;

/** With every look that there is (workers/looks.ts): what a model can be asked, with the weights of now or of a saved step. */
export interface EngineApi extends Looks {
  /** Telemetry frames go to this port; each must be acknowledged (workers/telemetry.ts does it). */
  connect(port: MessagePort): Promise<void>;
  capabilities(): Promise<ExecutorCapability[]>;
  /** Checks a recipe against a data set (optional) and the adapter; never throws for a mistake in the recipe. */
  examine(recipe: Recipe, dataset?: string): Promise<Examination>;

  /** The checks that can be made before a run. */
  preflightChecks(): Promise<CheckEntry[]>;
  /**
   * Makes checks, all or some, on copies that are thrown away; a paused session stays as it is, and one that goes on ends the checks. `cancelTrials` ends them.
   * @throws StudioError `session-state` while training, `cancelled`, `recipe-invalid`, and what training throws
   */
  preflight(
    recipe: Recipe,
    dataset: string,
    job: string,
    only: string[] | undefined,
    onProgress: (progress: PreflightProgress) => void,
  ): Promise<CheckResult[]>;

  /** Compiles a recipe's kernels ahead of time, so that `create` finds them ready. Never throws. */
  warm(recipe: Recipe, executor: ExecutorName): Promise<void>;
  /** Makes a run and compiles it, with the weights of another where one is named; it is then `paused` at step 0. */
  create(
    recipe: Recipe,
    dataset: string,
    executor: ExecutorName,
    name: string,
    from?: StartingPoint,
  ): Promise<SessionStatus>;
  /**
   * What a new run of a recipe on a data set would take from the weights of another, and what would begin at random.
   * @throws StudioError `start-unfit`, `run-missing`, `checkpoint-invalid`, `dataset-missing`, and those of the recipe
   */
  startPlan(recipe: Recipe, dataset: string, from: StartingPoint): Promise<TakenPart[]>;
  /** Opens an earlier run at a checkpoint (the newest by default); it is then `paused`. */
  open(run: string, step?: number): Promise<SessionStatus>;
  /** Makes and opens a new run that begins at a checkpoint of another, by the same recipe or a changed one; it is then `paused`. */
  branch(run: string, step: number, change?: { recipe?: Recipe; name?: string }): Promise<SessionStatus>;
  start(): Promise<void>;
  pause(): Promise<void>;
  /** One step, then `paused`. */
  step(): Promise<void>;
  /** Changes what training does from the next step on, running or paused; settles when it is in force. Kept in the recipe as a stage. */
  change(change: Change): Promise<void>;
  /** Parameters of the open session as it is now; none where there is none. */
  parameters(): Promise<ParameterSize[]>;
  /** Measures the next steps of the run, running or paused, without changing it. */
  profile(steps: number): Promise<Profile>;
  /** Ends the run for good: state `finished`. */
  stop(): Promise<void>;
  status(): Promise<SessionStatus>;

  /** Runs of this browser, newest first. */
  runs(): Promise<RunSummary[]>;
  metrics(run: string): Promise<MetricColumns>;
  updateRun(run: string, change: RunEdit): Promise<void>;
  removeRun(run: string): Promise<void>;

  /** Searches pictures of a split with words, or with a picture of the set, or with pixels (RGB, size × size × 3). */
  search(
    query: { text: string } | { image: number } | { pixels: Uint8Array; size: number },
    options: { split: Split | 'all'; limit: number; run?: string; dataset?: string },
  ): Promise<SearchHit[]>;
  /** Captions nearest to a picture. */
  describe(
    query: { image: number } | { pixels: Uint8Array; size: number },
    options: { split: Split | 'all'; limit: number; run?: string; dataset?: string },
  ): Promise<PairScore[]>;
  /** What the model predicts for a sample: its classes with their shares, or a number. */
  ask(asked: Asked, at?: { run?: string; step?: number }): Promise<Answer[]>;
  /** A caption that the model writes. */
  write(asked: Asked, writing: Writing, at?: { run?: string; step?: number }): Promise<string>;

  /**
   * Compares fusions on a data set; the open session is closed first. Finished trials are kept, and the same plan goes on from them.
   * @throws StudioError `cancelled`
   */
  compare(
    plan: ComparisonPlan,
    dataset: string,
    job: string,
    onProgress: (progress: ComparisonProgress) => void,
  ): Promise<ComparisonRow[]>;
  /** Ends a comparison or a sweep, of which what is finished is kept, or checks. */
  cancelTrials(job: string): Promise<void>;
  /** Comparisons of this browser, newest first. */
  comparisons(): Promise<Comparison[]>;
  removeComparison(id: string): Promise<void>;

  /**
   * Tries values of a recipe's settings on a data set; the open session is closed first. Finished trials are kept, and the same plan goes on from them.
   * @throws StudioError `recipe-invalid` before anything is trained, `cancelled`
   */
  sweep(
    plan: SweepPlan,
    dataset: string,
    job: string,
    onProgress: (progress: SweepProgress) => void,
  ): Promise<SweepRow[]>;
  /** Sweeps of this browser, newest first. */
  sweeps(): Promise<Sweep[]>;
  removeSweep(id: string): Promise<void>;

  /**
   * Measures everything that fits a run's model and the data, and keeps it; an equal one before takes its place. `cancelTrials` ends it.
   * @throws StudioError `data-unfit`, `data-empty`, `dataset-missing`, `run-missing`, `cancelled`
   */
  evaluate(
    of: EvaluatedModel,
    options: EvaluationOptions,
    job: string,
    onProgress: OnProgress,
  ): Promise<Evaluation>;
  /** Evaluations of this browser, newest first. */
  evaluations(): Promise<EvaluationHead[]>;
  evaluation(id: string): Promise<Evaluation | undefined>;
  removeEvaluation(id: string): Promise<void>;
  /** An evaluation as one HTML file that stands alone. */
  evaluationReport(id: string, language: Language): Promise<string>;

  retrieval(options: {
    split: Split;
    run?: string;
    step?: number;
    dataset?: string;
  }): Promise<ValidationResult>;
  /**
   * What to look at by the model of the open run (or a run's): the pairs on which it loses most, the samples that the tower of a modality sees almost alike, or those that a classifier takes for a class.
   * @throws StudioError `session-state` where none is open, `data-unfit`, `data-empty`, `cancelled`
   */
  suspicious(
    options: {
      by: 'loss' | { modality: string; least: number } | { class: string; least: number };
      limit: number;
      run?: string;
      dataset?: string;
    },
    job: string,
    onProgress: OnProgress,
  ): Promise<Suspicions>;
  /**
   * The training samples that a run's model sees most like a sample, at a saved step (the newest by default: weights of now are saved when training
   * pauses). The vectors are kept for the next question; `cancelTrials` ends the making of them.
   * @throws StudioError `session-state` where none is open, `data-empty`, `file-missing`, `cancelled`
   */
  nearest(
    question: NearestQuestion,
    at: Moment | undefined,
    job: string,
    onProgress: OnProgress,
  ): Promise<Looked<Nearest>>;
  /** CLIP score per pair of a split, worst first. */
  pairScores(options: { split: Split; limit: number; run?: string; dataset?: string }): Promise<PairScore[]>;

  /** The zip of safetensors, recipe, tokenizer and preprocessing of a run (the open one by default), as it is now or was at a saved step. */
  exportModel(run?: string, step?: number): Promise<{ name: string; bytes: Uint8Array }>;
  /** The whole run as a folder in a zip: curves, checkpoints, samples, card, report. */
  exportRun(run: string): Promise<{ name: string; bytes: Uint8Array }>;
  /** A folder of Hugging Face's CLIP, ViT or BERT as a run: its files by name. */
  importHub(name: string, files: [string, Uint8Array][]): Promise<RunSummary>;
  /** Restores a model, or a whole run, as a run of this browser; also a zipped folder of Hugging Face's. */
  importModel(name: string, bytes: Uint8Array): Promise<RunSummary>;
}
