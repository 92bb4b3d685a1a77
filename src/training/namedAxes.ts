/**
 * Which axes of a model's parameters stand for a list of names: the rows of a head for its classes, the embeddings of a table's columns. Found by building the
 * model once more with one name added, so that no encoder or objective has to declare it.
 */
import type { Recipe } from '../core/recipe.ts';
import type { ModelFacts } from '../data/facts.ts';
import { layoutOf } from './parameters.ts';

export type NamedList = 'classes' | 'columns' | 'vocabulary';

/** The same facts with one name more; undefined where they have no such list. */
function grown(facts: ModelFacts, list: NamedList): ModelFacts | undefined {
  const { target, table, vocabulary } = facts;
  if (list === 'vocabulary') return { ...facts, vocabulary: vocabulary + 1 };
  if (list === 'classes')
    return target && target.kind !== 'number'
      ? { ...facts, target: { ...target, classes: [...target.classes, ''] } }
      : undefined;
  return table && { ...facts, table: { ...table, columns: [...table.columns, ''] } };
}

/**
 * By parameter whose shape depends on the list: the axis with one place for each name; −1 where the dependence is another one.
 * @throws StudioError `recipe-invalid`, `shape-mismatch`
 */
export function namedAxes(recipe: Recipe, facts: ModelFacts, list: NamedList): Map<string, number> {
  const more = grown(facts, list);
  const axes = new Map<string, number>();
  if (!more) return axes;
  const larger = layoutOf(recipe, more);
  for (const { name, tensor } of layoutOf(recipe, facts).entries) {
    const other = larger.byName.get(name)?.tensor.shape;
    if (!other || other.join() === tensor.shape.join()) continue;
    const differing = tensor.shape.flatMap((size, axis) => (other[axis] === size ? [] : [axis]));
    const [axis] = differing;
    const byOne = differing.length === 1 && other[axis] === tensor.shape[axis] + 1;
    axes.set(name, byOne && other.length === tensor.shape.length ? axis : -1);
  }
  return axes;
}
