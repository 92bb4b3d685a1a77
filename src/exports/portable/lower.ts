/**
 * Says a program in the words of a format, node by node. What depends on weights alone is computed here, in float64, and kept as a weight; windows
 * written out for a product with filters become the convolution that they are.
 */
import { opNamed } from '../../engine/graph/op.ts';
import { sizeOf, type Tensor } from '../../engine/graph/tensor.ts';
import type { ModelBundle } from '../../interchange/bundle.ts';
import { type Aligned, type AlignedNode, fixed, isFixed } from './extents.ts';
import { lowerings } from './lowerings.ts';
import type { Filters, Target, Value } from './target.ts';
import { windowsIn } from './words.ts';

export type Weights = ModelBundle['weights'];

/** Numbers that are known before anything runs, and the parameter they all come from. */
interface Known {
  values: Float64Array;
  parameter?: string;
}

/** A convolution found: the nodes that it takes the place of, and the picture it reads. */
interface Convolution {
  unfold: AlignedNode;
  picture: Tensor;
  /** Channels of the picture; the filters may have some of nothing behind them. */
  channels: number;
}

/** Names from the outside are kept; @throws Error for an op that cannot be said */
export function lower(target: Target, { nodes, outputs }: Aligned, weights: Weights): void {
  const known = new Map<Tensor, Known>();
  const said = new Map<Tensor, Value>();
  const byOutput = new Map(
    nodes.flatMap((node) => node.outputs.map(({ tensor }) => [tensor, node] as const)),
  );
  for (const node of nodes) {
    const found = compute(node, known, weights);
    if (found) for (const [k, value] of found.entries()) known.set(node.outputs[k].tensor, value);
  }
  const convolutions = findConvolutions(
    nodes,
    byOutput,
    known,
    [...outputs.values()].map(({ tensor }) => tensor),
  );
  const names = new Set<string>();
  const unique = (name: string): string => {
    let own = name;
    for (let n = 2; names.has(own); n++) own = `${name}_${n}`;
    names.add(own);
    return own;
  };

  /** A tensor's value; what is known is said when it is first needed. */
  const sayingOf = (tensor: Tensor): Value => {
    const before = said.get(tensor);
    if (before !== undefined) return before;
    const { values, parameter } = known.get(tensor)!;
    const { node, shape } = byOutput.get(tensor)!.node.outputs[tensor.index];
    const own = node.op === 'parameter';
    const name = own ? parameter! : parameter ? `${parameter}/${node.op}` : `${node.path}/${node.op}`;
    const value =
      node.op === 'constant' && values.length === 1 && shape.length === 0
        ? target.constant(values[0])
        : target.weight(unique(name), shape, Float32Array.from(values));
    said.set(tensor, value);
    return value;
  };

  for (const node of nodes) {
    const { op, path, attributes } = node.node;
    if (known.has(node.outputs[0].tensor)) continue;
    const [output] = node.outputs;
    if (op === 'input') {
      said.set(output.tensor, target.input(String(attributes['name']), output.shape, output.dtype));
      continue;
    }
    const replaced = convolutions.skipped.has(node);
    if (replaced) continue;
    target.begin(path, op);
    const convolution = convolutions.found.get(node);
    if (convolution) {
      const filters = filtersOf(node, convolution, known);
      const name = known.get(node.inputs[1].tensor)?.parameter ?? `${path}/filters`;
      const y = target.convolve(
        sayingOf(convolution.picture),
        unique(name),
        filters,
        windowsIn(convolution.unfold),
      );
      said.set(output.tensor, target.reshape(y, output.shape));
      continue;
    }
    const lowering = lowerings[op];
    if (typeof lowering !== 'function')
      throw new Error(`${op} in ${path}: ${lowering?.never ?? 'no lowering'}`);
    const values = node.inputs.map(({ tensor }) => sayingOf(tensor));
    for (const [k, value] of lowering(target, { ...node, values }).entries())
      if (value !== undefined) said.set(node.outputs[k].tensor, value);
  }
  for (const [name, { tensor, shape, dtype }] of outputs) target.output(name, sayingOf(tensor), shape, dtype);
}

/** More numbers than these are not made of few: what is repeated is repeated when it runs. */
const small = 4096;

function compute(
  node: AlignedNode,
  known: ReadonlyMap<Tensor, Known>,
  weights: Weights,
): Known[] | undefined {
  const { op, attributes, inputs, outputs } = node.node;
  if (op === 'parameter') {
    const name = String(attributes['name']);
    const { values } = weights.get(name)!;
    return [{ values: Float64Array.from(values), parameter: name }];
  }
  if (op === 'input' || !node.outputs.every(({ shape }) => isFixed(shape))) return undefined;
  if (Object.values(node.attributes).some((value) => typeof value === 'object' && !Array.isArray(value)))
    return undefined;
  const from = inputs.map((input) => known.get(input));
  if (from.some((one) => one === undefined)) return undefined;
  const sources = from.flatMap((one) => one ?? []);
  const given = sources.reduce((sum, { values }) => sum + values.length, 0);
  const made = outputs.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  if (made > Math.max(small, 2 * given)) return undefined;
  const parameters = new Set(sources.flatMap(({ parameter }) => parameter ?? []));
  const parameter = parameters.size === 1 ? [...parameters][0] : undefined;
  return opNamed(op)
    .reference(
      sources.map(({ values }) => values),
      attributes,
      { inputs, outputs },
    )
    .map((values) => ({ values, parameter }));
}

/** Windows written out, laid flat and multiplied by filters that are known. */
function findConvolutions(
  nodes: readonly AlignedNode[],
  byOutput: ReadonlyMap<Tensor, AlignedNode>,
  known: ReadonlyMap<Tensor, Known>,
  wanted: readonly Tensor[],
): { found: Map<AlignedNode, Convolution>; skipped: Set<AlignedNode> } {
  const found = new Map<AlignedNode, Convolution>();
  const skipped = new Set<AlignedNode>();
  const uses = new Map<Tensor, number>();
  for (const tensor of [...nodes.flatMap(({ node }) => node.inputs), ...wanted])
    uses.set(tensor, (uses.get(tensor) ?? 0) + 1);
  /** The node behind a tensor that nothing else reads. */
  const only = (tensor: Tensor, op: string): AlignedNode | undefined => {
    const node = byOutput.get(tensor);
    return node?.node.op === op && uses.get(tensor) === 1 ? node : undefined;
  };
  for (const node of nodes) {
    const { op, attributes, inputs } = node.node;
    if (op !== 'matmul' || attributes['transposeA'] === true || attributes['transposeB'] !== true) continue;
    if (!known.has(inputs[1]) || inputs[1].shape.length !== 2) continue;
    const flat = only(inputs[0], 'reshape');
    const unfold = flat && only(flat.node.inputs[0], 'unfold');
    if (!flat || !unfold || flat.node.outputs[0].shape.length !== 2) continue;
    const [picture] = unfold.node.inputs;
    const pad = only(picture, 'pad');
    const behind =
      pad?.node.attributes['axis'] === 3 && pad.node.attributes['before'] === 0 ? pad : undefined;
    const read = behind ? behind.node.inputs[0] : picture;
    found.set(node, { unfold, picture: read, channels: read.shape[3] });
    for (const one of [flat, unfold, behind]) if (one) skipped.add(one);
  }
  return { found, skipped };
}

/** [width, kh, kw, C] of filters [width, kh · kw · C'], without the channels of nothing. */
function filtersOf(
  node: AlignedNode,
  { unfold, channels }: Convolution,
  known: ReadonlyMap<Tensor, Known>,
): Filters {
  const { values } = known.get(node.inputs[1].tensor)!;
  const [kh, kw] = windowsIn(unfold).kernel;
  const [width, length] = fixed(node.inputs[1].shape);
  const all = length / (kh * kw);
  const kept = new Float32Array(width * kh * kw * channels);
  for (let i = 0; i < kept.length; i++) kept[i] = values[Math.floor(i / channels) * all + (i % channels)];
  return { shape: [width, kh, kw, channels], values: kept };
}
