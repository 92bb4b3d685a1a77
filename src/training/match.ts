/**
 * Fusions with equally many parameters, so that a comparison compares methods and not sizes: the shared width first, then the width of the
 * feed-forward layers and the depth, until the whole model has the wanted count.
 */
import { checkFields, defaults, type FieldValues } from '../core/fields.ts';
import type { Recipe } from '../core/recipe.ts';
import { type ModelShape, trainingGraph } from '../models/build.ts';
import { find, fusions } from '../models/registry.ts';

export interface Matched {
  recipe: Recipe;
  parameters: number;
  /** Share by which it misses the wanted count, −1 …. */
  off: number;
}

export function parametersOf(recipe: Recipe, shape: ModelShape): number {
  return trainingGraph(recipe, { ...shape, batch: 2, pictures: undefined }).graph.parameterCount();
}

/** Values of a field around its default that a comparison may take. */
const knobs: Record<string, readonly number[]> = { mlp: [1, 2, 3, 4, 5, 6, 7, 8], depth: [1, 2, 3] };

/**
 * Of the feed-forward widths and depths that can come within `tolerance` of the wanted count, those nearest to the method's defaults, with the
 * shared width that comes nearest. The recipe's own fusion stays as it is.
 * @param tolerance share of the count that is near enough
 */
export function matchParameters(
  recipe: Recipe,
  fusion: string,
  shape: ModelShape,
  wanted: number,
  tolerance = 0.05,
): Matched {
  const measured = (values: Record<string, unknown>): Matched => {
    const changed: Recipe = { ...recipe, fusion: { ...values, type: fusion } };
    const parameters = parametersOf(changed, shape);
    return { recipe: changed, parameters, off: parameters / wanted - 1 };
  };
  const definition = find(fusions, fusion, 'fusion');
  const own = recipe.fusion.type === fusion;
  if (own) {
    const found = measured(recipe.fusion);
    if (Math.abs(found.off) <= tolerance) return found;
  }
  const standard: FieldValues = {
    ...defaults(definition.fields),
    ...(own && checkFields(definition.fields, recipe.fusion, 'fusion')),
  };
  const options = Object.entries(knobs).filter(([key]) => key in standard);
  const combinations = options.reduce<FieldValues[]>(
    (list, [key, values]) => list.flatMap((one) => values.map((value) => ({ ...one, [key]: value }))),
    [{}],
  );
  const distance = (values: FieldValues) =>
    options.reduce((sum, [key]) => sum + Math.abs((values[key] as number) - (standard[key] as number)), 0);
  combinations.sort((a, b) => distance(a) - distance(b));
  const step = 4 * ((standard['heads'] as number | undefined) ?? 1);
  const most = Math.floor((8 * (standard['width'] as number)) / step);
  let best: Matched | undefined;
  for (const values of combinations) {
    const found = nearestWidth((width) => measured({ ...standard, ...values, width }), step, most);
    if (!best || Math.abs(found.off) < Math.abs(best.off)) best = found;
    if (Math.abs(best.off) <= tolerance) break;
  }
  return best!;
}

/** Parameters grow with the width, so that the nearest multiple of `step` is found by halving. */
function nearestWidth(at: (width: number) => Matched, step: number, most: number): Matched {
  let best: Matched | undefined;
  let [low, high] = [1, most];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = at(middle * step);
    if (!best || Math.abs(found.off) < Math.abs(best.off)) best = found;
    if (found.off < 0) low = middle + 1;
    else high = middle - 1;
  }
  return best!;
}
