/** The frozen weights of earlier runs that a recipe distils from (models/objectives/distillation.ts). */
import { StudioError } from '../core/errors.ts';
import type { Teacher } from '../core/fields.ts';
import { parseRecipe, type Recipe } from '../core/recipe.ts';
import type { ModelFacts } from '../data/facts.ts';
import type { ParameterLayout } from '../engine/compile/layout.ts';
import { teacherPrefix } from '../models/build.ts';
import { termNames } from '../models/terms.ts';
import { layoutOf, parametersOf } from './parameters.ts';
import type { RunStore } from './runStore.ts';

export interface LoadedTeachers {
  /** Of the first of them. */
  name: string;
  /** The data is read as the first of them read it: its tokenizer and its standardization. */
  tokenizer: unknown;
  facts: ModelFacts;
  /** Writes their weights among the student's. @throws StudioError `recipe-invalid` where a shape differs */
  fill(flat: Float32Array, layout: ParameterLayout): void;
}

/** @throws StudioError `run-missing`, `recipe-invalid` */
export async function loadTeachers(recipe: Recipe, runs: RunStore): Promise<LoadedTeachers | undefined> {
  const names = termNames(recipe);
  const parts: { prefix: string; path: string; layout: ParameterLayout; flat: Float32Array }[] = [];
  let first: Pick<LoadedTeachers, 'name' | 'tokenizer' | 'facts'> | undefined;
  for (const [index, part] of recipe.objectives.entries()) {
    const teacher = part['teacher'] as Teacher | undefined;
    if (!teacher) continue;
    const run = await runs.get(teacher.run);
    if (!run.facts)
      throw new StudioError('recipe-invalid', {
        path: `objectives.${index}.teacher`,
        message: `“${run.name}” was trained by an older version and cannot teach`,
      });
    const layout = layoutOf(parseRecipe(teacher.recipe), run.facts);
    const flat = parametersOf(await runs.checkpoint(run.id, teacher.step), layout);
    const path = `objectives.${index}.teacher`;
    parts.push({ prefix: teacherPrefix(names[index]), path, layout, flat });
    first ??= { name: run.name, tokenizer: await runs.tokenizer(run.id), facts: run.facts };
  }
  if (!first) return undefined;
  return {
    ...first,
    fill(target, own) {
      for (const { prefix, path, layout, flat } of parts)
        for (const { name, offset, size } of layout.entries) {
          const place = own.byName.get(`${prefix}.${name}`);
          if (!place) continue;
          if (place.size !== size)
            throw new StudioError('recipe-invalid', {
              path,
              message: `“${name}” of the teacher has ${size} numbers, this data asks for ${place.size}; the teacher was trained on other data`,
            });
          target.set(flat.subarray(offset, offset + size), place.offset);
        }
    },
  };
}
