/**
 * From recipe to something that trains: the graph with its gradients, the update rule, the settings of each parameter and the groups
 * whose norms are reported. One group per block, so that a modality's norm is the root of its blocks' squares.
 */

import { StudioError } from '../core/errors.ts';
import { checkFields } from '../core/fields.ts';
import { blockOf } from '../core/parts.ts';
import type { Recipe } from '../core/recipe.ts';
import {
  layoutParameters,
  type NormGroup,
  normGroups,
  type ParameterLayout,
} from '../engine/compile/layout.ts';
import type { OptimizerRule, TrainerSettings, TrainerSpecification } from '../engine/executor.ts';
import { cachedIn } from '../models/across.ts';
import { type ModelShape, type TrainingGraph, trainingGraph } from '../models/build.ts';
import { lookGraph } from '../models/look.ts';
import { find } from '../models/registry.ts';
import { branchOf } from './branches.ts';
import { groupsOf } from './groups.ts';
import type { FrozenTower } from './heldTowers.ts';
import { optimizers } from './optimizers/index.ts';

export interface Setup {
  model: TrainingGraph;
  layout: ParameterLayout;
  rule: OptimizerRule;
  norms: NormGroup[];
  specification: TrainerSpecification;
  /** Encoders that are frozen as a whole, and whether their features are kept; absent where that was not asked. */
  towers?: readonly FrozenTower[];
}

/** The optimizer of a recipe with its fields checked. @throws StudioError `recipe-invalid` */
function optimizerOf({ training: { optimizer } }: Recipe) {
  const path = 'training.optimizer';
  const definition = find(optimizers, optimizer.type, path);
  return { definition, fields: checkFields(definition.fields, optimizer, path) };
}

/** What may change while a trainer runs. @throws StudioError `recipe-invalid` */
export function settingsOf(recipe: Recipe, layout: ParameterLayout): TrainerSettings {
  const { average = 0, clip } = recipe.training;
  return {
    groupOf: groupsOf(recipe, layout, optimizerOf(recipe).fields['weightDecay'] as number),
    clip,
    ...(average > 0 && { averageDecay: average }),
  };
}

/**
 * With cached embeddings every micro-batch runs the whole graph: contrast with the others' rows says something even of one that lacks a modality.
 * @param branches sets of modalities that whole batches may lack (training/branches.ts, training/alike.ts), and how many rows these then have
 * @throws StudioError `recipe-invalid`, `shape-mismatch`
 */
export function setUp(
  recipe: Recipe,
  given: ModelShape,
  branches: readonly { absent: readonly string[]; rows?: number }[] = [],
): Setup {
  const shape = { ...given, cached: cachedIn(recipe) };
  if (shape.cached && recipe.training.sampling?.alike)
    throw new StudioError('recipe-invalid', {
      path: 'training.sampling.alike',
      message: 'batches of samples that are alike differ in size, and cached embeddings need equal ones',
    });
  const model = trainingGraph(recipe, shape);
  const layout = layoutParameters(model.graph);
  const { definition, fields } = optimizerOf(recipe);
  const rule = definition.rule(fields);
  const norms = normGroups(layout, blockOf);
  const graphs = new Map(
    (shape.cached ? [] : branches).flatMap(({ absent, rows = shape.batch }) => {
      if (absent.length === 0) return [];
      const own = { ...shape, batch: rows, absent: [...absent] };
      const { graph, scalars, probes, gradients, terms } = trainingGraph(recipe, own);
      return terms.size ? [[branchOf(absent), { graph, scalars, outputs: probes, gradients }] as const] : [];
    }),
  );
  return {
    model,
    layout,
    rule,
    norms,
    specification: {
      graph: model.graph,
      scalars: model.scalars,
      outputs: model.probes,
      gradients: model.gradients,
      optimizer: rule,
      ...settingsOf(recipe, layout),
      precision: recipe.training.precision,
      norms,
      accumulate: recipe.training.accumulate,
      ...(graphs.size > 0 && { branches: graphs }),
      ...(shape.cached && { look: lookGraph(recipe, shape) }),
    },
  };
}
