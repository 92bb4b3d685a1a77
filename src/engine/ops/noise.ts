/**
 * Numbers of mean 0 and deviation 1, near enough to normal: each is the sum of eight uniform 16-bit integers (Irwin–Hall), from a hash of the seed,
 * the stream and its place (PCG; Jarzynski & Olano 2020, JCGT 9(3)). Whole numbers up to the last division, so every executor makes the
 * same ones.
 */
import { defineOp } from '../graph/op.ts';
import { type Shape, ShapeProblem, sizeOf } from '../graph/tensor.ts';

const mean = 8 * 32767.5;
const deviation = Math.sqrt((8 * (2 ** 32 - 1)) / 12);

const pcg = (x: number): number => {
  const state = (Math.imul(x, 747796405) + 2891336453) >>> 0;
  const word = Math.imul((state >>> ((state >>> 28) + 4)) ^ state, 277803737) >>> 0;
  return ((word >>> 22) ^ word) >>> 0;
};

function drawn(seed: number, stream: number, count: number): Float64Array {
  const start = pcg(((seed >>> 0) + pcg(stream)) >>> 0);
  return Float64Array.from({ length: count }, (_, i) => {
    let h = pcg((i ^ start) >>> 0);
    let total = 0;
    for (let k = 0; k < 4; k++) {
      total += (h & 0xffff) + (h >>> 16);
      h = pcg(h);
    }
    return (total - mean) / deviation;
  });
}

defineOp({
  name: 'noise',
  precise: true,
  infer([seed], attributes) {
    if (seed.dtype !== 'i32' || sizeOf(seed.shape) !== 1) throw new ShapeProblem('the seed is one integer');
    return [{ shape: attributes['shape'] as Shape, dtype: 'f32' }];
  },
  vjp: () => [undefined],
  lower: {
    kind: 'kernels',
    variants: [
      {
        name: 'hash',
        calls(node) {
          const [y] = node.outputs;
          return [
            {
              wgsl: `
fn pcg(x: u32) -> u32 {
  let state = x * 747796405u + 2891336453u;
  let word = ((state >> ((state >> 28u) + 4u)) ^ state) * 277803737u;
  return (word >> 22u) ^ word;
}
@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {
  let i = invocation(id);
  if (i >= u.size) { return; }
  var h = pcg(i ^ pcg(u32(seed[0]) + pcg(u.stream)));
  var total = 0u;
  for (var k = 0u; k < u.rounds; k++) {
    total += (h & 0xffffu) + (h >> 16u);
    h = pcg(h);
  }
  store(i, (f32(total) - ${mean.toFixed(1)}) / ${deviation});
}`,
              bindings: [
                { name: 'seed', buffer: node.inputs[0], access: 'read', element: 'i32' },
                { name: 'y', buffer: y, access: 'write' },
              ],
              uniforms: { size: sizeOf(y.shape), stream: node.attributes['stream'] as number, rounds: 4 },
              threads: sizeOf(y.shape),
              workgroup: 64,
              epilogue: 'f32',
            },
          ];
        },
      },
    ],
  },
  reference: ([[seed]], attributes, { outputs }) => [
    drawn(seed, attributes['stream'] as number, sizeOf(outputs[0].shape)),
  ],
  tfjs(tf, [seed], attributes, { outputs }) {
    const { shape } = outputs[0];
    const values = drawn(seed.dataSync()[0], attributes['stream'] as number, sizeOf(shape));
    return [tf.tensor(Float32Array.from(values), [...shape])];
  },
  cases: [
    { inputs: [{ shape: [1], dtype: 'i32', below: 1000 }], attributes: { shape: [7, 13], stream: 0 } },
    { inputs: [{ shape: [1], dtype: 'i32', below: 2 ** 24 }], attributes: { shape: [300], stream: 9 } },
  ],
});
