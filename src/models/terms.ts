/** The terms of the loss: what each is called, and how they add up: by weights, given or learned, and by what balances the modalities. */
import { StudioError } from '../core/errors.ts';
import { checkFields } from '../core/fields.ts';
import type { Recipe } from '../core/recipe.ts';
import type { Graph } from '../engine/graph/graph.ts';
import type { Tensor } from '../engine/graph/tensor.ts';
import { add, affine, exp, mul } from '../engine/ops/functions.ts';
import type { Balancing } from './balance/definition.ts';
import { balances } from './balance/index.ts';
import type { Model } from './build.ts';
import type { Built } from './definition.ts';
import { find } from './registry.ts';

/** A term of the loss: its objective's type, numbered where it occurs again. */
export function termNames(recipe: Recipe): string[] {
  const seen = new Map<string, number>();
  return recipe.objectives.map(({ type }) => {
    const count = (seen.get(type) ?? 0) + 1;
    seen.set(type, count);
    return count === 1 ? type : `${type}-${count}`;
  });
}

/** The terms of the loss: wᵢ·Lᵢ, or with learned weights exp(−sᵢ)·Lᵢ + sᵢ/2, s = log σ² (Kendall et al. 2018, arXiv 1705.07115). */
export function weighted(
  graph: Graph,
  recipe: Recipe,
  parts: { name: string; weight: number; built: Built }[],
  scalars: Map<string, Tensor>,
): Map<string, Tensor> {
  // As many as the recipe has, so that a batch that lacks a term weighs the others as every batch does.
  const learned = recipe.training.weighting === 'learned' && recipe.objectives.length > 1;
  const terms = new Map<string, Tensor>();
  for (const { name, weight, built } of parts) {
    let term = weight === 1 ? built.loss : affine(built.loss, weight);
    if (learned) {
      const s = graph.scope('weighting', () => graph.parameter(name, [], { kind: 'constant', value: 0 }));
      const factor = exp(affine(s, -1));
      scalars.set(`weight.${name}`, factor);
      term = add(mul(term, factor), affine(s, 0.5));
    }
    terms.set(name, term);
  }
  return terms;
}

/** Adds what balances the modalities to the terms (models/balance). @throws StudioError `recipe-invalid` where there is no class to predict */
export function balanced(model: Model, terms: Map<string, Tensor>, scalars: Map<string, Tensor>): Balancing {
  const { recipe, shape, graph } = model;
  const path = 'training.balance';
  const part = recipe.training.balance ?? { type: 'none' };
  const definition = find(balances, part.type, path);
  const fields = checkFields(definition.fields, part, path);
  if (definition.type === 'none') return {};
  if (shape.target?.kind !== 'class')
    throw new StudioError('recipe-invalid', {
      path,
      message: `${definition.type} needs data with a class to predict; this data has ${shape.target?.kind ?? 'none'}`,
    });
  const { modalities, encode, input } = model;
  const labels = input('target', [shape.batch], 'i32');
  const made = graph.at('balance', () =>
    definition.build({
      graph,
      fields,
      shape,
      modalities,
      all: Object.keys(recipe.encoders),
      encode,
      input,
      labels,
    }),
  );
  for (const [name, scalar] of Object.entries(made.scalars ?? {})) scalars.set(name, scalar);
  if (made.joint) for (const [name, term] of terms) terms.set(name, mul(term, made.joint));
  for (const [name, loss] of Object.entries(made.losses ?? {})) {
    scalars.set(`loss.${name}`, loss);
    terms.set(name, loss);
  }
  return made;
}
