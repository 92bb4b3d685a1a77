/**
 * What an encoder, a fusion method and an objective declare: one object each, from which come the picker entry, the form,
 * the validation, the diagram and the graph.
 */
import type { Field, FieldValues, Text } from '../core/fields.ts';
import type { Random } from '../core/random.ts';
import type { Graph } from '../engine/graph/graph.ts';
import type { DType, Shape, Tensor } from '../engine/graph/tensor.ts';
import type { ModelShape } from './shape.ts';

export interface Definition {
  type: string;
  title: Text;
  /** One sentence. */
  summary: Text;
  /** Paper or definition. */
  source: string;
  fields: Field[];
}

/**
 * Takes what is worth a look, by name: `attention.<block>` [B, heads, Nq, Nk] (rows sum to 1), `gate.<name>`, `routing.<name>`,
 * `latents`. Given only where somebody looks; what nobody takes is not computed.
 */
export type Probe = (name: string, tensor: Tensor) => void;

/**
 * Takes what an encoder reads, as numbers – pictures, sound, cells, embeddings of tokens –, and gives what it reads instead: where a look moves it or asks
 * for gradients by it.
 */
export type Enter = (modality: string, tensor: Tensor) => Tensor;

/** What an encoder hands on. */
export interface Encoded {
  /** One vector per sample, [B, shared width], not normalized. */
  pooled: Tensor;
  /** All tokens before pooling, [B, N, D]. */
  tokens: Tensor;
  /** [B, N], 1 for tokens that count; absent where all do. */
  keep?: Tensor;
  /** [B], 1 for samples that have this modality; absent where all have it. What `pooled` and `tokens` hold elsewhere must not matter. */
  present?: Tensor;
}

export interface EncoderDefinition extends Definition {
  modality: string;
  /** Numbers per token of `Encoded.tokens`. */
  tokenWidth(fields: FieldValues): number;
  /** Side in pixels of the patches that are its tokens, where it reads `kept` i32 [B, n]: rows of all patches of the batch, the only ones it is to see. */
  patch?(fields: FieldValues): number;
  /** Names and shapes of its inputs are fixed by the modality (models/inputs.ts). */
  build(context: {
    graph: Graph;
    inputs: Record<string, Tensor>;
    /** [B], 1 for samples that have this modality; absent where all have it. For batch statistics: what others hold must not enter them. */
    present?: Tensor;
    fields: FieldValues;
    shape: ModelShape;
    /** The width every encoder ends in. */
    width: number;
    /** Batch statistics instead of running ones. */
    training: boolean;
    probe?: Probe;
    /** For text alone: the inputs of others have been through it. */
    enter?: Enter;
  }): Encoded;
}

/** What a fusion hands on. A method without a joint vector (two towers) gives none of it. */
export interface Fused {
  /** One vector per sample, [B, width], from all modalities that it has. */
  joint?: Tensor;
  /** Fused tokens, [B, N, width], for decoders and heads over tokens. */
  tokens?: Tensor;
  /** [B, N], 1 for fused tokens that count; absent where all do. */
  keep?: Tensor;
  /** Where the tokens of a modality lie among the fused ones, where they keep their places: first and count. */
  spans?: Record<string, [number, number]>;
  /** Losses of its own, scalars by name (load balance), weighted already. */
  losses?: Record<string, Tensor>;
}

export interface FusionContext {
  graph: Graph;
  encoded: Record<string, Encoded>;
  /** All modalities of the recipe, in its order, with the widths of their tokens. */
  modalities: Record<string, { tokenWidth: number }>;
  fields: FieldValues;
  /** The shared width. */
  width: number;
  probe?: Probe;
}

export interface FusionDefinition extends Definition {
  /** Modalities it takes. */
  arity: { least: number; most: number };
  /** A modality that it cannot do without. */
  needs?: string;
  /**
   * `encoded` holds the modalities that the batch has, in the recipe's order; one that no sample has is left out and costs nothing.
   * Every parameter must be declared for all `modalities` whatever is left out, so that weights fit every combination.
   */
  build(context: FusionContext): Fused;
}

/** Rows that contrastive terms compare with each other. */
export interface Contrast {
  rows: number;
  /** i32 [rows]; equal numbers are the same sample, the same caption. */
  groups(name: 'sampleGroups' | 'textGroups'): Tensor;
  /** Unit vectors [rows, width]. */
  embedding(modality: string): Tensor;
  /** [rows], 1 where the sample has the modality; undefined where all have it. */
  present(modality: string): Tensor | undefined;
}

/** What an objective may ask of the model that is being built. */
export interface ObjectiveContext {
  graph: Graph;
  fields: FieldValues;
  shape: ModelShape;
  training: boolean;
  /** Modalities of this batch, in the recipe's order. */
  modalities: string[];
  /** The shared width. */
  width: number;
  /** An input of the graph, declared once however often it is asked for. */
  input(name: string, shape: Shape, dtype?: DType): Tensor;
  /** What this term's `draw` gives by that name. */
  drawn(name: string, shape: Shape, dtype?: DType): Tensor;
  /** Side of the image encoder's patches, where it can be given some of them only. */
  patch?: number;
  /** A modality through its encoder; with other inputs in place of the data's own (masked tokens), the same weights. */
  encode(modality: string, replaced?: Record<string, Tensor>): Encoded;
  /** The fusion of what was encoded; of everything where nothing is said. The same weights every time. */
  fuse(encoded?: Record<string, Encoded>): Fused;
  /** Unit vectors [B, width] of a modality before fusion. */
  embedding(modality: string): Tensor;
  /** All rows that are to be contrasted: the batch's, or those of the whole step (models/across.ts). */
  contrast: Contrast;
  /** The data's inputs of a modality by name. */
  inputs(modality: string): Record<string, Tensor>;
  /** What objectives before this one built. */
  earlier(): Built[];
  /** The frozen model of an earlier run, where the objective names one. */
  teacher?: { modalities: string[]; embedding(modality: string): Tensor; logits(): Tensor | undefined };
  probe?: Probe;
}

export interface Built {
  /** A scalar. */
  loss: Tensor;
  /** Numbers worth a curve (`temperature`). */
  scalars?: Record<string, Tensor>;
  /** Tensors worth a look at any step (`similarity`). */
  probes?: Record<string, Tensor>;
  /** [B] each: what is averaged over the samples of a split (`accuracy`); NaN-free. */
  measures?: Record<string, Tensor>;
  /** [B] each: how much a sample counts in its measure of the same name; 1 where absent. */
  weights?: Record<string, Tensor>;
  /** What the model says (`logits`, `reconstruction`), for asking. */
  outputs?: Record<string, Tensor>;
}

/** What an objective draws at random for a batch is drawn from these. */
export interface DrawContext {
  batch: number;
  shape: ModelShape;
  fields: FieldValues;
  random: Random;
  tokens: Int32Array;
  keep: Float32Array;
  /** Equal numbers: the same sample, the same caption. */
  sampleGroups: Int32Array;
  textGroups: Int32Array;
  /** The image encoder's patches, where it can be given some of them only. */
  patches?: number;
}

export interface ObjectiveDefinition extends Definition {
  /** What the data must have for it. */
  needs: {
    modalities?: string[];
    /** What the samples must have though no encoder reads it (`text`: captions to be written). */
    data?: string[];
    /** An image encoder that can be given some of its patches only. */
    patches?: boolean;
    /** How many modalities at least. */
    least?: number;
    target?: ('class' | 'labels' | 'number')[];
    joint?: boolean;
  };
  /** Compares samples of a batch with each other by `ObjectiveContext.contrast`. */
  contrasts?: boolean;
  /** Random inputs of its own, by the names it gives to `drawn`. */
  draw?(context: DrawContext): Record<string, Float32Array | Int32Array>;
  /** Undefined where the batch lacks (`ModelShape.absent`) what it speaks of. */
  build(context: ObjectiveContext): Built | undefined;
}
