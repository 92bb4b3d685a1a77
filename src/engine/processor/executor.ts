/**
 * Graphs on the processor in float64, by their own meaning (graph/interpret.ts): slow, everywhere, and without training. For models that are small, where there is no
 * WebGPU.
 */
import type { ParameterLayout } from '../compile/layout.ts';
import type { Executor, NumberArray, Runner, RunnerOptions, Weights } from '../executor.ts';
import type { Graph } from '../graph/graph.ts';
import { interpret } from '../graph/interpret.ts';
import { sizeOf, type Tensor } from '../graph/tensor.ts';

const onlyRuns = (): never => {
  throw new Error('the processor runs models, it does not train them');
};

function weightsOn(layout: ParameterLayout): Weights {
  const parameters = new Float32Array(layout.total);
  return {
    layout,
    read: async (buffer) => (buffer === 'parameters' ? parameters.slice() : onlyRuns()),
    write: (buffer, values) => (buffer === 'parameters' ? parameters.set(values) : onlyRuns()),
    averaged: onlyRuns,
    copyFrom: onlyRuns,
    destroy() {},
  };
}

async function runnerOf(
  graph: Graph,
  outputs: ReadonlyMap<string, Tensor>,
  weights: Weights,
  { feedback = new Map() }: RunnerOptions,
): Promise<Runner> {
  const flat = await weights.read('parameters');
  const resident = new Map<string, Float64Array>();
  for (const [name, tensor] of graph.inputs) resident.set(name, new Float64Array(sizeOf(tensor.shape)));
  const take = (name: string, values: NumberArray | Float64Array) => {
    const place = resident.get(name);
    if (place?.length !== values.length)
      throw new Error(`${name} takes ${place?.length ?? 'no'} numbers, not ${values.length}`);
    place.set(values);
  };
  return {
    fill: take,
    async run(inputs) {
      for (const [name, values] of Object.entries(inputs)) if (graph.inputs.has(name)) take(name, values);
      const results = interpret(graph, [...outputs.values()], (name) => {
        const entry = weights.layout.byName.get(name);
        if (graph.parameters.has(name) && entry)
          return flat.subarray(entry.offset, entry.offset + entry.size);
        return resident.get(name) ?? onlyRuns();
      });
      const given: Record<string, Float32Array> = {};
      for (const [index, name] of [...outputs.keys()].entries()) {
        const kept = feedback.get(name);
        if (kept === undefined) given[name] = Float32Array.from(results[index]);
        else take(kept, Float64Array.from(results[index]));
      }
      return given;
    },
    bytes: 0,
    destroy() {},
  };
}

export const processor: Executor = {
  adapter: {
    name: 'processor',
    software: true,
    maxBuffer: 2 ** 31,
    features: [],
    wholeIntegers: true,
  },
  lost: new Promise(() => undefined),
  weights: async (layout) => weightsOn(layout),
  warm: onlyRuns,
  trainer: onlyRuns,
  runner: (graph, outputs, weights, _progress, options = {}) => runnerOf(graph, outputs, weights, options),
  destroy() {},
};
