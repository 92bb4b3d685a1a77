/**
 * What follows the gradients, in four dispatches over the flat buffers and with no round trip:
 *   finish   sums in parts become gradients (see Unfinished), are added over micro-batches, and give Σ x² per 64-float block;
 *   clip     norms per group, the clip factor, and whether to skip a gradient that is not finite;
 *   update   the optimizer's rule, and Σ x² of the weights and of their change;
 *   norms    of weights and of their change, per group.
 * All sums in a fixed order. Where barriers are dear (software adapters) a thread walks a block alone; elsewhere sixteen share it.
 *
 * Statistics (batch norm's running mean) lie in the same buffers and take their step in the same dispatch, by a rule of their own; a rate below
 * zero marks them and holds their share. No range of the norms covers them.
 *
 * With 16-bit floats the loss is multiplied by a scale, so that small gradients survive; the clip kernel divides it out. A gradient that
 * overflows is skipped and halves the scale; 1,000 good steps double it (Micikevicius et al. 2017, arXiv 1710.03740).
 */
import type { Place, Program } from '../compile/compile.ts';
import type { Kernel } from '../compile/emit.ts';
import { blockSize, type NormGroup, type ParameterLayout } from '../compile/layout.ts';
import type { OptimizerRule } from '../executor.ts';

/** Head of a record, floats: loss scale, global norm, clip factor, halted, good steps in a row, skipped in all, this one skipped, unused. */
export const recordHead = 8;
export const recordSize = (groups: number) => recordHead + 3 * groups;

/** Floats of the step's uniform: learning rate, clip, share of a micro-batch, first of the step; s0 … s7; then 4 per parameter group. */
export const stepHead = 12;
export const maxParameterGroups = 60;
export const stepFloats = stepHead + 4 * maxParameterGroups;

/** Loss scale at the start, and below which a gradient that is not finite is a true one. */
export const firstScale = 2 ** 15;
const leastScale = 1 / 16;

type Placed = Kernel & { places: Place[] };

const whole = (buffer: Place['buffer'], floats: number, offset = 0): Place => ({
  buffer,
  offset,
  bytes: floats * 4,
});

export interface OptimizePlaces {
  parameters: Place;
  gradients: Place;
  /** Where micro-batches add up; the gradients themselves without accumulation. */
  summed: Place;
  partials?: Place;
  moments: Place[];
  squares: Place;
  record: Place;
  ranges: Place;
  groups: Place;
  table: Place;
}

/** Buffers of the optimizer besides the flat ones, in the order of their numbers after the program's activation buffers. */
export const optimizeBuffers = [
  'moment0',
  'moment1',
  'squares',
  'record',
  'ranges',
  'groups',
  'table',
  'summed',
] as const;

export function optimizePlaces(
  layout: ParameterLayout,
  program: Program,
  moments: number,
  groups: number,
  accumulates = false,
): OptimizePlaces {
  const first = program.buffers.length;
  const blocks = layout.total / blockSize;
  const gradients = whole('gradients', layout.total);
  const own = (name: (typeof optimizeBuffers)[number], floats: number) =>
    whole(first + optimizeBuffers.indexOf(name), floats);
  return {
    parameters: whole('parameters', layout.total),
    gradients,
    summed: accumulates ? own('summed', layout.total) : gradients,
    partials: program.partialBytes ? whole('partials', program.partialBytes / 4) : undefined,
    moments: Array.from({ length: moments }, (_, index) => own(index ? 'moment1' : 'moment0', layout.total)),
    squares: own('squares', 2 * blocks),
    record: own('record', recordSize(groups)),
    ranges: own('ranges', 2 * groups),
    groups: own('groups', blocks),
    table: own('table', 4 * blocks),
  };
}

/** Per 64-float block of the gradients: first part, chunks (0: nothing to add up), floats from chunk to chunk, floats that exist. */
export function finishTable(program: Program, layout: ParameterLayout): Uint32Array<ArrayBuffer> {
  const table = new Uint32Array((layout.total / blockSize) * 4);
  for (const { gradient, size, from, chunks } of program.unfinished)
    for (let done = 0; done < size; done += blockSize)
      table.set(
        [from + done, chunks, size, Math.min(blockSize, size - done)],
        ((gradient + done) / blockSize) * 4,
      );
  return table;
}

interface Bound {
  name: string;
  access: 'read' | 'write';
  element: 'f32' | 'vec4f' | 'u32' | 'vec4u';
  place: Place;
}

const stepStruct = `struct Step { rate: f32, clip: f32, share: f32, first: f32, s: array<vec4f, 2>, groups: array<vec4f, ${maxParameterGroups}> }`;

function kernel(
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

const vectors = blockSize / 4;

/**
 * A kernel over all vectors of the flat buffers; `body` works on vector `i` of block `at` and leaves values whose sums over the block go to
 * `squares`, the k-th at k × blocks.
 */
function blockKernel(
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

/** Sums in parts become gradients, in one dispatch: for programs that are not trained. */
export function finishKernel(layout: ParameterLayout, places: OptimizePlaces, software: boolean): Placed {
  const { partials, squares, table, gradients, summed } = places;
  const accumulates = summed !== gradients;
  return blockKernel(
    'finish gradients',
    [
      ...(partials
        ? ([
            { name: 'partials', access: 'read', element: 'f32', place: partials },
            { name: 'table', access: 'read', element: 'vec4u', place: table },
          ] as const)
        : []),
      { name: 'gradients', access: 'write', element: 'vec4f', place: gradients },
      ...(accumulates
        ? ([{ name: 'summed', access: 'write', element: 'vec4f', place: summed }] as const)
        : []),
      { name: 'squares', access: 'write', element: 'f32', place: squares },
    ],
    layout,
    `var g = gradients[i];
    ${
      partials
        ? `let entry = table[at];
    if (entry.y > 0u) {
      let first = (i % ${vectors}u) * 4u;
      g = vec4f();
      for (var c = 0u; c < entry.y; c++) {
        let start = entry.x + c * entry.z + first;
        g += vec4f(partials[start], partials[start + 1u], partials[start + 2u], partials[start + 3u]);
      }
      g = select(vec4f(), g, vec4u(first, first + 1u, first + 2u, first + 3u) < vec4u(entry.w));
      gradients[i] = g;
    }`
        : ''
    }
    ${accumulates ? 'g = g * step.share + select(summed[i], vec4f(), step.first > 0.5); summed[i] = g;' : ''}`,
    ['g'],
    software,
    accumulates,
  );
}

/** All kernels after the gradients are known, in order. */
export function optimizeKernels(
  layout: ParameterLayout,
  rule: OptimizerRule,
  norm: NormGroup[],
  places: OptimizePlaces,
  options: { software: boolean; scaled: boolean },
): { finish: Placed; rest: Placed[] } {
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
  return { finish: finishKernel(layout, places, software), rest: [clip, update, norms] };
}
