/**
 * What single samples lose, by the model as it is now, in evaluation mode: the sum that training minimizes, as far as it falls apart into samples.
 * Objectives that measure samples by themselves give their loss (cross-entropy, reconstruction error); contrastive ones the InfoNCE of the sample's own row and
 * column among others drawn at random, in batches as large as in training.
 */
import { checkFields } from '../core/fields.ts';
import { random } from '../core/random.ts';
import { infoNceRows } from '../evaluation/contrastive.ts';
import { find, objectives } from '../models/registry.ts';
import { termNames } from '../models/terms.ts';
import type { Model } from './model.ts';
import { comparedModalities, contrasts, hasModality } from './validate.ts';

/**
 * @param pairs one for each sample that is measured
 * @param number of the measurement: another number, other rivals in contrast
 * @returns for each pair; NaN where no objective says anything of it
 */
export async function sampleLosses(model: Model, pairs: Int32Array, number: number): Promise<Float32Array> {
  const { recipe, data } = model;
  const rows = await model.measurer.rows(data, pairs);
  const contrast = recipe.objectives.some(({ type }) => contrasts.includes(type))
    ? await contrastRows(model, pairs, number)
    : undefined;
  const total = new Float32Array(pairs.length);
  const said = new Uint8Array(pairs.length);
  const names = termNames(recipe);
  for (const [index, part] of recipe.objectives.entries()) {
    const path = `objectives.${index}`;
    const fields = checkFields(find(objectives, part.type, path).fields, part, path);
    const loss = `${names[index]}.loss`;
    const losses = rows[loss] ?? (contrasts.includes(part.type) ? contrast : undefined) ?? [];
    for (const [row, own] of losses.entries()) {
      if (rows[`${loss}.weight`]?.[row] === 0 || Number.isNaN(own)) continue;
      total[row] += Number(fields['weight'] ?? 1) * own;
      said[row] = 1;
    }
  }
  return total.map((loss, row) => (said[row] ? loss : Number.NaN));
}

/** InfoNCE of each pair that has both modalities; NaN of the others. */
async function contrastRows(model: Model, pairs: Int32Array, number: number): Promise<Float64Array> {
  const { recipe, data } = model;
  const result = new Float64Array(pairs.length).fill(Number.NaN);
  const between = comparedModalities(recipe);
  if (!between) return result;
  const whole = [...pairs.keys()].filter((row) =>
    between.every((modality) => hasModality(data, modality, pairs[row])),
  );
  const order = random(recipe.seed, 'rivals', number).permutation(whole.length);
  const places = Array.from(order, (at) => whole[at]);
  const own = Int32Array.from(places, (place) => pairs[place]);
  const embedder = await model.embed();
  const embeddings = {
    images: await embedder.pairs(between[0], own),
    texts: await embedder.pairs(between[1], own),
    width: embedder.width,
    sampleGroups: own.map((pair) => data.pairs.sample[pair]),
    textGroups: own.map((pair) => data.pairs.textGroup[pair]),
  };
  const scale = await model.scale();
  const { batch } = recipe.training;
  for (let start = 0; start < own.length; start += batch) {
    // The last ones meet a whole batch of rivals too.
    const from = Math.max(0, Math.min(start, own.length - batch));
    const losses = infoNceRows(embeddings, scale, from, Math.min(own.length, from + batch));
    for (const [row, loss] of losses.entries()) result[places[from + row]] = loss;
  }
  return result;
}
