/**
 * How an op describes its dispatches. Shapes that make loops worth unrolling are constants in the WGSL text; other
 * loop bounds come as uniforms, because lavapipe unrolls constant loops for seconds at compile time.
 */
import type { Node, Tensor } from './tensor.ts';

/** What decides between kernels: the adapter's class and limits. */
export interface KernelContext {
  /**
   * Software adapters lose half their speed to one barrier, and compile slowly: they unroll constant loops and write every load and store out
   * once for each lane. Real ones want workgroup tiles.
   */
  software: boolean;
  node: Node;
  /** Only this variant, where an op has one of that name; for tests and benchmarks. */
  variant?: string;
  /** No sums in parts for the sake of speed: they would not fit into a buffer. */
  unsplit?: boolean;
  /** A matmul aᵀ·b writes Σ over the rows of a here too: the bias gradient beside the weight gradient. */
  columnSums?: Tensor;
}

/** A buffer that lives only inside one node, in floats. */
export interface Scratch {
  scratch: string;
  size: number;
}

export interface Binding {
  /** Name in the WGSL text. */
  name: string;
  buffer: Tensor | Scratch;
  access: 'read' | 'write';
  /** WGSL element type; `f32` by default. */
  element?: 'f32' | 'vec4f' | 'i32' | 'u32' | 'vec2u' | 'vec4u';
}

export interface KernelCall {
  /** Body: functions and entry point `main`; the bindings are declared by the compiler from `bindings`. */
  wgsl: string;
  bindings: Binding[];
  /** Loop bounds and sizes, read as `u.name` (u32). */
  uniforms?: Record<string, number>;
  /** Invocations wanted along x; folded over y when they exceed the limit of workgroups per axis. */
  threads: number;
  /** Further z slices (batches). */
  slices?: number;
  /** Threads per workgroup along x. */
  workgroup: number;
  /**
   * The kernel ends in `store(i, value)` with `i` the index of a vec4f (`storeVector`) or f32 of its first output, so that
   * pointwise ops that follow can be computed there. `none` when it writes its outputs itself.
   */
  epilogue?: 'vec4f' | 'f32';
  /** The kernel stores as `store(i, column, value)`: column = i modulo its row, in elements of the epilogue; `columns` in floats. */
  columns?: number;
  /**
   * Inputs that the kernel reads as `read_name(i)`, i the index of an element of this type, so that pointwise ops and moves before it
   * can be computed there. They need no entry in `bindings`.
   */
  prologue?: { name: string; tensor: Tensor; element: 'vec4f' | 'f32' }[];
}

/**
 * Second stage of a sum in two: output[i] = Σ over c < chunks of scratch[offset + c·size + i]. Where the output is a parameter's
 * gradient, one dispatch does this for all of them at the end of the step.
 */
export interface Reduction {
  scratch: Scratch;
  output: Tensor;
  chunks: number;
  /** In floats. */
  offset: number;
}

export interface KernelVariant {
  name: string;
  /** Whether it gives right results at all, for these shapes. */
  fits?(context: KernelContext): boolean;
  /** Whether it is the better one on this adapter. */
  prefer?(context: KernelContext): boolean;
  calls(node: Node, context: KernelContext): (KernelCall | Reduction)[];
}

export interface Kernels {
  kind: 'kernels';
  variants: KernelVariant[];
  /** Inputs, by number, that every variant reads through a prologue. */
  prologues?: readonly number[];
  /** The matmul's: can write column sums. */
  columnSums?: boolean;
}

/**
 * An op that only moves numbers: each piece reads one input at Σ coordinate·stride + offset of the output's coordinates, where the
 * coordinate of `axis` lies in from … to; zero where no piece applies.
 */
export interface Piece {
  input: number;
  strides: readonly number[];
  offset: number;
  range?: { axis: number; from: number; to: number };
}

/** The variant asked for where it fits; else the last that fits and is preferred. */
export function chooseVariant({ variants }: Kernels, context: KernelContext): KernelVariant {
  const fitting = variants.filter((variant) => variant.fits?.(context) ?? true);
  return (
    fitting.find(({ name }) => name === context.variant) ??
    fitting.filter((variant) => variant.prefer?.(context) ?? true).at(-1) ??
    variants[0]
  );
}
