/**
 * Update rules that need whole parameters (see DirectionRule): between clip and update one kernel writes what the directions are taken of, and
 * a program of its own, compiled from their graph, writes the directions over the clipped gradients.
 */
import { compile, type Place } from '../compile/compile.ts';
import { directionGraph } from '../compile/direction.ts';
import type { ParameterLayout } from '../compile/layout.ts';
import type { DirectionRule } from '../executor.ts';
import { type OptimizePlaces, optimizeBuffers } from './finish.ts';
import { type Bound, directedFlag, kernel, type Placed, vectors } from './flat.ts';
import { clipFactor, stepTaken } from './optimize.ts';

export interface DirectionProgram {
  kernels: Placed[];
  /** Bytes of its activation buffers, which are numbered behind those of the optimizer. */
  buffers: number[];
}

/**
 * @param first number of the optimizer's first buffer
 * @returns no kernels where no parameter takes a direction
 */
export function directionProgram(
  layout: ParameterLayout,
  rule: DirectionRule | undefined,
  places: OptimizePlaces,
  first: number,
  options: { software: boolean; scaled: boolean; maxBuffer: number },
): DirectionProgram {
  const { ahead, direction } = places;
  if (!rule || !ahead || !direction) return { kernels: [], buffers: [] };
  const kernels = [aheadKernel(layout, rule, { ...places, ahead, direction }, options.scaled)];
  const made = directionGraph(layout, rule);
  if (!made) return { kernels, buffers: [] };
  const { software, maxBuffer } = options;
  const program = compile(made.graph, new Map(), {
    gradients: made.directions,
    layout,
    software,
    maxBuffer,
    // No sums are left to be finished.
    unsplit: true,
  });
  const placed = (place: Place): Place => {
    if (place.buffer === 'parameters') return { ...place, buffer: ahead.buffer };
    if (place.buffer === 'gradients') return { ...place, buffer: direction.buffer };
    if (typeof place.buffer !== 'number') throw new Error(`directions have no ${place.buffer}`);
    return { ...place, buffer: first + optimizeBuffers.length + place.buffer };
  };
  for (const one of program.kernels)
    kernels.push({ ...one, path: one.path || 'optimizer', places: one.places.map(placed) });
  return { kernels, buffers: program.buffers };
}

/** Clipped gradients; where a parameter takes a direction, the rule's first stage, which moves the moment as the update moves the rest. */
function aheadKernel(
  layout: ParameterLayout,
  rule: DirectionRule,
  places: OptimizePlaces & { ahead: Place; direction: Place },
  scaled: boolean,
): Placed {
  const count = layout.total / 4;
  const workgroups = Math.ceil(count / 64);
  const follows = layout.entries.some(({ follow }) => follow !== undefined);
  const bound: Bound[] = [
    { name: 'gradients', access: 'read', element: 'vec4f', place: places.summed },
    { name: 'groups', access: 'read', element: 'u32', place: places.groups },
    { name: 'record', access: 'read', element: 'f32', place: places.record },
    { name: 'moment0', access: 'write', element: 'vec4f', place: places.moments[0] },
    { name: 'ahead', access: 'write', element: 'vec4f', place: places.ahead },
    { name: 'direction', access: 'write', element: 'vec4f', place: places.direction },
  ];
  return kernel(
    'look ahead',
    bound,
    { count, row: Math.min(workgroups, 65535) * 64 },
    `@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {
  let i = id.x + id.y * u.row;
  if (i >= u.count) { return; }
  let word = groups[i / ${vectors}u];
  let own = step.groups[word & ${directedFlag - 1}u];
  var g = gradients[i] * ${clipFactor(follows)};
  if (word >= ${directedFlag}u) {
    var m0 = moment0[i];
    ${rule.wgsl}
    if (own.x > 0.0 && ${stepTaken(scaled)}) { moment0[i] = m0; }
  }
  ahead[i] = g;
  direction[i] = g;
}
`,
    workgroups,
    true,
  );
}
