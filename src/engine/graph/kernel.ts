/**
 * How an op describes its dispatches. Shapes that make loops worth unrolling are constants in the WGSL text; other
 * loop bounds come as uniforms, because lavapipe unrolls constant loops for seconds at compile time.
 */
import type { Node, Tensor } from './tensor.ts';

/** What decides between kernels: the adapter's class and limits. */
export interface KernelContext {
  /** Software adapters lose half their speed to one barrier; real ones want workgroup tiles. */
  software: boolean;
  node: Node;
  /** Only this variant, where an op has one of that name; for tests and benchmarks. */
  variant?: string;
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
  element?: 'f32' | 'vec4f' | 'i32' | 'u32';
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
}

export interface KernelVariant {
  name: string;
  when?(context: KernelContext): boolean;
  calls(node: Node, context: KernelContext): KernelCall[];
}

export interface Kernels {
  kind: 'kernels';
  variants: KernelVariant[];
}

/** The last variant whose condition holds. */
export function chooseVariant(kernels: Kernels, context: KernelContext): KernelVariant {
  const fits = kernels.variants.filter((variant) => variant.when?.(context) ?? true);
  return (
    kernels.variants.find(
      (variant) =>
        variant.name === context.variant && (variant.when?.({ ...context, software: false }) ?? true),
    ) ??
    fits.at(-1) ??
    kernels.variants[0]
  );
}
