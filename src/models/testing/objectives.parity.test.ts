/** Every objective as a whole model against an independent PyTorch implementation (torch/objectives.py): loss, every gradient, twenty AdamW steps. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { Recipe } from '../../core/recipe.ts';
import { trainingGraph } from '../build.ts';
import { objectives } from '../registry.ts';
import type { ModelShape } from '../shape.ts';
import { draw, type ParityCase, parityErrors } from './parity.ts';
import { smallRecipe, smallShape } from './recipes.ts';

type Parts = Pick<Recipe, 'encoders' | 'fusion' | 'objectives'>;

interface ObjectiveCase extends ParityCase {
  recipe: Parts;
  inputs: Record<string, number[]>;
  /** Modalities that some samples lack. */
  missing: string[];
  target?: ModelShape['target'];
  /** Of a distillation. */
  teacher?: Parts;
  weighting?: Recipe['training']['weighting'];
  balance?: Recipe['training']['balance'];
}

const cases: ObjectiveCase[] = JSON.parse(
  readFileSync(fileURLToPath(new URL('torch/objectives.json', import.meta.url)), 'utf8'),
);

function recipeOf({ recipe, teacher, weighting, balance }: ObjectiveCase): Recipe {
  const taught = teacher && {
    teacher: { run: 'earlier', name: 'earlier', step: 1, recipe: smallRecipe(teacher.objectives, teacher) },
  };
  return smallRecipe(
    recipe.objectives.map((part) => (part.type === 'distillation' ? { ...part, ...taught } : part)),
    { encoders: recipe.encoders, fusion: recipe.fusion, training: { weighting, balance } },
  );
}

test.each(cases)('$name', (expected) => {
  const { missing, target, inputs } = expected;
  const { graph, loss, scalars, gradients } = trainingGraph(recipeOf(expected), {
    ...smallShape,
    missing,
    target,
  });
  const outputs = Object.fromEntries(
    Object.keys(expected.outputs).map((name) => [name, scalars.get(name)!] as const),
  );
  const images = draw('images', 4 * 8 * 8 * 3, 1);
  const errors = parityErrors({ graph, loss, outputs, gradients, inputs: { images, ...inputs } }, expected);
  for (const [name, error] of Object.entries(errors)) expect(error, name).toBeLessThan(1e-7);
});

test('every objective has a case', () => {
  const covered = cases.flatMap(({ recipe }) => recipe.objectives.map(({ type }) => type));
  expect(new Set(covered)).toEqual(new Set(objectives.map(({ type }) => type)));
});
