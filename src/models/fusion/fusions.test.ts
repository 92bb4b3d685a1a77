/**
 * What holds for every registered fusion and every choice among its fields: any number of modalities of unlike widths and lengths; padding and absent
 * samples never matter, whatever stands there; a modality that the batch lacks costs nothing; gradients reach what is there.
 */
import { describe, expect, test } from 'vitest';
import { differentiate } from '../../engine/compile/differentiate.ts';
import { interpret } from '../../engine/graph/interpret.ts';
import { sizeOf, type Tensor } from '../../engine/graph/tensor.ts';
import { relativeError } from '../../engine/testing/cases.ts';
import type { FusionDefinition } from '../definition.ts';
import { fusions } from '../registry.ts';
import { comparable, type FusionCase, type FusionCaseOptions, fusionCase } from '../testing/fusionCase.ts';
import { drawn, upstreamLoss } from '../testing/parity.ts';

const batch = 4;
const small = { heads: 2, mlp: 2, depth: 2, latents: 3, experts: 3, rank: 2, narrow: 3 };

interface Variant {
  name: string;
  fields: Record<string, unknown>;
}

/** The defaults, and each other value of each choice and switch. */
function variants({ type, fields: declared }: FusionDefinition): Variant[] {
  const base = Object.fromEntries(
    Object.entries(small).filter(([key]) => declared.some((field) => field.key === key)),
  );
  const others = declared.flatMap((field): [string, unknown][] => {
    if (field.kind === 'switch') return [[field.key, !field.default]];
    if (field.kind !== 'choice') return [];
    return field.choices.flatMap(({ value }): [string, unknown][] =>
      value === field.default ? [] : [[field.key, value]],
    );
  });
  return [
    { name: type, fields: base },
    ...others.map(([key, value]) => ({
      name: `${type}, ${key} ${value}`,
      fields: { ...base, [key]: value },
    })),
  ];
}

const all = ['image', 'text', 'audio', 'table'];
/** From least to most, text first where it is needed. */
function sets({ arity, needs }: FusionDefinition): string[][] {
  const order = needs ? [needs, ...all.filter((name) => name !== needs)] : all;
  return order.flatMap((_, k) =>
    k + 1 >= arity.least && k + 1 <= arity.most ? [order.slice(0, k + 1)] : [],
  );
}

const cases = fusions
  .filter(({ type }) => type !== 'two-tower')
  .flatMap((definition) => variants(definition).map(({ name, fields }) => ({ name, definition, fields })));

/** Every sample lacks another modality, and the last one lacks all. */
const presentOf = (names: readonly string[], m: number) =>
  Array.from({ length: batch }, (_, b) =>
    b === batch - 1 || (names.length > 1 && b % names.length === m) ? 0 : 1,
  );
const keepOf = (count: number) =>
  Array.from({ length: batch * count }, (_, i) => (i % count <= Math.floor(i / count) % count ? 1 : 0));

/** Masks, and the given number wherever nothing counts. */
function masksWith(made: FusionCase, names: readonly string[], garbage: (i: number) => number) {
  const given: Record<string, ArrayLike<number>> = {};
  const plain = drawn(made.graph);
  for (const [m, name] of names.entries()) {
    const { tokens, pooled, keep, present } = made.encoded[name];
    const [, count, width] = tokens.shape;
    const has = present ? presentOf(names, m) : new Array<number>(batch).fill(1);
    const kept = keep ? keepOf(count) : new Array<number>(batch * count).fill(1);
    if (present) given[`${name}.present`] = has;
    if (keep) given[`${name}.keep`] = kept;
    given[`${name}.pooled`] = plain
      .get(`${name}.pooled`)!
      .map((value, i) => (has[Math.floor(i / pooled.shape[1])] ? value : garbage(i)));
    given[`${name}.tokens`] = plain
      .get(`${name}.tokens`)!
      .map((value, i) =>
        has[Math.floor(i / width / count)] && kept[Math.floor(i / width)] ? value : garbage(i),
      );
  }
  return given;
}

function run(made: FusionCase, tensors: readonly Tensor[], given: Record<string, ArrayLike<number>>) {
  const values = drawn(made.graph, given);
  return interpret(made.graph, tensors, (name) => values.get(name)!);
}

const finite = (values: ArrayLike<number>) => Array.from(values).every((value) => Number.isFinite(value));
const ones = (made: FusionCase) =>
  Object.fromEntries(
    [...made.graph.inputs].flatMap(([name, { shape }]) =>
      /(keep|present)$/.test(name) ? [[name, new Float64Array(sizeOf(shape)).fill(1)]] : [],
    ),
  );

describe.each(cases)('$name', ({ definition, fields }) => {
  test.each(sets(definition))('takes %s %s %s %s', (...list) => {
    const modalities = list.filter((name): name is string => typeof name === 'string');
    const made = fusionCase(definition, { modalities, fields, probes: true });
    const { joint, tokens, keep, spans } = made.fused;
    expect(joint!.shape).toEqual([batch, 8]);
    if (tokens) expect([tokens.shape[0], tokens.shape[2]]).toEqual([batch, 8]);
    if (keep) expect(keep.shape).toEqual(tokens!.shape.slice(0, 2));
    for (const [first, count] of Object.values(spans ?? {}))
      expect(first + count).toBeLessThanOrEqual(tokens!.shape[1]);
    const probes = [...made.probes];
    const [found, ...looked] = run(made, [joint!, ...probes.map(([, tensor]) => tensor)], ones(made));
    expect(finite(found)).toBe(true);
    for (const [k, [name, { shape }]] of probes.entries()) {
      expect(finite(looked[k]), name).toBe(true);
      if (!name.startsWith('attention.')) continue;
      expect(shape.slice(0, 2), name).toEqual([batch, 2]);
      const keys = shape[3];
      for (let row = 0; row < looked[k].length; row += keys) {
        const total = looked[k].subarray(row, row + keys).reduce((a, b) => a + b, 0);
        expect(total, name).toBeCloseTo(1, 12);
      }
    }
  });

  test('what stands under padding and absence matters to nothing, NaN included', () => {
    for (const modalities of sets(definition)) {
      const options: FusionCaseOptions = { modalities, missing: modalities, fields };
      const made = fusionCase(definition, options);
      const results = comparable(made.fused);
      const loss = upstreamLoss(made.graph, results);
      const sources = [...made.graph.parameters.values()].map(({ tensor }) => tensor);
      const gradients = [...differentiate(made.graph, [{ tensor: loss }], sources).values()];
      const wanted = [...Object.values(results), ...gradients];
      const [a, b] = [(i: number) => 1e6 * Math.sin(i), () => Number.NaN].map((garbage) =>
        run(made, wanted, masksWith(made, modalities, garbage)),
      );
      for (const [k, values] of a.entries()) {
        expect(finite(values)).toBe(true);
        expect(values.every((value, i) => value === b[k][i])).toBe(true);
      }
      // The last sample has nothing at all.
      expect(a[0].subarray((batch - 1) * 8).every((value) => value === 0)).toBe(true);
    }
  });

  test('modalities that the batch lacks are as if every sample lacked them, and are not built', () => {
    const [modalities] = sets(definition).slice(-1);
    const nodes = (made: FusionCase) => made.graph.needed(Object.values(comparable(made.fused))).length;
    // Every choice of some that are there and some that are not, by the bits of a number.
    for (let bits = 1; bits < 2 ** modalities.length - 1; bits++) {
      const given = modalities.filter((_, m) => bits & (1 << m));
      const lacking = modalities.filter((name) => !given.includes(name));
      const whole = fusionCase(definition, { modalities, missing: modalities, fields });
      const part = fusionCase(definition, { modalities, given, missing: given, fields });
      expect([...part.graph.parameters].map(([name, { tensor }]) => `${name} ${tensor.shape}`)).toEqual(
        [...whole.graph.parameters].map(([name, { tensor }]) => `${name} ${tensor.shape}`),
      );
      const absent = Object.fromEntries(lacking.map((name) => [`${name}.present`, new Float64Array(batch)]));
      const names = ['joint', ...Object.keys(whole.fused.losses ?? {})];
      const of = (made: FusionCase) => names.map((name) => comparable(made.fused)[name]);
      const a = run(whole, of(whole), { ...ones(whole), ...absent });
      const b = run(part, of(part), ones(part));
      for (const [k, name] of names.entries())
        expect(relativeError(b[k], a[k]), `${name} of ${given}`).toBeLessThan(1e-12);
      expect(nodes(part), `nodes of ${given}`).toBeLessThan(nodes(whole));
      const inputs = part.graph
        .needed(Object.values(comparable(part.fused)))
        .filter(({ op }) => op === 'input');
      for (const name of lacking)
        expect(inputs.some(({ attributes }) => String(attributes['name']).startsWith(name))).toBe(false);
    }
  });

  test('gradients reach every modality and are finite', () => {
    const [modalities] = sets(definition).slice(-1);
    const made = fusionCase(definition, { modalities, fields });
    const { graph, encoded } = made;
    const loss = upstreamLoss(graph, { joint: made.fused.joint! });
    const parameters = [...graph.parameters.values()].map(({ tensor }) => tensor);
    const sources = modalities.map((name) => [encoded[name].pooled, encoded[name].tokens]);
    const gradients = differentiate(graph, [{ tensor: loss }], [...parameters, ...sources.flat()]);
    for (const [name, list] of modalities.map((modality, m) => [modality, sources[m]] as const)) {
      const reached = list.flatMap((tensor) => gradients.get(tensor) ?? []);
      const values = run(made, reached, ones(made));
      expect(
        values.some((gradient) => gradient.some((value) => value !== 0)),
        name,
      ).toBe(true);
    }
    const found = parameters.flatMap((tensor) => gradients.get(tensor) ?? []);
    for (const values of run(made, found, ones(made))) expect(finite(values)).toBe(true);
  });
});
