/** What a recipe would be, before anything is compiled on a device: mistakes, parameters, memory, work, and the model drawn from its graph. */
import { alters } from '../core/augment.ts';
import { asStudioError, type ErrorCode, type ErrorParams } from '../core/errors.ts';
import type { ParameterSize } from '../core/parts.ts';
import { parseRecipe, type Recipe } from '../core/recipe.ts';
import { recipeAt } from '../core/stages.ts';
import { activationBytes, compile, type Program } from '../engine/compile/compile.ts';
import { type ModelShape, trainingGraph } from '../models/build.ts';
import { type Diagram, diagramOf } from '../models/diagram.ts';
import { objectives } from '../models/registry.ts';
import { type DataFacts, expectedShape } from './expected.ts';
import { pictureBytes, planPictures } from './feed.ts';
import { type FrozenTower, frozenTowers, heldOf } from './heldTowers.ts';
import { sizesOf } from './parameters.ts';
import { Rate } from './rate.ts';
import { setUp } from './setup.ts';

export interface Examination {
  /** Where the recipe is wrong; empty when it can be trained. */
  problems: { path: string; code: ErrorCode; params: ErrorParams }[];
  warnings: {
    code: 'memory-high' | 'memory-exceeds' | 'captions-cut' | 'batch-large' | 'cached-idle';
    params: ErrorParams;
  }[];
  parameters: number;
  /** Of the recipe without its stages, in order. */
  sizes: ParameterSize[];
  /** Bytes on the device during training: weights and gradients, moments, activations, pictures as bytes; `total` is their sum. */
  memory: { weights: number; optimizer: number; activations: number; data: number; total: number };
  /** Matmul operations of a step, forward and backward. */
  flopsPerStep: number;
  dispatchesPerStep: number;
  /** Encoders that the recipe freezes as a whole, without its stages. */
  towers: FrozenTower[];
  diagram: Diagram;
}

/** Modalities that the recipe has an encoder for, or an objective needs, and no sample has. */
function lacking(recipe: Recipe, { having }: DataFacts): Examination['problems'] {
  if (!having) return [];
  const problem = (path: string, modality: string, remove: string) => ({
    path,
    code: 'recipe-invalid' as const,
    params: { path, message: `the data has no ${modality}; remove this ${remove}` },
  });
  return [
    ...Object.keys(recipe.encoders).flatMap((modality) =>
      having.includes(modality) ? [] : [problem(`encoders.${modality}`, modality, 'encoder')],
    ),
    ...recipe.objectives.flatMap(({ type }, index) => {
      const needed = objectives.find((one) => one.type === type)?.needs.data ?? [];
      const absent = needed.find((modality) => !having.includes(modality));
      return absent ? [problem(`objectives.${index}`, absent, 'objective')] : [];
    }),
  ];
}

const nothing: Omit<Examination, 'problems'> = {
  warnings: [],
  parameters: 0,
  sizes: [],
  memory: { weights: 0, optimizer: 0, activations: 0, data: 0, total: 0 },
  flopsPerStep: 0,
  dispatchesPerStep: 0,
  towers: [],
  diagram: { blocks: [], edges: [] },
};

/** Dispatches after the gradients of each micro-batch: parts become sums. And once a step: clip factor, update, norms. */
const microDispatches = 1;
const stepDispatches = 3;

/** Bytes of the vectors that a step keeps of all its micro-batches (models/across.ts). */
function keptBytes({ inputs }: Program): number {
  let bytes = 0;
  for (const [name, place] of inputs)
    if (place.buffer === 'resident' && name.startsWith('cached.')) bytes += place.bytes;
  return bytes;
}

/** Stages that cannot be trained. */
function stageProblems(recipe: Recipe, shape: ModelShape): Examination['problems'] {
  const stages = recipe.training.stages ?? [];
  return stages.flatMap(({ from }, index) => {
    try {
      new Rate(recipe, from);
      setUp(recipeAt(recipe, from), shape);
      return [];
    } catch (error) {
      const { code, params } = asStudioError(error);
      return [{ path: `training.stages.${index}`, code, params }];
    }
  });
}

/** What altering pictures takes besides (engine/ops/alterPictures.ts); it is not in the graph that is looked at. */
function altering({ data: { augment } }: Recipe, { batch, imageSize }: ModelShape) {
  const kernels = alters(augment) ? 1 + ((augment.blur ?? 0) > 0 ? 1 : 0) : 0;
  return { kernels, bytes: kernels * batch * imageSize * imageSize * 12 };
}

/** Never throws for a mistake in the recipe. */
export function examine(
  input: Recipe,
  adapter: { software: boolean; maxBuffer: number },
  facts?: DataFacts,
): Examination {
  try {
    const recipe = parseRecipe(input);
    const problems = facts ? lacking(recipe, facts) : [];
    if (problems.length > 0) return { ...nothing, problems };
    const shape = expectedShape(recipe, facts);
    // Which pictures stay on the device needs the data's size; an estimate is for executors with whole integers.
    const pictures =
      facts && recipe.encoders['image']
        ? planPictures(
            { pictures: facts.trainPictures, size: shape.imageSize, batch: shape.batch },
            { ...adapter, wholeIntegers: true },
          )
        : undefined;
    // How many captions are for training is not known before the data is prepared; one a sample at least.
    const encodings = { samples: facts?.trainPictures ?? 0, pairs: facts?.trainPictures ?? 0 };
    const towers = frozenTowers(recipe, shape, encodings);
    const held = facts ? heldOf(towers) : [];
    const { model, layout, rule, specification } = setUp(recipe, { ...shape, pictures, held });
    // Planned without a limit, so that the estimate can say by how much it would not fit.
    const options = { layout, software: adapter.software, maxBuffer: Number.MAX_SAFE_INTEGER };
    const program = compile(model.graph, new Map([...model.scalars, ...model.probes]), {
      ...options,
      gradients: model.gradients,
    });
    const { look: first } = specification;
    const look = first && compile(first.graph, first.outputs, options);
    const { accumulate = 1, cached } = recipe.training;
    // Gradients of micro-batches add up in a buffer of their own.
    const weights = layout.total * (accumulate > 1 ? 12 : 8);
    const optimizer = layout.total * 4 * rule.moments;
    const altered = pictures ? altering(recipe, shape) : { kernels: 0, bytes: 0 };
    const activations = activationBytes(program) + keptBytes(program) + altered.bytes;
    const data = pictures && model.graph.inputs.has('pixels') ? pictureBytes(pictures, shape.imageSize) : 0;
    const total = weights + optimizer + activations + data;
    const warnings: Examination['warnings'] = [];
    const largest = Math.max(
      layout.total * 4,
      ...program.kernels.flatMap(({ places }) => places.map((place) => place.bytes)),
    );
    if (largest > adapter.maxBuffer)
      warnings.push({ code: 'memory-exceeds', params: { needed: largest, limit: adapter.maxBuffer } });
    else if (total > 4 * 2 ** 30) warnings.push({ code: 'memory-high', params: { needed: total } });
    if (facts && recipe.training.batch > facts.trainPictures)
      warnings.push({
        code: 'batch-large',
        params: { batch: recipe.training.batch, pictures: facts.trainPictures },
      });
    if (cached && !look) warnings.push({ code: 'cached-idle', params: {} });
    const kernels = program.kernels.length + altered.kernels + microDispatches + (look?.kernels.length ?? 0);
    return {
      problems: stageProblems(recipe, shape),
      warnings,
      parameters: model.graph.parameterCount(),
      sizes: sizesOf(layout),
      memory: { weights, optimizer, activations, data, total },
      flopsPerStep: 2 * (program.multiplyAdds + (look?.multiplyAdds ?? 0)) * accumulate,
      dispatchesPerStep: kernels * accumulate + stepDispatches,
      // How pictures come to the device, and what is seen of other micro-batches, is no part of the model.
      diagram: diagramOf(recipe, pictures || look || held.length > 0 ? trainingGraph(recipe, shape) : model),
      towers: facts ? towers : [],
    };
  } catch (error) {
    const { code, params } = asStudioError(error);
    return { ...nothing, problems: [{ path: String(params['path'] ?? 'recipe'), code, params }] };
  }
}
