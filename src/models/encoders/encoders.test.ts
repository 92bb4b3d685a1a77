/** What an encoder must not see: padding, what lies under missing cells, the other samples of a batch; to the bit. */
import { describe, expect, test } from 'vitest';
import { checkFields } from '../../core/fields.ts';
import { random } from '../../core/random.ts';
import { layoutParameters } from '../../engine/compile/layout.ts';
import { Graph } from '../../engine/graph/graph.ts';
import { interpret } from '../../engine/graph/interpret.ts';
import { sizeOf, type Tensor } from '../../engine/graph/tensor.ts';
import '../../engine/ops/index.ts';
import { initialize } from '../initialize.ts';
import { modalityInputs } from '../inputs.ts';
import { encoders, find } from '../registry.ts';

const batch = 3;

interface Options {
  fields?: Record<string, unknown>;
  training?: boolean;
  imageSize?: number;
  steps?: number;
  missing?: boolean;
}

/** An encoder as a function of its inputs; those that are not given are drawn. */
function encoder(
  type: string,
  { fields, training = false, imageSize = 8, steps = 5, missing }: Options = {},
) {
  const definition = find(encoders, type, 'encoders');
  const { modality } = definition;
  const graph = new Graph();
  const shape = {
    batch,
    imageSize,
    textLength: 6,
    vocabulary: 20,
    sound: { frames: 9, bins: 5 },
    table: { steps, columns: 4 },
  };
  const inputs = modalityInputs(graph, modality, shape);
  const probes = new Map<string, Tensor>();
  const { pooled, tokens, keep } = graph.at(modality, () =>
    definition.build({
      graph,
      inputs,
      present: missing ? graph.input('present', [batch]) : undefined,
      fields: checkFields(definition.fields, { width: 8, ...fields }, 'encoders'),
      shape,
      width: 8,
      training,
      probe: (name, tensor) => probes.set(name, tensor),
    }),
  );
  const layout = layoutParameters(graph);
  const flat = initialize(layout, 3);
  const values: Record<string, Float64Array> = {};
  const generator = random(4, type);
  for (const [name, input] of graph.inputs)
    values[name] = Float64Array.from({ length: sizeOf(input.shape) }, () =>
      input.dtype === 'i32' ? generator.integer(20) : generator.normal(),
    );
  return {
    values,
    tokens,
    keep,
    probes,
    count: layout.entries.reduce((total, { size }) => total + size, 0),
    encode: (changed: Record<string, ArrayLike<number>>) =>
      interpret(graph, [pooled, tokens], (name) => {
        const entry = layout.byName.get(name);
        return entry
          ? flat.subarray(entry.offset, entry.offset + entry.size)
          : (changed[name] ?? values[name]);
      }),
  };
}

/** The numbers of one sample. */
const sample = (values: Float64Array, index: number) => {
  const size = values.length / batch;
  return values.slice(index * size, (index + 1) * size);
};
const prefix = (lengths: number[], most: number) =>
  lengths.flatMap((length) => Array.from({ length: most }, (_, i) => (i < length ? 1 : 0)));

test('sound: what lies in frames of padding changes nothing, whatever the length', () => {
  for (const lengths of [
    [9, 4, 7],
    [1, 8, 2],
  ]) {
    const { encode, values } = encoder('audio', { fields: { heads: 2 } });
    const soundKeep = prefix(lengths, 9);
    const [pooled] = encode({ soundKeep });
    expect(pooled.every(Number.isFinite)).toBe(true);
    const other = values['sound'].map((value, i) => (soundKeep[Math.floor(i / 5)] ? value : 9 - value));
    expect(encode({ soundKeep, sound: other })[0]).toEqual(pooled);
    // And what is no padding does change it.
    const first = values['sound'].map((value, i) => (i % 45 === 0 ? value + 1 : value));
    for (let index = 0; index < batch; index++)
      expect(sample(encode({ soundKeep, sound: first })[0], index)).not.toEqual(sample(pooled, index));
  }
});

describe.each(['mlp', 'cnn', 'transformer'])('table, %s', (kind) => {
  test.each([1, 5])(
    '%i steps: a missing cell is missing, not zero, and nothing under it is read',
    (steps) => {
      const { encode, values } = encoder('table', { fields: { kind, heads: 2 }, steps });
      const size = batch * steps * 4;
      const generator = random(6, kind);
      const cellKeep = Float64Array.from({ length: size }, () => (generator.uniform() < 0.6 ? 1 : 0));
      const [pooled, tokens] = encode({ cellKeep });
      const other = values['cells'].map((value, i) => (cellKeep[i] ? value : 7 - value));
      const [again, tokensAgain] = encode({ cellKeep, cells: other });
      expect(again).toEqual(pooled);
      expect(tokensAgain).toEqual(tokens);
      // A cell of 0 is not a cell that is missing.
      const there = cellKeep.indexOf(1);
      const zero = values['cells'].map((value, i) => (i === there ? 0 : value));
      const without = cellKeep.map((value, i) => (i === there ? 0 : value));
      expect(encode({ cellKeep, cells: zero })[0]).not.toEqual(encode({ cellKeep: without, cells: zero })[0]);
    },
  );
});

const all: [string, Options][] = [
  ['vit', { fields: { heads: 2, patch: 4 } }],
  ['cnn', { fields: { shape: 'lenet', stem: '1' } }],
  ['cnn', { fields: { shape: 'resnet', stem: '1' } }],
  ['transformer', { fields: { heads: 2 } }],
  ['audio', { fields: { heads: 2 } }],
  ['table', { fields: { heads: 2, kind: 'cnn' } }],
];
const changedFirst = (values: Record<string, Float64Array>) =>
  Object.fromEntries(
    Object.entries(values).map(([name, list]) => [
      name,
      list.map((value, i) => (i < list.length / batch && !/[kK]eep/.test(name) ? (value + 1) % 20 : value)),
    ]),
  );

test.each(all)('%s %o: evaluated, a sample knows nothing of the others', (type, options) => {
  const { encode, values } = encoder(type, options);
  for (const [name, list] of Object.entries(values)) if (/[kK]eep/.test(name)) list.fill(1);
  const before = encode({});
  const after = encode(changedFirst(values));
  for (const [k, list] of before.entries()) {
    expect(sample(after[k], 0)).not.toEqual(sample(list, 0));
    for (let index = 1; index < batch; index++) expect(sample(after[k], index)).toEqual(sample(list, index));
  }
});

test('cnn: in training the batch normalizes, but a sample without a picture takes no part', () => {
  const { encode, values } = encoder('cnn', {
    fields: { shape: 'lenet', stem: '1' },
    training: true,
    missing: true,
  });
  const run = (first: number, images: Float64Array) =>
    sample(encode({ present: [first, 1, 1], images })[0], 1);
  const other = changedFirst(values)['images'];
  expect(run(1, other)).not.toEqual(run(1, values['images']));
  expect(run(0, other)).toEqual(run(0, values['images']));
});

test.each([
  ['lenet', 32, '1', [8, 8, 32]],
  ['lenet', 64, '2', [8, 8, 32]],
  ['resnet', 32, '1', [4, 4, 128]],
  ['resnet', 32, '2', [2, 2, 128]],
  ['resnet', 64, '2', [4, 4, 128]],
  ['resnet', 64, '4', [2, 2, 128]],
] as const)(
  'cnn: %s at %i pixels, step %s, has a last stage of %o for Grad-CAM',
  (shape, imageSize, stem, stage) => {
    const { probes, tokens } = encoder('cnn', {
      fields: { shape, stem, width: 16 },
      imageSize,
      training: true,
    });
    expect(probes.get('stage')!.shape).toEqual([batch, ...stage]);
    expect(tokens.shape).toEqual([batch, stage[0] * stage[1], stage[2]]);
  },
);

test('ResNet-18 of width 64 has the parameters of the paper’s network, less its classifier', () => {
  const { count } = encoder('cnn', { fields: { shape: 'resnet', stem: '4', width: 64 }, imageSize: 32 });
  // torchvision's resnet18: 11,689,512 with a classifier of 513,000; running statistics (4,800 and 4,800) and our projection besides.
  expect(count).toBe(11_689_512 - 513_000 + 9_600 + 512 * 8);
});

test('attention of every block can be looked at, and tokens that do not count get none', () => {
  const audio = encoder('audio', { fields: { heads: 2, depth: 3 } });
  const blocks = [...audio.probes.keys()].filter((name) => name.startsWith('attention.'));
  expect(blocks).toEqual(['attention.0', 'attention.1', 'attention.2']);
  expect(audio.probes.get('tokens')!.shape).toEqual(audio.tokens.shape);
  expect(audio.probes.get('attention.2')!.shape).toEqual([batch, 2, 5, 5]);
  expect(audio.keep!.shape).toEqual([batch, 5]);
  const plain = encoder('table', { fields: { heads: 2, kind: 'transformer' }, steps: 1 });
  expect(plain.probes.get('attention.1')!.shape).toEqual([batch, 2, 5, 5]);
  expect(plain.keep).toBeUndefined();
});
