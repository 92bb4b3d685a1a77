/**
 * Samples of one prepared data set among those of another: chosen, brought to the same modalities, and put behind the others. Both must have been read alike:
 * by one tokenizer, at one size, standardized by the same numbers, with one list of classes (data/facts.ts).
 */
import { StudioError } from '../core/errors.ts';
import type { Modality } from './dataset.ts';
import { replaySource } from './groups.ts';
import { blackPixels, joinPixels, pickPixels } from './pixels.ts';
import type { PreparedData } from './prepared.ts';
import { normalize } from './text/byteLevel.ts';

/** Some samples of a data set with all their pairs, in the given order; its statistics stay those of the whole. */
export function pick(data: PreparedData, samples: Int32Array): PreparedData {
  const { pairs, sound, table, target, present, size, textLength } = data;
  const place = new Int32Array(data.files.length).fill(-1);
  for (const [index, sample] of samples.entries()) place[sample] = index;
  const kept = Int32Array.from(pairs.sample.keys())
    .filter((pair) => place[pairs.sample[pair]] >= 0)
    .sort((a, b) => place[pairs.sample[a]] - place[pairs.sample[b]] || a - b);
  const perSample = <T extends Uint8Array | Float32Array | Int32Array>(values: T, width: number) =>
    gathered(values, samples, width);
  const perPair = <T extends Uint8Array | Float32Array | Int32Array>(values: T, width: number) =>
    gathered(values, kept, width);
  const sample = kept.map((pair) => place[pairs.sample[pair]]);
  const splits = Array.from(samples, (index) => data.splits[index]);
  const pairsOf = (split: PreparedData['splits'][number]) =>
    Int32Array.from(kept.keys()).filter((pair) => splits[sample[pair]] === split);
  return {
    ...data,
    pixels: pickPixels(data.pixels, samples, size * size * 3),
    files: Array.from(samples, (index) => data.files[index]),
    captions: Array.from(samples, (index) => data.captions[index]),
    splits,
    ...(data.sources && { sources: Array.from(samples, (index) => data.sources?.[index] ?? '') }),
    pairs: {
      count: kept.length,
      sample,
      caption: perPair(pairs.caption, 1),
      textGroup: perPair(pairs.textGroup, 1),
      tokens: perPair(pairs.tokens, textLength),
      lengths: perPair(pairs.lengths, 1),
      cut: pairs.cut,
    },
    splitPairs: { train: pairsOf('train'), validation: pairsOf('validation'), test: pairsOf('test') },
    ...(present && {
      present: Object.fromEntries(
        Object.entries(present).map(([modality, there]) => [
          modality,
          modality === 'text' ? perPair(there, 1) : perSample(there, 1),
        ]),
      ),
    }),
    ...(sound && {
      sound: {
        ...sound,
        values: perSample(sound.values, sound.frames * sound.bins),
        lengths: perSample(sound.lengths, 1),
      },
    }),
    ...(table && {
      table: {
        ...table,
        values: perSample(table.values, table.steps * table.columns.length),
        keep: perSample(table.keep, table.steps * table.columns.length),
      },
    }),
    ...(target && {
      target: {
        ...target,
        values: perPair(target.values, target.kind === 'labels' ? target.classes.length : 1),
      },
    }),
  };
}

/**
 * Data with exactly the modalities and the target of another: what it lacks counts as missing in every sample, what only it has is left out.
 * @throws StudioError `data-unfit` where something else is to be predicted
 */
export function widened(data: PreparedData, like: PreparedData): PreparedData {
  const count = data.files.length;
  const present = { ...data.present };
  const having = like.having ?? ['image', 'text'];
  const own = data.having ?? ['image', 'text'];
  for (const modality of Object.keys(present) as Modality[])
    if (!having.includes(modality)) delete present[modality];
  for (const modality of having)
    if (!own.includes(modality))
      present[modality] = new Uint8Array(modality === 'text' ? data.pairs.count : count);
  const { sound: _, table: __, target: ___, present: ____, ...rest } = data;
  return {
    ...rest,
    size: like.size,
    pixels: data.size === like.size ? data.pixels : blackPixels(count * like.size * like.size * 3),
    having: [...having],
    ...(Object.keys(present).length > 0 && { present }),
    ...(like.sound && {
      sound: data.sound ?? {
        ...like.sound,
        values: new Float32Array(count * like.sound.frames * like.sound.bins),
        lengths: new Int32Array(count),
      },
    }),
    ...(like.table && { table: data.table ?? emptyRows(like.table, count) }),
    ...(like.target && { target: targetLike(data, like.target) }),
  };
}

function emptyRows(table: NonNullable<PreparedData['table']>, count: number): PreparedData['table'] {
  const cells = count * table.steps * table.columns.length;
  return { ...table, values: new Float32Array(cells), keep: new Uint8Array(cells) };
}

function targetLike(
  { target, pairs, dataset }: PreparedData,
  like: NonNullable<PreparedData['target']>,
): NonNullable<PreparedData['target']> {
  if (target?.kind === like.kind) return target;
  if (target || like.kind === 'labels')
    throw new StudioError('data-unfit', {
      message: `“${dataset}” says nothing of ${like.name}, which the new data predicts`,
    });
  return { ...like, values: new Float32Array(pairs.count).fill(like.kind === 'class' ? -1 : Number.NaN) };
}

/**
 * The samples of `more` behind those of `data`, for training alone. Equal captions of both are one group, so that they are positives of each other's pictures.
 * @param more widened like `data`
 */
export function joined(data: PreparedData, more: PreparedData): PreparedData {
  const samples = data.files.length;
  const { count } = data.pairs;
  const { pairs, present, sound, table, target } = more;
  const groups = new Map<string, number>();
  let group = 0;
  for (let pair = 0; pair < count; pair++) {
    const text = captionOf(data, pair);
    group = Math.max(group, data.pairs.textGroup[pair] + 1);
    if (text !== undefined) groups.set(normalize(text), data.pairs.textGroup[pair]);
  }
  const textGroup = pairs.textGroup.map((_, pair) => {
    const text = captionOf(more, pair);
    if (text === undefined) return group++;
    const key = normalize(text);
    const known = groups.get(key) ?? group++;
    groups.set(key, known);
    return known;
  });
  const own = data.having ?? ['image', 'text'];
  const some = own.filter((modality) => data.present?.[modality] || present?.[modality]);
  const there = (part: PreparedData, modality: Modality) =>
    part.present?.[modality] ??
    new Uint8Array(modality === 'text' ? part.pairs.count : part.files.length).fill(1);
  const added = Int32Array.from({ length: pairs.count }, (_, pair) => count + pair);
  return {
    ...data,
    pixels: joinPixels(data.pixels, more.pixels),
    files: [...data.files, ...more.files],
    captions: [...data.captions, ...more.captions],
    splits: [...data.splits, ...more.files.map(() => 'train' as const)],
    sources: [...(data.sources ?? data.files.map(() => ownSource)), ...more.files.map(() => replaySource)],
    pairs: {
      count: count + pairs.count,
      sample: appended(
        data.pairs.sample,
        pairs.sample.map((sample) => samples + sample),
      ),
      caption: appended(data.pairs.caption, pairs.caption),
      textGroup: appended(data.pairs.textGroup, textGroup),
      tokens: appended(data.pairs.tokens, pairs.tokens),
      lengths: appended(data.pairs.lengths, pairs.lengths),
      cut: data.pairs.cut,
    },
    splitPairs: { ...data.splitPairs, train: appended(data.splitPairs.train, added) },
    ...(some.length > 0 && {
      present: Object.fromEntries(
        some.map((modality) => [modality, appended(there(data, modality), there(more, modality))]),
      ),
    }),
    ...(data.sound &&
      sound && {
        sound: {
          ...data.sound,
          values: appended(data.sound.values, sound.values),
          lengths: appended(data.sound.lengths, sound.lengths),
        },
      }),
    ...(data.table &&
      table && {
        table: {
          ...data.table,
          values: appended(data.table.values, table.values),
          keep: appended(data.table.keep, table.keep),
        },
      }),
    ...(data.target &&
      target && { target: { ...data.target, values: appended(data.target.values, target.values) } }),
  };
}

/** Of samples of data that says nothing of where they came from. */
const ownSource = 'own';

const captionOf = ({ captions, pairs }: PreparedData, pair: number): string | undefined =>
  captions[pairs.sample[pair]][pairs.caption[pair]];

type Numbers = Uint8Array | Float32Array | Int32Array;

/** The given rows of `width` values, one after another. */
function gathered<T extends Numbers>(values: T, rows: Int32Array, width: number): T {
  const result = blank(values, rows.length * width);
  for (const [row, from] of rows.entries())
    result.set(values.subarray(from * width, (from + 1) * width), row * width);
  return result;
}

function appended<T extends Numbers>(first: T, second: T): T {
  const result = blank(first, first.length + second.length);
  result.set(first);
  result.set(second, first.length);
  return result;
}

/** Zeros of the same kind. */
function blank<T extends Numbers>(like: T, length: number): T {
  return Reflect.construct(like.constructor, [length]);
}
