/**
 * A step as kernels, before it has memory: the program of each graph that a micro-batch may run, with the kernel that finishes its gradients,
 * and the optimizer's kernels once for all.
 */
import { compile, type Program } from '../compile/compile.ts';
import type { ParameterLayout } from '../compile/layout.ts';
import type { StepGraph, TrainerSpecification } from '../executor.ts';
import type { Device } from './device.ts';
import { directionProgram } from './direction.ts';
import { finishKernel, type OptimizePlaces, optimizePlaces } from './finish.ts';
import type { Placed } from './flat.ts';
import { optimizeKernels } from './optimize.ts';

export interface StepProgram {
  /** Of a branch; the specification's own graph has none. */
  name?: string;
  graph: StepGraph;
  program: Program;
  places: OptimizePlaces;
  /** Of each micro-batch. */
  kernels: Placed[];
}

/**
 * @returns the own graph's program first; that of the look; the kernels after the last micro-batch, in the first one's numbering of buffers; bytes of
 * buffers that are numbered behind those of the optimizer
 */
export function stepPrograms(
  device: Device,
  specification: TrainerSpecification,
  layout: ParameterLayout,
): { programs: StepProgram[]; look?: Program; rest: Placed[]; scratch: number[] } {
  const { software, maxBuffer } = device.adapter;
  const { norms, optimizer, accumulate = 1, branches = new Map<string, StepGraph>() } = specification;
  const scaled = specification.precision === 'f16';
  const programs: StepProgram[] = [];
  const all: [string | undefined, StepGraph][] = [[undefined, specification], ...branches];
  for (const [name, graph] of all) {
    const outputs = new Map(graph.outputs);
    for (const [scalar, tensor] of graph.scalars) outputs.set(`scalar ${scalar}`, tensor);
    const program = compile(graph.graph, outputs, {
      gradients: graph.gradients,
      layout,
      software,
      half: scaled,
      maxBuffer,
      beside: programs.map((made) => made.program),
    });
    const places = optimizePlaces(layout, program, optimizer.moments, norms.length, {
      accumulates: accumulate > 1,
      branches: branches.size > 0,
      averages: specification.averageDecay !== undefined,
      directs: optimizer.direction !== undefined,
    });
    const finish = finishKernel(layout, places, software);
    programs.push({ name, graph, program, places, kernels: [...program.kernels, finish] });
  }
  const [{ program, places }] = programs;
  const [clip, ...after] = optimizeKernels(layout, optimizer, norms, places, { software, scaled });
  const directions = directionProgram(layout, optimizer.direction, places, program.buffers.length, {
    software,
    scaled,
    maxBuffer,
  });
  const beside = programs.map((made) => made.program);
  const { look: first } = specification;
  const look =
    first && compile(first.graph, first.outputs, { layout, software, half: scaled, maxBuffer, beside });
  return { programs, look, rest: [clip, ...directions.kernels, ...after], scratch: directions.buffers };
}
