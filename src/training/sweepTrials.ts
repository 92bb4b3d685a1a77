/** The trials of a sweep: a recipe for each point and seed, every one checked before the first is trained. */
import { asStudioError, StudioError } from '../core/errors.ts';
import { checkFields, type Field } from '../core/fields.ts';
import { getIn, isObject, pathOf, setIn } from '../core/paths.ts';
import { parseRecipe, type Recipe } from '../core/recipe.ts';
import { type AxisValue, type Point, pointsOf, type SweepPlan } from '../core/sweepPlan.ts';
import { soundShape } from '../data/audio/shape.ts';
import { factsOf, missingIn } from '../data/facts.ts';
import type { PreparedData } from '../data/prepared.ts';
import type { ModelShape } from '../models/build.ts';
import { encoders, fusions, objectives } from '../models/registry.ts';
import { matchParameters, parametersOf } from './match.ts';
import { optimizers } from './optimizers/index.ts';
import { schedules } from './schedules/schedules.ts';
import { setUp } from './setup.ts';
import { shapeOf } from './shape.ts';

export interface SweepTrial {
  /** Unique within a sweep. */
  key: string;
  point: Point;
  seed: number;
  recipe: Recipe;
}

/**
 * What is to be trained, all seeds of a point one after the other.
 * @throws StudioError `recipe-invalid`, `shape-mismatch`, saying at which values
 */
export function planSweep(plan: SweepPlan, data: PreparedData): SweepTrial[] {
  const { recipe, seeds } = plan;
  for (const { path } of plan.axes)
    if (/^(format|name)$/.test(path) || path === '')
      throw new StudioError('recipe-invalid', { path, message: 'it is no setting to try values of' });
  const repeated = plan.axes.some(({ path }) => path === 'seed') ? 1 : seeds;
  return pointsOf(plan).flatMap((point) => {
    const changed = checked(plan, point, data);
    return Array.from({ length: repeated }, (_, index): SweepTrial => {
      const seed = changed.seed + index;
      const name = `${recipe.name} ${pointText(point)}`.slice(0, 120);
      return { key: JSON.stringify([point, seed]), point, seed, recipe: { ...changed, name, seed } };
    });
  });
}

/** `rate 0.001, batch 32`: the last word of each path with its value. */
export const pointText = (point: Point): string =>
  Object.entries(point)
    .map(([path, value]) => `${pathOf(path).at(-1)} ${value}`)
    .join(', ');

function checked(plan: SweepPlan, point: Point, data: PreparedData): Recipe {
  try {
    const made = parseRecipe(recipeAt(plan, point, data));
    setUp(made, shapeFor(made, data));
    return made;
  } catch (error) {
    const { code, params } = asStudioError(error);
    if (!('message' in params)) throw error;
    const at = pointText(point);
    throw new StudioError(code, { ...params, message: `${params['message']} (at ${at})` }, { cause: error });
  }
}

/** The extents that a recipe will have on this data, other settings of pictures and sounds included. */
function shapeFor(recipe: Recipe, data: PreparedData): ModelShape {
  const facts = factsOf(data);
  const shape = shapeOf(recipe, facts, missingIn(data));
  const sound = shape.sound && soundShape(recipe.data.audio);
  return { ...shape, imageSize: facts.size > 0 ? recipe.data.imageSize : 0, ...(sound && { sound }) };
}

/** The recipe with a point's values; the fusion comes last but for its own settings, so that its size can be matched to what the others give. */
function recipeAt({ recipe, match }: SweepPlan, point: Point, data: PreparedData): Recipe {
  const ofFusion = (path: string) => path === 'fusion' || path.startsWith('fusion.');
  const entries = Object.entries(point).map(
    ([path, value]) => [path === 'fusion' ? 'fusion.type' : path, value] as const,
  );
  const types = entries.filter(([path]) => path.endsWith('.type'));
  const others = entries.filter(([path]) => !path.endsWith('.type'));
  let made = recipe;
  for (const [path, value] of types) if (!ofFusion(path)) made = withType(made, path, String(value));
  for (const [path, value] of others) if (!ofFusion(path)) made = withValue(made, path, value);
  const fusion = types.find(([path]) => path === 'fusion.type')?.[1];
  if (fusion !== undefined) {
    const type = String(fusion);
    if (match) {
      const shape = shapeFor(made, data);
      made = matchParameters(made, type, shape, parametersOf(made, shape)).recipe;
    } else made = withType(made, 'fusion.type', type);
  }
  for (const [path, value] of others) if (ofFusion(path)) made = withValue(made, path, value);
  return made;
}

/** @throws StudioError `recipe-invalid` where the parts above the setting are not there */
function withValue(recipe: Recipe, path: string, value: AxisValue): Recipe {
  const keys = pathOf(path);
  const above = keys.slice(0, -1);
  if (above.length > 0 && typeof getIn(recipe, above) !== 'object')
    throw new StudioError('recipe-invalid', { path, message: 'there is no such setting' });
  return setIn(recipe, keys, value);
}

const definitions: Record<string, readonly { type: string; fields: readonly Field[] }[]> = {
  encoders,
  fusion: fusions,
  objectives,
  optimizer: optimizers,
  schedule: schedules,
};

/** Another type keeps the settings that it knows too. */
function withType(recipe: Recipe, path: string, type: string): Recipe {
  const keys = pathOf(path).slice(0, -1);
  const part = getIn(recipe, keys);
  if (!isObject(part)) throw new StudioError('recipe-invalid', { path, message: 'there is no such part' });
  if (part['type'] === type) return recipe;
  const list = definitions[keys.at(-1)!] ?? definitions[keys.at(-2)!];
  const known = list?.find((one) => one.type === type)?.fields ?? [];
  const kept = Object.entries(part).filter(([key, value]) => {
    const field = known.find((one) => one.key === key);
    return field && allows(field, value);
  });
  return setIn(recipe, keys, { type, ...Object.fromEntries(kept) });
}

function allows(field: Field, value: unknown): boolean {
  try {
    checkFields([field], { [field.key]: value }, '');
    return true;
  } catch {
    return false;
  }
}
