/**
 * The model by hand on jax-js: the whole step, gradients and AdamW included, is one `jit`, with the library's own softmax, normalization and
 * GELU. Every use of an array but its last takes `.ref`. Work is submitted when somebody reads, and until then pins its memory; so a step
 * counts until its loss is on the processor, and the next one starts on its weights.
 */
import { defaultDevice, init, jit, nn, numpy as np, valueAndGrad } from '@jax-js/jax';
import type { Batch, Workload } from '../workloads.ts';
import { biasCorrections, namedWeights, type OpenEngine } from './engine.ts';

type Arrays = { [name: string]: np.Array };

const linear = (w: Arrays, name: string, x: np.Array): np.Array =>
  np.matmul(x, w[`${name}.weight`]).add(w[`${name}.bias`]);

const layerNorm = (w: Arrays, name: string, x: np.Array): np.Array =>
  nn.standardize(x, -1, { epsilon: 1e-5 }).mul(w[`${name}.weight`]).add(w[`${name}.bias`]);

/** @param x [batch, tokens, width] */
function block(w: Arrays, name: string, x: np.Array, heads: number): np.Array {
  const [batch, tokens, width] = x.shape;
  const packed = linear(w, `${name}.attention.qkv`, layerNorm(w, `${name}.attention.norm`, x.ref));
  const [q, k, v] = np
    .split(packed, 3, -1)
    .map((part) => part.reshape([batch, tokens, heads, width / heads]).transpose([0, 2, 1, 3]));
  // As the library's own attention, whose einsum needs iterator helpers that Node 20 lacks.
  const scores = np.matmul(q, k.transpose([0, 1, 3, 2])).mul((width / heads) ** -0.5);
  const mixed = np.matmul(nn.softmax(scores, -1), v).transpose([0, 2, 1, 3]).reshape([batch, tokens, width]);
  const middle = x.add(linear(w, `${name}.attention.out`, mixed));
  const wide = linear(w, `${name}.mlp.fc1`, layerNorm(w, `${name}.mlp.norm`, middle.ref));
  return middle.add(linear(w, `${name}.mlp.fc2`, nn.gelu(wide)));
}

function unit(x: np.Array): np.Array {
  const squares = np.square(x.ref).sum(-1, { keepdims: true });
  return x.mul(np.reciprocal(np.sqrt(squares.add(1e-12))));
}

function imageTower(w: Arrays, { size }: Workload, images: np.Array): np.Array {
  const { batch, imageSize, patch, width, heads, depth } = size;
  const side = imageSize / patch;
  const cut = images.reshape([batch, side, patch, side, patch * 3]).transpose([0, 1, 3, 2, 4]);
  const embedded = linear(w, 'image.patch', cut.reshape([batch, side ** 2, patch * patch * 3]));
  const first = np.broadcastTo(w['image.positions.class'].reshape([1, 1, width]), [batch, 1, width]);
  let x = np.concatenate([first, embedded], 1).add(w['image.positions.weight']);
  for (let layer = 0; layer < depth; layer++) x = block(w, `image.blocks.${layer}`, x, heads);
  const cls = x.slice([], 0);
  return unit(np.matmul(layerNorm(w, 'image.norm', cls), w['image.projection.weight']));
}

function textTower(w: Arrays, { size }: Workload, tokens: np.Array): np.Array {
  let x = np.take(w['text.embedding.weight'], tokens, 0).add(w['text.positions.weight']);
  for (let layer = 0; layer < size.depth; layer++) x = block(w, `text.blocks.${layer}`, x, size.heads);
  return unit(np.matmul(layerNorm(w, 'text.norm', x).mean(1), w['text.projection.weight']));
}

function lossOf(w: Arrays, workload: Workload, images: np.Array, tokens: np.Array): np.Array {
  const a = imageTower(w, workload, images);
  const b = textTower(w, workload, tokens);
  const scale = np.exp(w['infonce.logit_scale']);
  const right = a.ref.mul(b.ref).sum(-1).mul(scale.ref);
  const logits = np.matmul(a, b.transpose()).mul(scale);
  const both = nn.logsumexp(logits.ref, 1).add(nn.logsumexp(logits, 0));
  return both.mul(0.5).sub(right).mean();
}

export const open: OpenEngine = async (workload) => {
  const { size, hyper } = workload;
  if (!(await init('webgpu')).includes('webgpu')) throw new Error('jax-js has no WebGPU here');
  defaultDevice('webgpu');
  const named = namedWeights(workload);
  const decays = new Set(named.filter(({ decay }) => decay).map(({ name }) => name));
  const each = (make: (tensor: (typeof named)[number]) => np.Array): Arrays =>
    Object.fromEntries(named.map((tensor) => [tensor.name, make(tensor)]));
  let weights = each(({ values, shape }) =>
    np.array(values as Float32Array<ArrayBuffer>, { shape, dtype: np.float32 }),
  );
  let mean = each(({ shape }) => np.zeros(shape));
  let square = each(({ shape }) => np.zeros(shape));

  const update = jit(
    (
      p: Arrays,
      m: Arrays,
      v: Arrays,
      images: np.Array,
      tokens: np.Array,
      stride: np.Array,
      correction: np.Array,
    ) => {
      const references = Object.fromEntries(Object.entries(p).map(([name, array]) => [name, array.ref]));
      const [loss, gradients] = valueAndGrad((w: Arrays, i: np.Array, t: np.Array) =>
        lossOf(w, workload, i, t),
      )(references, images, tokens) as [np.Array, Arrays];
      const norm = np.sqrt(
        Object.values(gradients)
          .map((gradient) => np.square(gradient.ref).sum())
          .reduce((total, part) => total.add(part)),
      );
      const factor = np.minimum(np.reciprocal(norm.add(1e-6)).mul(hyper.clip), 1);
      const next: { p: Arrays; m: Arrays; v: Arrays } = { p: {}, m: {}, v: {} };
      for (const name of Object.keys(p)) {
        const gradient = gradients[name].mul(factor.ref);
        const m1 = m[name].mul(hyper.beta1).add(gradient.ref.mul(1 - hyper.beta1));
        const v1 = v[name].mul(hyper.beta2).add(np.square(gradient).mul(1 - hyper.beta2));
        const divisor = np.sqrt(v1.ref).mul(correction.ref).add(hyper.epsilon);
        const change = m1.ref.mul(stride.ref).div(divisor);
        const kept = decays.has(name) ? p[name].mul(1 - hyper.rate * hyper.weightDecay) : p[name];
        const moved = kept.sub(change);
        next.p[name] = name === 'infonce.logit_scale' ? np.clip(moved, 0, Math.log(100)) : moved;
        next.m[name] = m1;
        next.v[name] = v1;
      }
      for (const used of [factor, stride, correction]) used.dispose();
      return [next.p, next.m, next.v, loss] as [Arrays, Arrays, Arrays, np.Array];
    },
  );

  function step(batch: Batch, number: number): np.Array {
    const [first, second] = biasCorrections(workload, number);
    const scalar = (value: number) => np.array(new Float32Array([value]), { shape: [], dtype: np.float32 });
    const result = update(
      weights,
      mean,
      square,
      np.array(batch.images as Float32Array<ArrayBuffer>, {
        shape: [size.batch, size.imageSize, size.imageSize, 3],
        dtype: np.float32,
      }),
      np.array(batch.tokens as Int32Array<ArrayBuffer>, {
        shape: [size.batch, size.textLength],
        dtype: np.int32,
      }),
      scalar(hyper.rate * first),
      scalar(second),
    );
    weights = result[0];
    mean = result[1];
    square = result[2];
    return result[3];
  }

  return {
    async run(batches, first) {
      const losses = batches.map((batch, index) => step(batch, first + index));
      const values: number[] = [];
      for (const loss of losses) values.push((await loss.data())[0]);
      return values;
    },
  };
};
