/**
 * Words and patches of one pair: which patches a word has to do with, and which words a patch. By attention between them, where the fusion has any; and by the
 * cosine of each word's and each patch's own vector in the shared space (models/tokenVectors.ts), where the towers are compared.
 */
import { evaluationBatch } from '../../data/batches.ts';
import type { Tensor } from '../../engine/graph/tensor.ts';
import { unitLength } from '../../engine/ops/functions.ts';
import { Model as Built } from '../../models/build.ts';
import { tokenVectors } from '../../models/tokenVectors.ts';
import { graphInputs } from '../feed.ts';
import { modelShape } from '../shape.ts';
import { namesOfTokens } from '../tokens.ts';
import { comparedModalities, hasModality } from '../validate.ts';
import { type FusionProbe, look as lookAtFusion } from './fusion.ts';
import { keptRunner } from './kept.ts';
import { type PinnedSample, pairOf, type Subject } from './look.ts';

export interface WordMap {
  /** `similarity`, or an attention of the fusion. */
  name: string;
  heads: number;
  /** heads × words × patches, where words look at patches; heads × patches × words, where patches look at words. */
  toPatches?: Float32Array;
  toWords?: Float32Array;
}

export interface WordsAndPatches {
  words: string[];
  /** Patches per side. */
  grid: number;
  maps: WordMap[];
}

/** @returns nothing of a sample without words or picture, or where nothing brings them together */
export async function look(subject: Subject, pinned: PinnedSample): Promise<WordsAndPatches | undefined> {
  const { model } = subject;
  const pair = pairOf(model.data.pairs, pinned);
  const both = ['image', 'text'];
  if (!both.every((name) => model.recipe.encoders[name] && hasModality(model.data, name, pair)))
    return undefined;
  const probes = await lookAtFusion(subject, { sample: pinned.image, caption: pinned.caption });
  const attended = probes.flatMap((probe) => wordMapOf(probe) ?? []);
  const similar = await similarity(subject, pair);
  const found = [...attended, ...(similar ? [similar] : [])];
  const [first] = found;
  if (!first) return undefined;
  // One encoder gives the words and patches of all of them.
  return { words: first.words, grid: first.grid, maps: found.map(({ map }) => map) };
}

interface Found {
  words: string[];
  grid: number;
  map: WordMap;
}

/** The part of an attention map that lies between words and patches. */
function wordMapOf({ name, shape, values, rows = [], columns = [] }: FusionProbe): Found | undefined {
  if (!name.startsWith('attention.')) return undefined;
  const [heads, queries, keys] = shape;
  const part = (of: string, axis: typeof rows) => {
    const found = axis.find((one) => one.of === of);
    const leading = found?.leading ?? 0;
    return found && { ...found, from: found.from + leading, count: found.labels.length - leading };
  };
  const between = (from: ReturnType<typeof part>, to: ReturnType<typeof part>) => {
    if (!from || !to) return undefined;
    const cut = new Float32Array(heads * from.count * to.count);
    let at = 0;
    for (let head = 0; head < heads; head++)
      for (let row = 0; row < from.count; row++) {
        const start = (head * queries + from.from + row) * keys + to.from;
        cut.set(values.subarray(start, start + to.count), at);
        at += to.count;
      }
    return cut;
  };
  const toPatches = between(part('text', rows), part('image', columns));
  const toWords = between(part('image', rows), part('text', columns));
  const text = part('text', rows) ?? part('text', columns);
  const picture = part('image', rows) ?? part('image', columns);
  if (!text || !picture?.grid || (!toPatches && !toWords)) return undefined;
  return {
    words: text.labels,
    grid: picture.grid,
    map: { name, heads, ...(toPatches && { toPatches }), ...(toWords && { toWords }) },
  };
}

async function similarity({ model }: Subject, pair: number): Promise<Found | undefined> {
  const { executor, recipe, data, weights } = model;
  if (comparedModalities(recipe)?.join() !== 'image,text') return undefined;
  const built = new Built(recipe, { ...modelShape(recipe, data), batch: 1, pictures: undefined }, false);
  const vectors = ['text', 'image'].map((modality) => tokenVectors(built, modality));
  const [words, patches] = vectors;
  if (!words || !patches) return undefined;
  const runner = await keptRunner(model, 'tokens', () =>
    executor.runner(
      built.graph,
      new Map<string, Tensor>([
        ['words', unitLength(words)],
        ['patches', unitLength(patches)],
      ]),
      weights,
    ),
  );
  const found = await runner.run(graphInputs(evaluationBatch(data, Int32Array.of(pair), 1)));
  const width = words.shape[2];
  const { labels } = namesOfTokens(recipe, data, pair, 'text', words.shape[1]);
  const { grid = 1, leading = 0 } = namesOfTokens(recipe, data, pair, 'image', patches.shape[1]);
  const count = grid * grid;
  const toPatches = new Float32Array(labels.length * count);
  for (let word = 0; word < labels.length; word++)
    for (let patch = 0; patch < count; patch++)
      for (let at = 0; at < width; at++)
        toPatches[word * count + patch] +=
          found['words'][word * width + at] * found['patches'][(leading + patch) * width + at];
  return { words: labels, grid, map: { name: 'similarity', heads: 1, toPatches } };
}
