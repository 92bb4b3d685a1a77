/**
 * Where queries, keys and values lie: packed in one tensor [B, N, 3·D] as a fused projection leaves them, or queries
 * [B, Nq, D] beside packed keys and values [B, Nk, 2·D]. Reading them in place saves the copies into heads-first order.
 */
import type { Binding } from '../graph/kernel.ts';
import type { Values } from '../graph/op.ts';
import { type Attributes, ShapeProblem, shapeText, type Tensor, type TensorType } from '../graph/tensor.ts';

export interface Layout {
  batch: number;
  heads: number;
  /** Width of one head. */
  width: number;
  queries: number;
  keys: number;
  causal: boolean;
  packed: boolean;
  masked: boolean;
  /** Elements from one token to the next, and where queries, keys and values begin in it. */
  strideQ: number;
  strideK: number;
  offsetK: number;
  offsetV: number;
  /** Inputs that hold them; the mask, if any, follows. */
  sources: number;
}

/** @throws ShapeProblem naming the sizes that do not fit */
export function layoutOf(inputs: readonly TensorType[], attributes: Attributes): Layout {
  const heads = attributes['heads'] as number;
  const packed = attributes['packed'] as boolean;
  const masked = attributes['masked'] as boolean;
  const [q, kv = q] = packed ? [inputs[0]] : inputs;
  if (q.shape.length !== 3 || kv.shape.length !== 3)
    throw new ShapeProblem(
      `attention takes [batch, tokens, width] (${shapeText(q.shape)} and ${shapeText(kv.shape)})`,
    );
  const total = packed ? q.shape[2] / 3 : q.shape[2];
  if (!packed && (kv.shape[2] !== 2 * total || kv.shape[0] !== q.shape[0]))
    throw new ShapeProblem(
      `axis 2: keys and values need ${2 * total}, found ${kv.shape[2]} (${shapeText(q.shape)} and ${shapeText(kv.shape)})`,
    );
  if (total % heads || (total / heads) % 4)
    throw new ShapeProblem(`axis 2: width ${total} must split into ${heads} heads of a multiple of 4`);
  const mask = masked ? inputs[packed ? 1 : 2] : undefined;
  if (mask && (mask.shape[0] !== kv.shape[0] || mask.shape[1] !== kv.shape[1]))
    throw new ShapeProblem(
      `the mask ${shapeText(mask.shape)} does not cover ${kv.shape[0]} × ${kv.shape[1]} keys`,
    );
  return {
    batch: q.shape[0],
    heads,
    width: total / heads,
    queries: q.shape[1],
    keys: kv.shape[1],
    causal: attributes['causal'] as boolean,
    packed,
    masked,
    strideQ: packed ? 3 * total : total,
    strideK: packed ? 3 * total : 2 * total,
    offsetK: packed ? total : 0,
    offsetV: packed ? 2 * total : total,
    sources: packed ? 1 : 2,
  };
}

/**
 * Bindings of queries, keys and mask, and the WGSL that names their places (in vec4f). Where compiling is slow, one text serves with and
 * without a mask; the queries then stand for the mask that is not there.
 */
export function layoutText(layout: Layout, inputs: readonly Tensor[], slowCompiler = false) {
  const { packed, masked, heads, width } = layout;
  const bindings: Binding[] = [{ name: 'q', buffer: inputs[0], access: 'read', element: 'vec4f' }];
  if (!packed) bindings.push({ name: 'kv', buffer: inputs[1], access: 'read', element: 'vec4f' });
  const either = slowCompiler && packed;
  if (masked || either)
    bindings.push({ name: 'keep', buffer: inputs[masked ? layout.sources : 0], access: 'read' });
  const drops = (key: string) => `${either ? 'u.masked == 1u && ' : ''}keep[b * u.keys + ${key}] < 0.5`;
  const vectors = width / 4;
  return {
    bindings,
    vectors,
    /** Base of token `token` of batch `b`, head `h`. */
    query: (b: string, token: string, h: string) =>
      `(${b} * u.queries + ${token}) * ${layout.strideQ / 4}u + ${h} * ${vectors}u`,
    key: (b: string, token: string, h: string) =>
      `(${b} * u.keys + ${token}) * ${layout.strideK / 4}u + ${layout.offsetK / 4}u + ${h} * ${vectors}u`,
    value: (b: string, token: string, h: string) =>
      `(${b} * u.keys + ${token}) * ${layout.strideK / 4}u + ${layout.offsetV / 4}u + ${h} * ${vectors}u`,
    output: (b: string, token: string, h: string) =>
      `(${b} * u.queries + ${token}) * ${(heads * width) / 4}u + ${h} * ${vectors}u`,
    kv: packed ? 'q' : 'kv',
    /** `for each vector of a head`. */
    vector: (text: (d: number) => string) => Array.from({ length: vectors }, (_, d) => text(d)).join(' '),
    /**
     * Stores the vectors named `from`0 … at `base` of `name`; in a loop where compiling is slow, because llvmpipe writes a store out once
     * for every lane.
     */
    store: (name: string, base: string, from: string, factor: string, loop: boolean) => {
      const all = Array.from({ length: vectors }, (_, d) => `${from}_${d}`);
      return loop
        ? `var all_${from} = array<vec4f, ${vectors}>(${all.join(', ')}); for (var d = 0u; d < u.vectors; d++) { ${name}[${base} + d] = all_${from}[d]${factor}; }`
        : all.map((value, d) => `${name}[${base} + ${d}u] = ${value}${factor};`).join(' ');
    },
    dot: (a: string, b: string) =>
      Array.from({ length: vectors }, (_, d) => `dot(${a}_${d}, ${b}_${d})`).join(' + '),
    /** Skips keys that are masked; inside a loop over `j` of batch `b`. */
    skip: masked || either ? `if (${drops('j')}) { continue; }` : '',
    /** Whether a key counts. */
    counts: (key: string) => (masked || either ? `!(${drops(key)})` : 'true'),
    scale: `${1 / Math.sqrt(width)}`,
    uniforms: {
      queries: layout.queries,
      keys: layout.keys,
      heads,
      vectors,
      ...(either ? { masked: masked ? 1 : 0 } : {}),
    },
  };
}

const groupSize = 32;

/**
 * `each` tokens (`name`0, `name`1, …) of one head and sample for every thread: what a thread reads of the other side then serves several. A
 * workgroup stays within one head, so that its threads read the other side at one address.
 */
export function perThread(layout: Layout, name: 'i' | 'j', each: number) {
  const tokens = name === 'i' ? layout.queries : layout.keys;
  const bound = name === 'i' ? 'u.queries' : 'u.keys';
  const blocks = Math.ceil(tokens / (groupSize * each));
  const all = Array.from({ length: each }, (_, s) => s);
  return {
    main: `@compute @workgroup_size(${groupSize}) fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let g = group.x + group.y * groups.x;
  let first = ((g % u.blocks) * ${groupSize}u + lane) * ${each}u;
  let h = (g / u.blocks) % u.heads;
  let b = g / (u.blocks * u.heads);
  if (b >= u.batch || first >= ${bound}) { return; }
  ${all.map((s) => `let ${name}${s} = min(first + ${s}u, ${bound} - 1u); let t${s} = (b * u.heads + h) * ${bound} + ${name}${s};`).join(' ')}`,
    /** Text for each token of the thread, by its number. */
    each: (text: (s: number) => string) => all.map(text).join('\n    '),
    /** As `each`, for what is stored: only tokens that exist. */
    stored: (text: (s: number) => string) =>
      all.map((s) => (s ? `if (first + ${s}u < ${bound}) { ${text(s)} }` : text(s))).join('\n  '),
    uniforms: { blocks, batch: layout.batch },
    threads: blocks * groupSize * layout.heads * layout.batch,
    workgroup: groupSize,
  };
}

/** Enough work for software adapters to gain from reading once for two tokens. */
export const isLarge = (inputs: readonly TensorType[], attributes: Attributes) => {
  const l = layoutOf(inputs, attributes);
  return l.batch * l.heads * l.queries * l.keys * l.width >= 2 ** 22;
};

/** Float64 readers of one head. */
export function headReader(layout: Layout, inputs: Values[]) {
  const q = inputs[0];
  const kv = layout.packed ? q : inputs[1];
  const keep = layout.masked ? inputs[layout.sources] : undefined;
  const { width, strideQ, strideK, offsetK, offsetV, queries, keys } = layout;
  return {
    query: (b: number, h: number, i: number, d: number) => q[(b * queries + i) * strideQ + h * width + d],
    key: (b: number, h: number, j: number, d: number) =>
      kv[(b * keys + j) * strideK + offsetK + h * width + d],
    value: (b: number, h: number, j: number, d: number) =>
      kv[(b * keys + j) * strideK + offsetV + h * width + d],
    counts: (b: number, i: number, j: number) =>
      (!keep || keep[b * keys + j] >= 0.5) && (!layout.causal || j <= i),
  };
}

/** Float64 probabilities [B, heads, Nq, Nk] and log Σ exp [B, heads, Nq]; a query without keys has zeros. */
export function probabilities(layout: Layout, inputs: Values[]): { weights: Values; logSum: Values } {
  const read = headReader(layout, inputs);
  const { batch, heads, queries, keys, width } = layout;
  const weights = new Float64Array(batch * heads * queries * keys);
  const logSum = new Float64Array(batch * heads * queries);
  for (let b = 0; b < batch; b++)
    for (let h = 0; h < heads; h++)
      for (let i = 0; i < queries; i++) {
        const row = (b * heads + h) * queries + i;
        let top = -3e38;
        for (let j = 0; j < keys; j++) {
          if (!read.counts(b, i, j)) continue;
          let s = 0;
          for (let d = 0; d < width; d++) s += read.query(b, h, i, d) * read.key(b, h, j, d);
          weights[row * keys + j] = s / Math.sqrt(width);
          top = Math.max(top, weights[row * keys + j]);
        }
        let total = 0;
        for (let j = 0; j < keys; j++)
          if (read.counts(b, i, j)) total += Math.exp(weights[row * keys + j] - top);
        logSum[row] = total > 0 ? top + Math.log(total) : -3e38;
        for (let j = 0; j < keys; j++)
          weights[row * keys + j] = read.counts(b, i, j)
            ? Math.exp(weights[row * keys + j] - logSum[row])
            : 0;
      }
  return { weights, logSum };
}
