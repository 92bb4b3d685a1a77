/** What a sweep tries: values of any settings of a recipe, all combinations (`grid`) or some drawn at random (Bergstra & Bengio 2012, JMLR 13). */
import { StudioError } from './errors.ts';
import { random } from './random.ts';
import type { Recipe } from './recipe.ts';

export type AxisValue = number | string | boolean;

export type Axis =
  | { path: string; values: AxisValue[] }
  | {
      path: string;
      min: number;
      max: number;
      scale: 'linear' | 'log';
      integer?: boolean;
      /** Values of a grid; 5 where absent. */
      points?: number;
    };

export interface SweepPlan {
  recipe: Recipe;
  axes: Axis[];
  kind: 'grid' | 'random';
  /** Points drawn at random; a grid has all of its own. */
  trials: number;
  /** Of the drawing. */
  seed: number;
  /** Trainings of each point, with the recipe's seed and those after it. */
  seeds: number;
  /** What a trial is judged by (`val.loss`); the recipe's main score where absent. */
  metric?: string;
  /** Where the fusion is an axis: widths are chosen so that parameters agree within 5 %. */
  match: boolean;
  /** Ends hopeless trials by the median rule (training/medianRule.ts). */
  stop?: { grace: number; least: number };
  /** Whether each trial stays as a run. */
  keep?: boolean;
}

/** Values by path. */
export type Point = Record<string, AxisValue>;

/** A sweep of more would not end. */
export const mostPoints = 1000;

/** Four digits say enough, and can be typed again. */
const rounded = (value: number, integer?: boolean) =>
  integer ? Math.round(value) : Number(value.toPrecision(4));

function at(axis: Exclude<Axis, { values: AxisValue[] }>, share: number): number {
  const { min, max, scale, integer } = axis;
  const value = scale === 'log' ? min * (max / min) ** share : min + (max - min) * share;
  return Math.min(max, Math.max(min, rounded(value, integer)));
}

/** The values that a grid takes of an axis. */
export function gridValues(axis: Axis): AxisValue[] {
  if ('values' in axis) return [...new Set(axis.values)];
  const points = axis.points ?? 5;
  return [
    ...new Set(Array.from({ length: points }, (_, k) => at(axis, points > 1 ? k / (points - 1) : 0.5))),
  ];
}

/** @throws StudioError `recipe-invalid` naming the axis */
export function checkAxes(axes: readonly Axis[]): void {
  const seen = new Set<string>();
  if (axes.length === 0) throw new StudioError('recipe-invalid', { path: 'axes', message: 'there is none' });
  for (const axis of axes) {
    const fail = (message: string): never => {
      throw new StudioError('recipe-invalid', { path: axis.path, message });
    };
    if (seen.has(axis.path)) fail('it is an axis twice');
    seen.add(axis.path);
    if ('values' in axis) {
      if (axis.values.length === 0) fail('it has no values');
      continue;
    }
    const { min, max, scale, points = 5 } = axis;
    if (!Number.isFinite(min) || !Number.isFinite(max) || min >= max)
      fail(`${min} … ${max} is not a range from less to more`);
    if (scale === 'log' && min <= 0) fail('a logarithmic range begins above 0');
    if (!Number.isInteger(points) || points < 1) fail(`${points} is not a number of points`);
  }
}

/**
 * The points of a plan, each once, in the order in which they are tried. Fewer than asked for where the axes have no more.
 * @throws StudioError `recipe-invalid`
 */
export function pointsOf({
  axes,
  kind,
  trials,
  seed,
}: Pick<SweepPlan, 'axes' | 'kind' | 'trials' | 'seed'>): Point[] {
  checkAxes(axes);
  const grid = axes.reduce((product, axis) => product * gridValues(axis).length, 1);
  const wanted = kind === 'grid' ? grid : trials;
  if (!Number.isInteger(wanted) || wanted < 1 || wanted > mostPoints)
    throw new StudioError('recipe-invalid', {
      path: 'trials',
      message: `${wanted} is not a number from 1 to ${mostPoints}`,
    });
  if (kind === 'grid')
    return axes.reduce<Point[]>(
      (points, axis) =>
        points.flatMap((point) => gridValues(axis).map((value) => ({ ...point, [axis.path]: value }))),
      [{}],
    );
  const stream = random(seed, 'sweep');
  const found = new Map<string, Point>();
  // Where all values are listed the same point comes again and again.
  for (let tries = 0; found.size < trials && tries < 50 * trials; tries++) {
    const point = Object.fromEntries(
      axes.map((axis) => [
        axis.path,
        'values' in axis ? stream.pick(axis.values) : at(axis, stream.uniform()),
      ]),
    );
    found.set(JSON.stringify(point), point);
  }
  return [...found.values()];
}
