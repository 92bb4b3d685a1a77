/**
 * From graph to a program: fused groups as kernels in order, every tensor with a place in memory. Pure data, no device, so that
 * plans can be printed, priced before a run and tested without a GPU.
 */
import type { Graph } from '../graph/graph.ts';
import type { Binding, KernelContext } from '../graph/kernel.ts';
import { opNamed } from '../graph/op.ts';
import { type DType, sizeOf, type Tensor } from '../graph/tensor.ts';
import { verify } from '../graph/verify.ts';
import '../ops/index.ts';
import { StudioError } from '../../core/errors.ts';
import { emit, type Kernel } from './emit.ts';
import { fuse, written } from './fuse.ts';
import { rootOf } from './group.ts';
import { narrow, narrowed } from './half.ts';
import { layoutParameters, type ParameterLayout } from './layout.ts';
import { align, type Lifetime, planMemory } from './plan.ts';

/** A range of memory: of the flat buffers, of the inputs of a step or those that stay, of sums to be finished, or of activation buffer `number`. In bytes. */
export interface Place {
  buffer: 'parameters' | 'gradients' | 'inputs' | 'resident' | 'partials' | number;
  offset: number;
  bytes: number;
}

export interface Program {
  layout: ParameterLayout;
  kernels: (Kernel & { places: Place[] })[];
  /** Bytes of each activation buffer. */
  buffers: number[];
  inputs: Map<string, Place & { dtype: DType; size: number }>;
  inputBytes: number;
  residentBytes: number;
  /** Gradients that lie in parts at the end of `kernels`, see finish.ts. */
  unfinished: Unfinished[];
  partialBytes: number;
  outputs: Map<string, Place & { shape: readonly number[]; dtype: DType }>;
  /** Multiply–add pairs of all nodes. */
  multiplyAdds: number;
}

/** A parameter's gradient as a sum over chunks: gradient[i] = Σ partials[from + c·size + i]. In floats. */
export interface Unfinished {
  gradient: number;
  size: number;
  from: number;
  chunks: number;
}

export interface CompileOptions {
  /** Gradient of each parameter by name; written into the flat gradient buffer. */
  gradients?: ReadonlyMap<string, Tensor>;
  /** Parameters of a larger model whose flat buffer this program shares; the graph's own by default. */
  layout?: ParameterLayout;
  software: boolean;
  /** Activations as 16-bit floats, see half.ts. */
  half?: boolean;
  maxBuffer: number;
  /** Programs whose resident inputs lie in the same buffer: those of one name share a place. */
  beside?: readonly Program[];
  /** See KernelContext; chosen where parts of sums would not fit. */
  unsplit?: boolean;
  /** Off only in tests. */
  fusion?: boolean;
  /** See KernelContext. */
  variant?: string;
}

type Key = Tensor | string;

/** @throws StudioError `out-of-memory` naming the tensor that cannot fit */
export function compile(
  graph: Graph,
  outputs: ReadonlyMap<string, Tensor>,
  options: CompileOptions,
): Program {
  verify(graph);
  const { software, variant, unsplit } = options;
  const context: Omit<KernelContext, 'node'> = { software, variant, unsplit };
  const layout = options.layout ?? layoutParameters(graph);
  const gradients = options.gradients ?? new Map<string, Tensor>();
  const nodes = graph.needed([...outputs.values(), ...gradients.values()]);
  const wanted = new Set([...outputs.values(), ...gradients.values()].map(rootOf));
  const { groups, inlined, consumers } = fuse(nodes, wanted, context, options.fusion);

  // Gradients that nobody reads again are written straight into the flat buffer; others are copied there at the end. So is a gradient of
  // several parameters (two biases that are added): a copy cannot read the buffer that it writes.
  const owners = new Map<Tensor, number>();
  for (const gradient of gradients.values()) {
    const root = rootOf(gradient);
    owners.set(root, (owners.get(root) ?? 0) + 1);
  }
  const fixed = new Map<Key, Place>();
  const copies: { from: Tensor; to: Place }[] = [];
  const outputRoots = new Set([...outputs.values()].map(rootOf));
  for (const [name, gradient] of gradients) {
    const entry = layout.byName.get(name)!;
    const root = rootOf(gradient);
    const place: Place = { buffer: 'gradients', offset: entry.offset * 4, bytes: entry.size * 4 };
    const made = opNamed(root.node.op).lower.kind !== 'source';
    if (made && !consumers.has(root) && owners.get(root) === 1 && !outputRoots.has(root))
      fixed.set(root, place);
    else copies.push({ from: root, to: place });
  }

  const inputs: Program['inputs'] = new Map();
  const beside = options.beside ?? [];
  const taken = { inputs: 0, resident: Math.max(0, ...beside.map(({ residentBytes }) => residentBytes)) };
  for (const [name, tensor] of graph.inputs) {
    if (!nodes.includes(tensor.node)) continue;
    const size = sizeOf(tensor.shape);
    const buffer = tensor.node.attributes['resident'] ? 'resident' : 'inputs';
    const shared =
      buffer === 'resident'
        ? beside.find((program) => program.inputs.has(name))?.inputs.get(name)
        : undefined;
    if (shared && shared.size !== size) throw new Error(`resident input ${name} has two sizes`);
    const place = shared ?? { buffer, offset: taken[buffer], bytes: size * 4, dtype: tensor.dtype, size };
    inputs.set(name, place);
    fixed.set(tensor, place);
    if (!shared) taken[buffer] += align(size * 4);
  }
  for (const [name, { tensor }] of graph.parameters) {
    const entry = layout.byName.get(name);
    if (entry) fixed.set(tensor, { buffer: 'parameters', offset: entry.offset * 4, bytes: entry.size * 4 });
  }

  // Kernels in order, with the tensors or scratch ranges that each touches.
  const kernels: { kernel: Kernel; keys: Key[] }[] = [];
  const bytesOf = new Map<Key, number>();
  const unfinished: Unfinished[] = [];
  let partialBytes = 0;
  const emitContext = {
    ...context,
    inlined,
    deferred: (tensor: Tensor) => fixed.get(rootOf(tensor))?.buffer === 'gradients',
  };
  for (const [index, group] of groups.entries()) {
    const emitted = emit(group, written(group, consumers, wanted), emitContext);
    for (const { scratch, output, chunks, offset } of emitted.reductions) {
      const key = `${index} ${scratch.scratch}`;
      if (!fixed.has(key)) {
        fixed.set(key, { buffer: 'partials', offset: partialBytes, bytes: scratch.size * 4 });
        partialBytes += align(scratch.size * 4);
      }
      const gradient = fixed.get(rootOf(output))!.offset / 4;
      const from = fixed.get(key)!.offset / 4 + offset;
      unfinished.push({ gradient, size: sizeOf(output.shape), from, chunks });
    }
    for (const kernel of emitted.kernels) {
      const keys = kernel.bindings.map(({ buffer }): Key => {
        if ('scratch' in buffer) {
          const key = `${index} ${buffer.scratch}`;
          bytesOf.set(key, buffer.size * 4);
          return key;
        }
        bytesOf.set(buffer, sizeOf(buffer.shape) * 4);
        return buffer;
      });
      kernels.push({ kernel, keys });
    }
  }
  if (partialBytes > options.maxBuffer && !unsplit)
    return compile(graph, outputs, { ...options, unsplit: true });
  for (const { from, to } of copies) {
    bytesOf.set(from, to.bytes);
    const key = `gradient ${to.offset}`;
    fixed.set(key, to);
    kernels.push({ kernel: copyKernel(from, to.bytes / 4), keys: [from, key] });
  }

  if (options.half) {
    const tensors = narrowed(
      kernels.map(({ kernel }) => kernel),
      consumers,
      (tensor) => fixed.has(tensor) || outputRoots.has(tensor),
    );
    for (const entry of kernels) entry.kernel = narrow(entry.kernel, tensors);
    for (const tensor of tensors) bytesOf.set(tensor, sizeOf(tensor.shape) * 2);
  }

  const lifetimes = new Map<Key, Lifetime>();
  for (const [index, { kernel, keys }] of kernels.entries())
    for (const key of keys) {
      if (fixed.has(key)) continue;
      const bytes = bytesOf.get(key)!;
      if (bytes > options.maxBuffer)
        throw new StudioError('out-of-memory', {
          tensor: `${kernel.path || 'model'} › ${kernel.label}`,
          needed: bytes,
          limit: options.maxBuffer,
        });
      const life = lifetimes.get(key);
      const last = typeof key !== 'string' && outputRoots.has(key) ? Number.POSITIVE_INFINITY : index;
      if (life) life.last = Math.max(life.last, last);
      else lifetimes.set(key, { bytes, first: index, last });
    }
  const access = (list: Key[], bindings: Binding[], kind: 'read' | 'write') =>
    list.filter((_, index) => bindings[index].access === kind);
  const plan = planMemory(
    lifetimes,
    kernels.map(({ kernel, keys }) => ({
      reads: access(keys, kernel.bindings, 'read'),
      writes: access(keys, kernel.bindings, 'write'),
    })),
    options.maxBuffer,
  );
  const placeOf = (key: Key): Place => {
    const place = fixed.get(key);
    if (place) return place;
    const planned = plan.places.get(key);
    if (!planned)
      throw new StudioError('graph-invalid', {
        path: typeof key === 'string' ? key : key.node.path,
        message: 'a tensor has no memory',
      });
    return { ...planned, bytes: bytesOf.get(key)! };
  };

  return {
    layout,
    kernels: kernels.map(({ kernel, keys }) => ({ ...kernel, places: keys.map(placeOf) })),
    buffers: plan.buffers,
    inputs,
    inputBytes: taken.inputs,
    residentBytes: taken.resident,
    unfinished,
    partialBytes,
    outputs: new Map(
      [...outputs].map(([name, tensor]) => [
        name,
        { ...placeOf(rootOf(tensor)), shape: tensor.shape, dtype: tensor.dtype },
      ]),
    ),
    multiplyAdds: nodes.reduce(
      (total, node) => total + (opNamed(node.op).multiplyAdds?.(node.inputs, node.attributes) ?? 0),
      0,
    ),
  };
}

function copyKernel(from: Tensor, size: number): Kernel {
  const workgroups = Math.ceil(size / 64);
  return {
    label: 'copy gradient',
    path: from.node.path,
    wgsl: `struct Uniforms { size: u32, row_: u32 }
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
@group(0) @binding(2) var<uniform> u: Uniforms;
@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {
  for (var i = id.x; i < u.size; i += u.row_) { y[i] = x[i]; }
}
`,
    bindings: [
      { name: 'x', buffer: from, access: 'read' },
      { name: 'y', buffer: from, access: 'write' },
    ],
    uniforms: [size, Math.min(workgroups, 65535) * 64],
    workgroups: [Math.min(workgroups, 65535), 1, 1],
  };
}

/** Bytes of activations and a step's inputs, for the estimate before a run. */
export const activationBytes = (program: Program) =>
  program.buffers.reduce((a, b) => a + b, 0) + program.inputBytes + program.partialBytes;
