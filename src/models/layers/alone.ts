/** What each modality says of the class by itself: a linear head on its pooled vector. Samples that lack it, or whose class is unknown, count nothing. */

import type { Graph } from '../../engine/graph/graph.ts';
import type { Tensor } from '../../engine/graph/tensor.ts';
import { affine, argMax, constant, crossEntropy, equal, mul, reshape } from '../../engine/ops/functions.ts';
import type { Encoded } from '../definition.ts';
import { meanOver } from '../objectives/classification.ts';
import type { ModelShape } from '../shape.ts';
import { linear } from './linear.ts';

export interface Alone {
  /** [B, C] */
  logits: Tensor;
  /** Cross-entropy of each sample, [B]. */
  losses: Tensor;
  /** 1 where the sample has the modality and a known class, [B]. */
  known: Tensor;
  /** 1 where right, [B]. */
  right: Tensor;
}

/** Σ x·w / Σ w; 0 where no sample counts. */
export const meanKnown = (rows: Tensor, known: Tensor): Tensor => meanOver(mul(rows, known), known);

/** 1 for samples of known class, [B]. */
export function classLabels(graph: Graph, { batch }: ModelShape, labels: Tensor) {
  const known = affine(equal(labels, constant(graph, -1)), -1, 1);
  return reshape(known, [batch]);
}

/** @param vector what the head reads of a modality; its pooled vector, or that without a gradient */
export function alone(
  graph: Graph,
  name: string,
  { present }: Encoded,
  vector: Tensor,
  labels: Tensor,
  shape: ModelShape,
): Alone {
  const logits = graph.scope(name, () => linear(graph, 'head', vector, shape.target!.classes));
  const [losses] = crossEntropy(logits, labels);
  const there = classLabels(graph, shape, labels);
  return {
    logits,
    losses,
    known: present ? mul(there, present) : there,
    right: equal(argMax(logits), labels),
  };
}
