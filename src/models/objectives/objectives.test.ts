/** What objectives promise beside their numbers (testing/objectives.parity.test.ts): who is a rival, what is hidden, what counts nothing. In float64. */
import { expect, test } from 'vitest';
import { checkFields } from '../../core/fields.ts';
import { random } from '../../core/random.ts';
import type { Recipe } from '../../core/recipe.ts';
import { differentiate } from '../../engine/compile/differentiate.ts';
import { layoutParameters } from '../../engine/compile/layout.ts';
import type { Graph } from '../../engine/graph/graph.ts';
import { interpret } from '../../engine/graph/interpret.ts';
import type { Tensor } from '../../engine/graph/tensor.ts';
import { Model, trainingGraph } from '../build.ts';
import type { DrawContext, ObjectiveDefinition } from '../definition.ts';
import { initialize } from '../initialize.ts';
import type { ModelShape } from '../shape.ts';
import { draw, drawn, train } from '../testing/parity.ts';
import { smallEncoders, smallFusions, smallRecipe, smallShape } from '../testing/recipes.ts';
import { maskedImage } from './maskedImage.ts';
import { maskedLanguage } from './maskedLanguage.ts';
import { matching } from './matching.ts';

const apart = [0, 1, 2, 3];
const tokens = [1, 7, 9, 4, 5, 2, 1, 8, 6, 2, 0, 0, 1, 7, 11, 10, 2, 0, 1, 5, 2, 0, 0, 0];
const base = {
  tokens,
  keep: tokens.map((token) => Number(token !== 0)),
  sampleGroups: apart,
  textGroups: apart,
};
const classes: ModelShape['target'] = { kind: 'class', classes: 3 };

/** What a graph computes with drawn numbers and these inputs. */
function compute(graph: Graph, wanted: readonly Tensor[], inputs: Record<string, ArrayLike<number>>) {
  const values = drawn(graph, { ...base, ...inputs });
  return interpret(graph, wanted, (name) => values.get(name)!);
}

const context = (definition: ObjectiveDefinition, given: Partial<DrawContext>): DrawContext => ({
  batch: 4,
  shape: smallShape,
  fields: checkFields(definition.fields, {}, ''),
  random: random(1, 'test'),
  tokens: Int32Array.from(tokens),
  keep: Float32Array.from(base.keep),
  sampleGroups: Int32Array.from(apart),
  textGroups: Int32Array.from(apart),
  ...given,
});

test.each([8, 32])('untrained InfoNCE of %i pairs is nearly the logarithm of their number', (batch) => {
  const shape = { ...smallShape, batch };
  // So wide, and at temperature 1, that what vectors share by chance says little.
  const recipe = smallRecipe([{ type: 'infonce', temperature: 1 }], {
    fusion: { type: 'two-tower', width: 256 },
  });
  const { graph, loss } = trainingGraph(recipe, shape);
  const layout = layoutParameters(graph);
  const flat = initialize(layout, 1);
  const stream = random(1, 'infonce');
  const groups = Int32Array.from({ length: batch }, (_, row) => row);
  const inputs: Record<string, ArrayLike<number>> = {
    images: Float32Array.from({ length: batch * 8 * 8 * 3 }, () => stream.normal()),
    tokens: Int32Array.from({ length: batch * 6 }, () => stream.integer(12)),
    keep: new Float32Array(batch * 6).fill(1),
    sampleGroups: groups,
    textGroups: groups,
  };
  const [[value]] = interpret(graph, [loss], (name) => {
    const entry = layout.byName.get(name);
    return entry ? flat.subarray(entry.offset, entry.offset + entry.size) : inputs[name];
  });
  expect(Math.abs(value / Math.log(batch) - 1)).toBeLessThan(0.02);
});

test.each(['infonce', 'sigmoid'])('%s pulls equal captions and equal samples together', (type) => {
  const { graph, loss, probes } = trainingGraph(smallRecipe([{ type }]), smallShape);
  const similarity = probes.get('similarity')!;
  const gradient = differentiate(graph, [{ tensor: loss }], [similarity]).get(similarity)!;
  const inputs = { sampleGroups: [0, 1, 0, 3], textGroups: [0, 1, 2, 1] };
  const values = drawn(graph, { ...base, ...inputs });
  // Of all scales, one at which no pair is decided yet.
  for (const name of ['infonce.logit_scale', 'sigmoid.logit_scale', 'sigmoid.logit_bias'])
    if (values.has(name)) values.set(name, Float64Array.of(0));
  const [pull] = interpret(graph, [gradient], (name) => values.get(name)!);
  const together = new Set(['0 0', '1 1', '2 2', '3 3', '0 2', '2 0', '1 3', '3 1']);
  for (let i = 0; i < 4; i++)
    for (let j = 0; j < 4; j++)
      expect(Math.sign(pull[i * 4 + j]), `${i} ${j}`).toBe(together.has(`${i} ${j}`) ? -1 : 1);
});

test.each([
  ['classification', classes, { target: [2, -1, 0, 1] }],
  ['vqa', classes, { target: [2, -1, 0, 1] }],
  [
    'regression',
    { kind: 'number' as const, classes: 1 },
    { target: [1, 0, 2, 3], targetKnown: [1, 0, 1, 1] },
  ],
] as const)('a sample of unknown target changes nothing of %s', (type, target, inputs) => {
  const recipe = smallRecipe([{ type }], { fusion: smallFusions.late });
  const { graph, loss, gradients } = trainingGraph(recipe, { ...smallShape, target });
  const wanted = [loss, ...gradients.values()];
  const images = draw('images', 4 * 192, 1);
  const known = images.map((value, i) => (i < 192 ? value + 1 : value));
  const unknown = images.map((value, i) => (i >= 192 && i < 384 ? value + 1 : value));
  const first = compute(graph, wanted, { ...inputs, images });
  const numbers = (list: Float64Array[]) => list.map((values) => values.map((x) => x + 0));
  expect(numbers(compute(graph, wanted, { ...inputs, images: unknown }))).toEqual(numbers(first));
  expect(compute(graph, wanted, { ...inputs, images: known })[0]).not.toEqual(first[0]);
});

test('masked words are 15 %, of them 80 % masks, 10 % others and 10 % left, and never a mark', () => {
  const [batch, textLength, vocabulary] = [16, 42, 5000];
  const shape = { ...smallShape, batch, textLength, vocabulary };
  const stream = random(2, 'words');
  const words = new Int32Array(batch * textLength);
  const keep = new Float32Array(words.length);
  for (let row = 0; row < batch; row++)
    for (let n = 0; n < textLength - 2 * (row % 2); n++) {
      const at = row * textLength + n;
      keep[at] = 1;
      const last = n === textLength - 1 - 2 * (row % 2);
      words[at] = n === 0 ? 1 : last ? 2 : 10 + stream.integer(vocabulary - 10);
    }
  const counts = { words: 0, asked: 0, masks: 0, same: 0, others: 0 };
  for (let number = 0; number < 200; number++) {
    const { maskedTokens, maskedLabels } = maskedLanguage.draw!(
      context(maskedLanguage, { batch, shape, tokens: words, keep, random: random(1, 'mlm', number) }),
    );
    for (const [at, word] of words.entries()) {
      const isWord = keep[at] === 1 && word > 2;
      if (isWord) counts.words++;
      if (maskedLabels[at] === -1) {
        expect(maskedTokens[at]).toBe(word);
        continue;
      }
      expect(isWord).toBe(true);
      expect(maskedLabels[at]).toBe(word);
      counts.asked++;
      if (maskedTokens[at] === smallShape.tokens!.mask) counts.masks++;
      else if (maskedTokens[at] === word) counts.same++;
      else counts.others++;
    }
  }
  expect(counts.asked / counts.words).toBeCloseTo(0.15, 2);
  // Nineteen thousand draws: three standard deviations of a share of 0.8 are 0.009.
  expect(Math.abs(counts.masks / counts.asked - 0.8)).toBeLessThan(0.01);
  expect(Math.abs(counts.same / counts.asked - 0.1)).toBeLessThan(0.01);
  expect(Math.abs(counts.others / counts.asked - 0.1)).toBeLessThan(0.01);
});

test('masked pictures hide exactly the share, and no hidden patch reaches the encoder', () => {
  const recipe = smallRecipe([{ type: 'mim', share: 0.75 }], {
    encoders: { ...smallEncoders, image: { ...smallEncoders['image'], patch: 2 } },
  });
  const fields = checkFields(maskedImage.fields, { share: 0.75 }, '');
  const { keptPatches, restorePatches } = maskedImage.draw!(context(maskedImage, { fields, patches: 16 }));
  for (let row = 0; row < 4; row++) {
    const own = [...restorePatches.subarray(row * 16, (row + 1) * 16)];
    expect(own.filter((place) => place === 16)).toHaveLength(12);
    for (const [patch, place] of own.entries())
      if (place !== 16) expect(keptPatches[place]).toBe(row * 16 + patch);
  }
  const model = new Model(recipe, smallShape, true);
  const [{ built }] = model.objectives();
  const { graph } = model;
  const encoded = graph.nodes.find(({ op, path }) => op === 'layerNorm' && path === 'mim.norm')!.inputs[0];
  const inputs = { 'mim.keptPatches': keptPatches, 'mim.restorePatches': restorePatches };
  const images = draw('images', 4 * 192, 1);
  const before = compute(graph, [encoded, built.loss], { ...inputs, images });
  for (let patch = 0; patch < 16; patch++) {
    const changed = images.slice();
    for (let y = 0; y < 2; y++)
      for (let x = 0; x < 6; x++) changed[(2 * Math.floor(patch / 4) + y) * 24 + (patch % 4) * 6 + x] += 1;
    const after = compute(graph, [encoded, built.loss], { ...inputs, images: changed });
    const hidden = restorePatches[patch] === 16;
    if (hidden) expect(after[0], `${patch}`).toEqual(before[0]);
    else expect(after[0], `${patch}`).not.toEqual(before[0]);
    // The loss asks for the hidden ones.
    expect(after[1]).not.toEqual(before[1]);
  }
});

test('masked pictures need an encoder that can be given some patches only', () => {
  const cnn = { type: 'cnn', shape: 'lenet', width: 4, stem: '1' };
  const recipe = smallRecipe([{ type: 'mim' }], { encoders: { ...smallEncoders, image: cnn } });
  expect(() => trainingGraph(recipe, { ...smallShape, imageSize: 16 })).toThrow(
    expect.objectContaining({ code: 'recipe-invalid' }),
  );
});

test('matching draws by similarity among what is no positive', () => {
  const recipe = smallRecipe([{ type: 'itm', sharpness: 4 }], { fusion: smallFusions.late });
  const model = new Model(recipe, smallShape, true);
  model.objectives();
  const { graph } = model;
  const similarity = graph.nodes.find(({ op, path }) => op === 'matmul' && path === 'itm')!.outputs[0];
  const [texts, images] = graph.nodes
    .filter(({ op, path, outputs }) => op === 'argMax' && path === 'itm' && outputs[0].shape[0] === 4)
    .map(({ outputs }) => outputs[0]);
  const inputs = { sampleGroups: [0, 1, 0, 3], textGroups: [0, 1, 2, 1] };
  const positive = (i: number, j: number) => i === j || (i + j) % 2 === 0;
  const wrong = [1, 3];
  const times = 400;
  const counts = new Map<string, number>();
  let scores: ArrayLike<number> = [];
  for (let number = 0; number < times; number++) {
    const { matchingNoise } = matching.draw!(context(matching, { random: random(1, 'itm', number) }));
    const found = compute(graph, [texts, images, similarity], {
      ...inputs,
      'itm.matchingNoise': matchingNoise,
    });
    scores = found[2];
    for (let row = 0; row < 4; row++) {
      expect(positive(row, found[0][row])).toBe(false);
      expect(positive(row, found[1][row])).toBe(false);
    }
    const key = String(found[0][0]);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  // Picture 0 may be given captions 1 and 3; four standard deviations of 400 draws are 0.1.
  const shares = wrong.map((j) => Math.exp(4 * scores[j]));
  const total = shares[0] + shares[1];
  for (const [k, j] of wrong.entries())
    expect(Math.abs(counts.get(String(j))! / times - shares[k] / total)).toBeLessThan(0.1);
});

test('a caption is written without looking ahead', () => {
  const recipe = smallRecipe([{ type: 'captioning', width: 8, depth: 2, heads: 2 }]);
  const model = new Model(recipe, smallShape, true);
  model.objectives();
  const { graph } = model;
  const logits = graph.nodes.find(({ op, path }) => op === 'crossEntropy' && path === 'captioning')!
    .inputs[0];
  const of = (words: number[]) => compute(graph, [logits], { tokens: words })[0];
  const before = of(tokens);
  for (let place = 0; place < 6; place++) {
    const after = of(tokens.map((token, at) => (at % 6 === place ? (token + 1) % 12 : token)));
    for (let row = 0; row < 4; row++) {
      const [from, at, to] = [row * 6, row * 6 + place, row * 6 + 6].map((n) => n * 12);
      expect(after.slice(from, at)).toEqual(before.slice(from, at));
      expect(after.slice(at, to)).not.toEqual(before.slice(at, to));
    }
  }
});

test('learned weights start at 1 and move, and each term has its own curve', () => {
  const recipe = smallRecipe([{ type: 'infonce' }, { type: 'classification' }], {
    fusion: smallFusions.late,
    training: { weighting: 'learned' },
  });
  const { graph, loss, scalars, gradients } = trainingGraph(recipe, { ...smallShape, target: classes });
  const names = ['infonce', 'classification'];
  const wanted = names.flatMap((name) => [scalars.get(`weight.${name}`)!, scalars.get(`loss.${name}`)!]);
  const values = drawn(graph, { ...base, target: [2, 1, 0, 1] });
  for (const name of names) values.set(`weighting.${name}`, Float64Array.of(0));
  const look = () => interpret(graph, [loss, ...wanted], (name) => values.get(name)!).map(([x]) => x);
  const [sum, first, one, second, other] = look();
  expect([first, second]).toEqual([1, 1]);
  expect(sum).toBeCloseTo(one + other, 12);
  train(graph, loss, [...gradients], values, 5);
  const [, now, , then] = look();
  expect(Math.abs(now - 1)).toBeGreaterThan(0.01);
  expect(Math.abs(then - 1)).toBeGreaterThan(0.01);
});

test.each<[string, Recipe['objectives'], string]>([
  ['captioning', [{ type: 'captioning', width: 8, heads: 2 }, { type: 'classification' }], 'image'],
  ['infonce', [{ type: 'infonce' }, { type: 'classification' }], 'text'],
])('a batch that lacks what %s speaks of weighs and trains the rest', (type, objectives, absent) => {
  const recipe = smallRecipe(objectives, { fusion: smallFusions.late, training: { weighting: 'learned' } });
  const { terms, scalars } = trainingGraph(recipe, { ...smallShape, target: classes, absent: [absent] });
  expect([...terms.keys()]).toEqual(['classification']);
  expect(scalars.has('weight.classification')).toBe(true);
  expect(scalars.has(`loss.${type}`)).toBe(false);
});
