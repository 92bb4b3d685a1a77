/**
 * What a micro-batch is told of all rows of its step, where contrast reaches across micro-batches (models/across.ts). Captions that are equal once words
 * are left out are positives across micro-batches too, as within one (data/draw.ts).
 */
import type { Rows } from '../data/prepared.ts';
import type { NumberArray } from '../engine/executor.ts';

/** All rows of a step, micro-batch after micro-batch. */
export interface StepRows {
  batch: number;
  sampleGroups: Int32Array;
  textGroups: Int32Array;
  /** By `present.<modality>`. */
  present: Record<string, Float32Array>;
}

/** @param drawn every micro-batch of a step, in order */
export function stepRows(drawn: readonly Rows[]): StepRows {
  const batch = drawn[0].pairs.length;
  const joined = (pick: (rows: Rows) => Int32Array) =>
    Int32Array.from(drawn.flatMap((rows) => [...pick(rows)]));
  const names = Object.keys(drawn[0].more ?? {}).filter((name) => name.startsWith('present.'));
  return {
    batch,
    sampleGroups: joined(({ sampleGroups }) => sampleGroups),
    textGroups: joinTexts(drawn),
    present: Object.fromEntries(
      names.map((name) => [name, Float32Array.from(drawn.flatMap(({ more }) => [...more![name]]))]),
    ),
  };
}

/** Groups of captions over the whole step: rows that share a group or have equal tokens are one. */
function joinTexts(drawn: readonly Rows[]): Int32Array {
  const parents: number[] = [];
  const rootOf = (row: number): number => {
    let root = row;
    while (parents[root] !== root) root = parents[root];
    parents[row] = root;
    return root;
  };
  const firstOf = new Map<string, number>();
  for (const { textGroups, tokens, keep, pairs } of drawn) {
    const length = tokens.length / pairs.length;
    for (const [row, group] of textGroups.entries()) {
      const at = parents.push(parents.length) - 1;
      const from = row * length;
      const words = keep[from] > 0 ? [`words ${tokens.subarray(from, from + length).join()}`] : [];
      for (const key of [`group ${group}`, ...words]) {
        const first = firstOf.get(key);
        if (first === undefined) firstOf.set(key, at);
        else parents[rootOf(at)] = rootOf(first);
      }
    }
  }
  return Int32Array.from(parents, (_, row) => rootOf(row));
}

/** The inputs `cached.…` of the k-th micro-batch: its own rows first. */
export function acrossInputs(rows: StepRows, k: number): Record<string, NumberArray> {
  const { batch, sampleGroups, textGroups, present } = rows;
  const start = k * batch;
  const ownFirst = <T extends Float32Array | Int32Array>(values: T): T => {
    const result = values.slice() as T;
    result.copyWithin(batch, 0, start);
    result.set(values.subarray(start, start + batch));
    return result;
  };
  const places = Int32Array.from(sampleGroups.keys());
  const inputs: Record<string, NumberArray> = {
    'cached.others': ownFirst(places).subarray(batch),
    'cached.sampleGroups': ownFirst(sampleGroups),
    'cached.textGroups': ownFirst(textGroups),
  };
  for (const [name, values] of Object.entries(present)) inputs[`cached.${name}`] = ownFirst(values);
  return inputs;
}
