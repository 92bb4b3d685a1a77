/** Single ops at exactly the shapes of a training step, every kernel variant that fits: multiply–adds and bytes by time on the device. */
import { random } from '../../src/core/random.ts';
import { layoutParameters } from '../../src/engine/compile/layout.ts';
import type { NumberArray } from '../../src/engine/executor.ts';
import { Graph } from '../../src/engine/graph/graph.ts';
import { opNamed } from '../../src/engine/graph/op.ts';
import { type Node, sizeOf, type TensorType } from '../../src/engine/graph/tensor.ts';
import { matmul } from '../../src/engine/ops/functions.ts';
import type { Device } from '../../src/engine/webgpu/device.ts';
import { GpuRunner } from '../../src/engine/webgpu/runner.ts';
import { GpuWeights } from '../../src/engine/webgpu/weights.ts';
import { median } from '../measure/statistics.ts';
import type { Workload } from '../workloads.ts';
import { type Recorder, total } from './timestamps.ts';

export interface OperatorTime {
  op: string;
  /** Shapes of the inputs; of products rows × inner × columns. */
  shape: string;
  /** How often a step has it. */
  times: number;
  variant: string;
  milliseconds: number;
  /** 0 for ops that count none. */
  gigaflops: number;
  /** Inputs and outputs once each. */
  gigabytes: number;
}

/** Ops worth a row: those that count multiply–adds, norms, and two pointwise ones. */
const wanted = (node: Node) =>
  opNamed(node.op).multiplyAdds !== undefined || /^layerNorm|^gelu$|^add$/.test(node.op);

const keyOf = ({ op, inputs, attributes }: Node) =>
  JSON.stringify([op, inputs.map(({ shape }) => shape), attributes]);

const bytesOf = (node: Node) =>
  [...node.inputs, ...node.outputs].reduce((sum, { shape }) => sum + sizeOf(shape) * 4, 0);

/** NN, NT, TN and rows × inner × columns for products. */
function describe(node: Node): { op: string; shape: string } {
  if (node.op !== 'matmul')
    return { op: node.op, shape: node.inputs.map(({ shape }) => shape.join('×')).join(', ') };
  const { transposeA, transposeB } = node.attributes;
  const [a, b] = node.inputs.map(({ shape }) => shape);
  const inner = a.at(transposeA ? -2 : -1)!;
  const columns = b.at(transposeB ? -2 : -1)!;
  const rows = sizeOf(a) / inner;
  return {
    op: `matmul ${transposeA ? 'T' : 'N'}${transposeB ? 'T' : 'N'}`,
    shape: `${rows} × ${inner} × ${columns}`,
  };
}

/** Distinct nodes of a step with their number; pointwise ops only at their largest. */
function nodesOf({ setup: { model } }: Workload): Map<string, { node: Node; times: number }> {
  const found = new Map<string, { node: Node; times: number }>();
  for (const node of model.graph.needed([model.loss, ...model.gradients.values()])) {
    if (!wanted(node)) continue;
    const known = found.get(keyOf(node));
    if (known) known.times++;
    else found.set(keyOf(node), { node, times: 1 });
  }
  for (const op of ['gelu', 'add']) {
    const same = [...found].filter(([, { node }]) => node.op === op);
    same.sort(([, a], [, b]) => bytesOf(b.node) - bytesOf(a.node));
    for (const [key] of same.slice(1)) found.delete(key);
  }
  return found;
}

function values({ shape, dtype }: TensorType, name: string): NumberArray {
  const stream = random(1, name);
  if (dtype === 'i32') return new Int32Array(sizeOf(shape));
  return Float32Array.from({ length: sizeOf(shape) }, () => 0.1 + 0.1 * stream.uniform());
}

/** A graph of this node alone, on inputs. */
function alone({ op, inputs, attributes }: Pick<Node, 'op' | 'inputs' | 'attributes'>) {
  const graph = new Graph();
  // One tensor used twice stays one input.
  const made = new Map(
    [...new Set(inputs)].map((input, i) => [input, graph.input(`x${i}`, input.shape, input.dtype)]),
  );
  const outputs = graph.apply(
    op,
    inputs.map((input) => made.get(input)!),
    attributes,
  );
  return { graph, node: outputs[0].node, outputs: new Map(outputs.map((y, i) => [`y${i}`, y])) };
}

async function timeNode(
  device: Device,
  recorder: Recorder,
  weights: GpuWeights,
  given: Pick<Node, 'op' | 'inputs' | 'attributes'>,
  times: number,
): Promise<OperatorTime[]> {
  const { graph, node, outputs } = alone(given);
  const { lower, multiplyAdds } = opNamed(node.op);
  const { software } = device.adapter;
  const variants =
    lower.kind === 'kernels'
      ? lower.variants
          .filter(({ name, fits }) => fits?.({ software, node, variant: name }) ?? true)
          .map(({ name }) => name)
      : [''];
  const inputs = Object.fromEntries([...graph.inputs].map(([name, tensor]) => [name, values(tensor, name)]));
  const rows: OperatorTime[] = [];
  for (const variant of variants) {
    const runner = await GpuRunner.create(device, graph, outputs, weights, { variant: variant || undefined });
    const taken: number[] = [];
    const end = performance.now() + 2_000;
    for (let i = 0; i < 9 && (i < 3 || performance.now() < end); i++) {
      await runner.run(inputs);
      const kernels = await recorder.take();
      if (i > 0) taken.push(total(kernels!));
    }
    runner.destroy();
    const milliseconds = median(taken);
    const pairs = multiplyAdds?.(node.inputs, node.attributes) ?? 0;
    rows.push({
      ...describe(node),
      times,
      variant,
      milliseconds,
      gigaflops: (2 * pairs) / 1e6 / milliseconds,
      gigabytes: bytesOf(node) / 1e6 / milliseconds,
    });
  }
  return rows;
}

/** @param say reports each op */
export async function operatorTimes(
  workload: Workload,
  device: Device,
  recorder: Recorder,
  say: (text: string) => void,
): Promise<OperatorTime[]> {
  const weights = await GpuWeights.create(device, layoutParameters(new Graph()), 0);
  const rows: OperatorTime[] = [];
  for (const { node, times } of nodesOf(workload).values()) {
    const made = await timeNode(device, recorder, weights, node, times);
    for (const { op, shape, variant, milliseconds } of made)
      say(`${workload.name}: ${op} ${shape} ${variant} ${milliseconds.toFixed(2)} ms`);
    rows.push(...made);
  }
  return rows.sort((a, b) => a.op.localeCompare(b.op));
}

/** The square product of side 1024 in its three forms. */
export async function squareProducts(device: Device, recorder: Recorder): Promise<OperatorTime[]> {
  const weights = await GpuWeights.create(device, layoutParameters(new Graph()), 0);
  const rows: OperatorTime[] = [];
  for (const flags of [{}, { transposeB: true }, { transposeA: true }]) {
    const graph = new Graph();
    const sides = ['a', 'b'].map((name) => graph.input(name, [1024, 1024]));
    rows.push(...(await timeNode(device, recorder, weights, matmul(sides[0], sides[1], flags).node, 0)));
  }
  return rows;
}
