/** Every score of an evaluation of trained models against the definitions written down a second time (testing/plainScores.ts), on what the model itself puts out. */
import { beforeAll, expect, test } from 'vitest';
import { type Evaluation, evaluationDefaults, type TaskKind } from '../core/evaluation.ts';
import type { Recipe } from '../core/recipe.ts';
import type { Dataset, Target } from '../data/dataset.ts';
import { prepare } from '../data/prepare.ts';
import { generateShapes } from '../data/synthetic/shapes.ts';
import { shapesQa } from '../data/synthetic/shapesQa.ts';
import type { Executor } from '../engine/executor.ts';
import { TfjsExecutor } from '../engine/tfjs/executor.ts';
import { evaluate } from './evaluate.ts';
import { greedy, Writer } from './generate.ts';
import type { Model } from './model.ts';
import type { Session } from './session.ts';
import { modelShape } from './shape.ts';
import { captionScores, classScores, labelScores, numberScores } from './testing/plainScores.ts';
import { tinyRecipe, tinySession } from './testing/tinySession.ts';

const about = { name: 'tiny', step: 0, datasetName: 'Shapes', own: true };
const options = { ...evaluationDefaults, bootstrap: 0, controls: false };

let executor: Executor;
let shapes: Dataset;
beforeAll(async () => {
  executor = await TfjsExecutor.create('cpu');
  shapes = await generateShapes({ count: 160, size: 16 });
});

async function trained(change: Partial<Recipe>, set: Dataset, steps: number): Promise<Session> {
  const base = tinyRecipe({ optimizer: { type: 'adamw', rate: 0.01, weightDecay: 0 } });
  const { encoders, data, ...rest } = change;
  const recipe: Recipe = {
    ...base,
    ...(encoders && { encoders }),
    data: {
      ...base.data,
      augment: { crop: 0, flip: false, color: 0, wordDropout: 0 },
      split: { by: 'random', validation: 0.2, test: 0, seed: 0 },
      ...data,
    },
    ...rest,
    training: { ...base.training, steps: steps + 1 },
  };
  const { session } = await tinySession(executor, recipe, {
    data: await prepare(set, recipe.data),
    keep: false,
  });
  await session.prepare();
  for (let step = 0; step < steps; step++) await session.stepOnce();
  return session;
}

/** One output of the model for each held-out pair, row by row. */
async function outputs(model: Model, name: string, width: number): Promise<number[][]> {
  const { measurer } = model;
  const pairs = model.pairs('validation');
  const rows: number[][] = [];
  for (let from = 0; from < pairs.length; from += measurer.batch) {
    const part = pairs.slice(from, from + measurer.batch);
    const found = (await measurer.answers(model.data, part))[name];
    const stride = found.length / measurer.batch;
    for (const row of part.keys()) rows.push([...found.subarray(row * stride, row * stride + width)]);
  }
  return rows;
}

/** The scores of a task are those, all of them and no others but `besides`. */
function agree(
  { tasks }: Evaluation,
  kind: TaskKind,
  expected: Record<string, number>,
  besides: string[] = [],
) {
  const { scores } = tasks.find((task) => task.kind === kind)!.parts[0];
  expect(scores.map(({ name }) => name).sort()).toEqual([...Object.keys(expected), ...besides].sort());
  for (const { name, value } of scores)
    if (expected[name] !== undefined) expect(value, name).toBeCloseTo(expected[name], 4);
}

const image = { image: { type: 'vit', patch: 8, width: 16, depth: 1, heads: 2 } };
const alone = { encoders: image, fusion: { type: 'late', width: 16, combine: 'sum' } };
const colours = ['red', 'green', 'blue', 'yellow', 'orange', 'purple', 'black', 'pink'];

const withTarget = (target: Omit<Target, 'values'>, valuesOf: (caption: string) => number[]): Dataset => ({
  ...shapes,
  id: `${shapes.id}-${target.kind}`,
  fingerprint: `${shapes.fingerprint}-${target.kind}`,
  target: { ...target, values: Float32Array.from(shapes.captions.flatMap((own) => own.flatMap(valuesOf))) },
});

test('labels: F1, all right and mean average precision', async () => {
  const set = withTarget({ name: 'colours', kind: 'labels', classes: colours }, (caption) =>
    colours.map((colour) => (caption.includes(colour) ? 1 : 0)),
  );
  const session = await trained({ ...alone, objectives: [{ type: 'labels' }] }, set, 40);
  const { model } = session;
  const logits = await outputs(model, 'labels/logits', colours.length);
  const { values } = model.data.target!;
  const truth = Array.from(model.pairs('validation'), (pair) =>
    colours.map((_, label) => values[pair * colours.length + label] === 1),
  );
  const report = await evaluate(model, about, options);
  agree(report, 'labels', labelScores(logits, truth));
  session.destroy();
});

test('numbers: errors in the unit of the data, and the explained share', async () => {
  const set = withTarget({ name: 'letters', kind: 'number', classes: [] }, (caption) => [caption.length]);
  const session = await trained({ ...alone, objectives: [{ type: 'regression' }] }, set, 40);
  const { model } = session;
  const { mean, deviation } = model.data.target!;
  const said = (await outputs(model, 'regression/value', 1)).map(([value]) => value * deviation + mean);
  const truth = Array.from(model.pairs('validation'), (pair) => {
    const { sample, caption } = model.data.pairs;
    return set.captions[sample[pair]][caption[pair]].length;
  });
  const report = await evaluate(model, about, options);
  agree(report, 'regression', numberScores(said, truth));
  session.destroy();
});

test('answers to questions: VQA accuracy beside the scores of a classifier', async () => {
  const set = await shapesQa.make({ count: 40, size: 16 });
  const session = await trained(
    {
      encoders: { ...image, text: { type: 'transformer', width: 16, depth: 1, heads: 2 } },
      fusion: { type: 'low-rank', width: 16, kind: 'low-rank', rank: 2 },
      objectives: [{ type: 'vqa', hidden: 16 }],
    },
    set,
    25,
  );
  const { model } = session;
  const { classes, values } = model.data.target!;
  const logits = await outputs(model, 'vqa/logits', classes.length);
  const truth = Array.from(model.pairs('validation'), (pair) => values[pair]);
  const expected = classScores(logits, truth);
  const report = await evaluate(model, about, options);
  // Answers of one word each: equality is all there is to it.
  agree(report, 'vqa', { ...expected, vqa: expected['accuracy'] });
  expect(expected['accuracy']).toBeGreaterThan(2 / classes.length);
  session.destroy();
});

test('captions: BLEU, ROUGE-L, CIDEr and equality of what the model writes', async () => {
  // A few sentences that repeat, so that a small model learns to write them.
  const captions = shapes.captions.map(([caption]) => {
    const [colour] = colours.filter((one) => caption.includes(one));
    return [`a thing that is ${colour ?? 'grey'}`, `there is something ${colour ?? 'grey'} in it`];
  });
  const set = { ...shapes, id: 'written', fingerprint: 'written', captions };
  const session = await trained(
    { ...alone, objectives: [{ type: 'captioning', width: 16, depth: 1, heads: 2 }] },
    set,
    60,
  );
  const { model } = session;
  const { data, recipe, weights } = model;
  const first = new Map<number, number>();
  for (const pair of model.pairs('validation')) {
    const sample = data.pairs.sample[pair];
    if (!first.has(sample)) first.set(sample, pair);
  }
  const writer = await Writer.create(executor, recipe, modelShape(recipe, data), weights, 32);
  const said = await writer.write(data, Int32Array.from(first.values()), greedy);
  writer.destroy();
  const expected = captionScores(
    said,
    [...first.keys()].map((sample) => data.captions[sample]),
  );
  const report = await evaluate(model, about, options);
  agree(report, 'captions', expected);
  expect(expected['bleu1']).toBeGreaterThan(0.3);
  expect(expected['cider']).toBeGreaterThan(0.1);
  session.destroy();
});

test('zero-shot by captions that repeat: each different one is a class, and the nearest is the answer', async () => {
  const captions = shapes.captions.map(([caption]) => [
    `A photo of ${colours.find((one) => caption.includes(one)) ?? 'grey'}`,
  ]);
  const set = { ...shapes, id: 'prompts', fingerprint: 'prompts', captions };
  const session = await trained({}, set, 20);
  const { model } = session;
  const names = [...new Set(captions.flat())].sort();
  const embedder = await model.embed();
  const { width } = embedder;
  const pairs = model.pairs('validation');
  const pictures = await embedder.pairs('image', pairs);
  const { sample, count } = model.data.pairs;
  const every = Array.from({ length: count }, (_, pair) => pair);
  const named = Int32Array.from(
    names,
    (name) => every.find((pair) => captions[sample[pair]][0] === name) ?? -1,
  );
  const texts = await embedder.pairs('text', named);
  const scale = await model.scale();
  const logits = Array.from(pairs, (_, row) =>
    names.map(
      (__, c) =>
        scale *
        texts
          .subarray(c * width, (c + 1) * width)
          .reduce((sum, value, k) => sum + value * pictures[row * width + k], 0),
    ),
  );
  const truth = Array.from(pairs, (pair) => names.indexOf(captions[sample[pair]][0]));
  const zeroShot = { templates: ['a picture of {}'] };
  const report = await evaluate(model, about, { ...options, zeroShot });
  agree(report, 'zero-shot', classScores(logits, truth));
  expect(report.undone).toBeUndefined();
  session.destroy();
});

test('what is asked for and cannot be measured is told of, and the rest is measured', async () => {
  const session = await trained({}, shapes, 1);
  const asked = { ...options, zeroShot: { templates: ['{}'] }, frechet: { split: 'test' as const } };
  const report = await evaluate(session.model, about, asked, { platform: 'Node 1.2.3' });
  expect(report.tasks.map(({ kind }) => kind)).toEqual(['retrieval']);
  expect(report.undone).toMatchObject([
    { what: 'zero-shot', code: 'zero-shot-unfit' },
    { what: 'frechet', code: 'data-empty' },
  ]);
  expect(report.frechet).toBeUndefined();
  expect(report.made).toEqual({ version: expect.stringMatching(/^\d+\.\d+/), platform: 'Node 1.2.3' });
  session.destroy();
});
