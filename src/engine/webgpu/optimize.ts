/**
 * What follows the gradients, in four dispatches over the flat buffers and with no round trip:
 *   finish   (finish.ts) leaves the step's gradients and their Σ x² per 64-float block;
 *   clip     norms per group, the clip factor, and whether to skip a gradient that is not finite;
 *   update   the optimizer's rule, and Σ x² of the weights and of their change;
 *   norms    of weights and of their change, per group.
 * All sums in a fixed order.
 *
 * Statistics (batch norm's running mean) lie in the same buffers and take their step in the same dispatch, by a rule of their own; a rate below
 * zero marks them and holds their share. No range of the norms covers them.
 *
 * With 16-bit floats the loss is multiplied by a scale, so that small gradients survive; the clip kernel divides it out. A gradient that
 * overflows is skipped and halves the scale; 1,000 good steps double it (Micikevicius et al. 2017, arXiv 1710.03740).
 */
import { blockSize, type NormGroup, type ParameterLayout } from '../compile/layout.ts';
import type { OptimizerRule } from '../executor.ts';
import type { OptimizePlaces } from './finish.ts';
import { type Bound, blockKernel, kernel, type Placed, recordHead } from './flat.ts';

/** Loss scale at the start, and below which a gradient that is not finite is a true one. */
export const firstScale = 2 ** 15;
const leastScale = 1 / 16;

/** √ of the sums of `squares` over each group's blocks; `each(k, g)` stores `norm`, and Σ norm² is left in `all` for thread 0. */
function groupNorms(sets: number, store: string, last: string, software: boolean): string {
  const inner = (start: string, step: string) =>
    `for (var b = ranges[g * 2u] + ${start}; b < ranges[g * 2u + 1u]; b += ${step}) { total += squares[b + part * u.blocks]; }`;
  const width = software ? 64 : 256;
  return `var<workgroup> sums: array<f32, ${width}>;
@compute @workgroup_size(${width}) fn main(@builtin(local_invocation_index) lane: u32) {
  ${
    software
      ? `var own = 0.0;
  for (var t = lane; t < u.groups * ${sets}u; t += ${width}u) {
    let part = t / u.groups;
    let g = t % u.groups;
    var total = 0.0;
    ${inner('0u', '1u')}
    ${store}
    own += total;
  }
  sums[lane] = own;
  workgroupBarrier();
  if (lane == 0u) {
    var all = 0.0;
    for (var i = 0u; i < ${width}u; i++) { all += sums[i]; }
    ${last}
  }`
      : `var all = 0.0;
  for (var t = 0u; t < u.groups * ${sets}u; t++) {
    let part = t / u.groups;
    let g = t % u.groups;
    var total = 0.0;
    ${inner('lane', `${width}u`)}
    sums[lane] = total;
    workgroupBarrier();
    for (var half = ${width / 2}u; half > 0u; half >>= 1u) {
      if (lane < half) { sums[lane] += sums[lane + half]; }
      workgroupBarrier();
    }
    if (lane == 0u) { total = sums[0]; all += total; ${store} }
    workgroupBarrier();
  }
  if (lane == 0u) { ${last} }`
  }
}
`;
}

/** All kernels after those that finish the gradients, in order. */
export function optimizeKernels(
  layout: ParameterLayout,
  rule: OptimizerRule,
  norm: NormGroup[],
  places: OptimizePlaces,
  options: { software: boolean; scaled: boolean },
): Placed[] {
  const { software, scaled } = options;
  const groups = norm.length;
  const blocks = layout.total / blockSize;
  const normBindings: Bound[] = [
    { name: 'squares', access: 'read', element: 'f32', place: places.squares },
    { name: 'ranges', access: 'read', element: 'u32', place: places.ranges },
    { name: 'record', access: 'write', element: 'f32', place: places.record },
  ];
  const clip = kernel(
    'clip',
    normBindings,
    { groups, blocks },
    groupNorms(
      1,
      `record[${recordHead}u + g] = sqrt(total)${scaled ? ' / record[0]' : ''};`,
      // Compilers may assume that NaN never happens, so the exponent bits are tested.
      `let norm = sqrt(all)${scaled ? ' / record[0]' : ''};
    let finite = (bitcast<u32>(all) & 0x7f800000u) != 0x7f800000u;
    record[1] = norm;
    record[2] = select(1.0, min(1.0, step.clip / (norm + 1.0e-6)), step.clip > 0.0)${scaled ? ' / record[0]' : ''};
    ${
      scaled
        ? `record[6] = select(1.0, 0.0, finite);
    if (finite) {
      record[4] += 1.0;
      record[7] = 1.0;
      if (record[4] >= 1000.0) { record[4] = 0.0; record[7] = select(1.0, 2.0, record[0] < 1.0e7); }
    } else {
      record[4] = 0.0;
      record[5] += 1.0;
      record[7] = 0.5;
      // Not the scale's fault any more: halt as without 16-bit floats.
      if (record[0] <= ${leastScale}) { record[3] = 1.0; record[7] = 1.0; }
    }`
        : `// Once a gradient was not finite, nothing more is updated until the trainer says so: the weights stay those before it.
    record[3] = max(record[3], select(1.0, 0.0, finite));`
    }`,
      software,
    ),
    1,
    true,
  );
  const follows = layout.entries.some(({ follow }) => follow !== undefined);
  const momentNames = places.moments.map((_, index) => `moment${index}`);
  const update = blockKernel(
    `${rule.name} update`,
    [
      { name: 'parameters', access: 'write', element: 'vec4f', place: places.parameters },
      { name: 'gradients', access: 'read', element: 'vec4f', place: places.summed },
      { name: 'groups', access: 'read', element: 'u32', place: places.groups },
      { name: 'record', access: 'read', element: 'f32', place: places.record },
      ...momentNames.map(
        (name, index): Bound => ({ name, access: 'write', element: 'vec4f', place: places.moments[index] }),
      ),
      { name: 'squares', access: 'write', element: 'f32', place: places.squares },
    ],
    layout,
    `let own = step.groups[groups[at]];
    let rate = step.rate * own.x;
    let decay = own.y;
    let s0 = step.s[0].x; let s1 = step.s[0].y; let s2 = step.s[0].z; let s3 = step.s[0].w;
    let s4 = step.s[1].x; let s5 = step.s[1].y; let s6 = step.s[1].z; let s7 = step.s[1].w;
    let before = parameters[i];
    var p = before;
    if (own.x ${follows ? '!=' : '>'} 0.0 && record[3] < 0.5${scaled ? ' && record[6] < 0.5' : ''}) {
      ${follows ? 'let follows = own.x < 0.0;' : ''}
      var g = gradients[i] * ${follows ? 'select(record[2], 1.0, follows)' : 'record[2]'};
      ${momentNames.map((name, index) => `var m${index} = ${name}[i];`).join('\n      ')}
      ${rule.wgsl}
      p = clamp(p, vec4f(own.z), vec4f(own.w));
      ${
        follows
          ? `p = select(p, before + own.x * gradients[i], follows);
      ${momentNames.map((_, index) => `m${index} = select(m${index}, vec4f(), follows);`).join(' ')}`
          : ''
      }
      parameters[i] = p;
      ${momentNames.map((name, index) => `${name}[i] = m${index};`).join('\n      ')}
    }
    let change = p - before;`,
    ['p', 'change'],
    software,
    true,
  );
  const norms = kernel(
    'norms',
    normBindings,
    { groups, blocks },
    groupNorms(
      2,
      `record[${recordHead}u + u.groups * (part + 1u) + g] = sqrt(total);`,
      scaled ? 'record[0] = record[0] * record[7];' : '',
      software,
    ),
    1,
  );
  return [clip, update, norms];
}
