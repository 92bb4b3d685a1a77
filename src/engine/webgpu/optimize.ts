/**
 * Norms, clipping and the update as a few dispatches over the flat buffers, with no round trip: squares per 64-float block, sums per norm
 * group, one thread that decides the clip factor (or to skip a gradient that is not finite), one update. The update leaves
 * the change it made in the gradient buffer, from which the update-to-weight ratio is read. All sums in a fixed order.
 */

import type { Place } from '../compile/compile.ts';
import type { Kernel } from '../compile/emit.ts';
import { blockSize, type NormGroup, type ParameterLayout } from '../compile/layout.ts';
import type { OptimizerRule } from '../executor.ts';

/** Floats at the head of a record: global norm, clip factor, skipped. */
export const recordHead = 4;
export const recordSize = (groups: number) => recordHead + 3 * groups;

/** Floats of the step's uniform: learning rate, clip, s0 … s7, padding; then 4 per parameter group. */
export const stepHead = 12;
export const maxParameterGroups = 60;

type Placed = Kernel & { places: Place[] };

const whole = (buffer: Place['buffer'], floats: number, offset = 0): Place => ({
  buffer,
  offset,
  bytes: floats * 4,
});

export interface OptimizePlaces {
  parameters: Place;
  gradients: Place;
  moments: Place[];
  partial: Place;
  record: Place;
  ranges: Place;
  groups: Place;
}

export const optimizePlaces = (
  layout: ParameterLayout,
  moments: number,
  groups: number,
  buffers: { first: number },
): OptimizePlaces => ({
  parameters: whole('parameters', layout.total),
  gradients: whole('gradients', layout.total),
  moments: Array.from({ length: moments }, (_, index) => whole(buffers.first + index, layout.total)),
  partial: whole(buffers.first + 2, layout.total / blockSize),
  record: whole(buffers.first + 3, recordSize(groups)),
  ranges: whole(buffers.first + 4, 2 * groups),
  groups: whole(buffers.first + 5, layout.total / blockSize),
});

const header = (
  bindings: { name: string; access: 'read' | 'write'; element: string }[],
  uniforms: string[],
) =>
  `struct Uniforms { ${uniforms.map((name) => `${name}: u32`).join(', ')} }
${bindings
  .map(
    ({ name, access, element }, index) =>
      `@group(0) @binding(${index}) var<storage, ${access === 'read' ? 'read' : 'read_write'}> ${name}: array<${element}>;`,
  )
  .join('\n')}
@group(0) @binding(${bindings.length}) var<uniform> u: Uniforms;
`;

type Bound = { name: string; access: 'read' | 'write'; element: 'f32' | 'vec4f' | 'u32'; place: Place };

function kernel(
  label: string,
  bound: Bound[],
  uniforms: Record<string, number>,
  body: string,
  workgroups: number,
  usesStep = false,
): Placed {
  const x = Math.min(workgroups, 65535);
  return {
    label,
    path: 'optimizer',
    wgsl: header(bound, Object.keys(uniforms)) + body,
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

/** Σ x² of each block, then of each group, into the record at `at`. */
function norms(
  of: Place,
  places: OptimizePlaces,
  layout: ParameterLayout,
  groups: number,
  at: number,
  label: string,
): Placed[] {
  const blocks = layout.total / blockSize;
  return [
    kernel(
      `${label} squares`,
      [
        { name: 'x', access: 'read', element: 'vec4f', place: of },
        { name: 'partial', access: 'write', element: 'f32', place: places.partial },
      ],
      { blocks, row: Math.min(Math.ceil(blocks / 64), 65535) * 64 },
      `@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {
  let block = id.x + id.y * u.row;
  if (block >= u.blocks) { return; }
  var total = 0.0;
  for (var i = 0u; i < ${blockSize / 4}u; i++) { let v = x[block * ${blockSize / 4}u + i]; total += dot(v, v); }
  partial[block] = total;
}
`,
      Math.ceil(blocks / 64),
    ),
    kernel(
      `${label} norms`,
      [
        { name: 'partial', access: 'read', element: 'f32', place: places.partial },
        { name: 'ranges', access: 'read', element: 'u32', place: places.ranges },
        { name: 'record', access: 'write', element: 'f32', place: places.record },
      ],
      { at },
      `var<workgroup> sums: array<f32, 64>;
@compute @workgroup_size(64) fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  var total = 0.0;
  for (var block = ranges[group.x * 2u] + lane; block < ranges[group.x * 2u + 1u]; block += 64u) { total += partial[block]; }
  sums[lane] = total;
  workgroupBarrier();
  if (lane == 0u) {
    var all = 0.0;
    for (var i = 0u; i < 64u; i++) { all += sums[i]; }
    record[u.at + group.x] = sqrt(all);
  }
}
`,
      groups,
    ),
  ];
}

/** All kernels after the gradients are known. The update takes a second uniform, the step's (see `stepHead`). */
export function optimizeKernels(
  layout: ParameterLayout,
  rule: OptimizerRule,
  norm: NormGroup[],
  places: OptimizePlaces,
): { before: Placed[]; update: Placed; after: Placed[] } {
  const groups = norm.length;
  const finish = kernel(
    'clip factor',
    [{ name: 'record', access: 'write', element: 'f32', place: places.record }],
    { groups },
    `struct Step { rate: f32, clip: f32, unused0: f32, unused1: f32, s: array<vec4f, 2> }
@group(0) @binding(2) var<uniform> step: Step;
@compute @workgroup_size(1) fn main() {
  var total = 0.0;
  for (var i = 0u; i < u.groups; i++) { let n = record[${recordHead}u + i]; total += n * n; }
  let norm = sqrt(total);
  // Compilers may assume that NaN never happens, so the exponent bits are tested.
  let finite = (bitcast<u32>(norm) & 0x7f800000u) != 0x7f800000u;
  record[0] = norm;
  record[1] = select(1.0, min(1.0, step.clip / (norm + 1.0e-6)), step.clip > 0.0);
  // Once a gradient was not finite, nothing more is updated until the trainer says so: the weights stay those before it.
  record[2] = max(record[2], select(1.0, 0.0, finite));
}
`,
    1,
    true,
  );
  const momentNames = places.moments.map((_, index) => `moment${index}`);
  const vectors = layout.total / 4;
  const update = kernel(
    `${rule.name} update`,
    [
      { name: 'parameters', access: 'write', element: 'vec4f', place: places.parameters },
      { name: 'gradients', access: 'write', element: 'vec4f', place: places.gradients },
      { name: 'groups', access: 'read', element: 'u32', place: places.groups },
      { name: 'record', access: 'read', element: 'f32', place: places.record },
      ...momentNames.map(
        (name, index): Bound => ({ name, access: 'write', element: 'vec4f', place: places.moments[index] }),
      ),
    ],
    { vectors, row: Math.min(Math.ceil(vectors / 64), 65535) * 64 },
    `struct Step { rate: f32, clip: f32, unused0: f32, unused1: f32, s: array<vec4f, 2>, groups: array<vec4f, ${maxParameterGroups}> }
@group(0) @binding(${5 + momentNames.length}) var<uniform> step: Step;
@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {
  let i = id.x + id.y * u.row;
  if (i >= u.vectors) { return; }
  if (record[2] > 0.5) { gradients[i] = vec4f(); return; }
  let own = step.groups[groups[i / ${blockSize / 4}u]];
  let rate = step.rate * own.x;
  let decay = own.y;
  let s0 = step.s[0].x; let s1 = step.s[0].y; let s2 = step.s[0].z; let s3 = step.s[0].w;
  let s4 = step.s[1].x; let s5 = step.s[1].y; let s6 = step.s[1].z; let s7 = step.s[1].w;
  let before = parameters[i];
  var p = before;
  var g = gradients[i] * record[1];
  ${momentNames.map((name, index) => `var m${index} = ${name}[i];`).join('\n  ')}
  if (own.x > 0.0) {
    ${rule.wgsl}
    p = clamp(p, vec4f(own.z), vec4f(own.w));
  }
  parameters[i] = p;
  gradients[i] = p - before;
  ${momentNames.map((name, index) => `${name}[i] = m${index};`).join('\n  ')}
}
`,
    Math.ceil(vectors / 64),
    true,
  );
  return {
    before: [...norms(places.gradients, places, layout, groups, recordHead, 'gradient'), finish],
    update,
    after: [
      ...norms(places.parameters, places, layout, groups, recordHead + groups, 'weight'),
      ...norms(places.gradients, places, layout, groups, recordHead + 2 * groups, 'update'),
    ],
  };
}
