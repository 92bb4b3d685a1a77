/** A program in the operators of TensorFlow that `tf.loadGraphModel` executes; weights and nodes have the names of the recipe's tree. */
import type { TfAttribute, TfNode, TfType, TfValue, TfWeight } from '../../interchange/tfjs/graphModel.ts';
import type { Extent, Extents } from '../portable/extents.ts';
import type { Binary, Comparison, Kind, Target, Unary, Value } from '../portable/target.ts';

const typeOf: Record<Kind, TfType> = { f32: 'float32', i32: 'int32' };
const castTo: Record<Kind, TfAttribute> = { f32: { type: 'DT_FLOAT' }, i32: { type: 'DT_INT32' } };

const binaries: Record<Binary, string> = {
  add: 'AddV2',
  sub: 'Sub',
  mul: 'Mul',
  div: 'RealDiv',
  max: 'Maximum',
  min: 'Minimum',
};
const unaries: Record<Unary, string> = {
  abs: 'Abs',
  ceil: 'Ceil',
  erf: 'Erf',
  exp: 'Exp',
  log: 'Log',
  relu: 'Relu',
  rsqrt: 'Rsqrt',
  sigmoid: 'Sigmoid',
  softplus: 'Softplus',
  sqrt: 'Sqrt',
  tanh: 'Tanh',
};
const comparisons: Record<Comparison, string> = {
  equal: 'Equal',
  greater: 'Greater',
  greaterEqual: 'GreaterEqual',
  less: 'Less',
};

/** Parts that are joined at once: backends with few storage buffers lose parts of longer lists. */
const joinedAtOnce = 6;

const dimension = (extent: Extent): number => (typeof extent === 'number' ? extent : -1);
/** The axes but one, as the bits of a mask. */
const butFor = (rank: number, axes: readonly number[]): number =>
  Array.from({ length: rank }, (_, axis) => (axes.includes(axis) ? 0 : 2 ** axis)).reduce((a, b) => a + b, 0);

export class TfjsTarget implements Target {
  readonly nodes: TfNode[] = [];
  readonly weights: TfWeight[] = [];
  readonly inputs: TfValue[] = [];
  readonly outputs: TfValue[] = [];
  private scope = '';
  private readonly names = new Map<string, number>();
  private readonly constants = new Map<string, Value>();
  private batchValue?: Value;

  begin(path: string, op: string): void {
    this.scope = path === '' ? op : `${path.replaceAll('.', '/')}/${op}`;
  }

  private unique(name: string): string {
    const count = (this.names.get(name) ?? 0) + 1;
    this.names.set(name, count);
    return count === 1 ? name : this.unique(`${name}_${count}`);
  }

  private one(op: string, input: readonly Value[], attributes?: Record<string, TfAttribute>): Value {
    const name = this.unique(`${this.scope}/${op}`);
    this.nodes.push({ name, op, input, attributes });
    return name;
  }

  private keep(key: string, weight: Omit<TfWeight, 'name'>): Value {
    let known = this.constants.get(key);
    if (known === undefined) {
      known = this.unique(`constants/${key}`);
      this.constants.set(key, known);
      this.weights.push({ name: known, ...weight });
    }
    return known;
  }

  private integers(values: readonly number[]): Value {
    const text = values.join('x').replaceAll('-', 'm');
    return this.keep(`integers.${text}`, { type: 'int32', shape: [values.length], values });
  }

  private integer(value: number): Value {
    return this.constant(value, [], 'i32');
  }

  input(name: string, shape: Extents, kind: Kind): Value {
    this.names.set(name, 1);
    this.inputs.push({ name, node: name, type: typeOf[kind], shape: shape.map(dimension) });
    return name;
  }

  weight(name: string, shape: readonly number[], values: Float32Array): Value {
    const own = this.unique(name);
    this.weights.push({ name: own, type: 'float32', shape, values });
    return own;
  }

  output(name: string, value: Value, shape: Extents, kind: Kind): void {
    const node = this.unique(`outputs/${name}`);
    this.nodes.push({ name: node, op: 'Identity', input: [value] });
    this.outputs.push({ name, node, type: typeOf[kind], shape: shape.map(dimension) });
  }

  constant(values: readonly number[] | number, shape: readonly number[] = [], kind: Kind = 'f32'): Value {
    const list = typeof values === 'number' ? [values] : values;
    const few = list.length <= 4;
    const text = few ? list.join('x').replaceAll('-', 'm').replaceAll('+', 'p') : `${this.scope}/numbers`;
    const key = `${typeOf[kind]}.${shape.length ? `${shape.join('x')}.` : ''}${text}`;
    return this.keep(few ? key : this.unique(key), { type: typeOf[kind], shape, values: list });
  }

  unary(op: Unary, x: Value): Value {
    return this.one(unaries[op], [x]);
  }

  binary(op: Binary, a: Value, b: Value): Value {
    return this.one(binaries[op], [a, b]);
  }

  compare(op: Comparison, a: Value, b: Value): Value {
    return this.one(comparisons[op], [a, b]);
  }

  choose(condition: Value, yes: Value, no: Value): Value {
    return this.one('SelectV2', [condition, yes, no]);
  }

  cast(x: Value, kind: Kind): Value {
    return this.one('Cast', [x], { DstT: castTo[kind] });
  }

  matmul(
    a: Value,
    b: Value,
    { transposeA, transposeB, shapes, result }: Parameters<Target['matmul']>[2],
  ): Value {
    const [rankA, rankB] = shapes.map(({ length }) => length);
    if (rankA === 2 && rankB === 2)
      return this.one('MatMul', [a, b], { transpose_a: { b: transposeA }, transpose_b: { b: transposeB } });
    // Batches broadcast only where the ranks are equal, so a matrix meets all rows at once.
    if (rankB === 2 && !transposeA) {
      const flat = this.reshape(a, ['unknown', shapes[0][rankA - 1]]);
      return this.reshape(this.one('MatMul', [flat, b], { transpose_b: { b: transposeB } }), result);
    }
    const rank = Math.max(rankA, rankB);
    const raised = (x: Value, shape: Extents): Value =>
      shape.length === rank
        ? x
        : this.reshape(x, [...Array.from({ length: rank - shape.length }, () => 1), ...shape]);
    return this.one('BatchMatMulV2', [raised(a, shapes[0]), raised(b, shapes[1])], {
      adj_x: { b: transposeA },
      adj_y: { b: transposeB },
    });
  }

  reshape(x: Value, shape: Extents): Value {
    return this.one('Reshape', [x, this.integers(shape.map(dimension))]);
  }

  permute(x: Value, order: readonly number[]): Value {
    return this.one('Transpose', [x, this.integers(order)]);
  }

  concat(parts: readonly Value[], axis: number): Value {
    if (parts.length === 1) return parts[0];
    if (parts.length <= joinedAtOnce)
      return this.one('ConcatV2', [...parts, this.integer(axis)], { N: { i: parts.length } });
    const count = Math.ceil(parts.length / joinedAtOnce);
    return this.concat(
      Array.from({ length: count }, (_, k) =>
        this.concat(parts.slice(k * joinedAtOnce, (k + 1) * joinedAtOnce), axis),
      ),
      axis,
    );
  }

  cut(x: Value, rank: number, cuts: Parameters<Target['cut']>[2]): Value {
    const along = (pick: (cut: (typeof cuts)[number]) => number, otherwise: number) =>
      this.integers(
        Array.from({ length: rank }, (_, axis) => {
          const cut = cuts.find((one) => one.axis === axis);
          return cut ? pick(cut) : otherwise;
        }),
      );
    const open = cuts.filter(({ end }) => end === undefined).map(({ axis }) => axis);
    const axes = cuts.map(({ axis }) => axis);
    return this.one(
      'StridedSlice',
      [x, along(({ start }) => start, 0), along(({ end }) => end ?? 0, 0), along(({ step = 1 }) => step, 1)],
      {
        begin_mask: { i: butFor(rank, axes) },
        end_mask: {
          i: butFor(
            rank,
            axes.filter((axis) => !open.includes(axis)),
          ),
        },
      },
    );
  }

  pad(x: Value, before: readonly number[], after: readonly number[], value: number): Value {
    const paddings = before.flatMap((count, axis) => [count, after[axis]]);
    return this.one('PadV2', [x, this.constant(paddings, [before.length, 2], 'i32'), this.constant(value)]);
  }

  expand(x: Value, shape: Extents): Value {
    if (shape.every((extent) => typeof extent === 'number'))
      return this.one('BroadcastTo', [x, this.integers(shape.map(Number))]);
    const parts = shape.map((extent) => {
      if (typeof extent === 'number') return this.integer(extent);
      if (extent === 'unknown') throw new Error('a shape that nothing tells');
      const many =
        extent.times === 1
          ? this.batchSize()
          : this.one('Mul', [this.batchSize(), this.integer(extent.times)]);
      return extent.plus === 0 ? many : this.one('AddV2', [many, this.integer(extent.plus)]);
    });
    return this.one('BroadcastTo', [x, this.one('Pack', parts, { axis: { i: 0 } })]);
  }

  /** int32 []: the batch of the first input that has one. */
  private batchSize(): Value {
    if (this.batchValue === undefined) {
      const from = this.inputs.find(({ shape }) => shape[0] === -1);
      if (!from) throw new Error('no input says the batch');
      this.batchValue = this.size(from.node, 0);
    }
    return this.batchValue;
  }

  reduce(op: 'sum' | 'max', x: Value, axes: readonly number[]): Value {
    return this.one(op === 'sum' ? 'Sum' : 'Max', [x, this.integers(axes)], { keep_dims: { b: true } });
  }

  softmax(x: Value): Value {
    return this.one('Softmax', [x]);
  }

  logSoftmax(x: Value): Value {
    return this.one('LogSoftmax', [x]);
  }

  rows(table: Value, ids: Value): Value {
    return this.one('GatherV2', [table, ids, this.integer(0)]);
  }

  argMax(x: Value): Value {
    return this.one('ArgMax', [x, this.integer(-1)]);
  }

  topK(x: Value, k: number): Value {
    return `${this.one('TopKV2', [x, this.integer(k)], { sorted: { b: true } })}:1`;
  }

  before(x: Value): Value {
    return this.one('Cumsum', [x, this.integer(0)], { exclusive: { b: true } });
  }

  size(x: Value, axis: number): Value {
    const shape = this.one('Shape', [x]);
    const [begin, end, step] = [axis, axis + 1, 1].map((value) => this.integers([value]));
    return this.one('StridedSlice', [shape, begin, end, step], { shrink_axis_mask: { i: 1 } });
  }

  count(n: Value): Value {
    return this.cast(
      this.one('Range', [this.integer(0), n, this.integer(1)], { Tidx: { type: 'DT_INT32' } }),
      'f32',
    );
  }

  batch(factor: number, plus: number): Value {
    const many = this.binary('mul', this.cast(this.batchSize(), 'f32'), this.constant(factor));
    return this.binary('add', many, this.constant(plus));
  }

  layerNorm(x: Value, weight: Value, bias: Value, rank: number, epsilon: number): Value {
    const mean = (of: Value) => this.one('Mean', [of, this.integers([rank - 1])], { keep_dims: { b: true } });
    const centred = this.binary('sub', x, mean(x));
    const variance = mean(this.binary('mul', centred, centred));
    const scale = this.unary('rsqrt', this.binary('add', variance, this.constant(epsilon)));
    const normal = this.binary('mul', centred, scale);
    return this.binary('add', this.binary('mul', normal, weight), bias);
  }

  gelu(x: Value): Value {
    const mul = (a: Value, b: Value) => this.binary('mul', a, b);
    const cube = mul(mul(x, x), mul(x, this.constant(0.044715)));
    const inner = mul(this.binary('add', x, cube), this.constant(Math.sqrt(2 / Math.PI)));
    return mul(mul(x, this.constant(0.5)), this.binary('add', this.unary('tanh', inner), this.constant(1)));
  }

  convolve(
    x: Value,
    name: string,
    { shape: [width, kh, kw, channels], values }: Parameters<Target['convolve']>[2],
    { stride, padding }: Parameters<Target['convolve']>[3],
  ): Value {
    // Filters last.
    const filters = new Float32Array(values.length);
    const inner = kh * kw * channels;
    for (let i = 0; i < values.length; i++) filters[(i % inner) * width + Math.floor(i / inner)] = values[i];
    const weight = this.weight(name, [kh, kw, channels, width], filters);
    return this.one('Conv2D', [this.around(x, padding, 0), weight], {
      strides: { ints: [1, ...stride, 1] },
      padding: { s: 'VALID' },
      data_format: { s: 'NHWC' },
      dilations: { ints: [1, 1, 1, 1] },
    });
  }

  maxPool(x: Value, { kernel, stride, padding }: Parameters<Target['maxPool']>[1]): Value {
    return this.one('MaxPool', [this.around(x, padding, -3e38)], {
      ksize: { ints: [1, ...kernel, 1] },
      strides: { ints: [1, ...stride, 1] },
      padding: { s: 'VALID' },
      data_format: { s: 'NHWC' },
    });
  }

  private around(x: Value, [rows, columns]: readonly [number, number], value: number): Value {
    if (rows === 0 && columns === 0) return x;
    const counts = [0, rows, columns, 0];
    return this.pad(x, counts, counts, value);
  }
}
