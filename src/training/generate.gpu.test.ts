/**
 * Writing captions on the device, against the decoder's whole graph: the cached step gives its logits at every place, and each way of writing gives what
 * the whole graph says it must. With plain memory, and with a fusion whose tokens are masked (short sound, a sample without picture).
 */
import { afterAll, describe, expect, test } from 'vitest';
import { random } from '../core/random.ts';
import type { Recipe } from '../core/recipe.ts';
import { layoutParameters } from '../engine/compile/layout.ts';
import type { Executor, NumberArray, Weights } from '../engine/executor.ts';
import { gpuExecutor } from '../engine/testing/device.browser.ts';
import { evaluationGraph, type ModelShape } from '../models/build.ts';
import { captionMemoryGraph, captionStepGraph } from '../models/generation.ts';
import { initialize } from '../models/initialize.ts';
import { smallEncoders, smallFusions, smallRecipe, smallShape } from '../models/testing/recipes.ts';
import { greedy, Writer, type Writing } from './generate.ts';

type Inputs = Record<string, NumberArray>;

const rows = 8;
const { vocabulary, textLength } = smallShape;
const { start, end } = smallShape.tokens!;
const objectives = [{ type: 'captioning', width: 16, depth: 2, heads: 2 }];
const sound = { frames: 5, bins: 4 };

const audio = { type: 'audio', width: 8, depth: 1, heads: 2 };
const kinds: Record<string, { recipe: Recipe; shape: ModelShape }> = {
  'two towers': { recipe: smallRecipe(objectives), shape: { ...smallShape, batch: rows } },
  'early fusion, masked': {
    recipe: smallRecipe(objectives, {
      encoders: { ...smallEncoders, audio },
      fusion: smallFusions.early,
    }),
    shape: { ...smallShape, batch: rows, sound, missing: ['image'] },
  },
};

/** What the encoders are given, by sample. */
function inputsOf(samples: readonly number[]): Inputs {
  const by = (name: string, size: number) =>
    Float32Array.from(
      samples.flatMap((sample) => {
        const stream = random(3, name, sample);
        return Array.from({ length: size }, () => stream.normal());
      }),
    );
  return {
    images: by('images', 8 * 8 * 3),
    sound: by('sound', sound.frames * sound.bins),
    soundKeep: Float32Array.from(
      samples.flatMap((sample) =>
        Array.from({ length: sound.frames }, (_, n) => Number(n < 1 + (sample % sound.frames))),
      ),
    ),
    // Sample 2 has only its sound.
    'present.image': Float32Array.from(samples, (sample) => Number(sample !== 2)),
  };
}

/** Large random weights, so that captions differ; `ending` is added to the end mark's logit. */
function weightsOf(executor: Executor, { recipe, shape }: (typeof kinds)[string], ending: number) {
  const { graph } = evaluationGraph(recipe, shape);
  const layout = layoutParameters(graph);
  const flat = initialize(layout, 11).map((value) => 2 * value);
  for (const { offset, size, initializer } of layout.entries)
    if (initializer.kind === 'constant') flat.fill(initializer.value, offset, offset + size);
  const bias = layout.byName.get('captioning.decoder.bias')!.offset;
  flat[bias + end] = ending;
  flat[bias + start] = -100;
  const table = layout.byName.get('captioning.embedding.weight')!;
  const stream = random(5, 'table');
  for (let i = 0; i < table.size; i++) flat[table.offset + i] = stream.normal();
  return executor.weights(layout, 0).then((weights) => {
    weights.write('parameters', flat);
    return weights;
  });
}

/** The decoder without a cache: tokens [rows, T] give logits [rows, T, vocabulary]. */
async function wholeDecoder(executor: Executor, { recipe, shape }: (typeof kinds)[string], weights: Weights) {
  const { graph } = evaluationGraph(recipe, shape);
  const entropy = graph.nodes.find(({ op, path }) => op === 'crossEntropy' && path === 'captioning')!;
  return executor.runner(graph, new Map([['logits', entropy.inputs[0]]]), weights);
}

const logShares = (logits: Float32Array): number[] => {
  const total = logits.reduce((sum, value) => sum + Math.exp(value), 0);
  return Array.from(logits, (value) => value - Math.log(total));
};

const everyRow = Array.from({ length: rows }, (_, row) => row);

describe.each(Object.keys(kinds))('%s', (name) => {
  const kind = kinds[name];
  const open: { destroy(): void }[] = [];
  afterAll(() => {
    for (const one of open) one.destroy();
  });

  async function setting(ending: number) {
    const executor = await gpuExecutor();
    const weights = await weightsOf(executor, kind, ending);
    const whole = await wholeDecoder(executor, kind, weights);
    const writer = await Writer.create(executor, kind.recipe, kind.shape, weights, rows);
    open.push(writer, whole, weights);
    /** Logits after each token of these captions. */
    const decode = async (inputs: Inputs, captions: readonly (readonly number[])[]) => {
      const tokens = Int32Array.from(
        captions.flatMap((ids) => [...ids, ...new Array(textLength - ids.length).fill(0)]),
      );
      const { logits } = await whole.run({ ...inputs, tokens });
      return (row: number, place: number) => {
        const from = (row * textLength + place) * vocabulary;
        return logits.subarray(from, from + vocabulary);
      };
    };
    return { executor, weights, writer, decode };
  }

  test('the cached step gives the whole decoder’s logits at every place', async () => {
    const { executor, weights, decode } = await setting(0);
    const { recipe, shape } = kind;
    const first = captionMemoryGraph(recipe, shape);
    const masked = first.outputs.has('memoryKeep');
    expect(masked).toBe(name !== 'two towers');
    const [, tokens] = first.outputs.get('cross.0')!.shape;
    const next = captionStepGraph(recipe, shape, rows, { tokens, masked });
    const memory = await executor.runner(first.graph, first.outputs, weights);
    const step = await executor.runner(next.graph, next.outputs, weights, undefined, {
      feedback: next.feedback,
    });
    open.push(memory, step);
    const inputs = inputsOf(everyRow);
    for (const [input, values] of Object.entries(await memory.run(inputs))) step.fill(input, values);
    const stream = random(1, 'captions');
    const captions = everyRow.map(() => Array.from({ length: textLength }, () => stream.integer(vocabulary)));
    const expected = await decode(inputs, captions);
    const keep = new Float32Array(rows * textLength);
    const parent = Int32Array.from(everyRow);
    for (let place = 0; place < textLength; place++) {
      for (const row of everyRow) keep[row * textLength + place] = 1;
      const { logits } = await step.run({
        token: Int32Array.from(everyRow, (row) => captions[row][place]),
        place: Float32Array.from({ length: textLength }, (_, n) => Number(n === place)),
        keep,
        parent,
      });
      for (const row of everyRow)
        for (const [id, value] of expected(row, place).entries())
          expect(Math.abs(logits[row * vocabulary + id] - value), `${row} ${place}`).toBeLessThan(1e-4);
    }
  });

  test('every way of writing gives what the whole decoder says', async () => {
    const { writer, decode } = await setting(1);
    const inputs = inputsOf(everyRow);
    const write = (writing: Partial<Writing>) => writer.writeRows(inputs, rows, { ...greedy, ...writing });

    const captions = everyRow.map(() => [start]);
    for (let place = 0; place < textLength - 1; place++) {
      const logits = await decode(inputs, captions);
      for (const [row, ids] of captions.entries())
        if (ids.at(-1) !== end) {
          const shares = logits(row, place);
          ids.push(shares.indexOf(Math.max(...shares)));
        }
    }
    const plain = captions.map((ids) => ids.filter((id) => id !== start && id !== end));
    const written = await write({});
    expect(written).toEqual(plain);
    // Some end by the mark, some by the length, and not all alike.
    expect(written.some((ids) => ids.length < textLength - 1)).toBe(true);
    expect(new Set(written.map(String)).size).toBeGreaterThan(2);

    expect(await write({ how: 'beam', beams: 1 })).toEqual(plain);
    expect(await write({ how: 'sample', top: 1, seed: 4 })).toEqual(plain);
    const sample = await write({ how: 'sample', top: 6, seed: 4 });
    expect(await write({ how: 'sample', top: 6, seed: 4 })).toEqual(sample);
    expect(await write({ how: 'sample', top: 6, seed: 5 })).not.toEqual(sample);
    // What one sample is given does not depend on who is written beside it.
    const alone = await writer.writeRows(inputs, 2, { ...greedy, how: 'sample', top: 6, seed: 4 });
    expect(alone).toEqual(sample.slice(0, 2));

    const score = async (given: Inputs, texts: number[][]) => {
      const whole = texts.map((ids) => [start, ...ids, ...(ids.length < textLength - 1 ? [end] : [])]);
      const logits = await decode(given, whole);
      return whole.map((ids, row) => {
        const sum = ids.slice(1).reduce((total, id, place) => total + logShares(logits(row, place))[id], 0);
        return sum / ids.length ** 0.7;
      });
    };
    const scores = await score(inputs, plain);
    for (const first of [0, 2, 4, 6]) {
      const pair = [first, first + 1];
      const spread = inputsOf(pair.flatMap((sample) => [sample, sample, sample, sample]));
      const found = await writer.writeRows(spread, 2, { ...greedy, how: 'beam', beams: 4 });
      const padded = [...found, ...new Array<number[]>(rows - 2).fill([])];
      const best = await score(inputsOf([...pair, ...new Array(rows - 2).fill(0)]), padded);
      for (const k of [0, 1]) expect(best[k]).toBeGreaterThanOrEqual(scores[first + k] - 1e-5);
    }
  });

  test('a caption whose end never comes fills the length, one that ends at once is empty', async () => {
    for (const [ending, length] of [
      [-100, textLength - 1],
      [100, 0],
    ]) {
      const { writer } = await setting(ending);
      for (const how of ['greedy', 'beam', 'sample'] as const) {
        const found = await writer.writeRows(inputsOf(everyRow), 2, { ...greedy, how, beams: 4 });
        expect(found.map((ids) => ids.length)).toEqual([length, length]);
      }
    }
  });
});
