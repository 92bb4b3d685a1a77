/** The flat buffers of a model on TensorFlow.js, one tensor each, as on WebGPU; and the values that a graph's sources take from them. */
import { type ParameterLayout, sharedRanges } from '../compile/layout.ts';
import type { BufferName, NumberArray, Weights } from '../executor.ts';
import type { Tf, TfTensor } from '../graph/op.ts';
import type { Node } from '../graph/tensor.ts';
import { concatenate } from './flat.ts';
import { type Resident, tensorOf } from './resident.ts';

export class TfjsWeights implements Weights {
  readonly layout: ParameterLayout;
  private readonly tf: Tf;
  private readonly buffers: Map<BufferName, TfTensor>;
  /** Looks at the running average of others, whose buffers these are. */
  private readonly view: boolean;

  private constructor(tf: Tf, layout: ParameterLayout, buffers: Map<BufferName, TfTensor>, view = false) {
    this.tf = tf;
    this.layout = layout;
    this.buffers = buffers;
    this.view = view;
  }

  static create(tf: Tf, layout: ParameterLayout, moments: number, average: boolean): TfjsWeights {
    const names: BufferName[] = ['parameters', 'gradients', 'moment0', 'moment1'];
    const kept = [...names.slice(0, 2 + moments), ...(average ? (['average'] as const) : [])];
    return new TfjsWeights(tf, layout, new Map(kept.map((name) => [name, tf.zeros([layout.total])])));
  }

  has(name: BufferName): boolean {
    return this.view ? name === 'parameters' || name === 'gradients' : this.buffers.has(name);
  }

  private key(name: BufferName): BufferName {
    if (!this.has(name)) throw new Error(`this model keeps no ${name}`);
    return this.view && name === 'parameters' ? 'average' : name;
  }

  get(name: BufferName): TfTensor {
    return this.buffers.get(this.key(name))!;
  }

  set(name: BufferName, value: TfTensor): void {
    this.get(name).dispose();
    this.buffers.set(this.key(name), value);
  }

  async read(name: BufferName): Promise<Float32Array> {
    return (await this.get(name).data<'float32'>()).slice();
  }

  write(name: BufferName, values: Float32Array): void {
    if (values.length !== this.layout.total)
      throw new Error(`${name} needs ${this.layout.total} numbers, got ${values.length}`);
    this.set(name, this.tf.tensor1d(values));
    if (name === 'parameters' && this.has('average')) this.write('average', values);
  }

  averaged(): TfjsWeights {
    if (!this.has('average')) throw new Error('this model keeps no average');
    return new TfjsWeights(this.tf, this.layout, this.buffers, true);
  }

  copyFrom(other: Weights): void {
    if (!(other instanceof TfjsWeights)) throw new Error('these weights live on another executor');
    const { tf } = this;
    const ranges = sharedRanges(other.layout, this.layout);
    for (const name of ['parameters', 'moment0', 'moment1', 'average'] as const) {
      const source = name === 'average' && !other.has(name) ? 'parameters' : name;
      if (!this.has(name) || !other.has(source)) continue;
      const from = other.get(source);
      const own = this.get(name);
      const joined = tf.tidy(() => {
        const parts: TfTensor[] = [];
        let at = 0;
        const keep = (end: number) => end > at && parts.push(tf.slice(own, [at], [end - at]));
        for (const { source, target, size } of ranges) {
          keep(target);
          parts.push(tf.slice(from, [source], [size]));
          at = target + size;
        }
        keep(this.layout.total);
        return tf.clone(concatenate(tf, parts));
      });
      this.set(name, joined);
    }
  }

  destroy(): void {
    if (this.view) return;
    for (const buffer of this.buffers.values()) buffer.dispose();
    this.buffers.clear();
  }
}

/** Values of inputs and parameters for one run; disposed together. */
export function sources(
  tf: Tf,
  weights: TfjsWeights,
  inputs: Readonly<Record<string, NumberArray>>,
  resident?: Resident,
) {
  const made = new Map<string, TfTensor>();
  const value = (node: Node): TfTensor => {
    const name = String(node.attributes['name']);
    const kept = node.op === 'input' ? resident?.get(name) : undefined;
    if (kept) return kept;
    let tensor = made.get(`${node.op} ${name}`);
    if (tensor) return tensor;
    const [output] = node.outputs;
    if (node.op === 'input') {
      if (!inputs[name]) throw new Error(`input ${name} is missing`);
      tensor = tensorOf(tf, inputs[name], output);
    } else {
      const { offset, size } = weights.layout.byName.get(name)!;
      tensor = tf.tidy(() =>
        tf.reshape(tf.slice(weights.get('parameters'), [offset], [size]), [...output.shape]),
      );
    }
    made.set(`${node.op} ${name}`, tensor);
    return tensor;
  };
  const dispose = () => {
    for (const tensor of made.values()) tensor.dispose();
  };
  return { value, dispose };
}
