/**
 * Zero-shot classification (Radford et al. 2021, §3.1): each class is the mean of the unit vectors of its prompts, made of unit length again; a sample is of the class whose vector is nearest.
 * Classes need not have been trained on. Where data has no column of classes, captions that repeat are prompts, and each different one is a class.
 */
import { StudioError } from '../../core/errors.ts';
import type { ZeroShotOptions } from '../../core/evaluation.ts';
import type { PreparedData } from '../../data/prepared.ts';
import type { Model } from '../model.ts';
import { hasModality } from '../validate.ts';
import { embedAll } from './embedAll.ts';
import { firstOfSamples, type Measured, mostExamples, type Task, type Tick } from './task.ts';
import { measuredTelling } from './telling.ts';

/** @param modality what is classified, beside `text`; undefined where the model compares no words with anything */
export function zeroShotTask(model: Model, modality: string | undefined, options: ZeroShotOptions): Task {
  let classes: Classes | undefined;
  let vectors: Promise<Float32Array> | undefined;
  return {
    kind: 'zero-shot',
    main: 'accuracy',
    reads: modality ? [modality] : [],
    withMissing: false,
    async measure(data, tick) {
      if (!modality)
        throw new StudioError('data-unfit', { message: 'this model compares no words with anything' });
      classes ??= classesOf(model.data, options);
      vectors ??= classVectors(model, classes);
      return measure(model, data, modality, classes, await vectors, tick);
    },
  };
}

interface Classes {
  names: string[];
  templates: readonly string[];
  /** The captions are the names. */
  captions: boolean;
}

/** @throws StudioError `zero-shot-unfit` where there are no two classes */
function classesOf(data: PreparedData, { classes, templates }: ZeroShotOptions): Classes {
  const own = data.ownTarget ?? data.target;
  const prompts = classes || own?.kind === 'class' ? [] : repeatedCaptions(data);
  const given = classes ?? (own?.kind === 'class' ? own.classes : prompts);
  const names = [...new Set(given.map((name) => name.trim()).filter(Boolean))];
  if (names.length < 2) throw new StudioError('zero-shot-unfit');
  // A caption is a whole sentence already.
  const captions = prompts.length > 0;
  return { names, captions, templates: captions || templates.length === 0 ? ['{}'] : templates };
}

/** The different captions, where each is that of two samples at least, on average; none where people wrote each by itself. */
function repeatedCaptions({ captions, splits }: PreparedData): string[] {
  const all = captions.flatMap((own) => own.slice(0, 1));
  const different = new Set(all.map(plain));
  if (different.size * 2 > all.length || all.length < splits.length) return [];
  return [...new Map(all.map((caption) => [plain(caption), caption])).values()].sort();
}

const plain = (name: string) => name.trim().toLowerCase();

/** One unit vector a class. */
async function classVectors(
  model: Model,
  { names: classes, templates: prompts }: Classes,
): Promise<Float32Array> {
  const { tokenizer, textLength } = model.data;
  const embedder = await model.embed();
  const { width } = embedder;
  const result = new Float32Array(classes.length * width);
  for (const [c, name] of classes.entries()) {
    const sum = new Float64Array(width);
    for (const template of prompts) {
      // A function, so that `$` in a name stays what it is.
      const text = template.includes('{}') ? template.replaceAll('{}', () => name) : `${template} ${name}`;
      const ids = tokenizer.encode(text, textLength);
      const tokens = new Int32Array(textLength).fill(tokenizer.padId);
      tokens.set(ids);
      const keep = Float32Array.from(tokens, (_, index) => (index < ids.length ? 1 : 0));
      const vector = await embedder.one('text', { tokens, keep });
      for (let k = 0; k < width; k++) sum[k] += vector[k];
    }
    const length = Math.hypot(...sum) || 1;
    for (let k = 0; k < width; k++) result[c * width + k] = sum[k] / length;
  }
  return result;
}

async function measure(
  model: Model,
  data: PreparedData,
  modality: string,
  { names: classes, captions }: Classes,
  vectors: Float32Array,
  tick: Tick,
): Promise<Measured> {
  const { width } = await model.embed();
  const all = firstOfSamples(data, (pair) => hasModality(data, modality, pair));
  const truth = truthOf(data, all, classes, captions);
  const known = truth.some((label) => label >= 0);
  const rows = Array.from(all.keys()).filter((row) => !known || truth[row] >= 0);
  const pairs = Int32Array.from(rows, (row) => all[row]);
  const samples = await embedAll(model, data, modality, pairs, tick);
  const scale = await model.scale();
  const logits = new Float32Array(rows.length * classes.length);
  for (const row of rows.keys())
    for (const c of classes.keys()) {
      let sum = 0;
      for (let k = 0; k < width; k++) sum += samples[row * width + k] * vectors[c * width + k];
      logits[row * classes.length + c] = scale * sum;
    }
  if (known)
    return measuredTelling({
      data,
      pairs,
      labels: Int32Array.from(rows, (row) => truth[row]),
      logits,
      classes,
    });
  return unscored(data, pairs, logits, classes);
}

/** Index of each pair's class among the names, without regard to case; −1 where the data does not say. */
function truthOf(
  data: PreparedData,
  pairs: Int32Array,
  classes: readonly string[],
  captions: boolean,
): Int32Array {
  const own = data.ownTarget ?? data.target;
  if (captions)
    return pairs.map((pair) => {
      const [caption = ''] = data.captions[data.pairs.sample[pair]];
      return classes.findIndex((name) => plain(name) === plain(caption));
    });
  if (own?.kind !== 'class') return new Int32Array(pairs.length).fill(-1);
  const places = new Map(classes.map((name, index) => [plain(name), index]));
  return pairs.map((pair) => {
    const name: string | undefined = own.classes[own.values[pair]];
    return (name === undefined ? undefined : places.get(plain(name))) ?? -1;
  });
}

/** What samples were taken for, where nobody knows what they are. */
function unscored(
  data: PreparedData,
  pairs: Int32Array,
  logits: Float32Array,
  classes: readonly string[],
): Measured {
  const count = classes.length;
  const rows = Array.from(pairs, (pair, row) => {
    const own = logits.subarray(row * count, (row + 1) * count);
    const best = own.reduce((top, value, c) => (value > own[top] ? c : top), 0);
    const total = own.reduce((sum, value) => sum + Math.exp(value - own[best]), 0);
    return { pair, best, share: 1 / total };
  });
  return {
    groups: pairs.map((pair) => data.pairs.sample[pair]),
    parts: [{ scores: () => ({}) }],
    main: () => Number.NaN,
    detail: async () => ({
      answered: classes.map((name, c) => ({ name, count: rows.filter(({ best }) => best === c).length })),
      examples: rows
        .sort((a, b) => a.share - b.share)
        .slice(0, mostExamples)
        .map(({ pair, best, share }) => {
          const sample = data.pairs.sample[pair];
          return {
            sample,
            caption: data.pairs.caption[pair],
            file: data.files[sample],
            said: classes[best],
            truth: '',
            figure: share,
          };
        }),
      total: rows.length,
    }),
  };
}
