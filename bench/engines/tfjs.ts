/**
 * The model by hand on TensorFlow.js, as a person who knows it would write it: eager ops, `variableGrads`, AdamW per tensor, constants kept
 * on the device, matrices with their bias in one fused product (the activation cannot join: fused ones have no gradient unless linear).
 * `addN` is avoided, since beyond seven tensors it gives zeros on the WebGPU backend, and `einsum`, which has no gradient.
 */
import '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs';
import type { Batch, Workload } from '../workloads.ts';
import { biasCorrections, namedWeights, type OpenEngine } from './engine.ts';

type Weights = (name: string) => tf.Tensor;

/** x [rows, in] · w [in, out] + b. */
const linear = (w: Weights, name: string, x: tf.Tensor2D): tf.Tensor2D =>
  tf.fused.matMul({
    a: x,
    b: w(`${name}.weight`) as tf.Tensor2D,
    bias: w(`${name}.bias`),
  }) as tf.Tensor2D;

function layerNorm(w: Weights, name: string, x: tf.Tensor): tf.Tensor {
  const { mean, variance } = tf.moments(x, -1, true);
  const normal = tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, 1e-5)));
  return tf.add(tf.mul(normal, w(`${name}.weight`)), w(`${name}.bias`));
}

function gelu(x: tf.Tensor): tf.Tensor {
  const inner = tf.mul(tf.add(x, tf.mul(tf.mul(tf.square(x), x), 0.044715)), Math.sqrt(2 / Math.PI));
  return tf.mul(tf.mul(x, 0.5), tf.add(tf.tanh(inner), 1));
}

/** @param x [batch · tokens, width] */
function block(w: Weights, name: string, x: tf.Tensor2D, batch: number, heads: number): tf.Tensor2D {
  const [rows, width] = x.shape;
  const tokens = rows / batch;
  const split = (part: tf.Tensor) =>
    tf.transpose(tf.reshape(part, [batch, tokens, heads, width / heads]), [0, 2, 1, 3]);
  const packed = linear(w, `${name}.attention.qkv`, layerNorm(w, `${name}.attention.norm`, x) as tf.Tensor2D);
  const [q, k, v] = tf.split(packed, 3, 1).map(split);
  const scores = tf.mul(tf.matMul(q, k, false, true), (width / heads) ** -0.5);
  const mixed = tf.transpose(tf.matMul(tf.softmax(scores), v), [0, 2, 1, 3]);
  const attended = linear(w, `${name}.attention.out`, tf.reshape(mixed, [rows, width]));
  const middle = tf.add(x, attended) as tf.Tensor2D;
  const wide = linear(w, `${name}.mlp.fc1`, layerNorm(w, `${name}.mlp.norm`, middle) as tf.Tensor2D);
  return tf.add(middle, linear(w, `${name}.mlp.fc2`, gelu(wide) as tf.Tensor2D)) as tf.Tensor2D;
}

const unit = (x: tf.Tensor): tf.Tensor2D =>
  tf.mul(x, tf.rsqrt(tf.add(tf.sum(tf.square(x), -1, true), 1e-12))) as tf.Tensor2D;

function imageTower(w: Weights, { size }: Workload, images: tf.Tensor): tf.Tensor2D {
  const { batch, imageSize, patch, width, heads, depth } = size;
  const side = imageSize / patch;
  const tokens = side ** 2 + 1;
  const cut = tf.transpose(tf.reshape(images, [batch, side, patch, side, patch * 3]), [0, 1, 3, 2, 4]);
  const flat = tf.reshape(cut, [batch * side ** 2, patch * patch * 3]) as tf.Tensor2D;
  const embedded = tf.reshape(linear(w, 'image.patch', flat), [batch, side ** 2, width]);
  const first = tf.broadcastTo(tf.reshape(w('image.positions.class'), [1, 1, width]), [batch, 1, width]);
  const placed = tf.add(tf.concat([first, embedded], 1), w('image.positions.weight'));
  let x = tf.reshape(placed, [batch * tokens, width]) as tf.Tensor2D;
  for (let layer = 0; layer < depth; layer++) x = block(w, `image.blocks.${layer}`, x, batch, heads);
  const cls = tf.slice(tf.reshape(x, [batch, tokens, width]), [0, 0, 0], [batch, 1, width]);
  const pooled = layerNorm(w, 'image.norm', tf.reshape(cls, [batch, width])) as tf.Tensor2D;
  return unit(tf.matMul(pooled, w('image.projection.weight')));
}

function textTower(w: Weights, { size }: Workload, tokens: tf.Tensor): tf.Tensor2D {
  const { batch, textLength, width, heads, depth } = size;
  const placed = tf.add(tf.gather(w('text.embedding.weight'), tokens), w('text.positions.weight'));
  let x = tf.reshape(placed, [batch * textLength, width]) as tf.Tensor2D;
  for (let layer = 0; layer < depth; layer++) x = block(w, `text.blocks.${layer}`, x, batch, heads);
  const pooled = tf.mean(tf.reshape(layerNorm(w, 'text.norm', x), [batch, textLength, width]), 1);
  return unit(tf.matMul(pooled as tf.Tensor2D, w('text.projection.weight')));
}

function lossOf(w: Weights, workload: Workload, images: tf.Tensor, tokens: tf.Tensor): tf.Scalar {
  const a = imageTower(w, workload, images);
  const b = textTower(w, workload, tokens);
  const scale = tf.exp(w('infonce.logit_scale'));
  const logits = tf.mul(tf.matMul(a, b, false, true), scale);
  const right = tf.mul(tf.sum(tf.mul(a, b), -1), scale);
  const both = tf.add(tf.logSumExp(logits, 1), tf.logSumExp(logits, 0));
  return tf.mean(tf.sub(tf.mul(both, 0.5), right)) as tf.Scalar;
}

export const open: OpenEngine = async (workload) => {
  const { size, hyper } = workload;
  tf.enableProdMode();
  if (!(await tf.setBackend('webgpu'))) throw new Error('TensorFlow.js has no WebGPU here');
  await tf.ready();
  const parameters = namedWeights(workload).map(({ name, shape, values, decay }) => ({
    name,
    decay,
    variable: tf.variable(tf.tensor(values, shape), true, name),
    m: tf.variable(tf.zeros(shape), false),
    v: tf.variable(tf.zeros(shape), false),
  }));
  const variables = parameters.map(({ variable }) => variable);
  const byName = new Map<string, tf.Tensor>(parameters.map(({ name, variable }) => [name, variable]));
  const kept = (value: number) => tf.keep(tf.scalar(value));
  const beta1 = kept(hyper.beta1);
  const rest1 = kept(1 - hyper.beta1);
  const beta2 = kept(hyper.beta2);
  const rest2 = kept(1 - hyper.beta2);
  const epsilon = kept(hyper.epsilon);
  const clip = kept(hyper.clip);
  const shrink = kept(1 - hyper.rate * hyper.weightDecay);

  function step(batch: Batch, number: number): tf.Scalar {
    return tf.tidy(() => {
      const images = tf.tensor(batch.images, [size.batch, size.imageSize, size.imageSize, 3]);
      const tokens = tf.tensor(batch.tokens, [size.batch, size.textLength], 'int32');
      const { value, grads } = tf.variableGrads(
        () => lossOf((name) => byName.get(name)!, workload, images, tokens),
        variables,
      );
      const squares = parameters.map(({ name }) => tf.sum(tf.square(grads[name])));
      const norm = tf.sqrt(tf.sum(tf.stack(squares)));
      const factor = tf.minimum(tf.div(clip, tf.add(norm, 1e-6)), 1);
      const [first, second] = biasCorrections(workload, number);
      const stride = tf.scalar(hyper.rate * first);
      const correction = tf.scalar(second);
      for (const { name, decay, variable, m, v } of parameters) {
        const gradient = tf.mul(grads[name], factor);
        m.assign(tf.add(tf.mul(m, beta1), tf.mul(gradient, rest1)));
        v.assign(tf.add(tf.mul(v, beta2), tf.mul(tf.square(gradient), rest2)));
        const change = tf.div(tf.mul(m, stride), tf.add(tf.mul(tf.sqrt(v), correction), epsilon));
        const next = tf.sub(decay ? tf.mul(variable, shrink) : variable, change);
        variable.assign(name === 'infonce.logit_scale' ? tf.clipByValue(next, 0, Math.log(100)) : next);
      }
      return value;
    });
  }

  return {
    async run(batches, first) {
      const losses = batches.map((batch, index) => step(batch, first + index));
      const values: number[] = [];
      for (const loss of losses) {
        values.push((await loss.data())[0]);
        loss.dispose();
      }
      return values;
    },
  };
};
