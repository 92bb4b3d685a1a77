/**
 * From recipe to something that trains: the graph with its gradients, the update rule, the settings of each parameter and the groups
 * whose norms are reported. One group per block, so that a modality's norm is the root of its blocks' squares.
 */
import { checkFields, type FieldValues } from '../core/fields.ts';
import type { Recipe } from '../core/recipe.ts';
import {
  layoutParameters,
  type NormGroup,
  normGroups,
  type ParameterLayout,
} from '../engine/compile/layout.ts';
import type { OptimizerRule, TrainerSpecification } from '../engine/executor.ts';
import { cachedIn } from '../models/across.ts';
import { type ModelShape, type TrainingGraph, trainingGraph } from '../models/build.ts';
import { lookGraph } from '../models/look.ts';
import { find } from '../models/registry.ts';
import { blockOf } from './blocks.ts';
import { branchOf } from './branches.ts';
import { groupsOf } from './groups.ts';
import { optimizers } from './optimizers/index.ts';
import { type ScheduleDefinition, schedules } from './schedules/schedules.ts';

export interface Setup {
  model: TrainingGraph;
  layout: ParameterLayout;
  rule: OptimizerRule;
  norms: NormGroup[];
  specification: TrainerSpecification;
  /** Learning rate of a step, 1-based. */
  rateAt(step: number): number;
}

/**
 * With cached embeddings every micro-batch runs the whole graph: contrast with the others' rows says something even of one that lacks a modality.
 * @param absent sets of modalities that whole batches may lack (training/branches.ts)
 * @throws StudioError `recipe-invalid`, `shape-mismatch`
 */
export function setUp(recipe: Recipe, given: ModelShape, absent: readonly string[][] = []): Setup {
  const shape = { ...given, cached: cachedIn(recipe) };
  const model = trainingGraph(recipe, shape);
  const layout = layoutParameters(model.graph);
  const optimizer = find(optimizers, recipe.training.optimizer.type, 'training.optimizer');
  const optimizerFields = checkFields(optimizer.fields, recipe.training.optimizer, 'training.optimizer');
  const schedule: ScheduleDefinition = find(schedules, recipe.training.schedule.type, 'training.schedule');
  const scheduleFields: FieldValues = checkFields(
    schedule.fields,
    recipe.training.schedule,
    'training.schedule',
  );
  const rule = optimizer.rule(optimizerFields);
  const norms = normGroups(layout, blockOf);
  const groupOf = groupsOf(recipe, layout, optimizerFields['weightDecay'] as number);
  const branches = new Map(
    (shape.cached ? [] : absent).flatMap((names) => {
      const { graph, scalars, probes, gradients, terms } = trainingGraph(recipe, { ...shape, absent: names });
      return terms.size ? [[branchOf(names), { graph, scalars, outputs: probes, gradients }] as const] : [];
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
      groupOf,
      clip: recipe.training.clip,
      precision: recipe.training.precision,
      norms,
      accumulate: recipe.training.accumulate,
      ...(branches.size > 0 && { branches }),
      ...(shape.cached && { look: lookGraph(recipe, shape) }),
    },
    rateAt: (step) =>
      (optimizerFields['rate'] as number) * schedule.factor(step, recipe.training.steps, scheduleFields),
  };
}
