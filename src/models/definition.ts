/**
 * What an encoder, a fusion method and an objective declare: one object each, from which come the picker entry, the form,
 * the validation, the diagram and the graph.
 */
import type { Field, FieldValues, Text } from '../core/fields.ts';
import type { Graph } from '../engine/graph/graph.ts';
import type { Tensor } from '../engine/graph/tensor.ts';

interface Definition {
  type: string;
  title: Text;
  summary: Text;
  /** Paper or definition. */
  source: string;
  fields: Field[];
}

/** What an encoder hands on. */
export interface Encoded {
  /** One vector per sample, [B, shared width], not normalized. */
  pooled: Tensor;
  /** All tokens before pooling, [B, N, D]. */
  tokens: Tensor;
}

export interface EncoderDefinition extends Definition {
  modality: string;
  /** Names and shapes of its inputs are fixed by the modality (models/inputs.ts). */
  build(context: {
    graph: Graph;
    inputs: Record<string, Tensor>;
    fields: FieldValues;
    vocabulary: number;
    /** The width every encoder ends in. */
    width: number;
    /** Attention probabilities of each block, collected when given. */
    probe?: Tensor[];
  }): Encoded;
}

export interface FusionDefinition extends Definition {
  /** Modalities it takes. */
  arity: { least: number; most: number };
  build(context: { graph: Graph; encoded: Record<string, Encoded>; fields: FieldValues }): {
    /** Unit vectors per modality that objectives compare. */
    embeddings: Record<string, Tensor>;
  };
}

export interface ObjectiveDefinition extends Definition {
  build(context: {
    graph: Graph;
    embeddings: Record<string, Tensor>;
    /** Equal numbers are positives. */
    groups: Record<string, Tensor>;
    fields: FieldValues;
  }): {
    loss: Tensor;
    /** Numbers worth a curve (`temperature`). */
    scalars: Record<string, Tensor>;
    /** Tensors worth a look (`similarity`). */
    probes: Record<string, Tensor>;
  };
}
