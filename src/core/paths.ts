/** Places in a JSON document: `training.optimizer.rate`, `objectives.0.weight`. A number in a path is an index where it meets an array. */

export type Path = readonly string[];

type Node = Record<string, unknown>;

export const isObject = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const pathOf = (text: string): string[] => text.split('.');

/** The value at a path; undefined where there is none. */
export function getIn(target: unknown, path: Path): unknown {
  let at = target;
  for (const key of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined;
    at = (at as Node)[key];
  }
  return at;
}

/** A copy of `target` with the value at `path` replaced, or taken away where it is undefined; parts on the way are made where absent. */
export function setIn<T>(target: T, path: readonly (string | number)[], value: unknown): T {
  if (path.length === 0) return value as T;
  const [key, ...rest] = path;
  const copy = (Array.isArray(target) ? [...target] : { ...target }) as Record<string | number, unknown>;
  if (rest.length === 0 && value === undefined && !Array.isArray(target)) delete copy[key];
  else copy[key] = setIn(copy[key], rest, value);
  return copy as T;
}
