/**
 * Cosine similarities of one batch: now, the batch that was trained on last, as the step computed them; at a saved step, of the samples that are in turn
 * there, embedded as they are, without augmentation.
 */
import type { Recipe } from '../../core/recipe.ts';
import { drawnPairs } from '../../data/draw.ts';
import type { PreparedData } from '../../data/prepared.ts';
import { absentIn } from '../branches.ts';
import { microBatches } from '../stepping.ts';
import { comparedModalities } from '../validate.ts';
import type { Subject } from './look.ts';
import { plainAt } from './turn.ts';

/** B×B: row = picture, column = caption (or whichever two modalities are compared). */
export interface Similarity {
  size: number;
  values: Float32Array;
  /** exp(logit scale); the logits are values × scale. */
  scale: number;
  between: [string, string];
  /** Sample index and caption text of each row / column. */
  images: number[];
  captions: string[];
}

/** @returns nothing where the model compares no two modalities, or the batch lacks one of them */
export async function look({ model, step, session }: Subject): Promise<Similarity | undefined> {
  const { data, recipe } = model;
  const between = comparedModalities(recipe);
  if (!between) return undefined;
  const trained = session?.batch;
  const batch = trained?.pairs ?? inTurn(data, recipe, step);
  if (absentIn(recipe, data, batch).length > 0) return undefined;
  const { pairs, captions } = data;
  const temperature = session?.last['temperature'];
  return {
    size: batch.length,
    values: trained ? await session.ready.trainer.read('similarity') : await embedded(model, between, batch),
    scale: temperature === undefined ? await model.scale() : 1 / temperature,
    between,
    images: [...batch].map((pair) => pairs.sample[pair]),
    captions: [...batch].map((pair) => captions[pairs.sample[pair]][pairs.caption[pair]] ?? ''),
  };
}

/** Whose turn it is at a step, ratios and replay aside. */
function inTurn(data: PreparedData, recipe: Recipe, step: number): Int32Array {
  return drawnPairs(data, plainAt(recipe, step), microBatches(recipe, Math.max(0, step - 1)).at(-1)!);
}

async function embedded(
  model: Subject['model'],
  [rows, columns]: [string, string],
  pairs: Int32Array,
): Promise<Float32Array> {
  const embedder = await model.embed();
  const { width } = embedder;
  const a = await embedder.pairs(rows, pairs);
  const b = await embedder.pairs(columns, pairs);
  const values = new Float32Array(pairs.length ** 2);
  for (let i = 0; i < pairs.length; i++)
    for (let j = 0; j < pairs.length; j++) {
      let total = 0;
      for (let k = 0; k < width; k++) total += a[i * width + k] * b[j * width + k];
      values[i * pairs.length + j] = total;
    }
  return values;
}
