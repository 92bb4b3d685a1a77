/** The flat buffers of a model on TensorFlow.js, one tensor each, as on WebGPU; and the values that a graph's sources take from them. */
import type { ParameterLayout } from '../compile/layout.ts';
import type { BufferName, NumberArray, Weights } from '../executor.ts';
import type { Tf, TfTensor } from '../graph/op.ts';
import type { Node } from '../graph/tensor.ts';
import { type Resident, tensorOf } from './resident.ts';

export class TfjsWeights implements Weights {
  readonly layout: ParameterLayout;
  private readonly tf: Tf;
  private readonly buffers = new Map<BufferName, TfTensor>();

  constructor(tf: Tf, layout: ParameterLayout, moments: number) {
    this.tf = tf;
    this.layout = layout;
    const names: BufferName[] = ['parameters', 'gradients', 'moment0', 'moment1'];
    for (const name of names.slice(0, 2 + moments)) this.buffers.set(name, tf.zeros([layout.total]));
  }

  get(name: BufferName): TfTensor {
    const buffer = this.buffers.get(name);
    if (!buffer) throw new Error(`this model keeps no ${name}`);
    return buffer;
  }

  set(name: BufferName, value: TfTensor): void {
    this.get(name).dispose();
    this.buffers.set(name, value);
  }

  async read(name: BufferName): Promise<Float32Array> {
    return (await this.get(name).data<'float32'>()).slice();
  }

  write(name: BufferName, values: Float32Array): void {
    if (values.length !== this.layout.total)
      throw new Error(`${name} needs ${this.layout.total} numbers, got ${values.length}`);
    this.set(name, this.tf.tensor1d(values));
  }

  destroy(): void {
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
