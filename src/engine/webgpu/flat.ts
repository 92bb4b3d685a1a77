/**
 * Kernels over the flat buffers, whose bindings are places instead of tensors of a graph; and how the step's uniform and record are laid out.
 * Where barriers are dear (software adapters) a thread walks a 64-float block alone; elsewhere sixteen share it.
 */
import type { Place } from '../compile/compile.ts';
import type { Kernel } from '../compile/emit.ts';
import { blockSize, type ParameterLayout } from '../compile/layout.ts';

/** Head of a record, floats: loss scale, global norm, clip factor, halted, good steps in a row, skipped in all, this one skipped, unused. */
export const recordHead = 8;
export const recordSize = (groups: number) => recordHead + 3 * groups;

/** Floats that a step writes: learning rate, clip, share of a micro-batch, first of the step; s0 … s7; share of the parameters in their average, 3 unused. */
export const stepFloats = 16;
/** Of 4 floats each: 16 KiB of uniforms, of which every adapter binds 64. */
export const maxParameterGroups = 1000;
export const uniformFloats = stepFloats + 4 * maxParameterGroups;
/** What names a block's group: its number, plus this where the parameter takes a direction. */
export const directedFlag = 2 ** 16;

export type Placed = Kernel & { places: Place[] };

export interface Bound {
  name: string;
  access: 'read' | 'write';
  element: 'f32' | 'vec4f' | 'u32' | 'vec4u';
  place: Place;
}

const stepStruct = `struct Step { rate: f32, clip: f32, share: f32, first: f32, s: array<vec4f, 2>, average: f32, groups: array<vec4f, ${maxParameterGroups}> }`;

export function kernel(
  label: string,
  bound: Bound[],
  uniforms: Record<string, number>,
  body: string,
  workgroups: number,
  usesStep = false,
): Placed {
  const x = Math.min(workgroups, 65535);
  const declarations = bound.map(
    ({ name, access, element }, index) =>
      `@group(0) @binding(${index}) var<storage, ${access === 'read' ? 'read' : 'read_write'}> ${name}: array<${element}>;`,
  );
  return {
    label,
    path: 'optimizer',
    wgsl: `struct Uniforms { ${Object.keys(uniforms)
      .map((name) => `${name}: u32`)
      .join(', ')} }
${declarations.join('\n')}
@group(0) @binding(${bound.length}) var<uniform> u: Uniforms;
${usesStep ? `${stepStruct}\n@group(0) @binding(${bound.length + 1}) var<uniform> step: Step;` : ''}
${body}`,
    // The tensors of these bindings are places, not graph; only access and order are read.
    bindings: bound.map(({ name, access, element }) => ({
      name,
      access,
      element,
      buffer: { scratch: name, size: 0 },
    })),
    uniforms: Object.values(uniforms),
    workgroups: [x, Math.ceil(workgroups / x), 1],
    places: bound.map(({ place }) => place),
    usesStep,
  };
}

export const vectors = blockSize / 4;

/**
 * A kernel over all vectors of the flat buffers; `body` works on vector `i` of block `at` and leaves values whose sums over the block go to
 * `squares`, the k-th at k × blocks.
 */
export function blockKernel(
  label: string,
  bound: Bound[],
  layout: ParameterLayout,
  body: string,
  values: string[],
  software: boolean,
  usesStep: boolean,
): Placed {
  const blocks = layout.total / blockSize;
  const sums = values.map((_, k) => `total${k}`);
  if (software)
    return kernel(
      label,
      bound,
      { blocks, row: Math.min(Math.ceil(blocks / 32), 65535) * 32 },
      `@compute @workgroup_size(32) fn main(@builtin(global_invocation_id) id: vec3u) {
  let at = id.x + id.y * u.row;
  if (at >= u.blocks) { return; }
  ${sums.map((name) => `var ${name} = 0.0;`).join(' ')}
  for (var v = 0u; v < u.vectors; v++) {
    let i = at * ${vectors}u + v;
    ${body}
    ${values.map((value, k) => `total${k} += dot(${value}, ${value});`).join(' ')}
  }
  ${sums.map((name, k) => `squares[at + ${k}u * u.blocks] = ${name};`).join(' ')}
}
`.replaceAll('u.vectors', `${vectors}u`),
      Math.ceil(blocks / 32),
      usesStep,
    );
  return kernel(
    label,
    bound,
    { blocks, row: Math.min(Math.ceil(blocks / 4), 65535) * 4 },
    `var<workgroup> parts: array<array<f32, 64>, ${values.length}>;
@compute @workgroup_size(64) fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let at = group.x * 4u + group.y * u.row + lane / ${vectors}u;
  if (at < u.blocks) {
    let i = at * ${vectors}u + lane % ${vectors}u;
    ${body}
    ${values.map((value, k) => `parts[${k}][lane] = dot(${value}, ${value});`).join(' ')}
  }
  workgroupBarrier();
  if (at < u.blocks && lane % ${vectors}u == 0u) {
    ${values
      .map(
        (_, k) =>
          `var total${k} = 0.0; for (var v = 0u; v < ${vectors}u; v++) { total${k} += parts[${k}][lane + v]; } squares[at + ${k}u * u.blocks] = total${k};`,
      )
      .join('\n    ')}
  }
}
`,
    Math.ceil(blocks / 4),
    usesStep,
  );
}
