/**
 * Asks a model about a sample of its data, or about one that a person brings: what class or number it is, how it answers a question, what caption it
 * writes, what it looks at. A modality that is not given counts as missing; its branch is not computed.
 */
import { StudioError } from '../core/errors.ts';
import { createFeatures } from '../data/audio/features.ts';
import { factsOf } from '../data/facts.ts';
import { resizeRgb } from '../data/image/resizeSquare.ts';
import type { PreparedData } from '../data/prepared.ts';
import { termNames } from '../models/terms.ts';
import { greedy, Writer, type Writing } from './generate.ts';
import type { Model } from './model.ts';
import type { Pixels } from './search.ts';
import { modelShape } from './shape.ts';

/** A sample from outside. */
export interface Brought {
  image?: Pixels;
  text?: string;
  audio?: { rate: number; samples: Int16Array };
  /** Cells in order of the model's columns, step by step; null where missing. */
  table?: (number | null)[];
}
/** A sample of the data (index and caption), or one from outside. */
export type Asked = { sample: number; caption: number; without?: string[] } | { brought: Brought };

export interface Answer {
  /** The term of the recipe that answers. */
  term: string;
  /** Likeliest first, with their shares, of `class` and `labels` targets. */
  classes?: { name: string; share: number }[];
  /** Of `number` targets, in the data's own unit. */
  value?: number;
  /** What the data says, for its own samples. */
  truth?: string;
}

/** @throws StudioError `bad-argument` when nothing that the model reads is given */
export function readAsked(
  model: Model,
  asked: Asked,
): { data: PreparedData; pair: number; absent: string[] } {
  const { data, recipe } = model;
  if ('sample' in asked) {
    const { sample, caption } = asked;
    for (let pair = 0; pair < data.pairs.count; pair++)
      if (data.pairs.sample[pair] === sample && data.pairs.caption[pair] === caption)
        return { data, pair, absent: asked.without ?? [] };
    throw new StudioError('bad-argument', { argument: 'sample', message: `there is no sample ${sample}` });
  }
  const { brought } = asked;
  const names = Object.keys(recipe.encoders);
  const absent = names.filter((name) => brought[name as keyof Brought] === undefined);
  if (absent.length === names.length)
    throw new StudioError('bad-argument', { argument: 'sample', message: `give ${names.join(' or ')}` });
  return { data: single(model, brought), pair: 0, absent };
}

/** The sample as data of one pair, read as the model's own data was. */
function single({ data, recipe }: Model, { image, text, audio, table }: Brought): PreparedData {
  const { size, textLength, tokenizer } = data;
  const ids = text === undefined ? [] : tokenizer.encode(text, textLength);
  const tokens = new Int32Array(textLength).fill(tokenizer.padId);
  tokens.set(ids);
  const pixels = new Uint8Array(size * size * 3);
  if (image && size > 0)
    pixels.set(image.size === size ? image.pixels : resizeRgb(image.pixels, image.size, size));
  const one = Int32Array.of(0);
  const result: PreparedData = {
    ...data,
    pixels,
    files: ['asked'],
    captions: [text === undefined ? [] : [text]],
    splits: ['validation'],
    pairs: {
      count: 1,
      sample: one,
      caption: one,
      textGroup: one,
      tokens,
      lengths: Int32Array.of(ids.length),
      cut: 0,
    },
    splitPairs: { train: new Int32Array(), validation: one, test: new Int32Array() },
    target: undefined,
  };
  const present: NonNullable<PreparedData['present']> = {};
  const given = { image, text, audio, table };
  for (const modality of Object.keys(data.present ?? {}) as (keyof typeof given)[])
    present[modality] = Uint8Array.of(given[modality] === undefined ? 0 : 1);
  if (data.present) result.present = present;
  if (data.sound) {
    const { frames, bins, mean, deviation } = data.sound;
    const values = new Float32Array(frames * bins);
    let length = 0;
    if (audio) {
      const found = createFeatures(recipe.data.audio, audio.rate)(audio.samples);
      length = found.length;
      for (let at = 0; at < length * bins; at++)
        values[at] = (found.values[at] - mean[at % bins]) / deviation[at % bins];
    }
    result.sound = { ...data.sound, values, lengths: Int32Array.of(length) };
  }
  if (data.table) {
    const { columns, steps, mean, deviation } = data.table;
    const count = steps * columns.length;
    const values = new Float32Array(count);
    const keep = new Uint8Array(count);
    for (let at = 0; at < count; at++) {
      const cell = table?.[at];
      if (cell === undefined || cell === null || Number.isNaN(cell)) continue;
      const column = at % columns.length;
      values[at] = (cell - mean[column]) / deviation[column];
      keep[at] = 1;
    }
    result.table = { ...data.table, values, keep };
  }
  if (data.target) {
    // Objectives of targets want one; what it says is not read.
    const unknown = data.target.kind === 'labels' ? data.target.classes.length : 1;
    result.target = {
      ...data.target,
      values: new Float32Array(unknown).fill(data.target.kind === 'class' ? -1 : 0),
    };
  }
  return result;
}

/** What every predicting term of the model says. */
export async function ask(model: Model, asked: Asked): Promise<Answer[]> {
  const { data, pair, absent } = readAsked(model, asked);
  const found = await model.measurer.answers(data, Int32Array.of(pair), absent);
  const facts = factsOf(model.data).target;
  const own = 'sample' in asked ? model.data.target : undefined;
  return termNames(model.recipe).flatMap((term): Answer[] => {
    const logits = found[`${term}/logits`];
    const value = found[`${term}/value`];
    if (!facts || (!logits && !value)) return [];
    if (value) {
      const truth = own && own.values[pair] * own.deviation + own.mean;
      return [
        {
          term,
          value: value[0] * facts.deviation + facts.mean,
          // Standardized in 32 bits: more digits would be noise.
          ...(truth !== undefined &&
            Number.isFinite(truth) && { truth: String(Number(truth.toPrecision(6))) }),
        },
      ];
    }
    const { classes } = facts;
    const row = logits.subarray(0, classes.length);
    const shares = facts.kind === 'labels' ? Array.from(row, (x) => 1 / (1 + Math.exp(-x))) : softmax(row);
    const label = own && wordsOf(own, pair);
    return [
      {
        term,
        classes: classes
          .map((name, index) => ({ name, share: shares[index] }))
          .sort((a, b) => b.share - a.share),
        ...(label !== undefined && { truth: label }),
      },
    ];
  });
}

/** What the data says of a pair: its class, or its labels. */
function wordsOf({ kind, classes, values }: NonNullable<PreparedData['target']>, pair: number) {
  if (kind === 'class') return classes[values[pair]];
  const row = values.subarray(pair * classes.length, (pair + 1) * classes.length);
  return classes.filter((_, index) => row[index] === 1).join(', ') || undefined;
}

export function softmax(row: Float32Array): number[] {
  const top = row.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const weights = Array.from(row, (x) => Math.exp(x - top));
  const total = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / total);
}

/** A caption for a sample. @throws StudioError `recipe-invalid` where the model writes none; `bad-argument` where something that it reads is left out */
export async function write(model: Model, asked: Asked, writing: Writing = greedy): Promise<string> {
  const { data, pair, absent } = readAsked(model, asked);
  if (absent.length > 0)
    throw new StudioError('bad-argument', {
      argument: 'sample',
      message: `give ${absent.join(' and ')} too`,
    });
  const { executor, recipe, weights } = model;
  const rows = writing.how === 'beam' ? writing.beams : 1;
  const writer = await Writer.create(executor, recipe, modelShape(recipe, model.data), weights, rows);
  try {
    const [text] = await writer.write(data, Int32Array.of(pair), writing);
    return text;
  } finally {
    writer.destroy();
  }
}
