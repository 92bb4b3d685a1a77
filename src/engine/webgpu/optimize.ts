/**
 * What follows the gradients, in four dispatches over the flat buffers and with no round trip:
 *   finish   (finish.ts) leaves the step's gradients and their Σ x² per 64-float block;
 *   clip     norms per group, the clip factor, and whether to skip a gradient that is not finite;
 *   update   the optimizer's rule, the running average, and Σ x² of the weights and of their change;
 *   norms    of weights and of their change, per group.
 * All sums in a fixed order. The norm that clips is that of what moves, as in PyTorch, where frozen parameters have no gradient; the groups'
 * own norms are of all. A rule with directions has more dispatches between clip and update, see direction.ts.
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
import { type Bound, blockKernel, directedFlag, kernel, type Placed, recordHead } from './flat.ts';

/** Loss scale at the start, and below which a gradient that is not finite is a true one. */
export const firstScale = 2 ** 15;
const leastScale = 1 / 16;

/**
 * Sums of `squares` over each group's blocks, `total.x` for `store`; the sum over those that move, `all`, is left to thread 0 for `last` where
 * `moves` is given, which says so of block `b`.
 */
function groupNorms(sets: number, store: string, last: string, software: boolean, moves = 'false'): string {
  const inner = (start: string, step: string) =>
    `for (var b = ranges[g * 2u] + ${start}; b < ranges[g * 2u + 1u]; b += ${step}) { let square = squares[b + part * u.blocks]; total += vec2f(square, select(0.0, square, ${moves})); }`;
  const width = software ? 64 : 256;
  return `var<workgroup> sums: array<vec2f, ${width}>;
@compute @workgroup_size(${width}) fn main(@builtin(local_invocation_index) lane: u32) {
  ${
    software
      ? `var own = 0.0;
  for (var t = lane; t < u.groups * ${sets}u; t += ${width}u) {
    let part = t / u.groups;
    let g = t % u.groups;
    var total = vec2f();
    ${inner('0u', '1u')}
    ${store}
    own += total.y;
  }
  sums[lane] = vec2f(own);
  workgroupBarrier();
  if (lane == 0u) {
    var all = 0.0;
    for (var i = 0u; i < ${width}u; i++) { all += sums[i].x; }
    ${last}
  }`
      : `var all = 0.0;
  for (var t = 0u; t < u.groups * ${sets}u; t++) {
    let part = t / u.groups;
    let g = t % u.groups;
    var total = vec2f();
    ${inner('lane', `${width}u`)}
    sums[lane] = total;
    workgroupBarrier();
    for (var half = ${width / 2}u; half > 0u; half >>= 1u) {
      if (lane < half) { sums[lane] += sums[lane + half]; }
      workgroupBarrier();
    }
    if (lane == 0u) { total = sums[0]; all += total.y; ${store} }
    workgroupBarrier();
  }
  if (lane == 0u) { ${last} }`
  }
}
`;
}

/** Whether this step updates anything, in WGSL. */
export const stepTaken = (scaled: boolean) => `record[3] < 0.5${scaled ? ' && record[6] < 0.5' : ''}`;
/** What a gradient is multiplied with, in WGSL; a statistic's is left alone. */
export const clipFactor = (follows: boolean) =>
  follows ? 'select(record[2], 1.0, own.x < 0.0)' : 'record[2]';

/** All kernels after those that finish the gradients, in order; directions are taken after the first. */
export function optimizeKernels(
  layout: ParameterLayout,
  rule: OptimizerRule,
  norm: NormGroup[],
  places: OptimizePlaces,
  options: { software: boolean; scaled: boolean },
): Placed[] {
  const { software, scaled } = options;
  const { average, direction } = places;
  const groups = norm.length;
  const blocks = layout.total / blockSize;
  const normBindings: Bound[] = [
    { name: 'squares', access: 'read', element: 'f32', place: places.squares },
    { name: 'ranges', access: 'read', element: 'u32', place: places.ranges },
    { name: 'record', access: 'write', element: 'f32', place: places.record },
  ];
  const clip = kernel(
    'clip',
    [...normBindings, { name: 'groups', access: 'read', element: 'u32', place: places.groups }],
    { groups, blocks },
    groupNorms(
      1,
      `record[${recordHead}u + g] = sqrt(total.x)${scaled ? ' / record[0]' : ''};`,
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
      `step.groups[groups[b] & ${directedFlag - 1}u].x > 0.0`,
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
      { name: 'gradients', access: 'read', element: 'vec4f', place: direction ?? places.summed },
      { name: 'groups', access: 'read', element: 'u32', place: places.groups },
      { name: 'record', access: 'read', element: 'f32', place: places.record },
      ...momentNames.map(
        (name, index): Bound => ({ name, access: 'write', element: 'vec4f', place: places.moments[index] }),
      ),
      { name: 'squares', access: 'write', element: 'f32', place: places.squares },
      ...(average ? ([{ name: 'average', access: 'write', element: 'vec4f', place: average }] as const) : []),
    ],
    layout,
    `let word = groups[at];
    ${direction ? `let directed = word >= ${directedFlag}u;` : ''}
    let own = step.groups[word & ${directedFlag - 1}u];
    let rate = step.rate * own.x;
    let decay = own.y;
    let s0 = step.s[0].x; let s1 = step.s[0].y; let s2 = step.s[0].z; let s3 = step.s[0].w;
    let s4 = step.s[1].x; let s5 = step.s[1].y; let s6 = step.s[1].z; let s7 = step.s[1].w;
    let before = parameters[i];
    var p = before;
    let taken = ${stepTaken(scaled)};
    if (own.x ${follows ? '!=' : '>'} 0.0 && taken) {
      ${follows ? 'let follows = own.x < 0.0;' : ''}
      var g = gradients[i]${direction ? '' : ` * ${clipFactor(follows)}`};
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
    ${
      average
        ? `if (taken || step.average >= 1.0) {
      let old = average[i];
      let share = ${follows ? 'select(step.average, 1.0, own.x < 0.0)' : 'step.average'};
      // Exact at both ends.
      average[i] = select(p - (1.0 - share) * (p - old), old + share * (p - old), share < 0.5);
    }`
        : ''
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
      `record[${recordHead}u + u.groups * (part + 1u) + g] = sqrt(total.x);`,
      scaled ? 'record[0] = record[0] * record[7];' : '',
      software,
    ),
    1,
  );
  return [clip, update, norms];
}
