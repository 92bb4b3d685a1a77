/** What each fusion promises for itself. */
import { describe, expect, test } from 'vitest';
import { differentiate } from '../../engine/compile/differentiate.ts';
import { interpret } from '../../engine/graph/interpret.ts';
import type { Tensor } from '../../engine/graph/tensor.ts';
import { capacity } from '../../engine/ops/route.ts';
import type { FusionDefinition } from '../definition.ts';
import { block } from '../layers/block.ts';
import { linear } from '../layers/linear.ts';
import { norm } from '../layers/norm.ts';
import { type FusionCase, type FusionCaseOptions, fusionCase } from '../testing/fusionCase.ts';
import { drawn, train, upstreamLoss } from '../testing/parity.ts';
import { dynamic } from './dynamic.ts';
import { flamingo } from './flamingo.ts';
import { hierarchical } from './hierarchical.ts';
import { late } from './late.ts';
import { lowRank } from './lowRank.ts';
import { moe } from './moe.ts';
import { perceiver } from './perceiver.ts';
import { qFormer } from './qFormer.ts';

const small = { heads: 2, mlp: 2, depth: 1 };
const width = 8;

const make = (definition: FusionDefinition, modalities: string[], options: Partial<FusionCaseOptions> = {}) =>
  fusionCase(definition, { modalities, probes: true, ...options });

/** Values of a case, all tokens counting unless given otherwise. */
function valuesOf({ graph }: FusionCase, given: Record<string, ArrayLike<number>> = {}) {
  const values = drawn(graph, given);
  for (const name of graph.inputs.keys())
    if (/(keep|present)$/.test(name) && !given[name]) values.get(name)!.fill(1);
  return values;
}

const run = ({ graph }: FusionCase, tensors: Tensor[], values: Map<string, Float64Array>) =>
  interpret(graph, tensors, (name) => values.get(name)!);

describe('flamingo', () => {
  const fields = { ...small, depth: 2, latents: 3 };

  test('at α = 0 the text path is untouched to the bit; a step of training opens the gates', () => {
    const made = make(flamingo, ['image', 'text'], { fields });
    const { graph, fused } = made;
    const tokens = made.encoded['text'].tokens;
    const keep = made.encoded['text'].keep;
    const alone = graph.at('fusion', () => {
      let x = graph.scope('text', () => linear(graph, 'tokens', tokens, width));
      for (let layer = 0; layer < 2; layer++)
        x = graph.scope('text.blocks', () =>
          block(graph, String(layer), x, { ...small, depth: 2, causal: true, keep }),
        );
      return norm(graph, 'norm', x);
    });
    const loss = upstreamLoss(graph, { joint: fused.joint! });
    const values = valuesOf(made);
    const gates = [...graph.parameters.keys()].filter((name) => name.endsWith('alpha'));
    expect(gates).toHaveLength(4);
    for (const name of gates) values.get(name)!.fill(0);
    const [x, y] = run(made, [fused.tokens!, alone], values);
    expect(x.every((value, i) => value === y[i])).toBe(true);

    const parameters = [...graph.parameters.values()];
    const found = differentiate(
      graph,
      [{ tensor: loss }],
      parameters.map(({ tensor }) => tensor),
    );
    const gradients = parameters.flatMap(({ name, tensor }) => {
      const gradient = found.get(tensor);
      return gradient ? [[name, gradient] as const] : [];
    });
    train(graph, loss, gradients, values, 1);
    for (const name of gates) expect(Math.abs(values.get(name)![0]), name).toBeGreaterThan(1e-3);
    const [after, without] = run(made, [fused.tokens!, alone], values);
    expect(after.some((value, i) => Math.abs(value - without[i]) > 1e-6)).toBe(true);
  });

  test.each([true, false])('causal %s: whether a word sees later words', (causal) => {
    const made = make(flamingo, ['image', 'text'], { fields: { ...fields, causal } });
    const values = valuesOf(made);
    const [before] = run(made, [made.fused.tokens!], values);
    const tokens = values.get('text.tokens')!;
    // The last of four words, in every sample.
    for (let i = 0; i < tokens.length; i++) if (Math.floor(i / 8) % 4 === 3) tokens[i] += 1;
    const [after] = run(made, [made.fused.tokens!], values);
    const same = (word: number) =>
      before.every((value, i) => Math.floor(i / width) % 4 !== word || value === after[i]);
    expect([0, 1, 2, 3].map(same)).toEqual(causal ? [true, true, true, false] : [false, false, false, false]);
  });
});

test.each([perceiver, qFormer])(
  '$type gives as many tokens as it has latents, whatever comes in',
  (definition) => {
    for (const image of [1, 5, 17])
      for (const modalities of [['image'], ['image', 'text'], ['image', 'text', 'audio']]) {
        const made = make(definition, modalities, { fields: { ...small, latents: 3 }, tokens: { image } });
        expect(made.fused.tokens!.shape).toEqual([4, 3, width]);
        expect(made.probes.get('latents')!.shape).toEqual([4, 3, width]);
      }
  },
);

test('hierarchical: each level can be off alone; off is not built', () => {
  const levels = ['low', 'mid', 'high'];
  const of = (off: string[]) => {
    const fields = { ...small, ...Object.fromEntries(off.map((key) => [key, false])) };
    const made = make(hierarchical, ['image', 'text'], { fields });
    const [joint] = run(made, [made.fused.joint!], valuesOf(made));
    const names = [...made.graph.parameters.keys()];
    return { joint, nodes: made.graph.needed([made.fused.joint!]).length, names };
  };
  const whole = of([]);
  const marks: Record<string, RegExp> = {
    low: /^fusion\.cross\./,
    mid: /^fusion\.blocks\./,
    high: /^fusion\.high\./,
  };
  for (const key of levels) {
    const part = of([key]);
    expect(part.nodes, key).toBeLessThan(whole.nodes);
    for (const other of levels)
      expect(
        part.names.some((name) => marks[other].test(name)),
        `${other} without ${key}`,
      ).toBe(other !== key);
    expect(
      part.joint.some((value, i) => Math.abs(value - whole.joint[i]) > 1e-6),
      key,
    ).toBe(true);
  }
  const none = of(levels);
  expect(none.names).toEqual([]);
  const made = make(hierarchical, ['image', 'text'], {
    fields: { ...small, low: false, mid: false, high: false },
  });
  const values = valuesOf(made);
  for (const [i, value] of none.joint.entries())
    expect(value).toBeCloseTo((values.get('image.pooled')![i] + values.get('text.pooled')![i]) / 2, 12);
});

describe.each([
  ['one', 1],
  ['two', 2],
] as const)('moe, %s', (top, k) => {
  const experts = 3;
  const factor = 0.9;
  const fields = { ...small, experts, top, capacity: factor, balance: 0.5 };
  const made = make(moe, ['image', 'text'], { fields, missing: ['text'] });
  const given = {
    'text.keep': [1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 1],
    'text.present': [1, 1, 1, 0],
  };
  const values = valuesOf(made, given);
  const keep = [0, 1, 2, 3].flatMap((b) => [
    ...[1, 1, 1, 1, 1],
    ...given['text.keep'].slice(4 * b, 4 * b + 4).map((one) => one * given['text.present'][b]),
  ]);
  const probabilitiesNode = made.graph.nodes.find(({ op }) => op === 'softmax')!;
  const [routing, probabilities, balance] = run(
    made,
    [made.probes.get('routing.0')!, probabilitiesNode.outputs[0], made.fused.losses!['balance']],
    values,
  );
  const counted = keep.filter((one) => one).length;
  const order = (t: number) =>
    Array.from({ length: experts }, (_, e) => e).sort(
      (a, b) => probabilities[t * experts + b] - probabilities[t * experts + a],
    );

  test('experts take no more than their capacity, first come first served; masked tokens are not routed', () => {
    const limit = capacity(counted, k, experts, factor);
    expect(limit).toBe(Math.ceil((factor * k * counted) / experts));
    const load = new Array<number>(experts).fill(0);
    const wanted = new Array<number>(experts).fill(0);
    const expected = new Float64Array(routing.length);
    for (let choice = 0; choice < k; choice++)
      for (const [t, counts] of keep.entries()) {
        if (!counts) continue;
        const chosen = order(t).slice(0, k);
        const e = chosen[choice];
        if (wanted[e]++ >= limit) continue;
        load[e]++;
        const total = k === 1 ? 1 : chosen.reduce((sum, one) => sum + probabilities[t * experts + one], 0);
        expected[t * experts + e] = probabilities[t * experts + e] / total;
      }
    // Some expert is full, or nothing is shown.
    expect(Math.max(...wanted)).toBeGreaterThan(limit);
    expect(Math.max(...load)).toBe(limit);
    for (const [i, value] of routing.entries()) expect(value).toBeCloseTo(expected[i], 12);
    const used = Array.from(
      { length: experts },
      (_, e) => routing.filter((v, i) => i % experts === e && v > 0).length,
    );
    expect(used).toEqual(load);
  });

  test('the load-balance loss is the weight times E·Σ f·P', () => {
    let total = 0;
    for (let e = 0; e < experts; e++) {
      const tokens = [...keep.entries()].flatMap(([t, counts]) => (counts ? [t] : []));
      const f = tokens.filter((t) => order(t)[0] === e).length / counted;
      const p = tokens.reduce((sum, t) => sum + probabilities[t * experts + e], 0) / counted;
      total += f * p;
    }
    expect(balance[0]).toBeCloseTo(0.5 * experts * total, 12);
  });
});

describe('dynamic', () => {
  test('a modality below the threshold counts as if the sample lacked it', () => {
    const fields = { gate: 'hard', threshold: 0.508 };
    const made = make(dynamic, ['image', 'text', 'audio'], { fields });
    const [joint, open, confidence] = run(
      made,
      [made.fused.joint!, made.probes.get('gate.open')!, made.probes.get('gate.reliability')!],
      valuesOf(made),
    );
    const dropped = [...open]
      .map((gate, i) => [Math.floor(i / 3), i % 3, gate] as const)
      .filter(([, , gate]) => gate === 0);
    expect(dropped.length).toBeGreaterThan(0);
    for (const [i, gate] of open.entries()) if (gate === 0) expect(confidence[i]).toBeLessThanOrEqual(0.508);
    for (const [b, m] of dropped) {
      const lacking = ['image', 'text', 'audio'][m];
      const other = make(dynamic, ['image', 'text', 'audio'], { fields, missing: [lacking] });
      const [without] = run(
        other,
        [other.fused.joint!],
        valuesOf(other, { [`${lacking}.present`]: [0, 0, 0, 0] }),
      );
      for (let i = b * width; i < (b + 1) * width; i++) expect(without[i]).toBeCloseTo(joint[i], 12);
    }
  });

  test('where all are below it, all stay; each lacking modality shortens the path', () => {
    const joints = [0, 1].map((threshold) => {
      const made = make(dynamic, ['image', 'text'], { fields: { gate: 'hard', threshold } });
      return run(made, [made.fused.joint!], valuesOf(made))[0];
    });
    expect(joints[1]).toEqual(joints[0]);
    const cost = (given: string[]) => {
      const made = make(dynamic, ['image', 'text', 'audio'], { given, probes: false });
      return made.graph.needed([made.fused.joint!]).length;
    };
    expect(cost(['image'])).toBeLessThan(cost(['image', 'text']));
    expect(cost(['image', 'text'])).toBeLessThan(cost(['image', 'text', 'audio']));
  });
});

test('low rank equals the full tensor where the rank suffices', () => {
  // Two vectors [z; 1] of 5: rank 25, one term for each pair of places.
  const [w, inner] = [4, 5];
  const rank = inner * inner;
  const made = make(lowRank, ['image', 'text'], { fields: { rank }, width: w });
  const values = valuesOf(made);
  const tensor = (k: number, i: number, j: number) => Math.sin(1 + k + 7 * i + 3.3 * j * (k + 1));
  const factor = (name: string, at: (k: number, r: number, i: number) => number) => {
    const weight = values.get(`fusion.${name}.factor.weight`)!;
    const bias = values.get(`fusion.${name}.factor.bias`)!;
    for (let r = 0; r < rank; r++)
      for (let k = 0; k < w; k++) {
        for (let i = 0; i < w; i++) weight[(r * w + k) * w + i] = at(k, r, i);
        bias[r * w + k] = at(k, r, w);
      }
  };
  factor('image', (_, r, i) => (Math.floor(r / inner) === i ? 1 : 0));
  factor('text', (k, r, j) => (r % inner === j ? tensor(k, Math.floor(r / inner), j) : 0));
  values.get('fusion.rank.weight')!.fill(1);
  values.get('fusion.rank.bias')!.fill(0);
  const [joint] = run(made, [made.fused.joint!], values);
  const z = (name: string, b: number) => [...values.get(`${name}.pooled`)!.subarray(b * w, (b + 1) * w), 1];
  for (let b = 0; b < 4; b++)
    for (let k = 0; k < w; k++) {
      let expected = 0;
      for (let i = 0; i < inner; i++)
        for (let j = 0; j < inner; j++) expected += tensor(k, i, j) * z('image', b)[i] * z('text', b)[j];
      expect(joint[b * w + k]).toBeCloseTo(expected, 12);
    }
});

test('only the sum is additive: what text changes does not depend on the image', () => {
  const change = (combine: string, image: number) => {
    const made = make(late, ['image', 'text'], { fields: { combine } });
    const [a, b] = [0, 1].map((text) => {
      const values = valuesOf(made);
      const shift = (name: string, by: number) => {
        for (const [i, value] of values.get(name)!.entries()) values.get(name)![i] = value + by * Math.sin(i);
      };
      shift('image.pooled', image);
      shift('text.pooled', text);
      return run(made, [made.fused.joint!], values)[0];
    });
    return a.map((value, i) => b[i] - value);
  };
  const interaction = (combine: string) => {
    const [a, b] = [change(combine, 0), change(combine, 2)];
    return Math.max(...a.map((value, i) => Math.abs(value - b[i])));
  };
  expect(interaction('sum')).toBeLessThan(1e-13);
  expect(interaction('concat')).toBeGreaterThan(1e-3);
  expect(interaction('gate')).toBeGreaterThan(1e-3);
});
