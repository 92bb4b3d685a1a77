/** Norms of each term's gradient, against the terms' gradients in float64; and these add up to the gradient of the loss. */
import { expect, test } from 'vitest';
import type { Recipe } from '../core/recipe.ts';
import { differentiate } from '../engine/compile/differentiate.ts';
import { interpret } from '../engine/graph/interpret.ts';
import { trainingGraph } from '../models/build.ts';
import { drawn } from '../models/testing/parity.ts';
import { smallFusions, smallRecipe, smallShape } from '../models/testing/recipes.ts';
import { termNormGraph } from './termNorms.ts';

const shape = { ...smallShape, target: { kind: 'class' as const, classes: 3 } };
const inputs = {
  tokens: [1, 7, 9, 4, 5, 2, 1, 8, 6, 2, 0, 0, 1, 7, 11, 10, 2, 0, 1, 5, 2, 0, 0, 0],
  keep: [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0],
  sampleGroups: [0, 1, 2, 3],
  textGroups: [0, 1, 2, 1],
  target: [2, -1, 0, 1],
  'mlm.maskedTokens': [1, 3, 9, 4, 3, 2, 1, 8, 10, 2, 0, 0, 1, 7, 11, 10, 2, 0, 1, 3, 2, 0, 0, 0],
  'mlm.maskedLabels': Array.from({ length: 24 }, (_, i) => ({ 1: 7, 4: 5, 8: 6, 15: 10, 19: 5 })[i] ?? -1),
};

const recipe = (weighting: Recipe['training']['weighting']) =>
  smallRecipe([{ type: 'infonce' }, { type: 'classification', weight: 0.5 }, { type: 'mlm' }], {
    fusion: smallFusions.late,
    training: { weighting },
  });

test.each(['fixed', 'learned'] as const)('three terms, %s weights', (weighting) => {
  const { graph, terms, gradients } = trainingGraph(recipe(weighting), shape);
  expect([...terms.keys()]).toEqual(['infonce', 'classification', 'mlm']);
  const values = drawn(graph, inputs);
  const read = (name: string) => values.get(name)!;
  const names = [...gradients.keys()];
  const whole = interpret(
    graph,
    names.map((name) => gradients.get(name)!),
    read,
  );
  const added = whole.map((gradient) => new Float64Array(gradient.length));
  const expected: Record<string, number> = {};
  for (const [term, tensor] of terms) {
    const found = differentiate(
      graph,
      [{ tensor }],
      names.map((name) => graph.parameters.get(name)!.tensor),
    );
    const own = names.flatMap((name, k) => {
      const gradient = found.get(graph.parameters.get(name)!.tensor);
      return gradient ? [{ name, k, gradient }] : [];
    });
    const numbers = interpret(
      graph,
      own.map(({ gradient }) => gradient),
      read,
    );
    for (const [place, { name, k }] of own.entries()) {
      const [first] = name.split('.');
      const part = ['image', 'text', 'fusion'].includes(first)
        ? first
        : first === 'weighting' || name.endsWith('logit_scale')
          ? 'other'
          : 'heads';
      for (const [i, value] of numbers[place].entries()) {
        added[k][i] += value;
        for (const key of [`grad.term/${term}`, `grad.term/${term}.${part}`])
          expected[key] = (expected[key] ?? 0) + value ** 2;
      }
    }
  }
  for (const [k, gradient] of whole.entries())
    for (const [i, value] of gradient.entries()) expect(added[k][i], names[k]).toBeCloseTo(value, 12);

  const norms = termNormGraph(recipe(weighting), shape);
  const results = interpret(norms.graph, [...norms.outputs.values()], read);
  expect([...norms.outputs.keys()].sort()).toEqual(Object.keys(expected).sort());
  for (const [place, name] of [...norms.outputs.keys()].entries())
    expect(results[place][0], name).toBeCloseTo(Math.sqrt(expected[name]), 10);
  // Words alone are hidden from nobody's pictures.
  expect(norms.outputs.has('grad.term/mlm.image')).toBe(false);
  expect(Math.sqrt(expected['grad.term/infonce.image'])).toBeGreaterThan(1e-3);
});
