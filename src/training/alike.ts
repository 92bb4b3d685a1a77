/**
 * Batches of samples that have the same modalities: which combinations a training split has, how many rows fill a batch of each, and which of them no
 * objective can learn from. As many rows as have activations of no more bytes than a batch of samples with everything, at most four times as many; counted on
 * the forward graph, so that every device draws the same.
 */
import { StudioError } from '../core/errors.ts';
import type { Recipe } from '../core/recipe.ts';
import { countGroups } from '../data/groups.ts';
import type { PreparedData } from '../data/prepared.ts';
import type { Combination } from '../data/sampling.ts';
import { sizeOf } from '../engine/graph/tensor.ts';
import { Model, type ModelShape, trainingShape } from '../models/build.ts';

/** Rows of a batch are a multiple of this, and at most so many times the recipe's. */
const multiple = 4;
const most = 4;

export interface Alike extends Combination {
  /** Modalities of the recipe that its samples lack. */
  absent: string[];
  /** Training samples (or pairs, data/units.ts). */
  count: number;
}

/** Bytes of what a forward pass makes; undefined where no objective says anything of such samples. */
function forwardBytes(recipe: Recipe, given: ModelShape): number | undefined {
  const shape = trainingShape(recipe, given);
  const model = new Model(recipe, shape, true);
  for (const modality of model.modalities) model.encode(modality);
  if (model.objectives().length === 0) return undefined;
  let bytes = 0;
  for (const { op, outputs } of model.graph.nodes)
    if (op !== 'parameter' && op !== 'input') for (const output of outputs) bytes += 4 * sizeOf(output.shape);
  return bytes;
}

/**
 * The combinations that are drawn from, the commonest first, and those that nothing is learned from.
 * @param shape of a batch of samples with everything
 * @throws StudioError `recipe-invalid`, `sampling-empty` where nothing is left
 */
export function alikeOf(
  recipe: Recipe,
  data: PreparedData,
  shape: ModelShape,
): { drawn: Alike[]; left: Alike[] } {
  const { batch } = shape;
  const all = Object.keys(recipe.encoders);
  const full = forwardBytes(recipe, shape) ?? 0;
  const drawn: Alike[] = [];
  const left: Alike[] = [];
  for (const { name, count } of countGroups(data, recipe.encoders, 'modalities')) {
    const own = name.split('+');
    const absent = all.filter((modality) => !own.includes(modality));
    const bytes = (rows: number) => forwardBytes(recipe, { ...shape, batch: rows, absent });
    const needs = absent.length < all.length ? bytes(batch) : undefined;
    if (needs === undefined) {
      left.push({ name, absent, count, rows: 0 });
      continue;
    }
    const wanted = Math.min(most * batch, (batch * full) / needs, count);
    let rows = Math.max(multiple, multiple * Math.floor(wanted / multiple));
    // What grows with the square of the rows makes the first guess too large.
    while (rows > batch && bytes(rows)! > full) rows -= multiple;
    drawn.push({ name, absent, count, rows: absent.length === 0 ? batch : rows });
  }
  if (drawn.length === 0) throw new StudioError('sampling-empty', { group: all.join('+'), share: 1 });
  return { drawn, left };
}
