/**
 * What objectives draw at random for a batch (masked words, hidden patches, noise): a pure function of the seed, the term and the number of
 * the micro-batch, as the batch itself (data/draw.ts).
 */
import { checkFields } from '../core/fields.ts';
import { random } from '../core/random.ts';
import type { Recipe } from '../core/recipe.ts';
import type { Rows } from '../data/prepared.ts';
import type { NumberArray } from '../engine/executor.ts';
import { balances } from '../models/balance/index.ts';
import type { ModelShape } from '../models/build.ts';
import { encoderOf } from '../models/encoders/chosen.ts';
import { find, objectives } from '../models/registry.ts';
import { termNames } from '../models/terms.ts';

/**
 * By `<term>.<name>`, as the objectives ask for them.
 * @param number of the micro-batch, or of the batch that is measured
 */
export function drawObjectives(
  recipe: Recipe,
  shape: ModelShape,
  rows: Rows,
  number: number,
  seed = recipe.seed,
): Record<string, NumberArray> {
  const result: Record<string, NumberArray> = {};
  const names = termNames(recipe);
  const image = recipe.encoders['image'] && encoderOf(recipe, 'image');
  const patch = image?.definition.patch?.(image.fields);
  for (const [index, part] of recipe.objectives.entries()) {
    const path = `objectives.${index}`;
    const definition = find(objectives, part.type, path);
    if (!definition.draw) continue;
    const drawn = definition.draw({
      batch: rows.pairs.length,
      shape,
      fields: checkFields(definition.fields, part, path),
      random: random(seed, 'objective', names[index], number),
      tokens: rows.tokens,
      keep: rows.keep,
      sampleGroups: rows.sampleGroups,
      textGroups: rows.textGroups,
      patches: patch && Math.floor(shape.imageSize / patch) ** 2,
    });
    for (const [name, values] of Object.entries(drawn)) result[`${names[index]}.${name}`] = values;
  }
  return { ...result, ...drawBalance(recipe, number, seed) };
}

/** What the balancing of modalities takes (models/balance). */
function drawBalance(recipe: Recipe, number: number, seed: number): Record<string, NumberArray> {
  const path = 'training.balance';
  const part = recipe.training.balance;
  if (!part) return {};
  const definition = find(balances, part.type, path);
  if (!definition.draw) return {};
  return definition.draw({
    all: Object.keys(recipe.encoders),
    fields: checkFields(definition.fields, part, path),
    random: random(seed, 'balance', number),
  });
}
