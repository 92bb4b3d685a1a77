/**
 * How modalities that learn at different speeds are kept in balance: a fast one soon lowers the loss alone, and the others stop learning. A method
 * adds losses, or changes the gradients of the encoders; all of it is graph, so that a step needs no round trip.
 */
import type { FieldValues } from '../../core/fields.ts';
import type { Random } from '../../core/random.ts';
import type { Graph, Parameter } from '../../engine/graph/graph.ts';
import type { Tensor } from '../../engine/graph/tensor.ts';
import type { Definition, Encoded } from '../definition.ts';
import type { ModelShape } from '../shape.ts';

export interface BalanceContext {
  graph: Graph;
  fields: FieldValues;
  shape: ModelShape;
  /** Modalities of this batch, in the recipe's order; and those of the recipe. */
  modalities: string[];
  all: string[];
  encode(modality: string): Encoded;
  input(name: string, shape: readonly number[], dtype?: 'f32' | 'i32'): Tensor;
  /** i32 [B] */
  labels: Tensor;
}

export interface Balancing {
  /** Added to the loss, weighted already, by name. */
  losses?: Record<string, Tensor>;
  /** Numbers worth a curve. */
  scalars?: Record<string, Tensor>;
  /** The weight of what the recipe's objectives say. */
  joint?: Tensor;
  /** In place of the gradient of an encoder's parameter. */
  modulate?(modality: string, parameter: Parameter, gradient: Tensor, place: number): Tensor;
}

export interface BalanceDefinition extends Definition {
  /** It has a head on each modality (layers/alone.ts), which is measured on samples that are not trained on. */
  heads?: true;
  /** What its inputs hold for a micro-batch, unless a session knows better. */
  draw?(context: {
    all: string[];
    fields: FieldValues;
    random: Random;
  }): Record<string, Float32Array | Int32Array>;
  build(context: BalanceContext): Balancing;
}
