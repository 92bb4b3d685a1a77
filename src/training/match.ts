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
  return trainingGraph(recipe, shape).graph.parameterCount();
}

/** Values of a field around its default that a comparison may take. */
const knobs: Record<string, readonly number[]> = { mlp: [1, 2, 3, 4, 5, 6, 7, 8], depth: [1, 2, 3] };

/** @param tolerance share of the count that is near enough; of those the one nearest to the method's defaults is taken */
export function matchParameters(
  recipe: Recipe,
  fusion: string,
  shape: ModelShape,
  wanted: number,
  tolerance = 0.05,
): Matched {
  const definition = find(fusions, fusion, 'fusion');
  const standard: FieldValues = {
    ...defaults(definition.fields),
    ...(recipe.fusion.type === fusion ? checkFields(definition.fields, recipe.fusion, 'fusion') : {}),
  };
  const step = 4 * ((standard['heads'] as number | undefined) ?? 1);
  const small = { ...shape, batch: 2, pictures: undefined };
  let best: Matched | undefined;
  const consider = (values: FieldValues): Matched => {
    const changed: Recipe = { ...recipe, fusion: { type: fusion, ...values } };
    const parameters = parametersOf(changed, small);
    const found = { recipe: changed, parameters, off: parameters / wanted - 1 };
    if (!best || Math.abs(found.off) < Math.abs(best.off)) best = found;
    return found;
  };
  const widths = around(standard['width'] as number, step);
  const options = Object.entries(knobs).filter(([key]) => key in standard);
  const combinations = options.reduce<FieldValues[]>(
    (sets, [key, values]) => sets.flatMap((one) => values.map((value) => ({ ...one, [key]: value }))),
    [{}],
  );
  const distance = (values: FieldValues) =>
    options.reduce((sum, [key]) => sum + Math.abs((values[key] as number) - (standard[key] as number)), 0);
  combinations.sort((a, b) => distance(a) - distance(b));
  for (const values of combinations) {
    // Parameters grow with the width, so that the nearest width is found by halving.
    let [low, high] = [0, widths.length - 1];
    while (low <= high) {
      const middle = (low + high) >> 1;
      const found = consider({ ...standard, ...values, width: widths[middle] });
      if (Math.abs(found.off) <= tolerance) return found;
      if (found.off < 0) low = middle + 1;
      else high = middle - 1;
    }
  }
  return best!;
}

/** Multiples of `step` up to eight times the width. */
const around = (width: number, step: number): number[] =>
  Array.from({ length: Math.max(1, Math.floor((8 * width) / step)) }, (_, index) => (index + 1) * step);
