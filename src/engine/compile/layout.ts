/**
 * Where each parameter lies in the flat buffers. Parameters, gradients and moments share one layout, so that the optimizer, clipping,
 * norms, checkpoints and averages are each one dispatch or one copy. Every tensor starts at a multiple of 64 floats (256 bytes, the
 * alignment of bindings); the gap stays zero everywhere, so kernels over the flat buffer need not know of it.
 */
import type { Graph, Parameter } from '../graph/graph.ts';
import { sizeOf } from '../graph/tensor.ts';

export const blockSize = 64;

export interface LayoutEntry extends Parameter {
  /** In floats. */
  offset: number;
  size: number;
}

export interface ParameterLayout {
  entries: LayoutEntry[];
  byName: ReadonlyMap<string, LayoutEntry>;
  /** Floats in all, gaps included. */
  total: number;
}

/**
 * Parameters in order of their names' first appearance in the graph, which keeps blocks together; statistics behind all others, so that what
 * has norms lies side by side.
 */
export function layoutParameters(graph: Graph): ParameterLayout {
  let total = 0;
  const all = [...graph.parameters.values()];
  const ordered = [
    ...all.filter(({ follow }) => follow === undefined),
    ...all.filter(({ follow }) => follow !== undefined),
  ];
  const entries = ordered.map((parameter) => {
    const size = sizeOf(parameter.tensor.shape);
    const entry = { ...parameter, offset: total, size };
    total += Math.ceil(size / blockSize) * blockSize;
    return entry;
  });
  return { entries, byName: new Map(entries.map((entry) => [entry.name, entry])), total };
}

/** A run of parameters whose norm is reported, in floats. */
export interface NormGroup {
  name: string;
  start: number;
  end: number;
}

/**
 * Groups of neighbouring parameters by `nameOf`, e.g. the block a parameter belongs to. A name that appears in several
 * runs gives several groups of that name; their squares add up. Statistics are in none.
 */
export function normGroups(layout: ParameterLayout, nameOf: (parameter: string) => string): NormGroup[] {
  const groups: NormGroup[] = [];
  for (const [index, entry] of layout.entries.entries()) {
    if (entry.follow !== undefined) break;
    const end = layout.entries[index + 1]?.offset ?? layout.total;
    const name = nameOf(entry.name);
    const last = groups.at(-1);
    if (last?.name === name) last.end = end;
    else groups.push({ name, start: entry.offset, end });
  }
  return groups;
}

/**
 * Runs of floats that hold the same parameters, by name and size, in two layouts; neighbours in both are one run.
 * @returns where each starts in either, in floats
 */
export function sharedRanges(
  source: ParameterLayout,
  target: ParameterLayout,
): { source: number; target: number; size: number }[] {
  const ranges: { source: number; target: number; size: number }[] = [];
  for (const { name, offset, size } of target.entries) {
    const from = source.byName.get(name);
    if (from?.size !== size) continue;
    const padded = Math.ceil(size / blockSize) * blockSize;
    const last = ranges.at(-1);
    if (last && last.source + last.size === from.offset && last.target + last.size === offset)
      last.size += padded;
    else ranges.push({ source: from.offset, target: offset, size: padded });
  }
  return ranges;
}
