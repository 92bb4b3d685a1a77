/**
 * What a model makes of a few samples, always the same ones: pictures that it draws again from what is left of them, hidden words that it finds, captions that
 * it writes, classes and numbers that it predicts, each beside the truth. Everything by the graph that is measured, with one fixed seed.
 */
import { checkFields } from '../../core/fields.ts';
import { evaluationBatch } from '../../data/batches.ts';
import { factsOf } from '../../data/facts.ts';
import type { PreparedData } from '../../data/prepared.ts';
import type { NumberArray, Runner } from '../../engine/executor.ts';
import { evaluationGraph, type ModelShape } from '../../models/build.ts';
import { encoderOf } from '../../models/encoders/chosen.ts';
import { find, objectives } from '../../models/registry.ts';
import { termNames } from '../../models/terms.ts';
import { softmax } from '../ask.ts';
import { drawObjectives } from '../draws.ts';
import { graphInputs } from '../feed.ts';
import { greedy, Writer } from '../generate.ts';
import type { Model } from '../model.ts';
import { modelShape } from '../shape.ts';
import { pairOf } from '../suspicious.ts';
import { hasModality } from '../validate.ts';
import { evenly } from './evenly.ts';
import { Kept } from './kept.ts';
import type { Subject } from './look.ts';

export interface SamplesQuestion {
  split: 'train' | 'validation' | 'test' | 'all';
  count: number;
}

export interface SampleWord {
  text: string;
  /** Of a token that was to be found: the likeliest one and its share, and the share of the one that was there. */
  guess?: { text: string; share: number; truth: number };
}

/** Of a class, labels or a number. */
export interface SampleAnswer {
  term: string;
  said: string;
  /** Of what was said; undefined of numbers. */
  share?: number;
  truth?: string;
  right?: boolean;
}

export interface ShownSample {
  sample: number;
  caption: number;
  file: string;
  text?: string;
  /** RGB bytes, size × size × 3: as it is, with the hidden patches grey, and with these drawn by the model. */
  pictures?: { original: Uint8Array; masked: Uint8Array; drawn: Uint8Array };
  words?: SampleWord[];
  written?: string;
  answers: SampleAnswer[];
}

export interface ShownSamples {
  /** Pixels a side; 0 where the data has no pictures. */
  size: number;
  samples: ShownSample[];
}

/** Grey of a hidden patch. */
const hiddenByte = 128;
const seed = 0;

const runners = new Kept<Runner>((runner) => runner.destroy());
const writers = new Kept<Writer>((writer) => writer.destroy());

/** @throws StudioError `data-empty` where the split has no samples */
export async function look({ model }: Subject, asked: SamplesQuestion): Promise<ShownSamples | undefined> {
  const { data, recipe } = model;
  const pairs = evenly(model, asked.split, asked.count);
  const shape: ModelShape = { ...modelShape(recipe, data), batch: pairs.length, pictures: undefined };
  const batch = evaluationBatch(data, pairs, pairs.length);
  const drawn = drawObjectives(recipe, shape, batch, 0, seed);
  const found = await said(model, shape, { ...graphInputs(batch), ...drawn });
  const written = await captions(model, pairs);
  const samples = Array.from(pairs, (pair, row): ShownSample => {
    const { sample, caption, file, text } = pairOf(data, pair);
    const shown: ShownSample = { sample, caption, file, text, answers: [] };
    if (written) shown.written = written[row];
    for (const [index, term] of termNames(recipe).entries()) {
      const { type } = recipe.objectives[index];
      const own = (name: string) => found[`${term}/${name}`];
      if (type === 'mim' && own('reconstruction') && hasModality(data, 'image', pair))
        shown.pictures ??= pictures(model, index, sample, row, own('reconstruction'), own('hidden'));
      if (type === 'mlm' && own('guess') && hasModality(data, 'text', pair))
        shown.words ??= words(data, pair, row, drawn[`${term}.maskedLabels`], own);
      const answer = answered(data, pair, row, term, own);
      if (answer) shown.answers.push(answer);
    }
    return shown;
  });
  const anything = samples.some(
    ({ pictures: own, words: some, written: text, answers }) =>
      own || some || text !== undefined || answers.length > 0,
  );
  return anything ? { size: data.pixels.length > 0 ? data.size : 0, samples } : undefined;
}

/** What every term says (`<term>/<output>`) of a batch. */
async function said(
  model: Model,
  shape: ModelShape,
  inputs: Record<string, NumberArray>,
): Promise<Record<string, Float32Array>> {
  const { graph, outputs } = evaluationGraph(model.recipe, shape);
  const wanted = new Map([...outputs].filter(([name]) => name.includes('/')));
  if (wanted.size === 0) return {};
  const runner = await runners.get(model, `${shape.batch}`, () =>
    model.executor.runner(graph, wanted, model.weights),
  );
  const present = (shape.missing ?? []).map((modality): [string, NumberArray] => {
    const name = `present.${modality}`;
    return [name, inputs[name] ?? new Float32Array(shape.batch).fill(1)];
  });
  return runner.run({ ...inputs, ...Object.fromEntries(present) });
}

/** Captions that the model writes, greedily; undefined where it writes none. */
async function captions(model: Model, pairs: Int32Array): Promise<string[] | undefined> {
  const { data, executor, recipe, weights } = model;
  if (!recipe.objectives.some(({ type }) => type === 'captioning')) return undefined;
  const writer = await writers.get(model, `${pairs.length}`, () =>
    Writer.create(executor, recipe, modelShape(recipe, data), weights, pairs.length),
  );
  return writer.write(data, pairs, greedy);
}

/** Patches are rows × columns of the grid, each of patch × patch × 3 numbers. */
function pictures(
  { data, recipe }: Model,
  objective: number,
  sample: number,
  row: number,
  reconstruction: Float32Array,
  hidden: Float32Array,
): ShownSample['pictures'] {
  const { size, mean, deviation } = data;
  const { definition, fields } = encoderOf(recipe, 'image');
  const patch = definition.patch?.(fields);
  if (!patch) return undefined;
  const part = recipe.objectives[objective];
  const path = `objectives.${objective}`;
  const { normalize } = checkFields(find(objectives, part.type, path).fields, part, path);
  const area = size * size * 3;
  const original = data.pixels.subarray(sample * area, (sample + 1) * area).slice();
  const masked = original.slice();
  const drawn = original.slice();
  const grid = size / patch;
  const length = patch * patch * 3;
  for (let place = 0; place < grid * grid; place++) {
    if (hidden[row * grid * grid + place] === 0) continue;
    const at = (i: number) => {
      const [y, x, channel] = [Math.floor(i / (patch * 3)), Math.floor(i / 3) % patch, i % 3];
      const [top, left] = [Math.floor(place / grid) * patch, (place % grid) * patch];
      return ((top + y) * size + left + x) * 3 + channel;
    };
    const value = (i: number) => (original[at(i)] / 255 - mean[i % 3]) / deviation[i % 3];
    // Where patches are compared normalized, the picture is drawn with the true patch's own mean and deviation, as MAE's authors show it.
    let [centre, spread] = [0, 1];
    if (normalize) {
      let [sum, squares] = [0, 0];
      for (let i = 0; i < length; i++) sum += value(i);
      centre = sum / length;
      for (let i = 0; i < length; i++) squares += (value(i) - centre) ** 2;
      spread = Math.sqrt(squares / length + 1e-6);
    }
    const from = (row * grid * grid + place) * length;
    for (let i = 0; i < length; i++) {
      const pixel = (reconstruction[from + i] * spread + centre) * deviation[i % 3] + mean[i % 3];
      drawn[at(i)] = Math.round(255 * Math.min(1, Math.max(0, pixel)));
      masked[at(i)] = hiddenByte;
    }
  }
  return { original, masked, drawn };
}

function words(
  { pairs, tokenizer, textLength }: PreparedData,
  pair: number,
  row: number,
  labels: NumberArray,
  own: (name: string) => Float32Array,
): SampleWord[] {
  return Array.from({ length: pairs.lengths[pair] }, (_, index) => {
    const at = row * textLength + index;
    const text = tokenizer.token(pairs.tokens[pair * textLength + index]);
    if (labels[at] < 0) return { text };
    const guess = {
      text: tokenizer.token(own('guess')[at]),
      share: own('share')[at],
      truth: own('truth')[at],
    };
    return { text, guess };
  });
}

function answered(
  data: PreparedData,
  pair: number,
  row: number,
  term: string,
  own: (name: string) => Float32Array | undefined,
): SampleAnswer | undefined {
  const facts = factsOf(data).target;
  const { target } = data;
  const [logits, value] = [own('logits'), own('value')];
  if (!facts || !target) return undefined;
  if (value) {
    const truth = target.values[pair] * target.deviation + target.mean;
    const number = (x: number) => String(Number(x.toPrecision(5)));
    return {
      term,
      said: number(value[row] * facts.deviation + facts.mean),
      ...(Number.isFinite(truth) && { truth: number(truth) }),
    };
  }
  const { classes } = facts;
  if (!logits) return undefined;
  const scores = logits.subarray(row * classes.length, (row + 1) * classes.length);
  const truth = pairOf(data, pair).target || undefined;
  if (facts.kind === 'labels') {
    const shares = Array.from(scores, (x) => 1 / (1 + Math.exp(-x)));
    const text = classes.filter((_, i) => shares[i] >= 0.5).join(', ');
    return { term, said: text || '–', truth, right: text === (truth ?? '') };
  }
  const shares = softmax(scores);
  const best = shares.reduce((top, share, i) => (share > shares[top] ? i : top), 0);
  return {
    term,
    said: classes[best],
    share: shares[best],
    truth,
    ...(truth !== undefined && { right: truth === classes[best] }),
  };
}
