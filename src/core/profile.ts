/**
 * Where a training step spends its time and memory: what a profile holds, and its sums by kind of kernel and by block. It lies in core
 * because the page and the headless program show the same numbers from the same sums.
 */

/** One kernel of a step: one dispatch, or one op of TensorFlow.js. */
export interface KernelTime {
  /** Op, variant and what is fused behind: `matmul registers + add + gelu`. */
  label: string;
  /** What it is summed up as: op and variant, `pointwise`, or a part of the optimizer. */
  kind: string;
  /** Blocks around it, outermost first, joined by dots: `image.blocks.0.attention`; empty for the model itself. */
  path: string;
  nanoseconds: number;
}

/** The kernels of one step, in order. */
export interface StepProfile {
  kernels: KernelTime[];
  /** Smallest difference between two timestamps, nanoseconds; absent where the clock is not quantized. */
  resolution?: number;
}

/** Why kernels cannot be timed: the adapter has no timestamps, or the executor works behind our back. */
export type Untimed = 'no-timestamps' | 'asynchronous';

/** Several steps of a run, measured. */
export interface Profile {
  /** The last step measured, 1-based. */
  step: number;
  steps: number;
  /** Mean of each kernel over the steps; absent where they cannot be timed. */
  kernels?: KernelTime[];
  resolution?: number;
  untimed?: Untimed;
}

export const memoryKinds = [
  'parameters',
  'gradients',
  'moments',
  'activations',
  'resident',
  'inputs',
  'records',
] as const;
/** Bytes that a training step holds, by what they are for; `resident` are inputs that stay: the pictures. */
export type Memory = Record<(typeof memoryKinds)[number], number>;

/** Wall time of a step, milliseconds: making the batch, encoding and submitting, waiting for the device. */
export interface StepSplit {
  data: number;
  encode: number;
  wait: number;
}

/** Means over steps of one run. @returns undefined for none */
export function meanOfSteps(steps: readonly StepProfile[]): StepProfile | undefined {
  if (steps.length === 0) return undefined;
  const kernels = steps[0].kernels.map((kernel, index) => ({
    ...kernel,
    nanoseconds: steps.reduce((sum, step) => sum + step.kernels[index].nanoseconds, 0) / steps.length,
  }));
  const known = steps.flatMap(({ resolution }) => resolution ?? []);
  return { kernels, ...(known.length && { resolution: known.reduce(greatestCommonDivisor) }) };
}

export function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

export const totalTime = (kernels: readonly KernelTime[]): number =>
  kernels.reduce((sum, { nanoseconds }) => sum + nanoseconds, 0);

export interface KindTime {
  kind: string;
  nanoseconds: number;
  dispatches: number;
}

/** Sums by kind, the largest first. */
export function timeByKind(kernels: readonly KernelTime[]): KindTime[] {
  const kinds = new Map<string, KindTime>();
  for (const { kind, nanoseconds } of kernels) {
    const sum = kinds.get(kind) ?? { kind, nanoseconds: 0, dispatches: 0 };
    sum.nanoseconds += nanoseconds;
    sum.dispatches++;
    kinds.set(kind, sum);
  }
  return [...kinds.values()].sort((a, b) => b.nanoseconds - a.nanoseconds);
}

/** A block with what lies in it; a leaf is all dispatches of one label in one block. */
export interface BlockTime {
  /** Unique in the tree: names from the top, joined by ` › `; a kernel stands behind ` · `, as a block may bear its name. */
  id: string;
  name: string;
  nanoseconds: number;
  dispatches: number;
  /** Blocks in order of first appearance, then kernels; empty for a leaf. */
  children: BlockTime[];
}

/** Sums by block. A number belongs to the list before it: `image.blocks.0.mlp` is image › blocks.0 › mlp. */
export function timeByBlock(kernels: readonly KernelTime[], root = 'step'): BlockTime {
  const top: BlockTime = { id: root, name: root, nanoseconds: 0, dispatches: 0, children: [] };
  for (const { label, path, nanoseconds } of kernels) {
    let block = top;
    const blocks = blockNames(path);
    for (const [depth, name] of [...blocks, label].entries()) {
      block.nanoseconds += nanoseconds;
      block.dispatches++;
      const id = `${block.id} ${depth < blocks.length ? '›' : '·'} ${name}`;
      let child = block.children.find((one) => one.id === id);
      if (!child) {
        child = { id, name, nanoseconds: 0, dispatches: 0, children: [] };
        block.children.push(child);
      }
      block = child;
    }
    block.nanoseconds += nanoseconds;
    block.dispatches++;
  }
  sortKernelsLast(top);
  return top;
}

function sortKernelsLast(block: BlockTime): void {
  const leaf = (one: BlockTime) => Number(one.children.length === 0);
  block.children.sort((a, b) => leaf(a) - leaf(b));
  for (const child of block.children) sortKernelsLast(child);
}

/** `image.blocks.0.mlp` → image, blocks.0, mlp. */
export function blockNames(path: string): string[] {
  const names: string[] = [];
  for (const part of path.split('.').filter(Boolean))
    if (/^\d+$/.test(part) && names.length > 0) names[names.length - 1] += `.${part}`;
    else names.push(part);
  return names;
}
