/**
 * The first dispatch after the gradients: sums in parts become gradients (see Unfinished), micro-batches are added up, and Σ x² is taken per
 * block. And where the flat buffers and those of the optimizer lie.
 */
import type { Place, Program } from '../compile/compile.ts';
import { blockSize, type ParameterLayout } from '../compile/layout.ts';
import { blockKernel, type Placed, recordSize, vectors } from './flat.ts';

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
  average?: Place;
  /** Of a rule with directions: what they are taken of, and they with the clipped gradients of all else. */
  ahead?: Place;
  direction?: Place;
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
  'average',
  'squares',
  'record',
  'ranges',
  'groups',
  'table',
  'summed',
  'ahead',
  'direction',
] as const;

export function optimizePlaces(
  layout: ParameterLayout,
  program: Program,
  moments: number,
  groups: number,
  options: { accumulates?: boolean; branches?: boolean; averages?: boolean; directs?: boolean } = {},
): OptimizePlaces {
  const first = program.buffers.length;
  const blocks = layout.total / blockSize;
  const gradients = whole('gradients', layout.total);
  const own = (name: (typeof optimizeBuffers)[number], floats: number) =>
    whole(first + optimizeBuffers.indexOf(name), floats);
  return {
    parameters: whole('parameters', layout.total),
    gradients,
    summed: options.accumulates ? own('summed', layout.total) : gradients,
    // Among branches every program sets gradients to 0, see `finishTable`.
    partials:
      program.partialBytes || options.branches
        ? whole('partials', Math.max(blockSize, program.partialBytes / 4))
        : undefined,
    moments: Array.from({ length: moments }, (_, index) => own(index ? 'moment1' : 'moment0', layout.total)),
    average: options.averages ? own('average', layout.total) : undefined,
    ahead: options.directs ? own('ahead', layout.total) : undefined,
    direction: options.directs ? own('direction', layout.total) : undefined,
    squares: own('squares', 2 * blocks),
    record: own('record', recordSize(groups)),
    ranges: own('ranges', 2 * groups),
    groups: own('groups', blocks),
    table: own('table', 4 * blocks),
  };
}

/**
 * Per 64-float block of the gradients: first part, chunks (0: nothing to add up), floats from chunk to chunk, floats that exist. Where other
 * programs write gradients that this one has not, those become 0: a sum of which no float exists.
 */
export function finishTable(
  program: Program,
  layout: ParameterLayout,
  has: (parameter: string) => boolean = () => true,
): Uint32Array<ArrayBuffer> {
  const table = new Uint32Array((layout.total / blockSize) * 4);
  for (const { name, offset, size } of layout.entries)
    if (!has(name))
      for (let done = 0; done < size; done += blockSize)
        table.set([0, 1, 0, 0], ((offset + done) / blockSize) * 4);
  for (const { gradient, size, from, chunks } of program.unfinished)
    for (let done = 0; done < size; done += blockSize)
      table.set(
        [from + done, chunks, size, Math.min(blockSize, size - done)],
        ((gradient + done) / blockSize) * 4,
      );
  return table;
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
