/**
 * What a micro-batch takes, as a pure function of (recipe.seed, its number): nothing remembers where the data stood, so a run resumed at
 * step n sees exactly what an uninterrupted one would have seen. Caches hold only what can be made again. Step n (0-based) has the
 * micro-batches n × accumulate and so on, so that where none accumulate their number is the step.
 *
 * An epoch is a seeded permutation of the training samples; each gives one of its captions, drawn anew for every
 * epoch. A batch larger than the number of samples draws from the pairs instead; and so does data with something to predict for each of
 * several captions (questions about a picture), where every pair is to be seen. What is left at an epoch's end and fills no batch is
 * left out; another epoch leaves out others. With ratios, replay or a curriculum, data/sampling.ts says what is drawn.
 */
import { alters, altersSound } from '../core/augment.ts';
import { StudioError } from '../core/errors.ts';
import { random } from '../core/random.ts';
import type { Recipe } from '../core/recipe.ts';
import { audioDefaults } from './audio/shape.ts';
import { drawView } from './augment.ts';
import { augmentationsOf, theAugmentations } from './augmentations.ts';
import { dropModalities } from './dropModalities.ts';
import { moreOf } from './more.ts';
import type { Drawn, PreparedData, Rows } from './prepared.ts';
import { type Drawing, drawUnits } from './sampling.ts';
import { normalize } from './text/byteLevel.ts';
import { unitsOf } from './units.ts';
import { dropWords, rewrite, saysSide } from './words.ts';

interface Cache {
  /** Training samples. */
  pictures: Int32Array;
  /** Pictures that must not be mirrored. */
  sided: Uint8Array;
  /** The latest epoch's order. */
  order?: { key: string; units: Uint32Array };
  /** Ids of captions that were changed. */
  encoded: Map<string, number[]>;
}

const caches = new WeakMap<PreparedData, Cache>();
const mostEncoded = 20_000;

/**
 * Draws a micro-batch's pairs, views and words; `readBatch` (data/batches.ts) reads its pictures.
 * @param micro its number, 0-based
 * @param drawing what is in force at this micro-batch
 * @throws StudioError `sampling-empty`, `sampling-unknown`; `data-too-few` when not even the pairs fill one batch
 */
export function drawBatch(
  prepared: PreparedData,
  recipe: Recipe,
  micro: number,
  drawing: Drawing = {},
): Drawn {
  return drawRows(prepared, recipe, micro, drawnPairs(prepared, recipe, micro, drawing));
}

/** What a micro-batch of these pairs takes. What the recipe's augmentation needs is loaded by then (data/augmentations.ts). */
export function drawRows(prepared: PreparedData, recipe: Recipe, micro: number, pairs: Int32Array): Drawn {
  const cache = cacheOf(prepared);
  const { seed } = recipe;
  const { augment } = recipe.data;
  const { synonyms = 0, synonymWords = [] } = augment;
  const more = augmentationsOf(augment);
  const batch: Drawn = { ...emptyRows(prepared, pairs), views: [], words: [] };
  const texts: (string | undefined)[] = [];
  let regrouped = augment.wordDropout > 0 || synonyms > 0;
  for (const [row, pair] of pairs.entries()) {
    const image = prepared.pairs.sample[pair];
    // Later changes have streams of their own, so that an older recipe draws what it always drew.
    const stream = random(seed, 'augment', micro, row);
    const view = drawView(augment, prepared.size, cache.sided[image] === 0, stream);
    if (more) view.mirrored = more.isTurned(prepared, recipe, micro, image, view.mirrored);
    if (more && alters(augment))
      view.alteration = more.drawAlteration(augment, prepared.size, random(seed, 'picture', micro, row));
    batch.views.push(view);
    const caption: string | undefined = prepared.captions[image][prepared.pairs.caption[pair]];
    if (!caption) {
      copyTokens(prepared, pair, batch, row);
      texts.push(caption);
      continue;
    }
    const swaps = (view.mirrored && more?.swapsOf(caption, augment)) || [];
    const others = more?.synonymsIn(caption, synonymWords, synonyms, [seed, 'synonym', micro, row]) ?? [];
    const { text, parts } = rewrite(caption, swaps, others, dropWords(caption, augment.wordDropout, stream));
    if (text === caption) copyTokens(prepared, pair, batch, row);
    else {
      writeTokens(prepared, encode(prepared, cache, text), batch, row);
      batch.words[row] = parts;
    }
    if (more && swaps.length > 0) {
      batch.textGroups[row] = more.groupOfSwapped(prepared, pair, rewrite(caption, swaps, []).text);
      regrouped = true;
    }
    texts.push(text);
  }
  if (regrouped) joinEqualTexts(texts, batch.textGroups);
  if (altersSound(augment)) changeSounds(prepared, recipe, micro, batch);
  const dropped = dropModalities(recipe, micro, batch);
  return dropped ? { ...batch, more: { ...batch.more, ...dropped } } : batch;
}

/** Changes the sounds of a micro-batch, in place. */
function changeSounds(
  { sound, pairs: { sample } }: PreparedData,
  { seed, data: { audio = audioDefaults, augment } }: Recipe,
  micro: number,
  { pairs, more = {} }: Rows,
): void {
  const [values, keep] = [more['sound'], more['soundKeep']];
  if (!sound || !(values instanceof Float32Array) || !(keep instanceof Float32Array)) return;
  const { frames, bins, lengths } = sound;
  const { alterSound, drawSoundChange } = theAugmentations();
  for (const [row, pair] of pairs.entries()) {
    const stream = random(seed, 'sound', micro, row);
    alterSound(
      values.subarray(row * frames * bins, (row + 1) * frames * bins),
      keep.subarray(row * frames, (row + 1) * frames),
      sound,
      audio,
      drawSoundChange(augment, lengths[sample[pair]], bins, stream),
    );
  }
}

/** The sample of each row of a micro-batch, without the rest: whose picture must lie on the device by then. */
export const drawPictures = (
  prepared: PreparedData,
  recipe: Recipe,
  micro: number,
  drawing: Drawing = {},
): Int32Array => drawnPairs(prepared, recipe, micro, drawing).map((pair) => prepared.pairs.sample[pair]);

/** Samples of the training split, ascending. */
export const trainPictures = (prepared: PreparedData): Int32Array => cacheOf(prepared).pictures;

/** The pair of each row of a micro-batch, without the rest. @throws StudioError as `drawBatch` */
export function drawnPairs(
  prepared: PreparedData,
  recipe: Recipe,
  micro: number,
  drawing: Drawing = {},
): Int32Array {
  const { sampling, replay } = recipe.training;
  const plain = !drawing.pool && !drawing.combinations && !sampling?.ratios && !replay;
  if (plain) return drawInTurn(prepared, recipe, micro);
  const { byPair, pairs } = unitsOf(prepared);
  return Int32Array.from(drawUnits(prepared, recipe, micro, drawing), ({ unit, round }) =>
    byPair ? pairs[unit] : captionOf(prepared, recipe, pairs[unit], round),
  );
}

/** A pair of the sample whose first pair is given: one of its captions, another in another round. */
function captionOf(prepared: PreparedData, { seed }: Recipe, first: number, round: number | string): number {
  const sample = prepared.pairs.sample[first];
  const captions = prepared.captions[sample].length;
  return captions < 2 ? first : first + random(seed, 'caption', round, sample).integer(captions);
}

/** All training samples in turn, epoch after epoch. */
function drawInTurn(prepared: PreparedData, recipe: Recipe, micro: number): Int32Array {
  const cache = cacheOf(prepared);
  const { batch } = recipe.training;
  const units = unitsOf(prepared);
  // Where samples do not fill a batch, all of their pairs may.
  const bySample = units.pairs.length >= batch && !units.byPair;
  const { pairs } = bySample ? units : { pairs: prepared.splitPairs.train };
  if (pairs.length < batch) throw new StudioError('data-too-few', { have: units.pairs.length, need: batch });
  const whole = Math.floor(pairs.length / batch);
  const epoch = Math.floor(micro / whole);
  const key = `${recipe.seed} ${epoch} ${pairs.length}`;
  if (cache.order?.key !== key)
    cache.order = { key, units: random(recipe.seed, 'epoch', epoch).permutation(pairs.length) };
  const start = (micro % whole) * batch;
  return Int32Array.from(cache.order.units.subarray(start, start + batch), (unit) =>
    bySample ? captionOf(prepared, recipe, pairs[unit], epoch) : pairs[unit],
  );
}

function cacheOf(prepared: PreparedData): Cache {
  const known = caches.get(prepared);
  if (known) return known;
  const { captions, splits } = prepared;
  const cache: Cache = {
    pictures: Int32Array.from(captions.keys()).filter((i) => splits[i] === 'train'),
    sided: Uint8Array.from(captions, (list) => (list.some(saysSide) ? 1 : 0)),
    encoded: new Map(),
  };
  caches.set(prepared, cache);
  return cache;
}

/** Rows of these pairs, their words not yet written. */
export function emptyRows(prepared: PreparedData, rows: Int32Array): Rows {
  const { sample, textGroup } = prepared.pairs;
  const more = moreOf(prepared, rows);
  return {
    pairs: rows,
    tokens: new Int32Array(rows.length * prepared.textLength).fill(prepared.tokenizer.padId),
    keep: new Float32Array(rows.length * prepared.textLength),
    sampleGroups: rows.map((pair) => sample[pair]),
    textGroups: rows.map((pair) => textGroup[pair]),
    ...(more && { more }),
  };
}

/** The words of a pair into a row. */
export function copyTokens(
  { pairs, textLength }: PreparedData,
  pair: number,
  batch: Rows,
  row: number,
): void {
  const from = pair * textLength;
  batch.tokens.set(pairs.tokens.subarray(from, from + textLength), row * textLength);
  batch.keep.fill(1, row * textLength, row * textLength + pairs.lengths[pair]);
}

function writeTokens({ textLength }: PreparedData, ids: number[], batch: Rows, row: number): void {
  batch.tokens.set(ids, row * textLength);
  batch.keep.fill(1, row * textLength, row * textLength + ids.length);
}

function encode(prepared: PreparedData, cache: Cache, text: string): number[] {
  const known = cache.encoded.get(text);
  if (known) return known;
  if (cache.encoded.size >= mostEncoded) cache.encoded.clear();
  const ids = prepared.tokenizer.encode(text, prepared.textLength);
  cache.encoded.set(text, ids);
  return ids;
}

/** Captions that became equal by what was changed are positives too: one group, else they would be false negatives. */
function joinEqualTexts(texts: readonly (string | undefined)[], groups: Int32Array): void {
  const seen = new Map<string, number>();
  for (const [row, text] of texts.entries()) {
    if (text === undefined) continue;
    const key = normalize(text);
    const first = seen.get(key);
    if (first === undefined) {
      seen.set(key, row);
      continue;
    }
    const [from, to] = [groups[row], groups[first]];
    if (from !== to) for (let i = 0; i < groups.length; i++) if (groups[i] === from) groups[i] = to;
  }
}
