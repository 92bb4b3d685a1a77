/**
 * A program in ONNX's words (operator set 20): standard operators only. Weights have the names of the recipe's tree; a node's name is the path of its
 * block and its operator.
 */
import type {
  OnnxAttribute,
  OnnxNode,
  OnnxTensor,
  OnnxType,
  OnnxValue,
} from '../../interchange/onnx/model.ts';
import type { Extent, Extents } from '../portable/extents.ts';
import type { Binary, Comparison, Kind, Target, Unary, Value } from '../portable/target.ts';

const typeOf: Record<Kind, OnnxType> = { f32: 'float32', i32: 'int32' };
/** The numbers of TensorProto.DataType that `Cast` takes. */
const castTo: Record<Kind, number> = { f32: 1, i32: 6 };

const binaries: Record<Binary, string> = {
  add: 'Add',
  sub: 'Sub',
  mul: 'Mul',
  div: 'Div',
  max: 'Max',
  min: 'Min',
};
const unaries: Record<Exclude<Unary, 'rsqrt'>, string> = {
  abs: 'Abs',
  ceil: 'Ceil',
  erf: 'Erf',
  exp: 'Exp',
  log: 'Log',
  relu: 'Relu',
  sigmoid: 'Sigmoid',
  softplus: 'Softplus',
  sqrt: 'Sqrt',
  tanh: 'Tanh',
};
const comparisons: Record<Comparison, string> = {
  equal: 'Equal',
  greater: 'Greater',
  greaterEqual: 'GreaterOrEqual',
  less: 'Less',
};

/** How a dimension is called: a number, `batch`, or what it is of the batch. */
const dimension = (extent: Extent): number | string => {
  if (typeof extent === 'number') return extent;
  if (extent === 'unknown') return 'unknown';
  const { times, plus } = extent;
  return `${times === 1 ? '' : `${times}*`}batch${plus === 0 ? '' : `+${plus}`}`;
};

export class OnnxTarget implements Target {
  readonly nodes: OnnxNode[] = [];
  readonly weights: OnnxTensor[] = [];
  readonly inputs: OnnxValue[] = [];
  readonly outputs: OnnxValue[] = [];
  private scope = '';
  private readonly names = new Map<string, number>();
  private readonly constants = new Map<string, Value>();
  private readonly shared = new Map<string, Value>();

  begin(path: string, op: string): void {
    this.scope = path === '' ? op : `${path.replaceAll('.', '/')}/${op}`;
  }

  private unique(name: string): string {
    const count = (this.names.get(name) ?? 0) + 1;
    this.names.set(name, count);
    return count === 1 ? name : this.unique(`${name}_${count}`);
  }

  /** A node of one output. */
  private node(
    op: string,
    inputs: readonly Value[],
    attributes?: Record<string, OnnxAttribute>,
    outputs = 1,
  ): Value[] {
    const name = this.unique(`${this.scope}/${op}`);
    const made = Array.from({ length: outputs }, (_, k) => (k === 0 ? `${name}:0` : `${name}:${k}`));
    this.nodes.push({ op, name, inputs, outputs: made, attributes });
    return made;
  }

  private one(op: string, inputs: readonly Value[], attributes?: Record<string, OnnxAttribute>): Value {
    return this.node(op, inputs, attributes)[0];
  }

  /** Whole numbers that an operator takes as a tensor. */
  private integers(values: readonly number[], scalar = false): Value {
    const key = `int64.${scalar ? 'scalar.' : ''}${values.join('x')}`;
    return this.keep(key, { type: 'int64', shape: scalar ? [] : [values.length], values });
  }

  private keep(key: string, tensor: Omit<OnnxTensor, 'name'>): Value {
    let known = this.constants.get(key);
    if (known === undefined) {
      known = this.unique(`constants/${key}`);
      this.constants.set(key, known);
      this.weights.push({ name: known, ...tensor });
    }
    return known;
  }

  input(name: string, shape: Extents, kind: Kind): Value {
    this.names.set(name, 1);
    this.inputs.push({ name, type: typeOf[kind], shape: shape.map(dimension) });
    return name;
  }

  weight(name: string, shape: readonly number[], values: Float32Array): Value {
    const own = this.unique(name);
    this.weights.push({ name: own, type: 'float32', shape, values });
    return own;
  }

  output(name: string, value: Value, shape: Extents, kind: Kind): void {
    this.nodes.push({ op: 'Identity', name: `outputs/${name}`, inputs: [value], outputs: [name] });
    this.outputs.push({ name, type: typeOf[kind], shape: shape.map(dimension) });
  }

  constant(values: readonly number[] | number, shape: readonly number[] = [], kind: Kind = 'f32'): Value {
    const list = typeof values === 'number' ? [values] : values;
    const text = list.length <= 4 ? list.join('x') : `${this.scope}/numbers`;
    const key = `${typeOf[kind]}.${shape.length ? `${shape.join('x')}.` : ''}${text}`;
    // Long lists are told apart by their node, and never shared between nodes.
    const own = list.length <= 4 ? key : this.unique(key);
    return this.keep(own, { type: typeOf[kind], shape, values: list });
  }

  unary(op: Unary, x: Value): Value {
    if (op === 'rsqrt') return this.one('Reciprocal', [this.one('Sqrt', [x])]);
    return this.one(unaries[op], [x]);
  }

  binary(op: Binary, a: Value, b: Value): Value {
    return this.one(binaries[op], [a, b]);
  }

  compare(op: Comparison, a: Value, b: Value): Value {
    return this.one(comparisons[op], [a, b]);
  }

  choose(condition: Value, yes: Value, no: Value): Value {
    return this.one('Where', [condition, yes, no]);
  }

  cast(x: Value, kind: Kind): Value {
    return this.one('Cast', [x], { to: { int: castTo[kind] } });
  }

  matmul(a: Value, b: Value, { transposeA, transposeB, shapes }: Parameters<Target['matmul']>[2]): Value {
    const [rankA, rankB] = shapes.map(({ length }) => length);
    if (rankA === 2 && rankB === 2 && (transposeA || transposeB))
      return this.one('Gemm', [a, b], {
        ...(transposeA && { transA: { int: 1 } }),
        ...(transposeB && { transB: { int: 1 } }),
      });
    const turned = (x: Value, rank: number) => {
      const order = Array.from({ length: rank }, (_, axis) => axis);
      order.splice(rank - 2, 2, rank - 1, rank - 2);
      return this.permute(x, order);
    };
    return this.one('MatMul', [transposeA ? turned(a, rankA) : a, transposeB ? turned(b, rankB) : b]);
  }

  reshape(x: Value, shape: Extents): Value {
    return this.one('Reshape', [
      x,
      this.integers(shape.map((extent) => (typeof extent === 'number' ? extent : -1))),
    ]);
  }

  permute(x: Value, order: readonly number[]): Value {
    return this.one('Transpose', [x], { perm: { ints: order } });
  }

  concat(parts: readonly Value[], axis: number): Value {
    return this.one('Concat', parts, { axis: { int: axis } });
  }

  cut(x: Value, _rank: number, cuts: Parameters<Target['cut']>[2]): Value {
    const list = (pick: (cut: (typeof cuts)[number]) => number) => this.integers(cuts.map(pick));
    // The end of what follows: beyond any extent.
    const ends = list(({ end }) => end ?? 2 ** 31 - 1);
    const inputs = [x, list(({ start }) => start), ends, list(({ axis }) => axis)];
    if (cuts.some(({ step = 1 }) => step !== 1)) inputs.push(list(({ step = 1 }) => step));
    return this.one('Slice', inputs);
  }

  pad(x: Value, before: readonly number[], after: readonly number[], value: number): Value {
    return this.one('Pad', [x, this.integers([...before, ...after]), this.constant(value)]);
  }

  expand(x: Value, shape: Extents): Value {
    return this.one('Expand', [x, this.shapeValue(shape)]);
  }

  /** int64 [rank], part of it known when it runs. */
  private shapeValue(shape: Extents): Value {
    if (shape.every((extent) => typeof extent === 'number')) return this.integers(shape.map(Number));
    const parts = shape.map((extent) => {
      if (typeof extent === 'number') return this.integers([extent]);
      if (extent === 'unknown') throw new Error('a shape that nothing tells');
      const { times, plus } = extent;
      const many =
        times === 1 ? this.batchSize() : this.one('Mul', [this.batchSize(), this.integers([times])]);
      return plus === 0 ? many : this.one('Add', [many, this.integers([plus])]);
    });
    return parts.length === 1 ? parts[0] : this.concat(parts, 0);
  }

  /** int64 [1]: the batch of the first input that has one. */
  private batchSize(): Value {
    return this.once('batch', () => {
      const from = this.inputs.find(({ shape }) => shape[0] === 'batch');
      if (!from) throw new Error('no input says the batch');
      return this.one('Shape', [from.name], { start: { int: 0 }, end: { int: 1 } });
    });
  }

  private once(key: string, make: () => Value): Value {
    const known = this.shared.get(key) ?? make();
    this.shared.set(key, known);
    return known;
  }

  reduce(op: 'sum' | 'max', x: Value, axes: readonly number[]): Value {
    return this.one(op === 'sum' ? 'ReduceSum' : 'ReduceMax', [x, this.integers(axes)], {
      keepdims: { int: 1 },
    });
  }

  softmax(x: Value): Value {
    return this.one('Softmax', [x], { axis: { int: -1 } });
  }

  logSoftmax(x: Value): Value {
    return this.one('LogSoftmax', [x], { axis: { int: -1 } });
  }

  rows(table: Value, ids: Value): Value {
    return this.one('Gather', [table, ids], { axis: { int: 0 } });
  }

  argMax(x: Value): Value {
    return this.cast(this.one('ArgMax', [x], { axis: { int: -1 }, keepdims: { int: 0 } }), 'i32');
  }

  topK(x: Value, k: number): Value {
    const [, places] = this.node('TopK', [x, this.integers([k])], { axis: { int: -1 } }, 2);
    return this.cast(places, 'i32');
  }

  before(x: Value): Value {
    return this.one('CumSum', [x, this.integers([0], true)], { exclusive: { int: 1 } });
  }

  size(x: Value, axis: number): Value {
    const own = this.one('Shape', [x], { start: { int: axis }, end: { int: axis + 1 } });
    return this.cast(this.one('Squeeze', [own]), 'i32');
  }

  count(n: Value): Value {
    const [zero, one] = [0, 1].map((value) => this.constant(value, [], 'i32'));
    return this.cast(this.one('Range', [zero, n, one]), 'f32');
  }

  batch(factor: number, plus: number): Value {
    const own = this.cast(this.one('Squeeze', [this.batchSize()]), 'f32');
    return this.binary('add', this.binary('mul', own, this.constant(factor)), this.constant(plus));
  }

  layerNorm(x: Value, weight: Value, bias: Value, _rank: number, epsilon: number): Value {
    return this.one('LayerNormalization', [x, weight, bias], {
      axis: { int: -1 },
      epsilon: { float: epsilon },
    });
  }

  gelu(x: Value): Value {
    return this.one('Gelu', [x], { approximate: { string: 'tanh' } });
  }

  convolve(
    x: Value,
    name: string,
    { shape: [width, kh, kw, channels], values }: Parameters<Target['convolve']>[2],
    { stride, padding }: Parameters<Target['convolve']>[3],
  ): Value {
    // Channels before the kernel, as the parameter itself has them.
    const filters = new Float32Array(values.length);
    const taps = kh * kw;
    for (let i = 0; i < values.length; i++) {
      const [o, rest] = [Math.floor(i / (taps * channels)), i % (taps * channels)];
      filters[(o * channels + (rest % channels)) * taps + Math.floor(rest / channels)] = values[i];
    }
    const weight = this.weight(name, [width, channels, kh, kw], filters);
    return this.channelsFirst(x, (picture) =>
      this.one('Conv', [picture, weight], {
        kernel_shape: { ints: [kh, kw] },
        strides: { ints: stride },
        pads: { ints: [...padding, ...padding] },
      }),
    );
  }

  maxPool(x: Value, { kernel, stride, padding }: Parameters<Target['maxPool']>[1]): Value {
    return this.channelsFirst(x, (picture) =>
      this.one('MaxPool', [picture], {
        kernel_shape: { ints: kernel },
        strides: { ints: stride },
        pads: { ints: [...padding, ...padding] },
      }),
    );
  }

  private channelsFirst(x: Value, make: (picture: Value) => Value): Value {
    return this.permute(make(this.permute(x, [0, 3, 1, 2])), [0, 2, 3, 1]);
  }
}
