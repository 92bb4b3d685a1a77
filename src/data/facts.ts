/**
 * What a model must remember of the data it was trained on, besides the recipe and the tokenizer: how numbers were standardized, and what
 * the columns and classes are called. Kept with a run and in every export, so that a model means the same on other data.
 */
import { StudioError } from '../core/errors.ts';
import type { Target } from './dataset.ts';
import type { PreparedData } from './prepared.ts';

interface Standard {
  mean: number[];
  deviation: number[];
}

export interface ModelFacts {
  vocabulary: number;
  /** Ids of the tokenizer's marks; `mask` −1 where it has none. */
  marks?: { pad: number; start: number; end: number; mask: number };
  /** Side of the pictures; 0 for data without. */
  size: number;
  /** With how pictures were made square, and on what; absent in facts of older versions. */
  picture?: Standard & { fit?: PreparedData['fit']; background?: string };
  sound?: Standard & { frames: number; bins: number };
  table?: Standard & { columns: string[]; steps: number };
  target?: { name: string; kind: Target['kind']; classes: string[]; mean: number; deviation: number };
}

export function factsOf(data: PreparedData): ModelFacts {
  const { tokenizer, sound, table, target, mean, deviation, size, fit, background } = data;
  const { vocabularySize: vocabulary, padId: pad, startId: start, endId: end, maskId: mask = -1 } = tokenizer;
  const standard = (from: { mean: ArrayLike<number>; deviation: ArrayLike<number> }): Standard => ({
    mean: Array.from(from.mean),
    deviation: Array.from(from.deviation),
  });
  return {
    vocabulary,
    marks: { pad, start, end, mask },
    size,
    ...(size > 0 && { picture: { ...standard({ mean, deviation }), fit, background } }),
    ...(sound && { sound: { frames: sound.frames, bins: sound.bins, ...standard(sound) } }),
    ...(table && { table: { columns: table.columns, steps: table.steps, ...standard(table) } }),
    ...(target && {
      target: {
        name: target.name,
        kind: target.kind,
        classes: target.classes,
        mean: target.mean,
        deviation: target.deviation,
      },
    }),
  };
}

/**
 * Data as a model knows data: standardized by the model's numbers, classes by its names (one that it does not know counts as unknown).
 * @throws StudioError `data-unfit` when columns or the kind of target differ
 */
export function adopt(data: PreparedData, facts: ModelFacts): PreparedData {
  const result = { ...data };
  if (facts.picture && data.size > 0) {
    result.mean = facts.picture.mean as [number, number, number];
    result.deviation = facts.picture.deviation as [number, number, number];
  }
  if (facts.sound && data.sound)
    result.sound = {
      ...data.sound,
      ...restandardized(data.sound, facts.sound, data.sound.bins, filled(data.sound)),
    };
  if (facts.table && data.table) {
    const { columns } = facts.table;
    if (columns.join('\n') !== data.table.columns.join('\n') || facts.table.steps !== data.table.steps)
      throw new StudioError('data-unfit', {
        message: `the model reads the columns ${columns.join(', ')}; this data has ${data.table.columns.join(', ')}`,
      });
    result.table = {
      ...data.table,
      ...restandardized(data.table, facts.table, columns.length, data.table.keep),
    };
  }
  if (facts.target && data.target) {
    result.target = renamed(data.target, facts.target);
    result.ownTarget = data.target;
  }
  return result;
}

/**
 * How a model that starts with the weights of another knows data: numbers are standardized as they were there, and what only the new data has is added. Classes of
 * the other stay in front, also those that the new data lacks, so that the old task can still be asked.
 * @param before of the other model. @param own of the new data. @param modalities that the other model reads. @param classed whether it predicts its classes
 */
export function grownFacts(
  before: ModelFacts,
  own: ModelFacts,
  modalities: readonly string[],
  classed: boolean,
): ModelFacts {
  const { picture, sound, table, target } = own;
  const known = (modality: string) => modalities.includes(modality);
  const heard = known('audio') && before.sound?.bins === sound?.bins ? before.sound : undefined;
  const counted = target?.kind === 'number' && before.target?.kind === 'number' ? before.target : undefined;
  return {
    ...own,
    ...(picture && known('image') && before.picture && { picture: before.picture }),
    ...(sound && heard && { sound: { ...sound, mean: heard.mean, deviation: heard.deviation } }),
    ...(table && known('table') && before.table && { table: { ...table, ...byColumn(before.table, table) } }),
    ...(target && counted && { target: { ...target, mean: counted.mean, deviation: counted.deviation } }),
    ...(target &&
      classed &&
      target.kind === before.target?.kind && {
        target: { ...target, classes: [...new Set([...before.target.classes, ...target.classes])] },
      }),
  };
}

/** The mean and deviation of columns, those of before where they were there. */
function byColumn(before: Standard & { columns: string[] }, own: Standard & { columns: string[] }): Standard {
  const pick = (key: keyof Standard) =>
    own.columns.map((name, index) => before[key][before.columns.indexOf(name)] ?? own[key][index]);
  return { mean: pick('mean'), deviation: pick('deviation') };
}

/** 1 for values of frames that a clip fills; the others stay 0. */
function filled({ values, lengths, frames, bins }: NonNullable<PreparedData['sound']>): Uint8Array {
  const keep = new Uint8Array(values.length);
  for (const [sample, length] of lengths.entries()) {
    const from = sample * frames * bins;
    keep.fill(1, from, from + length * bins);
  }
  return keep;
}

function restandardized(
  from: { values: Float32Array; mean: Float32Array; deviation: Float32Array },
  to: Standard,
  columns: number,
  keep?: Uint8Array,
) {
  const values = from.values.map((value, index) => {
    if (keep?.[index] === 0) return 0;
    const column = index % columns;
    return (value * from.deviation[column] + from.mean[column] - to.mean[column]) / to.deviation[column];
  });
  return { values, mean: Float32Array.from(to.mean), deviation: Float32Array.from(to.deviation) };
}

function renamed(
  from: NonNullable<PreparedData['target']>,
  to: NonNullable<ModelFacts['target']>,
): NonNullable<PreparedData['target']> {
  if (from.kind !== to.kind)
    throw new StudioError('data-unfit', {
      message: `the model predicts ${to.name} (${to.kind}); this data has ${from.name} (${from.kind})`,
    });
  if (to.kind === 'number') {
    const { mean, deviation } = to;
    const values = from.values.map((value) => (value * from.deviation + from.mean - mean) / deviation);
    return { ...from, values, mean, deviation };
  }
  const place = from.classes.map((name) => to.classes.indexOf(name));
  if (to.kind === 'class') {
    const values = from.values.map((value) => (value < 0 ? -1 : place[value]));
    return { ...from, classes: to.classes, values };
  }
  const rows = from.values.length / from.classes.length;
  const values = new Float32Array(rows * to.classes.length);
  for (let row = 0; row < rows; row++)
    for (const [label, index] of place.entries())
      if (index >= 0)
        values[row * to.classes.length + index] = from.values[row * from.classes.length + label];
  return { ...from, classes: to.classes, values };
}

/** Data that says nothing of what a model predicts, as data of which it is not known: so the model can be asked. */
export function asked(data: PreparedData, { target }: ModelFacts): PreparedData {
  if (!target || data.target) return data;
  const values = new Float32Array(data.pairs.count * (target.kind === 'labels' ? target.classes.length : 1));
  return {
    ...data,
    target: {
      ...target,
      values: target.kind === 'labels' ? values : values.fill(target.kind === 'class' ? -1 : Number.NaN),
    },
  };
}

/** Modalities that some samples of the data lack. */
export const missingIn = (data: PreparedData): string[] => Object.keys(data.present ?? {});
