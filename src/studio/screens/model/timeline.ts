/** Which parts of a model are trained when, by the stages of its recipe. */
import type { Part } from '../../../core/parts.ts';
import type { Recipe } from '../../../core/recipe.ts';
import { recipeAt, stagesOf } from '../../../core/stages.ts';
import { settingInForce } from '../../controls/partGroups.ts';

export interface Lane {
  part: string;
  /** Steps from which and to which it is trained. */
  spans: [number, number][];
}

/** Encoders by themselves leave out what joins them. */
const joins = ({ objectives }: Recipe) => objectives.some(({ type }) => type !== 'unimodal');

export function lanesOf(recipe: Recipe, parts: readonly Part[]): Lane[] {
  const { steps } = recipe.training;
  const begins = [...new Set([0, ...stagesOf(recipe).map(({ from }) => from)])].filter(
    (from) => from < steps,
  );
  const held = begins.map((from, index) => ({
    now: recipeAt(recipe, from),
    from,
    to: begins[index + 1] ?? steps,
  }));
  return parts
    .filter(({ of, id }) => !of && id !== 'other')
    .map(({ id }) => {
      const spans: [number, number][] = [];
      for (const { now, from, to } of held) {
        const { freeze, rate } = settingInForce(now.training.groups ?? [], { id });
        if (freeze || rate === 0 || (id === 'fusion' && !joins(now))) continue;
        const last = spans.at(-1);
        if (last?.[1] === from) last[1] = to;
        else spans.push([from, to]);
      }
      return { part: id, spans };
    });
}
