/**
 * Places of tokens at experts of limited capacity (GShard, Lepikhin et al. 2020): first choices before second ones, earlier tokens before
 * later ones. From `choices` i32 [T, k] (the expert of each choice) and `keep` [T]: `slots` i32 [T, k], the slot e·C + position of each choice or −1,
 * and `sources` i32 [E·C], the token of each slot or −1. C = ⌈factor·k·T/E⌉ is room; what is allowed is ⌈factor·k·Σkeep/E⌉, so that what
 * is masked neither takes a place nor makes one. A workgroup per expert: threads count their stretch, then number it.
 */
import type { KernelCall } from '../graph/kernel.ts';
import { literal } from '../graph/literal.ts';
import { defineOp } from '../graph/op.ts';
import { type Attributes, ShapeProblem, type TensorType } from '../graph/tensor.ts';

/** A little less than a whole number above: rounding in 32 bits must not open a further slot. */
const slack = 1e-3;

export function capacity(tokens: number, choices: number, experts: number, factor: number): number {
  return Math.ceil((factor * choices * tokens) / experts - slack);
}

function sizes([choices]: readonly TensorType[], attributes: Attributes) {
  const experts = attributes['experts'] as number;
  const factor = attributes['factor'] as number;
  const [tokens, k] = choices.shape;
  return { tokens, k, experts, factor, room: Math.max(1, capacity(tokens, k, experts, factor)) };
}

const threads = 64;

defineOp({
  name: 'route',
  infer(inputs, attributes) {
    const [choices, keep] = inputs;
    if (choices.shape.length !== 2 || keep.shape.length !== 1 || keep.shape[0] !== choices.shape[0])
      throw new ShapeProblem(`choices [T, k] and keep [T] are needed`);
    const { tokens, k, experts, room } = sizes(inputs, attributes);
    return [
      { shape: [tokens, k], dtype: 'i32' },
      { shape: [experts * room], dtype: 'i32' },
    ];
  },
  vjp: 'places are whole numbers: they do not move with what chose them',
  lower: {
    kind: 'kernels',
    variants: [
      {
        name: 'workgroup per expert',
        calls(node): KernelCall[] {
          const [choices, keep] = node.inputs;
          const [slots, sources] = node.outputs;
          const { tokens, k, experts, factor, room } = sizes(node.inputs, node.attributes);
          const stretch = Math.ceil((tokens * k) / threads);
          return [
            {
              wgsl: `
@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {
  let i = invocation(id);
  if (i < u.choices) { slots[i] = -1; }
  if (i < u.slots) { sources[i] = -1; }
}`,
              bindings: [
                { name: 'slots', buffer: slots, access: 'write', element: 'i32' },
                { name: 'sources', buffer: sources, access: 'write', element: 'i32' },
              ],
              uniforms: { choices: tokens * k, slots: experts * room },
              threads: Math.max(tokens * k, experts * room),
              workgroup: 64,
            },
            {
              wgsl: `
var<workgroup> counts: array<u32, ${threads}>;
var<workgroup> kept: array<u32, ${threads}>;
@compute @workgroup_size(${threads}) fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let expert = i32(group.x);
  let first = lane * u.stretch;
  let end = min(first + u.stretch, u.tokens * u.k);
  var mine = 0u;
  var counted = 0u;
  for (var i = first; i < end; i++) {
    let token = i % u.tokens;
    if (keep[token] >= 0.5) {
      counted++;
      if (choices[token * u.k + i / u.tokens] == expert) { mine++; }
    }
  }
  counts[lane] = mine;
  kept[lane] = counted;
  workgroupBarrier();
  var position = 0u;
  var all = 0u;
  for (var other = 0u; other < ${threads}u; other++) {
    all += kept[other];
    if (other < lane) { position += counts[other]; }
  }
  let allowed = min(u.room, u32(max(ceil(f32(all) * ${literal(factor / experts)} - ${literal(slack)}), 0.0)));
  for (var i = first; i < end; i++) {
    let token = i % u.tokens;
    let place = token * u.k + i / u.tokens;
    if (keep[token] >= 0.5 && choices[place] == expert) {
      if (position < allowed) {
        let slot = group.x * u.room + position;
        slots[place] = i32(slot);
        sources[slot] = i32(token);
      }
      position++;
    }
  }
}`,
              bindings: [
                { name: 'choices', buffer: choices, access: 'read', element: 'i32' },
                { name: 'keep', buffer: keep, access: 'read' },
                { name: 'slots', buffer: slots, access: 'write', element: 'i32' },
                { name: 'sources', buffer: sources, access: 'write', element: 'i32' },
              ],
              uniforms: { tokens, k, room, stretch },
              threads: experts * threads,
              workgroup: threads,
            },
          ];
        },
      },
    ],
  },
  reference([choices, keep], attributes, { inputs }) {
    const { tokens, k, experts, factor, room } = sizes(inputs, attributes);
    const slots = new Float64Array(tokens * k).fill(-1);
    const sources = new Float64Array(experts * room).fill(-1);
    const counted = keep.reduce((count, value) => count + (value >= 0.5 ? 1 : 0), 0);
    const allowed = Math.min(room, Math.max(0, capacity(counted, k, experts, factor)));
    const used = new Array<number>(experts).fill(0);
    for (let c = 0; c < k; c++)
      for (let token = 0; token < tokens; token++) {
        const expert = choices[token * k + c];
        if (keep[token] < 0.5 || expert < 0 || expert >= experts) continue;
        const position = used[expert]++;
        if (position >= allowed) continue;
        slots[token * k + c] = expert * room + position;
        sources[expert * room + position] = token;
      }
    return [slots, sources];
  },
  tfjs(tf, [choices, keep], attributes, types) {
    const { tokens, k, experts, factor, room } = sizes(types.inputs, attributes);
    const order = tf.reshape(tf.transpose(tf.cast(choices, 'int32')), [-1]);
    const mask = tf.reshape(
      tf.tile(tf.reshape(tf.cast(tf.greaterEqual(keep, 0.5), 'float32'), [1, tokens]), [k, 1]),
      [-1, 1],
    );
    // Integer one-hot: the float one of the WebAssembly backend is wrong.
    const chosen = tf.mul(tf.cast(tf.oneHot(order, experts), 'float32'), mask);
    const position = tf.sum(tf.mul(tf.cumsum(chosen, 0, true), chosen), 1);
    const allowed = tf.ceil(tf.sub(tf.mul(tf.sum(mask), factor / experts), slack));
    const fits = tf.mul(tf.sum(chosen, 1), tf.cast(tf.less(position, tf.minimum(allowed, room)), 'float32'));
    const slot = tf.sub(
      tf.mul(tf.add(tf.add(tf.mul(tf.cast(order, 'float32'), room), position), 1), fits),
      1,
    );
    const token = tf.reshape(tf.tile(tf.reshape(tf.range(1, tokens + 1), [1, tokens]), [k, 1]), [1, -1]);
    const taken = tf.cast(tf.oneHot(tf.cast(slot, 'int32'), experts * room), 'float32');
    const sources = tf.sub(tf.reshape(tf.matMul(token, taken), [-1]), 1);
    return [tf.cast(tf.transpose(tf.reshape(slot, [k, tokens])), 'int32'), tf.cast(sources, 'int32')];
  },
  cases: [
    {
      inputs: [
        { shape: [40, 2], dtype: 'i32', below: 4 },
        { shape: [40], among: [0, 1] },
      ],
      attributes: { experts: 4, factor: 1.25 },
    },
    {
      inputs: [
        { shape: [150, 1], dtype: 'i32', below: 3 },
        { shape: [150], among: [0, 1, 1] },
      ],
      attributes: { experts: 3, factor: 0.8 },
    },
    // Nothing counts.
    {
      inputs: [
        { shape: [6, 1], dtype: 'i32', below: 2 },
        { shape: [6], among: [0] },
      ],
      attributes: { experts: 2, factor: 1 },
    },
  ],
});
