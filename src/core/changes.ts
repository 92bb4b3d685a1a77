/**
 * What differs between two recipes, as a list that leads from the one to the other. A part of another type (fusion, encoder, optimizer) and a list of other
 * length or order are one change as a whole; everything else is told field by field.
 */
import { isObject, type Path, setIn } from './paths.ts';

export interface RecipeChange {
  path: string[];
  /** Absent where there was nothing. */
  from?: unknown;
  /** Absent where nothing is left. */
  to?: unknown;
}

/** What a list's element is told apart by: a term's type, a stage's step, a group's pattern. */
export const nameOf = (value: unknown): unknown =>
  isObject(value) ? (value['type'] ?? value['from'] ?? value['match']) : undefined;

const sameKind = (a: unknown, b: unknown) => isObject(a) && isObject(b) && nameOf(a) === nameOf(b);

/** Differences in the order of the fields; none where both say the same. Values are JSON. */
export function changesBetween(from: unknown, to: unknown, path: Path = []): RecipeChange[] {
  if (from === to) return [];
  const keys =
    isObject(from) && isObject(to) && (path.length === 0 || from['type'] === to['type'])
      ? [...new Set([...Object.keys(from), ...Object.keys(to)])]
      : Array.isArray(from) &&
          Array.isArray(to) &&
          from.length === to.length &&
          from.every((one, index) => sameKind(one, to[index]))
        ? [...from.keys()].map(String)
        : undefined;
  if (keys) {
    const [a, b] = [from as Record<string, unknown>, to as Record<string, unknown>];
    return keys.flatMap((key) => changesBetween(a[key], b[key], [...path, key]));
  }
  if (Array.isArray(from) && Array.isArray(to) && JSON.stringify(from) === JSON.stringify(to)) return [];
  return [{ path: [...path], ...(from !== undefined && { from }), ...(to !== undefined && { to }) }];
}

/** `changesBetween(a, b)` laid over `a` gives `b`. */
export const applyChanges = <T>(target: T, changes: readonly RecipeChange[]): T =>
  changes.reduce((now, { path, to }) => setIn(now, path, to), target);
