/**
 * What an executor offers; nothing above the engine knows which one runs. Two exist: WebGPU (engine/webgpu) and TensorFlow.js
 * (engine/tfjs), which runs the same graph with the same gradients.
 */
import type { Memory, StepProfile, Untimed } from '../core/profile.ts';
import type { NormGroup, ParameterLayout } from './compile/layout.ts';
import type { Graph, Parameter } from './graph/graph.ts';
import type { Tf, TfTensor } from './graph/op.ts';
import type { Tensor } from './graph/tensor.ts';

export interface AdapterDescription {
  name: string;
  /** A software adapter: correct, not fast. */
  software: boolean;
  /** Largest buffer, bytes. */
  maxBuffer: number;
  features: string[];
  /** Integers keep all 32 bits; TensorFlow.js on a GPU moves them as floats, which hold 24. */
  wholeIntegers: boolean;
}

export type NumberArray = Float32Array | Int32Array;

/** The flat buffers of a model on a device. `moment0`, `moment1` exist as far as the optimizer asks for them, `average` where it is kept. */
export type BufferName = 'parameters' | 'gradients' | 'moment0' | 'moment1' | 'average';
export interface Weights {
  readonly layout: ParameterLayout;
  /** A copy of one flat buffer, `layout.total` floats. */
  read(buffer: BufferName): Promise<Float32Array>;
  /** A running average starts anew from parameters that are written. */
  write(buffer: BufferName, values: Float32Array): void;
  /**
   * The same memory, seen so that the parameters are the running average: a runner of it computes with averaged weights. Its `destroy` does
   * nothing. @throws Error when these keep no average
   */
  averaged(): Weights;
  /**
   * Takes over every parameter that both have, by name and size, in every buffer that both keep, on the device: after the steps of `other` that
   * were submitted. Where only this one keeps an average, it starts as the parameters. All else stays as it was.
   */
  copyFrom(other: Weights): void;
  destroy(): void;
}

/** Settings that differ between parameters; each 64-float block of the flat buffer belongs to one group. */
export interface ParameterGroup {
  /** Multiplies the learning rate; 0 freezes: parameters and moments stay, and the gradient counts in no global norm. */
  rateFactor: number;
  weightDecay: number;
  low: number;
  high: number;
  /**
   * Of a statistic (see `Parameter.follow`): p ← p − follow·g, whatever the rule, the rate, clipping, the loss scale and the settings above.
   * Statistics are in no norm.
   */
  follow?: number;
}

/**
 * An update rule, element by element. The same rule three times: WGSL on vec4f, float64, TensorFlow.js on the flat tensors.
 */
export interface OptimizerRule {
  name: string;
  /** Moment buffers it keeps, 0 … 2. */
  moments: number;
  /** Statements on `p`, `g`, `m0`, `m1` (vec4f variables) with `rate`, `decay` and `s0` … `s7`; with a direction also `directed` (bool). */
  wgsl: string;
  /** s0 … s7 of a step (1-based), computed in float64. */
  scalars(step: number): number[];
  reference(element: {
    p: number;
    g: number;
    m: number[];
    rate: number;
    decay: number;
    s: number[];
    directed?: boolean;
  }): {
    p: number;
    m: number[];
  };
  tfjs(
    tf: Tf,
    flat: {
      p: TfTensor;
      g: TfTensor;
      m: TfTensor[];
      rate: TfTensor;
      decay: TfTensor;
      s: number[];
      directed?: TfTensor;
    },
  ): { p: TfTensor; m: TfTensor[] };
  /** Where the step of some parameters needs more than each number by itself. */
  direction?: DirectionRule;
}

/**
 * What an update rule gets as `g`, where a parameter takes a direction: first an element-wise stage that also moves `m0`, then a graph over whole
 * parameters. `m0` is this stage's alone; the update gets it as it was left.
 */
export interface DirectionRule {
  takes(parameter: Pick<Parameter, 'name' | 'tensor'>): boolean;
  /** Statements on `g` and `m0` (vec4f variables); `g` is the clipped gradient, and then what the graph reads. */
  wgsl: string;
  reference(element: { g: number; m0: number }): { g: number; m0: number };
  tfjs(tf: Tf, flat: { g: TfTensor; m0: TfTensor }): { g: TfTensor; m0: TfTensor };
  /** Directions of tensors, each of its tensor's shape, as graph. */
  of(tensors: readonly Tensor[]): Tensor[];
}

/** What a micro-batch computes. */
export interface StepGraph {
  graph: Graph;
  /** Scalars that each step reports, by name. */
  scalars: ReadonlyMap<string, Tensor>;
  /** Tensors that `read` can fetch after a step. */
  outputs: ReadonlyMap<string, Tensor>;
  /** Gradient of each trained parameter by name. */
  gradients: ReadonlyMap<string, Tensor>;
}

export interface TrainerSpecification extends StepGraph {
  /**
   * Other graphs over the same weights, for batches that lack a modality altogether: what they leave out is not computed, and parameters
   * without a gradient there keep their values and moments (as PyTorch's with `grad` None). Memory is shared; resident inputs are one by name.
   */
  branches?: ReadonlyMap<string, StepGraph>;
  /**
   * A look at every micro-batch of a step before any is learned from, without gradients: each output [n] is kept, micro-batch after micro-batch, in
   * the graph's resident input of its name, of accumulate · n numbers. Inputs of the same names are the micro-batch's.
   */
  look?: { graph: Graph; outputs: ReadonlyMap<string, Tensor> };
  optimizer: OptimizerRule;
  /** Group of each parameter, by its name. */
  groupOf: (parameter: string) => ParameterGroup;
  /** Largest global gradient norm; 0 = off. */
  clip: number;
  /**
   * d of the running average a ← d·a + (1 − d)·p after every update, as torch.optim.swa_utils.AveragedModel: the first step copies, and
   * statistics are copied always. Present, even as 0, where the weights keep an average.
   */
  averageDecay?: number;
  norms: NormGroup[];
  /**
   * `f16` keeps activations as 16-bit floats and scales the loss; the graph then has a resident input `lossScale` that seeds the gradients.
   * Executors without it run in 32 bits with a scale of 1.
   */
  precision?: 'f32' | 'f16';
  /** Micro-batches whose mean gradient makes a step; 1 by default. */
  accumulate?: number;
}

/** What may change from step to step. */
export type TrainerSettings = Pick<TrainerSpecification, 'groupOf' | 'clip' | 'averageDecay'>;

export interface StepRecord {
  /** 1-based. */
  step: number;
  /** Means over the micro-batches whose graph has them. */
  scalars: Record<string, number>;
  /** Global gradient norm before clipping, of what is not frozen. */
  gradientNorm: number;
  /** The gradient was not finite, or an earlier one since `clearHalt` was not: nothing was updated. */
  skipped: boolean;
  /** With 16-bit floats: the loss scale after this step, and steps left out so far because a gradient overflowed. */
  scaling?: { scale: number; overflows: number };
  /** Per norm group: of gradients before clipping, of the weights after the step, of the change. */
  norms: { gradient: Float32Array; weight: Float32Array; update: Float32Array };
}

export interface Trainer {
  /** A look at the next micro-batch of the coming step; with `look` all of them come before the first `add` or `step`. */
  look(inputs: Readonly<Record<string, NumberArray>>): void;
  /**
   * A micro-batch before the last one of a step: its gradient is added. Only with `accumulate` > 1. Without `branch` the specification's own
   * graph runs; the micro-batches of a step may run different ones, and what any of them has a gradient for moves.
   */
  add(inputs: Readonly<Record<string, NumberArray>>, branch?: string): void;
  /**
   * Encodes one step, with its last micro-batch; returns before it is done. `step` is 1-based, `rate` the learning rate. Several steps may
   * wait for one `submit`; whatever reads from the device submits them first.
   */
  step(inputs: Readonly<Record<string, NumberArray>>, step: number, rate: number, branch?: string): void;
  submit(): void;
  /**
   * Other settings from the next encoded step on. Nothing is compiled and nothing waits. Without `averageDecay` that of before goes on.
   * @throws Error for an average that is not kept, StudioError `recipe-invalid` for more groups than there is room for
   */
  configure(settings: TrainerSettings): void;
  /**
   * Writes part of an input that stays on the device, from element `from`, for the steps after this; those before still see what
   * was there.
   */
  fill(input: string, from: number, values: NumberArray): void;
  /** Steps that may be submitted before `records` must be awaited. */
  readonly capacity: number;
  /** Records of all steps since the last call, once they are done. */
  records(): Promise<StepRecord[]>;
  /** With 16-bit floats: loss scale, good steps since it changed, steps left out; for checkpoints. */
  scaling(): Promise<number[] | undefined>;
  restoreScaling(state: readonly number[]): void;
  /** Lets updates go on after a gradient that was not finite. */
  clearHalt(): void;
  /** An output of the last step, of the graph that its last micro-batch ran. */
  read(output: string): Promise<Float32Array>;
  /**
   * A step of all its micro-batches as `add` and `step` take it, to the bit, and the time of each kernel; it settles when the step is done.
   * Each is asked for when those before are encoded. The step is slower so, its kernels are not. Undefined where kernels cannot be timed (`untimed` says why); the step is taken all the same.
   * @param branches of each micro-batch, in order
   * @param looks what is to be looked at first
   */
  profile(
    batches: Iterable<Readonly<Record<string, NumberArray>>>,
    step: number,
    rate: number,
    branches?: readonly (string | undefined)[],
    looks?: Iterable<Readonly<Record<string, NumberArray>>>,
  ): Promise<StepProfile | undefined>;
  /** Why `profile` times nothing; undefined where it does. */
  readonly untimed: Untimed | undefined;
  readonly dispatches: number;
  /** Bytes on the device, weights not included. */
  readonly bytes: number;
  /** Bytes of a step and its weights, by kind. */
  memory(): Memory;
  destroy(): void;
}

export interface RunnerOptions {
  /**
   * By output, the `resident` input of the same shape that holds its numbers in the next run: a memory that never leaves the device. These
   * outputs are not returned; to see one, give its tensor a second name.
   */
  feedback?: ReadonlyMap<string, string>;
}

/** A graph without training. */
export interface Runner {
  /** The whole of a resident input, for the runs after this; zeros until then. @throws Error when there is none or the length differs */
  fill(input: string, values: NumberArray): void;
  run(inputs: Readonly<Record<string, NumberArray>>): Promise<Record<string, Float32Array>>;
  readonly bytes: number;
  destroy(): void;
}

export type CompileProgress = (done: number, total: number) => void;

export interface Executor {
  readonly adapter: AdapterDescription;
  /** Settles with the reason when the device goes away; never rejects. */
  readonly lost: Promise<string>;
  /** @param average keeps a running average of the parameters */
  weights(layout: ParameterLayout, moments: number, average?: boolean): Promise<Weights>;
  /** Compiles the kernels of a training step ahead of time; they are kept, so that `trainer` finds them ready. */
  warm(specification: TrainerSpecification, layout: ParameterLayout): Promise<void>;
  trainer(
    specification: TrainerSpecification,
    weights: Weights,
    onProgress?: CompileProgress,
  ): Promise<Trainer>;
  runner(
    graph: Graph,
    outputs: ReadonlyMap<string, Tensor>,
    weights: Weights,
    onProgress?: CompileProgress,
    options?: RunnerOptions,
  ): Promise<Runner>;
  destroy(): void;
}
