/**
 * Features of held towers (training/heldTowers.ts): what a frozen encoder says of every training sample, computed once in its evaluation form with the weights in
 * force, held in memory, and kept under a hash of all that they follow from, so that a run that is opened again finds them.
 */
import { StudioError } from '../core/errors.ts';
import type { OnProgress } from '../core/progress.ts';
import type { Recipe } from '../core/recipe.ts';
import { evaluationRows, readBatch } from '../data/batches.ts';
import { factsOf } from '../data/facts.ts';
import type { KeptFeatures } from '../data/keptFeatures.ts';
import type { PreparedData, Rows } from '../data/prepared.ts';
import type { Executor, NumberArray, Weights } from '../engine/executor.ts';
import { sizeOf } from '../engine/graph/tensor.ts';
import { featureGraph } from '../models/features.ts';
import { fusionOf } from '../models/fusion/chosen.ts';
import { type FeatureName, heldInput } from '../models/heldTower.ts';
import { type Feed, graphInputs, normalizing, packed, rowInputs, viewInput } from './feed.ts';
import { type FrozenTower, featuresRead, heldOf } from './heldTowers.ts';
import type { Setup } from './setup.ts';
import { modelShape } from './shape.ts';

export interface FeatureOptions {
  /** Where they are kept beyond the run; nowhere where absent. */
  kept?(): Promise<KeptFeatures>;
  onProgress?: OnProgress;
  /** Whether nobody waits for them any more. */
  stopped?(): boolean;
}

/** What a tower's features follow from. */
interface Ground {
  executor: Executor;
  /** As it holds, without stages. */
  recipe: Recipe;
  data: PreparedData;
  weights: Weights;
}

/** The features of a tower. */
interface HeldRows {
  /** Rows are captions (pairs); else samples. */
  byPair: boolean;
  /** The row of each sample, or pair; −1 where it is not trained on. */
  place: Int32Array;
  /** By the graph's input: so many numbers a row. */
  parts: { input: string; width: number; values: Float32Array }[];
}

/** Rows of a pass, at most. */
const mostRows = 256;

/** The latest of each modality, as long as their data is there: phases and runs on it that share a tower share them. */
const latest = new WeakMap<PreparedData['pairs'], Map<string, { id: string; rows: HeldRows }>>();

/**
 * Gives the graph's inputs of held towers for the pairs of a batch; computed, or found where they are kept.
 * @param towers the frozen encoders of the recipe. @param setup of its graphs, which say what they read
 * @throws StudioError `cancelled`; `device-lost`, `out-of-memory`
 */
export async function featuresOf(
  ground: Ground,
  towers: readonly FrozenTower[],
  { specification }: Pick<Setup, 'specification'>,
  options: FeatureOptions,
): Promise<Feed['held']> {
  const graphs = [specification, ...(specification.branches?.values() ?? [])];
  const flat = await ground.weights.read('parameters');
  const all: HeldRows[] = [];
  for (const modality of heldOf(towers)) {
    const names = new Map(graphs.flatMap((one) => [...featuresRead(one, modality)]));
    if (names.size === 0) continue;
    const known = latest.get(ground.data.pairs) ?? new Map<string, { id: string; rows: HeldRows }>();
    latest.set(ground.data.pairs, known);
    const id = await idOf(ground, modality, names, flat);
    const found = known.get(modality);
    const rows = found?.id === id ? found.rows : await rowsOf(ground, modality, names, id, options);
    known.set(modality, { id, rows });
    all.push(rows);
  }
  const { sample } = ground.data.pairs;
  return (pairs) => Object.fromEntries(all.flatMap((rows) => inputsOfPairs(rows, pairs, sample)));
}

function inputsOfPairs({ byPair, place, parts }: HeldRows, pairs: Int32Array, sample: Int32Array) {
  const from = pairs.map((pair) => place[byPair ? pair : sample[pair]]);
  return parts.map(({ input, width, values }): [string, Float32Array] => {
    const rows = new Float32Array(from.length * width);
    for (const [row, at] of from.entries())
      rows.set(values.subarray(at * width, (at + 1) * width), row * width);
    return [input, rows];
  });
}

/** A row for each training sample, or caption: the pair that is encoded for it. */
function encoded({ pairs: { sample, count }, splitPairs, splits }: PreparedData, modality: string) {
  const byPair = modality === 'text';
  const place = new Int32Array(byPair ? count : splits.length).fill(-1);
  const firsts: number[] = [];
  for (const pair of splitPairs.train) {
    const at = byPair ? pair : sample[pair];
    if (place[at] >= 0) continue;
    place[at] = firsts.length;
    firsts.push(pair);
  }
  return { byPair, place, pairs: Int32Array.from(firsts) };
}

async function rowsOf(
  ground: Ground,
  modality: string,
  names: ReadonlyMap<FeatureName, readonly number[]>,
  id: string,
  options: FeatureOptions,
): Promise<HeldRows> {
  const { byPair, place, pairs } = encoded(ground.data, modality);
  const widths = new Map([...names].map(([name, extents]) => [name, sizeOf(extents)]));
  const store = await options.kept?.();
  const kept = await store?.load(id);
  const whole = kept && [...widths].every(([name, width]) => kept.get(name)?.length === width * pairs.length);
  const values = whole ? kept : await compute(ground, modality, widths, pairs, options);
  if (!whole) await store?.save(id, modality, values);
  const parts = [...widths].map(([name, width]) => ({
    input: heldInput(modality, name),
    width,
    values: values.get(name)!,
  }));
  return { byPair, place, parts };
}

async function compute(
  { executor, recipe, data, weights }: Ground,
  modality: string,
  widths: ReadonlyMap<FeatureName, number>,
  pairs: Int32Array,
  { onProgress, stopped }: FeatureOptions,
): Promise<Map<string, Float32Array>> {
  const batch = Math.min(recipe.training.batch, mostRows);
  // Pictures come to the tower as they come to a step, so that it says the same of them to the bit.
  const resident = modality === 'image' && executor.adapter.wholeIntegers;
  const shape = { ...modelShape(recipe, data), batch, ...(resident && { pictures: { capacity: batch } }) };
  const { graph, outputs } = featureGraph(recipe, modality, shape, [...widths.keys()]);
  const all = new Map([...widths].map(([name, width]) => [name, new Float32Array(pairs.length * width)]));
  const tell = (done: number) => onProgress?.({ phase: 'features', done, total: pairs.length });
  tell(0);
  const runner = await executor.runner(graph, outputs, weights);
  try {
    if (resident) runner.fill('normalization', normalizing(data));
    for (let from = 0; from < pairs.length; from += batch) {
      if (stopped?.()) throw new StudioError('cancelled', { what: recipe.name });
      const rows = pairs.slice(from, from + batch);
      const read = evaluationRows(data, rows, batch);
      if (resident) runner.fill('pixels', packed(data, read.sampleGroups));
      const found = await runner.run(inputsOf(data, read, modality, resident));
      for (const [name, width] of widths)
        all.get(name)!.set(found[name].subarray(0, rows.length * width), from * width);
      tell(from + rows.length);
    }
  } finally {
    runner.destroy();
    // Whoever shows progress hears of its end, whatever it was.
    tell(pairs.length);
  }
  return all;
}

/** A picture as it is. */
const plain = { zoom: 1, shiftX: 0, shiftY: 0, mirrored: false, brightness: 1, contrast: 1 };

function inputsOf(
  data: PreparedData,
  rows: Rows,
  modality: string,
  resident: boolean,
): Record<string, NumberArray> {
  if (modality !== 'image') return rowInputs(rows);
  const views = Array.from(rows.pairs, () => plain);
  if (!resident) return graphInputs(readBatch(data, { ...rows, views, words: [] }));
  return { rows: Int32Array.from(rows.pairs.keys()), views: viewInput(views) };
}

const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

async function digestOf(values: ArrayBufferView): Promise<string> {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new Uint8Array(bytes)));
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Pictures whose bytes are looked at besides the fingerprint of their set. */
const lookedAt = 64;

/** Of what the encoder of a modality reads of the data, besides what its fingerprint and the recipe say. */
async function digestOfInputs(data: PreparedData, modality: string): Promise<unknown> {
  const { pairs, pixels, size, splitPairs, sound, table, tokenizer } = data;
  const train = [await digestOf(splitPairs.train), await digestOf(pairs.sample)];
  if (modality === 'text')
    return [
      train,
      await digestOf(pairs.tokens),
      await digestOf(pairs.lengths),
      await digestOf(encode(tokenizer.toJSON())),
    ];
  if (modality === 'audio') return [train, sound && (await digestOf(sound.values))];
  if (modality === 'table')
    return [train, table && [await digestOf(table.values), await digestOf(table.keep)]];
  const bytes = size * size * 3;
  const pace = Math.max(1, Math.floor(data.splits.length / lookedAt));
  const some: string[] = [];
  for (let at = 0; at < data.splits.length; at += pace)
    some.push(await digestOf(pixels.subarray(at * bytes, (at + 1) * bytes)));
  return [train, some];
}

/** SHA-256 of all that a tower's features follow from: its part of the recipe, its weights, the data as the model sees it, and the device. */
async function idOf(
  { executor, recipe, data, weights: { layout } }: Ground,
  modality: string,
  names: ReadonlyMap<FeatureName, readonly number[]>,
  flat: Float32Array,
): Promise<string> {
  const { augment: _, ...seen } = recipe.data;
  const own = layout.entries.filter(({ name }) => name.startsWith(`${modality}.`));
  const weights = await Promise.all(
    own.map(async ({ name, tensor, offset, size }) => [
      name,
      tensor.shape,
      await digestOf(flat.subarray(offset, offset + size)),
    ]),
  );
  const parts = [
    modality,
    recipe.encoders[modality],
    fusionOf(recipe).width,
    [...names],
    weights,
    [data.fingerprint, seen, recipe.training.replay ?? null, factsOf(data)],
    await digestOfInputs(data, modality),
    executor.adapter.name,
  ];
  return digestOf(encode(parts));
}
