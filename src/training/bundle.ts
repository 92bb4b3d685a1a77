/** A run as the zip that people take away, and back. */
import { factsOf, type ModelFacts } from '../data/facts.ts';
import type { PreparedData } from '../data/prepared.ts';
import { loadTokenizer } from '../data/text/tokenizer.ts';
import type { ParameterLayout } from '../engine/compile/layout.ts';
import { type ModelBundle, readBundle, writeBundle } from '../interchange/bundle.ts';
import { writeSafetensors } from '../interchange/safetensors.ts';
import { mergeAdapters } from './adapters.ts';
import { flatten } from './checkpoint.ts';
import type { RunSummary } from './run.ts';

export { readBundle };

/** Input pictures of the exported model: how they were made square, and their statistics. */
export type Preprocessing = ModelBundle['preprocessing'];

const preprocessingOf = (data: PreparedData): Preprocessing => ({
  size: data.size,
  mean: data.mean,
  deviation: data.deviation,
  fit: data.fit,
  background: data.background,
});

/** What a model must be told of its data: the tokenizer, how pictures are made ready, and the facts. */
interface Known {
  tokenizerJson: unknown;
  preprocessing: Preprocessing;
  facts: ModelFacts;
}

export const knownOf = (data: PreparedData): Known => ({
  tokenizerJson: data.tokenizer.toJSON(),
  preprocessing: preprocessingOf(data),
  facts: factsOf(data),
});

/** The same of a run that is kept, where its data may be gone. @param facts of the run */
export function keptKnown(run: RunSummary, facts: ModelFacts, tokenizerJson: unknown): Known {
  const { mean = [], deviation = [], fit = 'crop', background = '#ffffff' } = facts.picture ?? {};
  const three = (list: readonly number[], other: number): [number, number, number] => [
    list[0] ?? other,
    list[1] ?? other,
    list[2] ?? other,
  ];
  const size = facts.size || run.recipe.data.imageSize;
  const preprocessing = { size, mean: three(mean, 0.5), deviation: three(deviation, 0.5), fit, background };
  return { tokenizerJson, preprocessing, facts };
}

/** Adapters leave as part of the weights that they are for. @param parameters the flat buffer */
export function packModel(
  run: RunSummary,
  known: Known,
  layout: ParameterLayout,
  parameters: Float32Array,
): Uint8Array {
  return writeBundle({
    ...mergeAdapters(layout, parameters, run.recipe),
    ...known,
    metrics: Object.fromEntries(
      Object.entries(run.last).filter(([name]) => /^(loss|val\.|temperature)/.test(name)),
    ),
    datasetName: run.datasetName,
    fingerprint: run.fingerprint,
    step: run.step,
  });
}

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
