/**
 * A training step on TensorFlow.js: the model is one flat tensor, as on WebGPU, so that the optimizer is a handful of calls instead of a handful per
 * parameter.
 */
import type { KernelTime, Memory, StepProfile, Untimed } from '../../core/profile.ts';
import { blockSize } from '../compile/layout.ts';
import type {
  NumberArray,
  StepGraph,
  StepRecord,
  Trainer,
  TrainerSettings,
  TrainerSpecification,
} from '../executor.ts';
import type { Tf, TfTensor } from '../graph/op.ts';
import { sizeOf, type Tensor } from '../graph/tensor.ts';
import { Directions } from './direction.ts';
import { Plan } from './evaluate.ts';
import { flatten } from './flat.ts';
import { TfjsLook } from './look.ts';
import { Resident } from './resident.ts';
import { Settings } from './settings.ts';
import { sources, type TfjsWeights } from './weights.ts';

export class TfjsTrainer implements Trainer {
  readonly capacity = 16;
  readonly dispatches = 0;
  private readonly tf: Tf;
  private readonly plans = new Map<StepGraph, Plan>();
  private readonly looking?: TfjsLook;
  private readonly specification: TrainerSpecification;
  private readonly weights: TfjsWeights;
  private readonly resident: Resident;
  private settings: Settings;
  private readonly directions?: Directions;
  private clip: number;
  private averageDecay?: number;
  private pending: {
    step: number;
    scalars: [string, TfTensor][];
    norm: TfTensor;
    halt: TfTensor;
    blocks: TfTensor[];
  }[] = [];
  private last = new Map<string, TfTensor>();
  /** Flat gradient, and of each scalar the sum and how many, over the micro-batches so far. */
  private gradient?: TfTensor;
  private sums = new Map<string, { total: TfTensor; count: number }>();
  /** Graphs of the micro-batches so far. */
  private ran: StepGraph[] = [];
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
    const graphs = [specification, ...(specification.branches?.values() ?? [])];
    for (const graph of graphs)
      this.plans.set(
        graph,
        new Plan(graph.graph, [
          ...graph.scalars.values(),
          ...graph.outputs.values(),
          ...graph.gradients.values(),
        ]),
      );
    this.resident = new Resident(
      tf,
      graphs.map(({ graph }) => graph),
    );
    if (specification.look) this.looking = new TfjsLook(specification.look, specification.accumulate);
    if (specification.precision === 'f16') this.resident.fill('lossScale', 0, Float32Array.of(1));
    this.halt = tf.scalar(0);
    this.settings = new Settings(tf, weights.layout, specification);
    this.settings.moving(new Set([specification]));
    this.directions = Directions.of(tf, weights.layout, specification.optimizer.direction);
    this.clip = specification.clip;
    this.averageDecay = specification.averageDecay;
  }

  configure({ groupOf, clip, averageDecay }: TrainerSettings): void {
    if (averageDecay !== undefined && this.averageDecay === undefined)
      throw new Error('this trainer keeps no average');
    this.settings.destroy();
    this.settings = new Settings(this.tf, this.weights.layout, { groupOf });
    this.clip = clip;
    this.averageDecay = averageDecay ?? this.averageDecay;
  }

  get bytes(): number {
    return this.tf.memory().numBytes;
  }

  /** Runs a micro-batch; its share of the flat gradient and its scalars are added to those before it. */
  private forward(
    inputs: Readonly<Record<string, NumberArray>>,
    branch: string | undefined,
  ): Map<Tensor, TfTensor> {
    const { tf, weights, specification } = this;
    const { accumulate = 1, branches } = specification;
    const graph = branch === undefined ? specification : branches?.get(branch);
    if (!graph) throw new Error(`this step has no branch ${branch}`);
    this.looking?.check();
    const source = sources(tf, weights, inputs, this.resident);
    // Every step holds as much as the first.
    const held = this.peak === 0 ? tf.memory().numBytes : undefined;
    const values = this.plans.get(graph)!.run(tf, source.value, ({ op, path }) => {
      if (held !== undefined) this.peak = Math.max(this.peak, tf.memory().numBytes - held);
      this.mark?.(op, path);
    });
    source.dispose();
    const { layout } = weights;
    const before = this.gradient;
    this.gradient = tf.tidy(() => {
      const flat = flatten(tf, layout, (name) => {
        const gradient = graph.gradients.get(name);
        return gradient && values.get(gradient);
      });
      const share = tf.div(flat, accumulate);
      return before ? tf.add(before, share) : share;
    });
    before?.dispose();
    for (const [name, tensor] of graph.scalars) {
      const sum = this.sums.get(name);
      const total = sum ? tf.add(sum.total, values.get(tensor)!) : tf.clone(values.get(tensor)!);
      sum?.total.dispose();
      this.sums.set(name, { total, count: (sum?.count ?? 0) + 1 });
    }
    this.mark?.('gradients together', 'optimizer');
    this.ran.push(graph);
    return values;
  }

  look(inputs: Readonly<Record<string, NumberArray>>): void {
    const { tf, weights, looking, resident } = this;
    if (!looking) throw new Error('this step looks at nothing first');
    looking.take(tf, weights, inputs, resident, ({ op, path }) => this.mark?.(op, path));
  }

  add(inputs: Readonly<Record<string, NumberArray>>, branch?: string): void {
    for (const value of this.forward(inputs, branch).values()) value.dispose();
  }

  submit(): void {}

  step(inputs: Readonly<Record<string, NumberArray>>, step: number, rate: number, branch?: string): void {
    const { tf, weights, specification, settings } = this;
    const { accumulate = 1 } = specification;
    if (this.pending.length >= this.capacity) throw new Error('records() must be awaited before more steps');
    if (this.ran.length + 1 !== accumulate)
      throw new Error(`a step takes ${accumulate} micro-batches, got ${this.ran.length + 1}`);
    const values = this.forward(inputs, branch);
    this.looking?.end();
    const gradients = this.gradient!;
    const graph = this.ran.at(-1)!;
    const moving = settings.moving(new Set(this.ran));
    const scalars = [...this.sums].map(([name, { total, count }]): [string, TfTensor] => {
      const mean = tf.div(total, count);
      total.dispose();
      return [name, mean];
    });
    this.gradient = undefined;
    this.sums = new Map();
    this.ran = [];
    const momentNames = (['moment0', 'moment1'] as const).slice(0, specification.optimizer.moments);
    const made = tf.tidy(() => {
      const squares = (flat: TfTensor) => tf.sum(tf.square(tf.reshape(flat, [-1, blockSize])), 1);
      const { learned } = settings;
      // Statistics are in no norm.
      const gradientBlocks = squares(
        learned ? tf.where(tf.greater(learned, 0), gradients, tf.zerosLike(gradients)) : gradients,
      );
      // Nor what is frozen in the one that clips.
      const norm = tf.sqrt(
        tf.sum(
          settings.frozen
            ? squares(tf.where(tf.greater(moving.rate, 0), gradients, tf.zerosLike(gradients)))
            : gradientBlocks,
        ),
      );
      const factor = this.clip > 0 ? tf.minimum(1, tf.div(this.clip, tf.add(norm, 1e-6))) : tf.scalar(1);
      const before = weights.get('parameters');
      const moments = momentNames.map((name) => weights.get(name));
      const clipped = tf.mul(gradients, factor);
      const ahead = this.directions?.take(clipped, moments[0]);
      const updated = specification.optimizer.tfjs(tf, {
        p: before,
        g: ahead?.g ?? clipped,
        m: ahead ? [ahead.m0, ...moments.slice(1)] : moments,
        directed: ahead?.directed,
        rate: tf.mul(moving.rate, rate),
        decay: settings.decay,
        s: specification.optimizer.scalars(step),
      });
      // A gradient that is not finite, or a frozen parameter, changes nothing.
      const finite = tf.cast(tf.less(norm, 3e38), 'float32');
      const halt = tf.maximum(this.halt, tf.sub(1, finite));
      const changes = tf.logicalAnd(tf.greater(moving.rate, 0), tf.less(halt, 0.5));
      let p = tf.where(changes, tf.minimum(tf.maximum(updated.p, settings.low), settings.high), before);
      if (moving.follow) {
        const follows = tf.logicalAnd(tf.greater(moving.follow, 0), tf.less(halt, 0.5));
        p = tf.where(follows, tf.sub(before, tf.mul(moving.follow, gradients)), p);
      }
      const change = tf.sub(p, before);
      return {
        p,
        average: this.average(p, step, halt),
        halt,
        m: updated.m.map((moment, index) => tf.where(changes, moment, moments[index])),
        norm,
        blocks: [gradientBlocks, squares(p), squares(change)],
      };
    });
    weights.set('parameters', made.p);
    weights.set('gradients', gradients);
    if (made.average) weights.set('average', made.average);
    this.halt.dispose();
    this.halt = made.halt;
    for (const [index, name] of momentNames.entries()) weights.set(name, made.m[index]);
    for (const tensor of this.last.values()) tensor.dispose();
    this.last = new Map();
    for (const [name, tensor] of graph.outputs) this.last.set(name, tf.clone(values.get(tensor)!));
    for (const value of values.values()) value.dispose();
    this.pending.push({ step, scalars, norm: made.norm, halt: tf.clone(made.halt), blocks: made.blocks });
  }

  /** The running average after a step, as on WebGPU. */
  private average(p: TfTensor, step: number, halt: TfTensor): TfTensor | undefined {
    if (this.averageDecay === undefined) return undefined;
    const { tf } = this;
    const old = this.weights.get('average');
    const share = step === 1 ? 1 : 1 - this.averageDecay;
    const far = tf.sub(p, old);
    // Exact at both ends.
    let next = share < 0.5 ? tf.add(old, tf.mul(far, share)) : tf.sub(p, tf.mul(far, 1 - share));
    const { learned } = this.settings;
    if (learned) next = tf.where(tf.greater(learned, 0), next, p);
    return share < 1 ? tf.where(tf.less(halt, 0.5), next, old) : next;
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
    branches: readonly (string | undefined)[] = [],
    looks: Iterable<Readonly<Record<string, NumberArray>>> = [],
  ): Promise<StepProfile | undefined> {
    const kernels: KernelTime[] = [];
    let last = performance.now();
    this.mark = (label, path) => {
      const now = performance.now();
      kernels.push({ label, kind: label, path, nanoseconds: (now - last) * 1e6 });
      last = now;
    };
    try {
      const { accumulate = 1 } = this.specification;
      for (const inputs of looks) {
        last = performance.now();
        this.look(inputs);
      }
      let taken = 0;
      for (const inputs of batches) {
        const branch = branches[taken];
        last = performance.now();
        if (++taken < accumulate) this.add(inputs, branch);
        else this.step(inputs, step, rate, branch);
      }
      this.mark(`norms and ${this.specification.optimizer.name} update`, 'optimizer');
    } finally {
      this.mark = undefined;
    }
    await this.pending.at(-1)?.norm.data();
    return this.untimed ? undefined : { kernels };
  }

  memory(): Memory {
    const { optimizer, averageDecay } = this.specification;
    const flat = this.weights.layout.total * 4;
    let inputs = 0;
    let resident = 0;
    for (const { shape, node } of this.specification.graph.inputs.values())
      if (node.attributes['resident']) resident += sizeOf(shape) * 4;
      else inputs += sizeOf(shape) * 4;
    return {
      parameters: flat,
      gradients: flat,
      moments: flat * (optimizer.moments + (averageDecay === undefined ? 0 : 1)),
      activations: Math.max(0, this.peak - inputs - resident),
      resident,
      inputs,
      records: this.settings.bytes,
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
      ...[...this.sums.values()].map(({ total }) => total),
      this.halt,
    ])
      tensor.dispose();
    this.gradient?.dispose();
    this.looking?.destroy();
    this.settings.destroy();
    this.directions?.destroy();
    for (const { norm, halt, blocks, scalars } of this.pending)
      for (const tensor of [norm, halt, ...blocks, ...scalars.map(([, scalar]) => scalar)]) tensor.dispose();
    this.resident.destroy();
    this.last.clear();
    this.pending = [];
  }
}
