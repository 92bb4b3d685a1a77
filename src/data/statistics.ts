/**
 * What a data set is made of: modalities and which are missing together, lengths of captions and sounds, words, classes, columns. One pass over the
 * samples; deviations are those of the population, histograms have equal bins from the least to the most.
 */
import { StudioError } from '../core/errors.ts';
import type { OnProgress } from '../core/progress.ts';
import { type Dataset, type Modality, modalities } from './dataset.ts';
import { has } from './having.ts';
import { splitsOf } from './splits.ways.ts';
import { learnedTokenizer, type TextData } from './text/learned.ts';
import { loadTokenizer } from './text/tokenizer.ts';

export interface Spread {
  count: number;
  mean: number;
  /** Of the population. */
  deviation: number;
  least: number;
  most: number;
  bins: { from: number; to: number; count: number }[];
}

export interface Statistics {
  samples: number;
  pairs: number;
  /** Samples that have each modality that the set has. */
  having: { modality: Modality; count: number }[];
  /** Sets of modalities that samples have, the most frequent first (the rows of an UpSet plot, Lex et al. 2014). */
  combinations: { having: Modality[]; count: number }[];
  /** Present where a modality has fewer samples than another by more than 15 %. */
  uneven?: { least: Modality; most: Modality; share: number };
  /** Side of the stored pictures, 0 for none. */
  side: number;
  /** Caption lengths; a Chinese character is a word. */
  words?: Spread;
  /** Lengths by the tokenizer that the recipe would train, both marks included, and how many captions it would cut. */
  tokens?: Spread & { limit: number; cut: number };
  frequent: { word: string; count: number }[];
  differentWords: number;
  target?: {
    name: string;
    /** Pairs of each class or label, the most frequent first. */
    classes: { name: string; count: number }[];
    unknown: number;
    /** The most frequent class against the rarest that occurs. */
    imbalance?: number;
    numbers?: Spread;
  };
  /** Lengths of sounds, seconds. */
  seconds?: Spread;
  columns: { name: string; missing: number; spread?: Spread }[];
}

/** Difference of sizes up to which modalities count as even. */
const even = 0.15;
const mostWords = 30;
const usualBins = 20;
/** Longer than any caption. */
const unbounded = 1e9;

/** @throws StudioError `cancelled`, and of splits */
export async function statisticsOf(
  dataset: Dataset,
  data: TextData,
  { signal, onProgress }: { signal?: AbortSignal; onProgress?: OnProgress } = {},
  tokenizer?: unknown,
): Promise<Statistics> {
  const { files, captions, sound, table, target, size } = dataset;
  const words: number[] = [];
  const seconds: number[] = [];
  const frequency = new Map<string, number>();
  const combinations = new Map<string, { having: Modality[]; count: number }>();
  const counts = new Map<Modality, number>();
  const breathe = async (done: number) => {
    onProgress?.({ phase: 'statistics', done, total: files.length });
    await new Promise((resolve) => setTimeout(resolve));
    if (signal?.aborted) throw new StudioError('cancelled', { what: dataset.name });
  };
  for (let index = 0; index < files.length; index++) {
    if (index % 2048 === 0) await breathe(index);
    const having = modalities.filter((modality) => has(dataset, modality, index));
    for (const modality of having) counts.set(modality, (counts.get(modality) ?? 0) + 1);
    const key = having.join();
    const known = combinations.get(key);
    if (known) known.count++;
    else combinations.set(key, { having, count: 1 });
    for (const caption of captions[index]) {
      const found = wordsOf(caption);
      words.push(found.length);
      for (const word of found) frequency.set(word, (frequency.get(word) ?? 0) + 1);
    }
    if (sound && having.includes('audio'))
      seconds.push((sound.offsets[index + 1] - sound.offsets[index]) / sound.rate);
  }
  await breathe(files.length);
  const having = modalities.flatMap((modality) => {
    const count = counts.get(modality);
    return count === undefined ? [] : [{ modality, count }];
  });
  const uneven = unevenness(having);
  const tokens = words.length > 0 ? await tokensOf(dataset, data, tokenizer, signal, onProgress) : undefined;
  const stepped = table ? table.steps * table.columns.length : 0;
  return {
    samples: files.length,
    pairs: captions.reduce((sum, list) => sum + Math.max(1, list.length), 0),
    having,
    combinations: [...combinations.values()].sort((a, b) => b.count - a.count),
    ...(uneven && { uneven }),
    side: size,
    ...(words.length > 0 && { words: spreadOf(words, true) }),
    ...(tokens && { tokens }),
    frequent: [...frequency]
      .map(([word, count]) => ({ word, count }))
      .sort((a, b) => b.count - a.count || (a.word < b.word ? -1 : 1))
      .slice(0, mostWords),
    differentWords: frequency.size,
    ...(target && { target: targetOf(target) }),
    ...(seconds.length > 0 && { seconds: spreadOf(seconds) }),
    columns: (table?.columns ?? []).map((name, column) => {
      const values: number[] = [];
      const width = table?.columns.length ?? 1;
      const cells = files.length * (stepped / width);
      for (let cell = 0; cell < cells; cell++) {
        const value = table?.values[cell * width + column] ?? Number.NaN;
        if (!Number.isNaN(value)) values.push(value);
      }
      return { name, missing: cells - values.length, ...(values.length > 0 && { spread: spreadOf(values) }) };
    }),
  };
}

/** Lower-case words without punctuation; each Chinese character is one. */
export const wordsOf = (text: string): string[] =>
  text.toLowerCase().match(/\p{Script=Han}|(?:(?!\p{Script=Han})[\p{L}\p{M}\p{N}'’-])+/gu) ?? [];

/** @param whole numbers, whose bins hold as many of them each @returns figures of at least one value */
export function spreadOf(values: readonly number[], whole = false): Spread {
  let [least, most, sum] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  for (const value of values) {
    least = Math.min(least, value);
    most = Math.max(most, value);
    sum += value;
  }
  const mean = sum / values.length;
  const squares = values.reduce((total, value) => total + (value - mean) ** 2, 0);
  const range = whole ? most - least + 1 : most - least;
  const width = whole ? Math.ceil(range / usualBins) : range / usualBins || 1;
  const count = range === 0 ? 1 : whole ? Math.ceil(range / width) : usualBins;
  const bins = Array.from({ length: count }, (_, i) => ({
    from: least + i * width,
    to: least + (i + 1) * width - (whole ? 1 : 0),
    count: 0,
  }));
  if (range === 0) bins[0].to = least;
  for (const value of values) bins[Math.min(count - 1, Math.floor((value - least) / width))].count++;
  return { count: values.length, mean, deviation: Math.sqrt(squares / values.length), least, most, bins };
}

function unevenness(having: Statistics['having']): Statistics['uneven'] {
  if (having.length < 2) return undefined;
  const [first] = having;
  const most = having.reduce((a, b) => (b.count > a.count ? b : a), first);
  const least = having.reduce((a, b) => (b.count < a.count ? b : a), first);
  const share = 1 - least.count / most.count;
  return share > even ? { least: least.modality, most: most.modality, share } : undefined;
}

async function tokensOf(
  dataset: Dataset,
  data: TextData,
  given: unknown,
  signal?: AbortSignal,
  onProgress?: OnProgress,
): Promise<Statistics['tokens']> {
  const { captions } = dataset;
  const { textLength } = data;
  const report = (done: number, total: number) => onProgress?.({ phase: 'tokenize', done, total });
  const tokenizer = loadTokenizer(
    given ?? learnedTokenizer(captions, await splitsOf(dataset, data.split), data, report, signal),
  );
  const lengths: number[] = [];
  const known = new Map<string, number>();
  for (const [index, list] of captions.entries()) {
    if (index % 512 === 511) {
      onProgress?.({ phase: 'tokenize', done: index, total: captions.length });
      await new Promise((resolve) => setTimeout(resolve));
      if (signal?.aborted) throw new StudioError('cancelled', { what: dataset.name });
    }
    for (const caption of list) {
      const length = known.get(caption) ?? tokenizer.encode(caption, unbounded).length;
      known.set(caption, length);
      lengths.push(length);
    }
  }
  const cut = lengths.filter((length) => length > textLength).length;
  return { ...spreadOf(lengths, true), limit: textLength, cut };
}

function targetOf({ name, kind, classes, values }: NonNullable<Dataset['target']>): Statistics['target'] {
  if (kind === 'number') {
    const known = Array.from(values).filter((value) => !Number.isNaN(value));
    return {
      name,
      classes: [],
      unknown: values.length - known.length,
      ...(known.length > 0 && { numbers: spreadOf(known) }),
    };
  }
  const counts = new Array<number>(classes.length).fill(0);
  let unknown = 0;
  for (const [index, value] of values.entries()) {
    if (kind === 'labels') counts[index % classes.length] += value;
    else if (value < 0) unknown++;
    else counts[value]++;
  }
  const listed = classes
    .map((label, i) => ({ name: label, count: counts[i] }))
    .sort((a, b) => b.count - a.count);
  const rarest = listed.findLast(({ count }) => count > 0);
  return { name, classes: listed, unknown, ...(rarest && { imbalance: listed[0].count / rarest.count }) };
}
