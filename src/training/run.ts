/** What a session leaves behind: recipe, fingerprint, metrics, checkpoints. It reopens anywhere. */
import type { Recipe } from '../core/recipe.ts';
import type { TakenPart } from '../core/taken.ts';
import type { ModelFacts } from '../data/facts.ts';

export type ExecutorName = 'webgpu' | 'tfjs-webgpu' | 'tfjs-webgl' | 'tfjs-wasm' | 'tfjs-cpu';

export type SessionState = 'idle' | 'compiling' | 'running' | 'paused' | 'finished' | 'failed';

export interface Checkpoint {
  step: number;
  createdAt: number;
  bytes: number;
}

export interface RunSummary {
  id: string;
  name: string;
  note: string;
  recipe: Recipe;
  dataset: string;
  datasetName: string;
  fingerprint: string;
  executor: ExecutorName;
  adapter: string;
  createdAt: number;
  updatedAt: number;
  state: SessionState | 'imported';
  step: number;
  /** Last values by metric name (`loss`, `val.loss`, `val.r1`, …). */
  last: Record<string, number>;
  checkpoints: Checkpoint[];
  /** What the model remembers of its data; absent in runs of older versions. */
  facts?: ModelFacts;
  /** Short words to find it by. */
  tags?: string[];
  /** The run it branched off, or whose weights it started from, and after how many steps; that run may be gone. */
  parent?: Parent;
}

export interface Parent {
  run: string;
  step: number;
  name: string;
  /** A new run on other data; absent for a branch. */
  kind?: 'weights';
  /** How the data of that run was divided, and what was taken from it: of kind `weights`. */
  split?: Recipe['data']['split'];
  taken?: TakenPart[];
}

/** What a person may change of a run that is kept. */
export type RunEdit = Partial<Pick<RunSummary, 'name' | 'note' | 'tags'>>;

/** Columns of equal length; NaN where a metric was not measured at that step. `step` and `time` (s) are always there. */
export type MetricColumns = Record<string, Float64Array>;
