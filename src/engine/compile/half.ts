/**
 * Mixed precision: activations and their gradients lie in memory as 16-bit floats, two to a word, and are widened where they are read; all
 * arithmetic, sums, parameters, parameter gradients and moments stay 32 bits. pack2x16float is core WGSL, so this needs no
 * `shader-f16` and runs on every adapter. A number past 65,504 is stored as infinity, which the loss scaling then finds.
 */
import { opNamed } from '../graph/op.ts';
import { sizeOf, type Tensor } from '../graph/tensor.ts';
import type { Kernel } from './emit.ts';

/** Smaller tensors save nothing. */
const leastSize = 1024;

/** Whether a tensor may lose digits: what precise ops (softmax, the losses) read or make may not, nor statistics beside a result. */
function mayNarrow(tensor: Tensor, readers: ReadonlyMap<Tensor, readonly { op: string }[]>): boolean {
  return (
    tensor.dtype === 'f32' &&
    tensor.index === 0 &&
    sizeOf(tensor.shape) >= leastSize &&
    sizeOf(tensor.shape) % 4 === 0 &&
    !opNamed(tensor.node.op).precise &&
    !(readers.get(tensor) ?? []).some(({ op }) => opNamed(op).precise)
  );
}

/** Tensors to keep as 16-bit floats: those that no kernel writes number by number. */
export function narrowed(
  kernels: readonly Kernel[],
  readers: ReadonlyMap<Tensor, readonly { op: string }[]>,
  fixed: (tensor: Tensor) => boolean,
): Set<Tensor> {
  const found = new Set<Tensor>();
  const wide = new Set<Tensor>();
  for (const { bindings } of kernels)
    for (const { buffer, access, element } of bindings) {
      if ('scratch' in buffer) continue;
      if (access === 'write' && element !== 'vec4f') wide.add(buffer);
      else if (!fixed(buffer) && mayNarrow(buffer, readers)) found.add(buffer);
    }
  for (const tensor of wide) found.delete(tensor);
  return found;
}

const pack = `fn pack_(v: vec4f) -> vec2u {
  let most = max(max(abs(v.x), abs(v.y)), max(abs(v.z), abs(v.w)));
  if (most > 65504.0) { return vec2u(0x7c007c00u); }
  return vec2u(pack2x16float(v.xy), pack2x16float(v.zw));
}
`;

/** Position after the bracket that closes the one at `open`. */
function closing(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    if ('[('.includes(text[at])) depth++;
    else if ('])'.includes(text[at]) && --depth === 0) return at + 1;
  }
  throw new Error('a bracket is not closed');
}

/** `name[i]` becomes load_name(i), and `name[i] = v;` store_name(i, v); for the names given. */
function rewrite(text: string, names: ReadonlySet<string>): string {
  let result = '';
  let from = 0;
  for (const match of text.matchAll(/\b(\w+)\[/g)) {
    const [, name] = match;
    if (!names.has(name) || match.index < from) continue;
    const open = match.index + name.length;
    const close = closing(text, open);
    const index = rewrite(text.slice(open + 1, close - 1), names);
    result += text.slice(from, match.index);
    const assignment = /^\s*=(?!=)/.exec(text.slice(close));
    if (assignment) {
      const end = text.indexOf(';', close);
      const value = rewrite(text.slice(close + assignment[0].length, end).trim(), names);
      result += `store_${name}(${index}, ${value})`;
      from = end;
    } else {
      result += `load_${name}(${index})`;
      from = close;
    }
  }
  return result + text.slice(from);
}

/** The kernel with the given tensors as 16-bit floats in memory. */
export function narrow(kernel: Kernel, tensors: ReadonlySet<Tensor>): Kernel {
  const names = new Set<string>();
  const functions: string[] = [];
  let declarations = kernel.wgsl;
  const bindings = kernel.bindings.map((binding) => {
    const { name, buffer, access, element = 'f32' } = binding;
    if ('scratch' in buffer || !tensors.has(buffer)) return binding;
    const vector = element === 'vec4f';
    const words = vector ? ('vec2u' as const) : ('u32' as const);
    names.add(name);
    declarations = declarations.replace(`> ${name}: array<${element}>;`, `> ${name}: array<${words}>;`);
    functions.push(
      vector
        ? `fn load_${name}(i: u32) -> vec4f { let w = ${name}[i]; return vec4f(unpack2x16float(w.x), unpack2x16float(w.y)); }\n`
        : `fn load_${name}(i: u32) -> f32 { return unpack2x16float(${name}[i / 2u])[i % 2u]; }\n`,
    );
    if (access === 'write') functions.push(`fn store_${name}(i: u32, v: vec4f) { ${name}[i] = pack_(v); }\n`);
    return { ...binding, element: words };
  });
  if (names.size === 0) return kernel;
  const packs = functions.some((text) => text.includes('pack_(v)')) ? pack : '';
  return { ...kernel, bindings, wgsl: rewrite(declarations, names) + packs + functions.join('') };
}
