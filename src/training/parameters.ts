/** Where a model's parameters lie, and those of a checkpoint. */
import type { ParameterSize } from '../core/parts.ts';
import type { Recipe } from '../core/recipe.ts';
import type { ModelFacts } from '../data/facts.ts';
import { layoutParameters, type ParameterLayout } from '../engine/compile/layout.ts';
import { readSafetensors } from '../interchange/safetensors.ts';
import { toFloat32 } from '../interchange/tensorTypes.ts';
import { trainingGraph } from '../models/build.ts';
import { flatten } from './checkpoint.ts';
import { shapeOf } from './shape.ts';

/** The layout of a recipe's model on data of these facts. */
export const layoutOf = (recipe: Recipe, facts: ModelFacts): ParameterLayout =>
  layoutParameters(trainingGraph(recipe, shapeOf(recipe, facts, [], 2)).graph);

/** Every parameter that learns or could, with its size; statistics are none. */
export const sizesOf = ({ entries }: ParameterLayout): ParameterSize[] =>
  entries
    .filter(({ follow }) => follow === undefined)
    .map(({ name, size, trainable }) => ({ name, size, trained: trainable }));

/** The flat parameters of a checkpoint file. */
export function parametersOf(checkpoint: Uint8Array, layout: ParameterLayout): Float32Array {
  const { tensors } = readSafetensors(checkpoint, 'checkpoint');
  const prefix = 'parameters/';
  return flatten(
    layout,
    new Map(
      [...tensors].flatMap(([name, tensor]) =>
        name.startsWith(prefix)
          ? [[name.slice(prefix.length), { shape: tensor.shape, values: toFloat32(tensor) }] as const]
          : [],
      ),
    ),
  );
}
