/**
 * A training step on TensorFlow.js: the model is one flat tensor, as on WebGPU, so that the optimizer is a handful of calls instead of a handful per
 * parameter.
 */
import type { KernelTime, Memory, StepProfile, Untimed } from '../../core/profile.ts';
import { blockSize } from '../compile/layout.ts';
import type { NumberArray, StepRecord, Trainer, TrainerSpecification } from '../executor.ts';
import type { Tf, TfTensor } from '../graph/op.ts';
import { sizeOf, type Tensor } from '../graph/tensor.ts';
import { Plan } from './evaluate.ts';
import { Resident } from './resident.ts';
import { sources, type TfjsWeights } from './weights.ts';

export class TfjsTrainer implements Trainer {
  readonly capacity = 16;
  readonly dispatches = 0;
  private readonly tf: Tf;
  private readonly plan: Plan;
  private readonly specification: TrainerSpecification;
  private readonly weights: TfjsWeights;
  private readonly resident: Resident;
  /** Per number of the flat buffer: rate factor, decay, bounds. */
  private readonly settings: { rate: TfTensor; decay: TfTensor; low: TfTensor; high: TfTensor };
  /** Where the model has statistics: their share per number, and 1 for all other numbers. */
  private readonly statistics?: { follow: TfTensor; learned: TfTensor };
  private pending: {
    step: number;
    scalars: [string, TfTensor][];
    norm: TfTensor;
    halt: TfTensor;
    blocks: TfTensor[];
  }[] = [];
  private last = new Map<string, TfTensor>();
  /** Flat gradient and scalars over the micro-batches so far. */
  private sums?: TfTensor[];
  private added = 0;
  /** 1 once a gradient was not finite. */
  private halt: TfTensor;
  /** Most bytes that values of the graph, inputs and copies of parameters included, held at once. */
  private peak = 0;
  /** After each part of a step, while one is profiled. */
  private mark?: (label: string, path: string) => void;

  constructor(tf: Tf, specification: TrainerSpecification, weights: TfjsWeights) {
    this.tf = tf;
    this.specification = specification;
    this.weights = weights;
    this.plan = new Plan(specification.graph, [
      ...specification.scalars.values(),
      ...specification.outputs.values(),
      ...specification.gradients.values(),
    ]);
    this.resident = new Resident(tf, specification.graph);
    if (specification.precision === 'f16') this.resident.fill('lossScale', 0, Float32Array.of(1));
    this.halt = tf.scalar(0);
    const { layout } = weights;
    const spread = (pick: (name: string) => number) => {
      const values = new Float32Array(layout.total);
      for (const { name, offset, size } of layout.entries) values.fill(pick(name), offset, offset + size);
      return tf.tensor1d(values);
    };
    const followOf = (name: string) =>
      specification.gradients.has(name) ? (specification.groupOf(name).follow ?? 0) : 0;
    if (layout.entries.some(({ follow }) => follow !== undefined))
      this.statistics = {
        follow: spread(followOf),
        learned: spread((name) => (layout.byName.get(name)!.follow === undefined ? 1 : 0)),
      };
    this.settings = {
      rate: spread((name) =>
        specification.gradients.has(name) && !followOf(name) ? specification.groupOf(name).rateFactor : 0,
      ),
      decay: spread((name) => specification.groupOf(name).weightDecay),
      low: spread((name) => specification.groupOf(name).low),
      high: spread((name) => specification.groupOf(name).high),
    };
  }

  get bytes(): number {
    return this.tf.memory().numBytes;
  }

  /** Runs a micro-batch; its share of the flat gradient and of the scalars is added to those before it. */
  private forward(inputs: Readonly<Record<string, NumberArray>>): Map<Tensor, TfTensor> {
    const { tf, weights, specification } = this;
    const { gradients, scalars, accumulate = 1 } = specification;
    const source = sources(tf, weights, inputs, this.resident);
    // Every step holds as much as the first.
    const held = this.peak === 0 ? tf.memory().numBytes : undefined;
    const values = this.plan.run(tf, source.value, ({ op, path }) => {
      if (held !== undefined) this.peak = Math.max(this.peak, tf.memory().numBytes - held);
      this.mark?.(op, path);
    });
    source.dispose();
    const { layout } = weights;
    const before = this.sums;
    this.sums = tf.tidy(() => {
      const parts: TfTensor[] = [];
      for (const [index, { name, offset, size }] of layout.entries.entries()) {
        const gradient = gradients.get(name);
        parts.push(gradient ? tf.reshape(values.get(gradient)!, [size]) : tf.zeros([size]));
        const gap = (layout.entries[index + 1]?.offset ?? layout.total) - offset - size;
        if (gap) parts.push(tf.zeros([gap]));
      }
      return [concatenate(tf, parts), ...[...scalars.values()].map((tensor) => values.get(tensor)!)].map(
        (value, index) => {
          const share = tf.div(value, accumulate);
          return before ? tf.add(before[index], share) : share;
        },
      );
    });
    for (const tensor of before ?? []) tensor.dispose();
    this.mark?.('gradients together', 'optimizer');
    this.added++;
    return values;
  }

  add(inputs: Readonly<Record<string, NumberArray>>): void {
    for (const value of this.forward(inputs).values()) value.dispose();
  }

  submit(): void {}

  step(inputs: Readonly<Record<string, NumberArray>>, step: number, rate: number): void {
    const { tf, weights, specification, settings } = this;
    const { accumulate = 1 } = specification;
    if (this.pending.length >= this.capacity) throw new Error('records() must be awaited before more steps');
    if (this.added + 1 !== accumulate)
      throw new Error(`a step takes ${accumulate} micro-batches, got ${this.added + 1}`);
    const values = this.forward(inputs);
    const [gradients, ...sums] = this.sums!;
    this.sums = undefined;
    this.added = 0;
    const momentNames = (['moment0', 'moment1'] as const).slice(0, specification.optimizer.moments);
    const made = tf.tidy(() => {
      const squares = (flat: TfTensor) => tf.sum(tf.square(tf.reshape(flat, [-1, blockSize])), 1);
      const { statistics } = this;
      // Statistics are in no norm.
      const learned = (flat: TfTensor) =>
        statistics ? tf.where(tf.greater(statistics.learned, 0), flat, tf.zerosLike(flat)) : flat;
      const gradientBlocks = squares(learned(gradients));
      const norm = tf.sqrt(tf.sum(gradientBlocks));
      const factor =
        specification.clip > 0 ? tf.minimum(1, tf.div(specification.clip, tf.add(norm, 1e-6))) : tf.scalar(1);
      const before = weights.get('parameters');
      const moments = momentNames.map((name) => weights.get(name));
      const updated = specification.optimizer.tfjs(tf, {
        p: before,
        g: tf.mul(gradients, factor),
        m: moments,
        rate: tf.mul(settings.rate, rate),
        decay: settings.decay,
        s: specification.optimizer.scalars(step),
      });
      // A gradient that is not finite, or a frozen parameter, changes nothing.
      const finite = tf.cast(tf.less(norm, 3e38), 'float32');
      const halt = tf.maximum(this.halt, tf.sub(1, finite));
      const changes = tf.logicalAnd(tf.greater(settings.rate, 0), tf.less(halt, 0.5));
      let p = tf.where(changes, tf.minimum(tf.maximum(updated.p, settings.low), settings.high), before);
      if (statistics) {
        const follows = tf.logicalAnd(tf.greater(statistics.follow, 0), tf.less(halt, 0.5));
        p = tf.where(follows, tf.sub(before, tf.mul(statistics.follow, gradients)), p);
      }
      const change = tf.sub(p, before);
      return {
        p,
        halt,
        m: updated.m.map((moment, index) => tf.where(changes, moment, moments[index])),
        norm,
        blocks: [gradientBlocks, squares(p), squares(change)],
      };
    });
    weights.set('parameters', made.p);
    weights.set('gradients', gradients);
    this.halt.dispose();
    this.halt = made.halt;
    for (const [index, name] of momentNames.entries()) weights.set(name, made.m[index]);
    for (const tensor of this.last.values()) tensor.dispose();
    this.last = new Map();
    const keep = new Set<TfTensor>();
    for (const [name, tensor] of specification.outputs) {
      const kept = tf.clone(values.get(tensor)!);
      this.last.set(name, kept);
      keep.add(kept);
    }
    const scalars = [...specification.scalars.keys()].map((name, index): [string, TfTensor] => [
      name,
      sums[index],
    ]);
    for (const value of values.values()) value.dispose();
    this.pending.push({ step, scalars, norm: made.norm, halt: tf.clone(made.halt), blocks: made.blocks });
  }

  async records(): Promise<StepRecord[]> {
    const { pending } = this;
    this.pending = [];
    const { norms } = this.specification;
    const records: StepRecord[] = [];
    for (const { step, scalars, norm, halt, blocks } of pending) {
      const grouped: Float32Array[] = [];
      for (const tensor of blocks) {
        const squares = await tensor.data();
        grouped.push(
          Float32Array.from(norms, ({ start, end }) => {
            let total = 0;
            for (let block = start / blockSize; block < end / blockSize; block++) total += squares[block];
            return Math.sqrt(total);
          }),
        );
      }
      const [gradientNorm] = await norm.data();
      const values: Record<string, number> = {};
      for (const [name, tensor] of scalars) values[name] = (await tensor.data())[0];
      records.push({
        step,
        scalars: values,
        gradientNorm,
        skipped: (await halt.data())[0] > 0.5,
        norms: { gradient: grouped[0], weight: grouped[1], update: grouped[2] },
      });
      for (const tensor of [norm, halt, ...blocks, ...scalars.map(([, scalar]) => scalar)]) tensor.dispose();
    }
    return records;
  }

  /** Only the backends that compute within the call can be timed from outside. */
  get untimed(): Untimed | undefined {
    return ['cpu', 'wasm'].includes(this.tf.getBackend()) ? undefined : 'asynchronous';
  }

  async profile(
    batches: Iterable<Readonly<Record<string, NumberArray>>>,
    step: number,
    rate: number,
  ): Promise<StepProfile | undefined> {
    const kernels: KernelTime[] = [];
    let last = performance.now();
    this.mark = (label, path) => {
      const now = performance.now();
      kernels.push({ label, kind: label, path, nanoseconds: (now - last) * 1e6 });
      last = now;
    };
    try {
      let left = this.specification.accumulate ?? 1;
      for (const inputs of batches) {
        last = performance.now();
        if (--left > 0) this.add(inputs);
        else this.step(inputs, step, rate);
      }
      this.mark(`norms and ${this.specification.optimizer.name} update`, 'optimizer');
    } finally {
      this.mark = undefined;
    }
    await this.pending.at(-1)?.norm.data();
    return this.untimed ? undefined : { kernels };
  }

  memory(): Memory {
    const flat = this.weights.layout.total * 4;
    let inputs = 0;
    let resident = 0;
    for (const { shape, node } of this.specification.graph.inputs.values())
      if (node.attributes['resident']) resident += sizeOf(shape) * 4;
      else inputs += sizeOf(shape) * 4;
    return {
      parameters: flat,
      gradients: flat,
      moments: flat * this.specification.optimizer.moments,
      activations: Math.max(0, this.peak - inputs - resident),
      resident,
      inputs,
      // The settings per number.
      records: (this.statistics ? 6 : 4) * flat,
    };
  }

  fill(input: string, from: number, values: NumberArray): void {
    this.resident.fill(input, from, values);
  }

  // Runs in 32 bits.
  async scaling(): Promise<undefined> {}
  restoreScaling(): void {}

  clearHalt(): void {
    this.halt.dispose();
    this.halt = this.tf.scalar(0);
  }

  async read(output: string): Promise<Float32Array> {
    const tensor = this.last.get(output);
    if (!tensor) throw new Error(`this step has no output ${output}`);
    return Float32Array.from(await tensor.data());
  }

  destroy(): void {
    for (const tensor of [
      ...this.last.values(),
      ...Object.values(this.settings),
      ...Object.values(this.statistics ?? {}),
      ...(this.sums ?? []),
      this.halt,
    ])
      tensor.dispose();
    for (const { norm, halt, blocks, scalars } of this.pending)
      for (const tensor of [norm, halt, ...blocks, ...scalars.map(([, scalar]) => scalar)]) tensor.dispose();
    this.resident.destroy();
    this.last.clear();
    this.pending = [];
  }
}

/** Joins in rounds of 6: backends with few storage buffers lose parts of longer lists. */
function concatenate(tf: Tf, parts: TfTensor[]): TfTensor {
  let list = parts;
  while (list.length > 1) {
    const next: TfTensor[] = [];
    for (let i = 0; i < list.length; i += 6)
      next.push(i + 1 < list.length ? tf.concat(list.slice(i, i + 6), 0) : list[i]);
    list = next;
  }
  return list[0];
}
