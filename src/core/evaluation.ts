/**
 * What an evaluation is asked for and what it says, as plain data: made by training/evaluate.ts, kept with the runs, shown on the page, printed headless, and written into the report
 * (interchange/report.ts).
 */
import type { ErrorCode, ErrorParams } from './errors.ts';
import type { Text } from './fields.ts';

export interface ZeroShotOptions {
  /** Names of classes; those of the data where absent. */
  classes?: string[];
  /** Sentences in which `{}` stands for a name. */
  templates: string[];
}

export interface EvaluationOptions {
  split: 'train' | 'validation' | 'test' | 'all';
  /** Only the first so many pairs; all where absent. */
  limit?: number;
  /** Draws of the bootstrap; 0: no intervals. */
  bootstrap: number;
  seed: number;
  /** Each modality alone, and dealt out anew among the samples. */
  controls: boolean;
  /** Scores on inputs that are made worse step by step. */
  robustness: boolean;
  /** Captions are written for the first so many samples. */
  captions: number;
  /** Where the model compares words with something. */
  zeroShot?: ZeroShotOptions;
  /** The Fréchet distance of features to those of another split, or another set. */
  frechet?: { split: EvaluationOptions['split']; dataset?: string };
}

export const evaluationDefaults: EvaluationOptions = {
  split: 'validation',
  bootstrap: 1000,
  seed: 0,
  controls: true,
  robustness: false,
  captions: 200,
};

/** Of CLIP's prompts, those that fit any picture (Radford et al. 2021, §3.1.4). */
export const promptTemplates = ['a photo of a {}', 'a picture of a {}', '{}'];

export interface Score {
  /** `accuracy`, `r1`, … (core/evaluationTexts.ts). */
  name: string;
  value: number;
  /** 95 % interval of the bootstrap, where one was drawn. */
  low?: number;
  high?: number;
  /** Independent samples it rests on. */
  n: number;
  /** What guessing gives. */
  chance?: number;
}

/** A sample with what the model says of it. */
export interface Example {
  sample: number;
  caption: number;
  file: string;
  /** What was asked or shown in words, where it is not the picture alone. */
  text?: string;
  said: string;
  truth: string;
  /** By what it was put in order: rank, share, error, CIDEr. */
  figure: number;
  /** A small PNG as data URL, of the first and last ones. */
  picture?: string;
}

export interface ClassRow {
  name: string;
  precision: number;
  recall: number;
  f1: number;
  count: number;
}

export interface Reliability {
  from: number;
  to: number;
  count: number;
  confidence: number;
  accuracy: number;
}

export type TaskKind =
  | 'retrieval'
  | 'zero-shot'
  | 'classification'
  | 'vqa'
  | 'labels'
  | 'regression'
  | 'captions';

/** One thing that a model does, measured. */
export interface TaskResult {
  /** Unique in the evaluation: the kind, numbered where it occurs again. */
  key: string;
  kind: TaskKind;
  /** The score that stands for it in controls and curves. */
  main: string;
  /** Of retrieval one list for each way, else one. */
  parts: { from?: string; to?: string; scores: Score[] }[];
  /** Of classifiers. Rows of `confusion` are the truth, columns the answers. */
  classes?: ClassRow[];
  confusion?: number[];
  reliability?: Reliability[];
  /** Every sample, worst first. */
  examples: Example[];
  /** How many there were, where `examples` holds not all. */
  total: number;
  /** Of zero-shot: how many samples each class was given, where nothing is known of the truth. */
  answered?: { name: string; count: number }[];
}

export interface Control {
  task: string;
  /** `all` is the score as it is; `prior` says the commonest class or the mean. */
  kind: 'all' | 'alone' | 'shuffled' | 'prior';
  modality?: string;
  score: Score;
}

export interface Robustness {
  task: string;
  damage: string;
  modality: string;
  /** The first is undamaged. */
  points: { strength: number; score: Score }[];
}

export interface FrechetResult {
  modality: string;
  distance: number;
  /** Samples of either side. */
  n: [number, number];
  width: number;
  /** What it tends to with ever more samples. */
  atInfinity?: number;
  through?: { n: number; distance: number }[];
}

/** What was asked for and could not be measured, and why. */
export interface Undone {
  what: TaskKind | 'frechet';
  code: ErrorCode;
  params: ErrorParams;
}

export interface Evaluation {
  format: 'amalgam-evaluation/1';
  /** Of run, step, data and options, so that an equal one takes its place. */
  id: string;
  createdAt: number;
  /** Milliseconds it took. */
  took: number;
  model: { run?: string; name: string; step: number; parameters: number };
  recipe: { label: Text; value: Text }[];
  data: {
    id?: string;
    name: string;
    fingerprint: string;
    split: EvaluationOptions['split'];
    pairs: number;
    samples: number;
    modalities: string[];
    /** Whether the model was trained on this set (on its training split). */
    own: boolean;
  };
  options: EvaluationOptions;
  adapter: string;
  /** Version of the program, and what it ran in (`Node 20.19.0`); absent in those made before they were noted. */
  made?: { version: string; platform: string };
  tasks: TaskResult[];
  undone?: Undone[];
  /** What the objectives measure by themselves. */
  measures: Record<string, number>;
  controls?: Control[];
  robustness?: Robustness[];
  frechet?: { against: { split: string; name: string }; results: FrechetResult[] };
}

/** A report needs besides: curves of the run, by metric; step and value. */
export interface RunCurves {
  name: string;
  curves: { name: string; points: [step: number, value: number][] }[];
}
