/** The small network of torch/optimizers.py as our graph, its batches, and twenty steps of it on an executor. */
import type { FieldValue, FieldValues } from '../../core/fields.ts';
import { differentiate } from '../../engine/compile/differentiate.ts';
import { layoutParameters, normGroups, type ParameterLayout } from '../../engine/compile/layout.ts';
import type {
  Executor,
  OptimizerRule,
  StepGraph,
  Trainer,
  TrainerSpecification,
  Weights,
} from '../../engine/executor.ts';
import { Graph } from '../../engine/graph/graph.ts';
import { mean, mul, sub, tanh } from '../../engine/ops/functions.ts';
import '../../engine/ops/index.ts';
import { linear } from '../../models/layers/linear.ts';
import { draw } from '../../models/testing/parity.ts';
import { optimizers } from '../optimizers/index.ts';
import { cosine } from '../schedules/cosine.ts';
import torch from './torch/optimizers.json' with { type: 'json' };

export interface OptimizerCase {
  name: string;
  type: string;
  fields: FieldValues;
  frozen: string[];
  accumulate: number;
  losses: number[];
  norms: number[];
  parameters: Record<string, number[]>;
  average: Record<string, number[]>;
}
export const cases = torch.cases.map(
  (one): OptimizerCase => ({ ...one, fields: Object.fromEntries<FieldValue>(Object.entries(one.fields)) }),
);
export const { steps } = torch;

export type Found = Pick<OptimizerCase, 'losses' | 'norms' | 'parameters' | 'average'>;

export interface Network {
  layout: ParameterLayout;
  rule: OptimizerRule;
  specification: TrainerSpecification & { averageDecay: number };
  start: ReadonlyMap<string, Float64Array>;
  rate(step: number): number;
  /** Micro-batch `index` of a step. */
  batch(step: number, index: number): { x: Float64Array; y: Float64Array };
}

const output = (graph: Graph, rows: number, without?: string) => {
  let x = graph.input('x', [rows, torch.layers['net.blocks.0.fc1'][1]]);
  for (const [name, [width]] of Object.entries(torch.layers)) {
    if (name === without) continue;
    const y = linear(graph, name, x, width);
    x = name === 'net.head' ? y : tanh(y);
  }
  return x;
};

/** @param options a layer to leave out, and whether the loss is scaled, as for 16-bit floats */
export function networkGraph(
  accumulate: number,
  options: { without?: string; scaled?: boolean } = {},
): StepGraph {
  const graph = new Graph();
  const y = output(graph, torch.rows / accumulate, options.without);
  const error = sub(y, graph.input('y', [...y.shape]));
  const loss = mean(mul(error, error), [0, 1]);
  const parameters = [...graph.parameters.values()];
  const gradient = options.scaled ? graph.input('lossScale', [1, 1], 'f32', { resident: true }) : undefined;
  const found = differentiate(
    graph,
    [{ tensor: loss, gradient }],
    parameters.map(({ tensor }) => tensor),
  );
  return {
    graph,
    scalars: new Map([['loss', loss]]),
    outputs: new Map(),
    gradients: new Map(parameters.map(({ name, tensor }) => [name, found.get(tensor)!])),
  };
}

export const groupOf =
  ({ fields, frozen }: Pick<OptimizerCase, 'fields' | 'frozen'>) =>
  (name: string) => {
    const factor = (name.endsWith('bias') ? 0.5 : 1) * (name.includes('.1.') ? 0.25 : 1);
    return {
      rateFactor: frozen.includes(name) ? 0 : factor,
      weightDecay: name.endsWith('weight') ? Number(fields['weightDecay']) : 0,
      low: -3e38,
      high: 3e38,
    };
  };

export function network(one: OptimizerCase): Network {
  const step = networkGraph(one.accumulate);
  const layout = layoutParameters(step.graph);
  const rule = optimizers.find(({ type }) => type === one.type)!.rule(one.fields);
  const peak = Number(one.fields['rate']);
  const schedule = { warmup: torch.warmup, start: torch.start, floor: 0 };
  return {
    layout,
    rule,
    specification: {
      ...step,
      optimizer: rule,
      groupOf: groupOf(one),
      clip: torch.clip,
      averageDecay: torch.average,
      norms: normGroups(layout, (name) => name),
      accumulate: one.accumulate,
    },
    start: new Map(layout.entries.map(({ name, size }) => [name, draw(name, size)])),
    rate: (now) => peak * cosine.factor(now, steps, schedule),
    batch(now, index) {
      const part = (name: string) => {
        const width = step.graph.inputs.get(name)!.shape[1];
        const whole = draw(`${name}.${now}`, torch.rows * width, 1);
        const size = whole.length / one.accumulate;
        return whole.slice(index * size, (index + 1) * size);
      };
      return { x: part('x'), y: part('y') };
    },
  };
}

export function flat(layout: ParameterLayout, values: ReadonlyMap<string, ArrayLike<number>>): Float32Array {
  const result = new Float32Array(layout.total);
  for (const { name, offset } of layout.entries) result.set(values.get(name)!, offset);
  return result;
}

const named = (layout: ParameterLayout, values: Float32Array) =>
  Object.fromEntries(
    layout.entries.map(({ name, offset, size }) => [name, [...values.subarray(offset, offset + size)]]),
  );

/** Encodes steps `from` to `to`, both included; reads every record. */
export async function take(trainer: Trainer, one: Network, from: number, to: number) {
  const { accumulate = 1 } = one.specification;
  const records = [];
  for (let step = from; step <= to; step++) {
    for (let k = 0; k < accumulate; k++) {
      const { x, y } = one.batch(step, k);
      const inputs = { x: Float32Array.from(x), y: Float32Array.from(y) };
      if (k < accumulate - 1) trainer.add(inputs);
      else trainer.step(inputs, step, one.rate(step));
    }
    if (step === to || (step - from) % 10 === 9) records.push(...(await trainer.records()));
  }
  return records;
}

export async function started(executor: Executor, one: Network): Promise<Weights> {
  const weights = await executor.weights(one.layout, one.rule.moments, true);
  weights.write('parameters', flat(one.layout, one.start));
  return weights;
}

/** A case on an executor. */
export async function onExecutor(executor: Executor, one: OptimizerCase): Promise<Found> {
  const net = network(one);
  const weights = await started(executor, net);
  const trainer = await executor.trainer(net.specification, weights);
  const records = await take(trainer, net, 1, steps);
  const found = {
    losses: records.map(({ scalars }) => scalars['loss']),
    norms: records.map(({ gradientNorm }) => gradientNorm),
    parameters: named(net.layout, await weights.read('parameters')),
    average: named(net.layout, await weights.averaged().read('parameters')),
  };
  trainer.destroy();
  weights.destroy();
  return found;
}

/** Of losses, norms, each parameter and its average: the largest difference by the largest value. */
export function differences(found: Found, expected: Found): Record<string, number> {
  const largest = (list: number[]) => list.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const apart = (a: number[], b: number[]) =>
    a.length === b.length
      ? largest(a.map((value, i) => value - b[i])) / largest(b)
      : Number.POSITIVE_INFINITY;
  const result: Record<string, number> = {
    losses: apart(found.losses, expected.losses),
    norms: apart(found.norms, expected.norms),
  };
  for (const key of ['parameters', 'average'] as const)
    for (const [name, list] of Object.entries(expected[key]))
      result[`${key} ${name}`] = apart(found[key][name] ?? [], list);
  return result;
}
