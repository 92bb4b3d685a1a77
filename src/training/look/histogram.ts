/**
 * Histograms of any tensors of a model by a query (tensorQuery.ts): activations and gradients of the batch in turn through the graph that trains, and
 * parameters. Only counts leave the worker.
 */
import type { Recipe } from '../../core/recipe.ts';
import { differentiate } from '../../engine/compile/differentiate.ts';
import type { Runner } from '../../engine/executor.ts';
import type { Graph } from '../../engine/graph/graph.ts';
import type { Node, Tensor } from '../../engine/graph/tensor.ts';
import { type HistogramCounts, histogramOf } from '../../evaluation/histogram.ts';
import { type ModelShape, trainingGraph } from '../../models/build.ts';
import { leavingOf } from '../../models/leaving.ts';
import { Kept } from './kept.ts';
import type { Subject } from './look.ts';
import { findTensors, labelOf, type NamedTensor, spoken, type Wanted } from './tensorQuery.ts';
import { batchShape, inputsInTurn, plainAt } from './turn.ts';

export interface HistogramQuestion {
  query: string;
  bins: number;
}

export interface TensorHistogram extends HistogramCounts {
  /** A query that means this tensor alone. */
  name: string;
  kind: 'activation' | 'weight' | 'gradient';
  shape: number[];
}

export interface Histograms {
  tensors: TensorHistogram[];
  /** Tensors that the query means; more than `mostTensors` are not counted. */
  matched: number;
  /** Everything that can be asked for. */
  names: string[];
}

export const mostTensors = 12;

interface Source extends NamedTensor {
  tensor: Tensor;
}

interface Prepared {
  /** Undefined where only parameters are asked for. */
  runner?: Runner;
  wanted: Wanted<Source>[];
  matched: number;
  names: string[];
}

const kept = new Kept<Prepared>(({ runner }) => runner?.destroy());

/** Everything of the training graph that has a name: what leaves each block, and parameters. */
export function namedTensors(graph: Graph, loss: Tensor): Source[] {
  const forward = graph
    .needed([loss])
    .filter(({ op }) => op !== 'constant' && op !== 'input' && op !== 'parameter');
  const leaving = leavingOf(forward);
  const blocks = new Map<string, Node[]>();
  for (const node of forward) {
    const parts = node.path === '' ? [] : node.path.split('.');
    for (let depth = 1; depth <= parts.length; depth++) {
      const path = parts.slice(0, depth).join('.');
      const own = blocks.get(path);
      if (own) own.push(node);
      else blocks.set(path, [node]);
    }
  }
  const activations = [...blocks].flatMap(([path, nodes]): Source[] => {
    const tensor = leaving(nodes)?.outputs[0];
    // A list of blocks is no block.
    if (tensor?.dtype !== 'f32' || /(^|\.)blocks$/.test(path)) return [];
    return [{ name: `${spoken(path)}.out`, kind: 'activation', tensor }];
  });
  const weights = [...graph.parameters.values()].map(
    ({ name, tensor }): Source => ({ name: spoken(name), kind: 'weight', tensor }),
  );
  return [...activations, ...weights];
}

/**
 * The graph that gives what a query wants, by name; parameters themselves are not computed.
 * @throws StudioError `query-unknown`
 */
export function histogramGraph(recipe: Recipe, shape: ModelShape, query: string) {
  const { graph, loss } = trainingGraph(recipe, shape);
  const named = namedTensors(graph, loss);
  const all = findTensors(query, named);
  const wanted = all.slice(0, mostTensors);
  const gradients = differentiate(
    graph,
    [{ tensor: loss }],
    wanted.flatMap(({ tensor, gradient }) => (gradient ? [tensor.tensor] : [])),
  );
  const outputs = new Map<string, Tensor>();
  for (const one of wanted) {
    const { tensor, kind } = one.tensor;
    const given = one.gradient ? gradients.get(tensor) : kind === 'activation' ? tensor : undefined;
    if (given) outputs.set(labelOf(one), given);
  }
  return { graph, outputs, wanted, matched: all.length, names: named.map(({ name }) => name) };
}

/** @throws StudioError `query-unknown` */
export async function look(subject: Subject, { query, bins }: HistogramQuestion): Promise<Histograms> {
  const { model } = subject;
  const { executor, weights } = model;
  const prepared = await kept.get(model, query, async (): Promise<Prepared> => {
    const recipe = plainAt(model.recipe, subject.step);
    const { graph, outputs, ...found } = histogramGraph(recipe, batchShape(subject), query);
    return {
      ...found,
      runner: outputs.size > 0 ? await executor.runner(graph, outputs, weights) : undefined,
    };
  });
  const { runner, wanted, matched, names } = prepared;
  const found = runner ? await runner.run(inputsInTurn(subject)) : {};
  const parameters = wanted.some(({ tensor, gradient }) => tensor.kind === 'weight' && !gradient)
    ? await weights.read('parameters')
    : new Float32Array();
  const tensors = wanted.map((one): TensorHistogram => {
    const { tensor, kind } = one.tensor;
    const { shape } = tensor;
    const size = shape.reduce((a, b) => a * b, 1);
    const entry = weights.layout.byName.get(String(tensor.node.attributes['name']));
    const values =
      kind === 'weight' && !one.gradient && entry
        ? parameters.subarray(entry.offset, entry.offset + entry.size)
        : // What the loss does not depend on has a gradient of zero.
          (found[labelOf(one)]?.subarray(0, size) ?? new Float32Array(size));
    return {
      name: labelOf(one),
      kind: one.gradient ? 'gradient' : kind,
      shape: [...shape],
      ...histogramOf(values, bins),
    };
  });
  return { tensors, matched, names };
}
