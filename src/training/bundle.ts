/** A run as the zip that people take away, and back. */
import type { Recipe } from '../core/recipe.ts';
import { factsOf, type ModelFacts } from '../data/facts.ts';
import type { PreparedData } from '../data/prepared.ts';
import { loadTokenizer } from '../data/text/tokenizer.ts';
import { layoutParameters, type ParameterLayout } from '../engine/compile/layout.ts';
import { type ModelBundle, writeBundle } from '../interchange/bundle.ts';
import { readSafetensors, writeSafetensors } from '../interchange/safetensors.ts';
import { toFloat32 } from '../interchange/tensorTypes.ts';
import { trainingGraph } from '../models/build.ts';
import { flatten, namedTensors } from './checkpoint.ts';
import type { RunSummary } from './run.ts';
import { shapeOf } from './shape.ts';

/** Input pictures of the exported model: how they were made square, and their statistics. */
export type Preprocessing = ModelBundle['preprocessing'];

export const preprocessingOf = (data: PreparedData): Preprocessing => ({
  size: data.size,
  mean: data.mean,
  deviation: data.deviation,
  fit: data.fit,
  background: data.background,
});

/** @param parameters the flat buffer */
export function packModel(
  run: RunSummary,
  data: PreparedData,
  layout: ParameterLayout,
  parameters: Float32Array,
): Uint8Array {
  return writeBundle({
    recipe: run.recipe,
    tokenizerJson: data.tokenizer.toJSON(),
    weights: namedTensors(layout, parameters),
    preprocessing: preprocessingOf(data),
    facts: factsOf(data),
    metrics: Object.fromEntries(
      Object.entries(run.last).filter(([name]) => /^(loss|val\.|temperature)/.test(name)),
    ),
    datasetName: run.datasetName,
    fingerprint: run.fingerprint,
    step: run.step,
  });
}

/** The layout of a recipe's model on data of these facts. */
export const layoutOf = (recipe: Recipe, facts: ModelFacts): ParameterLayout =>
  layoutParameters(trainingGraph(recipe, shapeOf(recipe, facts, [], 2)).graph);

/** What a bundle knows of its data; older ones say it by their preprocessing alone. */
export function bundleFacts({ facts, preprocessing, tokenizerJson }: ModelBundle): ModelFacts {
  if (facts) return facts;
  const {
    vocabularySize: vocabulary,
    padId: pad,
    startId: start,
    endId: end,
    maskId: mask = -1,
  } = loadTokenizer(tokenizerJson);
  const { size, mean, deviation } = preprocessing;
  return {
    vocabulary,
    marks: { pad, start, end, mask },
    size,
    picture: { mean: [...mean], deviation: [...deviation] },
  };
}

/** A bundle's weights as a checkpoint without moments: training can go on from it with fresh ones. @throws StudioError `checkpoint-invalid` */
export function checkpointOf(bundle: ModelBundle, layout: ParameterLayout): Uint8Array {
  flatten(layout, bundle.weights);
  const tensors = new Map([...bundle.weights].map(([name, tensor]) => [`parameters/${name}`, tensor]));
  return writeSafetensors(tensors, { step: String(bundle.step), seconds: '0' });
}

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
