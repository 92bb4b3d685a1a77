/**
 * WGSL text of a group: declarations around the kernel's body, with the elementwise nodes before it as `read_…` functions and those after
 * it as `store`. Bindings and their layout come from one list, so that text and layout cannot disagree (a layout whose
 * access differs from the text gives wrong numbers in silence).
 */
import type { Binding, KernelCall, KernelContext, Reduction } from '../graph/kernel.ts';
import { type Node, sizeOf, type Tensor } from '../graph/tensor.ts';
import { Bindings, Chain } from './chain.ts';
import { type Group, rootOf } from './group.ts';

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

export interface EmitContext extends Omit<KernelContext, 'node'> {
  inlined: ReadonlySet<Node>;
  /** Tensors whose second stage is left to the end of the step. */
  deferred: (tensor: Tensor) => boolean;
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

/** A chain alone: one invocation per element, or per four. */
function chainCall({ pointwise, size }: Group, writes: readonly Tensor[], context: EmitContext): KernelCall {
  const type = size % 4 === 0 && writes.every(({ dtype }) => dtype === 'f32') ? 'vec4f' : 'f32';
  const bindings = new Bindings();
  const chain = new Chain(type, bindings, context.inlined);
  for (const node of pointwise) chain.add(node);
  for (const tensor of writes) chain.store(tensor);
  const count = type === 'vec4f' ? size / 4 : size;
  return {
    wgsl: `
@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {
  let i = invocation(id);
  if (i >= u.count) { return; }
  ${chain.lines.join('\n  ')}
}`,
    bindings: bindings.list,
    uniforms: { count },
    threads: count,
    workgroup: 64,
  };
}

/** The second stage of a sum in two, where it is not left to the end of the step. */
function reductionCall({ scratch, output, chunks, offset }: Reduction): KernelCall {
  const results = sizeOf(output.shape);
  return {
    wgsl: `
@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {
  let i = invocation(id);
  if (i >= u.results) { return; }
  var total = 0.0;
  for (var c = 0u; c < u.chunks; c++) { total += partial[u.offset + c * u.results + i]; }
  store(i, total);
}`,
    bindings: [
      { name: 'partial', buffer: scratch, access: 'read' },
      { name: 'y', buffer: output, access: 'write' },
    ],
    uniforms: { results, chunks, offset },
    threads: results,
    workgroup: 64,
    epilogue: 'f32',
  };
}

/** The kernels of one group, in order, and the second stages left to the end of the step. */
export function emit(
  group: Group,
  writes: readonly Tensor[],
  context: EmitContext,
): { kernels: Kernel[]; reductions: Reduction[] } {
  const { head, pointwise } = group;
  const tail = pointwise.map((node) => node.op);
  if (!head) {
    const call = chainCall(group, writes, context);
    return { kernels: [finish(call, tail.join(' + '), pointwise[0].path)], reductions: [] };
  }
  const { node } = head;
  const [output] = node.outputs;
  const stages = head.variant.calls(node, { ...context, node, columnSums: head.sums?.outputs[0] });
  const reductions: Reduction[] = [];
  const calls: KernelCall[] = [];
  for (const stage of stages)
    if ('wgsl' in stage) calls.push(stage);
    else if (context.deferred(stage.output)) reductions.push(stage);
    else calls.push(reductionCall(stage));
  const name = `${node.op} ${head.variant.name}`;
  const kernels = calls.map((call, index) => {
    const part = calls.length > 1 ? ` ${index + 1}/${calls.length}` : '';
    const bindings = new Bindings(
      call.bindings.map((binding) => ({
        ...binding,
        buffer: 'scratch' in binding.buffer ? binding.buffer : rootOf(binding.buffer),
      })),
    );
    const extra: string[] = [];
    for (const { name: input, tensor, element } of call.prologue ?? []) {
      const chain = new Chain(element, bindings, context.inlined);
      const value = chain.read(tensor, 'i');
      extra.push(
        `fn read_${input}(i: u32) -> ${element} { ${[...chain.lines, `return ${value};`].join(' ')} }\n`,
      );
    }
    if (!call.epilogue || !call.bindings.some(({ buffer }) => buffer === output))
      return finish(plainStore({ ...call, bindings: bindings.list }), name + part, node.path, extra.join(''));
    // What the kernel would have stored goes through the chain; it is in memory only if somebody else reads it.
    const chained = new Bindings(bindings.list.filter(({ buffer }) => buffer !== output));
    const chain = new Chain(call.epilogue, chained, context.inlined, call.columns);
    chain.define(output, 'value');
    for (const member of pointwise) chain.add(member);
    const elementwise = new Set<Tensor>([output, ...pointwise.flatMap(({ outputs }) => outputs)]);
    for (const tensor of writes) if (elementwise.has(tensor)) chain.store(tensor);
    extra.push(
      `fn store(i: u32, ${call.columns ? 'column: u32, ' : ''}value: ${call.epilogue}) { ${chain.lines.join(' ')} }\n`,
    );
    const label = [name + part, ...tail].join(' + ');
    return finish({ ...call, bindings: chained.list }, label, node.path, extra.join(''));
  });
  return { kernels, reductions };
}

/** A call with `store` whose result is not the group's first output: stored as it is. */
function plainStore(call: KernelCall): KernelCall {
  if (!call.epilogue) return call;
  const { name } = call.bindings.find(({ access }) => access === 'write')!;
  return { ...call, wgsl: `\nfn store(i: u32, value: ${call.epilogue}) { ${name}[i] = value; }${call.wgsl}` };
}
