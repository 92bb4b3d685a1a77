/** The second graph of an update rule with directions (Muon): a parameter of the model's names for what it reads, a gradient of that name for what it gives. */
import type { DirectionRule } from '../executor.ts';
import { Graph } from '../graph/graph.ts';
import type { Tensor } from '../graph/tensor.ts';
import type { LayoutEntry, ParameterLayout } from './layout.ts';

export interface DirectionGraph {
  graph: Graph;
  /** In the layout's order. */
  entries: LayoutEntry[];
  /** By parameter. */
  directions: ReadonlyMap<string, Tensor>;
}

/** @returns undefined where the rule takes none, or none of these parameters */
export function directionGraph(
  layout: ParameterLayout,
  rule: DirectionRule | undefined,
): DirectionGraph | undefined {
  const entries = rule ? layout.entries.filter((entry) => directed(rule, entry)) : [];
  if (!rule || entries.length === 0) return undefined;
  const graph = new Graph();
  const tensors = entries.map(({ name, tensor, initializer }) =>
    graph.parameter(name, tensor.shape, initializer),
  );
  const found = graph.at('optimizer', () => rule.of(tensors));
  return { graph, entries, directions: new Map(entries.map(({ name }, k) => [name, found[k]])) };
}

/** Statistics follow their own rule. */
export const directed = (rule: DirectionRule, entry: LayoutEntry): boolean =>
  entry.follow === undefined && rule.takes(entry);
