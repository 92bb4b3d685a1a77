/**
 * Batch normalization (Ioffe & Szegedy 2015) over all axes but the last, with PyTorch's names, ε and momentum: in training by the mean and biased
 * variance of the batch, which the running ones follow (the variance unbiased); else by the running ones. Samples that lack the modality
 * count in neither: what stands in for them never changes the others.
 */
import type { Graph } from '../../engine/graph/graph.ts';
import { sizeOf, type Tensor } from '../../engine/graph/tensor.ts';
import {
  add,
  affine,
  constant,
  div,
  greater,
  mul,
  reshape,
  rsqrt,
  sub,
  sum,
} from '../../engine/ops/functions.ts';

const epsilon = 1e-5;
const momentum = 0.1;

export interface BatchNormOptions {
  /** Batch statistics instead of running ones. */
  training: boolean;
  /** [B], 1 for samples that count; absent where all do. */
  present?: Tensor;
}

/** @param x [B, …, C] */
export function batchNorm(
  graph: Graph,
  name: string,
  x: Tensor,
  { training, present }: BatchNormOptions,
): Tensor {
  return graph.scope(name, () => {
    const channels = x.shape.at(-1)!;
    const constants = (value: number) => ({ kind: 'constant', value }) as const;
    const weight = graph.parameter('weight', [channels], constants(1));
    const bias = graph.parameter('bias', [channels], constants(0));
    const runningMean = graph.parameter('running_mean', [channels], constants(0), { follow: momentum });
    const runningVariance = graph.parameter('running_var', [channels], constants(1), { follow: momentum });
    const normal = (centred: Tensor, variance: Tensor) =>
      add(mul(mul(centred, rsqrt(affine(variance, 1, epsilon))), weight), bias);
    if (!training) return normal(sub(x, runningMean), runningVariance);

    const axes = x.shape.slice(0, -1).map((_, axis) => axis);
    const places = sizeOf(x.shape) / channels;
    const [batch] = x.shape;
    const mask = present && reshape(present, [batch, ...x.shape.slice(1).map(() => 1)]);
    // How many count, and at least one, so that nothing is divided by zero.
    const counted = present ? affine(sum(present, [0]), places / batch) : constant(graph, places, [1]);
    const atLeast = (value: Tensor, one: Tensor) => add(value, greater(one, value));
    const one = constant(graph, 1, [1]);
    const total = present ? atLeast(counted, one) : counted;
    const average = (values: Tensor) =>
      reshape(present ? div(sum(mul(values, mask!), axes), total) : affine(sum(values, axes), 1 / places), [
        channels,
      ]);
    const mean = average(x);
    const centred = sub(x, mean);
    const variance = average(mul(centred, centred));
    const observe = (statistic: Tensor, observed: Tensor) =>
      graph.observe(
        statistic,
        // Where nothing counts, nothing is observed.
        present
          ? add(statistic, mul(sub(observed, statistic), greater(counted, constant(graph, 0))))
          : observed,
      );
    observe(runningMean, mean);
    observe(
      runningVariance,
      present
        ? mul(variance, div(total, atLeast(sub(total, one), one)))
        : affine(variance, places / Math.max(1, places - 1)),
    );
    return normal(centred, variance);
  });
}
