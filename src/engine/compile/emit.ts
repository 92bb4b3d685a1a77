/**
 * WGSL text: declarations around a kernel's body, and the bodies of fused pointwise chains. Bindings and their layout come
 * from one list, so that text and layout cannot disagree (a layout whose access differs from the text gives wrong numbers
 * in silence).
 */
import type { Binding, KernelCall, KernelContext } from '../graph/kernel.ts';
import { literal } from '../graph/literal.ts';
import { opNamed } from '../graph/op.ts';
import { broadcastStrides, type Node, sizeOf, type Tensor } from '../graph/tensor.ts';
import { type Group, isConstant, rootOf } from './fuse.ts';

export interface Kernel {
  /** For people and timings: `matmul registers + add + gelu`. */
  label: string;
  /** Block that the kernel belongs to. */
  path: string;
  wgsl: string;
  bindings: Binding[];
  /** Values of the uniform struct, in order. */
  uniforms: number[];
  workgroups: [number, number, number];
  /** Takes the step's uniform as a second one, after its own. */
  usesStep?: boolean;
}

const groupLimit = 65535;

/** Folds a long row of workgroups over y, near square. */
function grid(call: KernelCall): { workgroups: [number, number, number]; row: number } {
  const groups = Math.max(1, Math.ceil(call.threads / call.workgroup));
  const x = groups <= groupLimit ? groups : Math.ceil(Math.sqrt(groups));
  return { workgroups: [x, Math.ceil(groups / x), call.slices ?? 1], row: x * call.workgroup };
}

function finish(call: KernelCall, label: string, path: string, extra = ''): Kernel {
  const { workgroups, row } = grid(call);
  const uniforms = { row_: row, ...call.uniforms };
  const declarations = call.bindings.map(
    ({ name, access, element = 'f32' }, index) =>
      `@group(0) @binding(${index}) var<storage, ${access === 'read' ? 'read' : 'read_write'}> ${name}: array<${element}>;`,
  );
  return {
    label,
    path,
    wgsl: `struct Uniforms { ${Object.keys(uniforms)
      .map((key) => `${key}: u32`)
      .join(', ')} }
${declarations.join('\n')}
@group(0) @binding(${call.bindings.length}) var<uniform> u: Uniforms;
fn invocation(id: vec3u) -> u32 { return id.x + id.y * u.row_; }
${extra}${call.wgsl}
`,
    bindings: call.bindings,
    uniforms: Object.values(uniforms),
    workgroups,
  };
}

/** Merges axes that are contiguous for the reader, so that indices need fewer divisions. */
function collapsed(from: readonly number[], to: readonly number[]): { extent: number; stride: number }[] {
  const strides = broadcastStrides(from, to);
  const result: { extent: number; stride: number }[] = [];
  for (const [axis, extent] of to.entries()) {
    if (extent === 1) continue;
    const last = result.at(-1);
    if (last && (strides[axis] === 0 ? last.stride === 0 : last.stride === strides[axis] * extent)) {
      last.extent *= extent;
      last.stride = strides[axis];
    } else result.push({ extent, stride: strides[axis] });
  }
  return result;
}

function indexText(name: string, axes: { extent: number; stride: number }[]): string {
  let inner = 1;
  const terms: string[] = [];
  for (const [back, { extent, stride }] of [...axes].reverse().entries()) {
    const quotient = inner === 1 ? name : `(${name} / ${inner}u)`;
    if (stride)
      terms.push(`${back === axes.length - 1 ? quotient : `(${quotient} % ${extent}u)`} * ${stride}u`);
    inner *= extent;
  }
  return terms.join(' + ').replaceAll(' * 1u', '') || '0u';
}

/**
 * Body that computes pointwise nodes at index `i`, from the value the head made, if any. Names count from 0 in each kernel, so that
 * equal layers give equal text and share a pipeline.
 */
class Chain {
  readonly bindings: Binding[] = [];
  readonly lines: string[] = [];
  private readonly names = new Map<Tensor, string>();
  private readonly type: 'f32' | 'vec4f';
  private readonly loads = new Map<string, string>();

  constructor(type: 'f32' | 'vec4f') {
    this.type = type;
  }

  bind(tensor: Tensor, access: 'read' | 'write', element: Binding['element']): string {
    const same = this.bindings.find((binding) => binding.buffer === tensor && binding.element === element);
    if (same) return same.name;
    const name = `${access === 'read' ? 'in' : 'out'}${this.bindings.length}_`;
    this.bindings.push({ name, buffer: tensor, access, element });
    return name;
  }

  define(tensor: Tensor, name: string): void {
    this.names.set(tensor, name);
  }

  /** `tensor` as seen by a node of shape `shape`, at element index i (vec4f: elements 4i … 4i + 3). */
  load(tensor: Tensor, shape: readonly number[]): string {
    const root = rootOf(tensor);
    if (isConstant(root)) return `${this.type}(${literal(root.node.attributes['value'] as number)})`;
    const inside = this.names.get(root);
    if (inside) return inside;
    const axes = collapsed(tensor.shape, shape);
    const whole = axes.length <= 1 && (axes[0]?.stride ?? 1) === 1 && sizeOf(tensor.shape) === sizeOf(shape);
    const integer = root.dtype === 'i32';
    const wrap = (text: string) => (integer ? `f32(${text})` : text);
    const scalar = integer ? 'i32' : 'f32';
    let text: string;
    const last = axes.at(-1);
    if (this.type === 'f32') {
      text = wrap(`${this.bind(root, 'read', scalar)}[${whole ? 'i' : indexText('i', axes)}]`);
    } else if (whole && !integer) {
      text = `${this.bind(root, 'read', 'vec4f')}[i]`;
    } else if (
      last &&
      last.stride === 1 &&
      last.extent % 4 === 0 &&
      !integer &&
      axes.every(({ stride, extent }, k) => k === axes.length - 1 || (stride % 4 === 0 && extent > 0))
    ) {
      text = `${this.bind(root, 'read', 'vec4f')}[(${indexText('(i * 4u)', axes)}) / 4u]`;
    } else if (!last || (last.stride === 0 && last.extent % 4 === 0)) {
      text = `vec4f(${wrap(`${this.bind(root, 'read', scalar)}[${indexText('(i * 4u)', axes)}]`)})`;
    } else {
      const name = this.bind(root, 'read', scalar);
      text = `vec4f(${[0, 1, 2, 3].map((k) => wrap(`${name}[${indexText(`(i * 4u + ${k}u)`, axes)}]`)).join(', ')})`;
    }
    const known = this.loads.get(text);
    if (known) return known;
    const name = `l${this.loads.size}`;
    this.loads.set(text, name);
    this.lines.push(`let ${name} = ${text};`);
    return name;
  }

  add(node: Node): void {
    const { lower } = opNamed(node.op);
    if (lower.kind !== 'pointwise') throw new Error(`${node.op} is not pointwise`);
    const [output] = node.outputs;
    const args = node.inputs.map((input) => this.load(input, output.shape));
    const name = `v${this.names.size}`;
    this.lines.push(`let ${name} = ${lower.expression(args, node.attributes, this.type)};`);
    this.names.set(output, name);
  }

  store(tensor: Tensor): void {
    const name = this.bind(tensor, 'write', this.type);
    this.lines.push(`${name}[i] = ${this.names.get(tensor)};`);
  }
}

/** The kernels of one group, in order. */
export function emit(
  group: Group,
  written: readonly Tensor[],
  context: Omit<KernelContext, 'node'>,
): Kernel[] {
  const { head, pointwise } = group;
  const tail = pointwise.map((node) => node.op);
  if (!head) {
    const type = group.size % 4 === 0 ? 'vec4f' : 'f32';
    const chain = new Chain(type);
    for (const node of pointwise) chain.add(node);
    for (const tensor of written) chain.store(tensor);
    const count = type === 'vec4f' ? group.size / 4 : group.size;
    const call: KernelCall = {
      wgsl: `
@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {
  let i = invocation(id);
  if (i >= u.count) { return; }
  ${chain.lines.join('\n  ')}
}`,
      bindings: chain.bindings,
      uniforms: { count },
      threads: count,
      workgroup: 64,
    };
    return [finish(call, tail.join(' + '), pointwise[0].path)];
  }
  const calls = head.variant.calls(head.node, { ...context, node: head.node });
  const label = [`${head.node.op} ${head.variant.name}`, ...tail].join(' + ');
  return calls.map((call, index) => {
    const name = calls.length > 1 ? `${label} ${index + 1}/${calls.length}` : label;
    const roots = call.bindings.map((binding) => ({
      ...binding,
      buffer: 'scratch' in binding.buffer ? binding.buffer : rootOf(binding.buffer),
    }));
    if (!call.epilogue) return finish({ ...call, bindings: roots }, name, head.node.path);
    const [output] = head.node.outputs;
    const chain = new Chain(call.epilogue);
    chain.define(output, 'value');
    for (const node of pointwise) chain.add(node);
    for (const tensor of written) chain.store(tensor);
    const bindings = [...roots.filter((binding) => binding.buffer !== output), ...chain.bindings];
    const store = `fn store(i: u32, value: ${call.epilogue}) { ${chain.lines.join(' ')} }`;
    return finish({ ...call, bindings }, name, head.node.path, store);
  });
}
