/** Attention of one sample in every tower that attends. */
import { evaluationBatch } from '../../data/batches.ts';
import type { PreparedData } from '../../data/prepared.ts';
import type { Runner } from '../../engine/executor.ts';
import { towerGraph } from '../../models/build.ts';
import { encoderOf } from '../../models/encoders/chosen.ts';
import { graphInputs } from '../feed.ts';
import type { Model } from '../model.ts';
import { modelShape } from '../shape.ts';
import { namesOfTokens } from '../tokens.ts';
import { hasModality } from '../validate.ts';
import { Kept } from './kept.ts';
import { type PinnedSample, pairOf, type Subject } from './look.ts';

/** Attention of one sample: per modality `layers × heads × tokens × tokens`; rows are queries and sum to 1. */
export interface AttentionMaps {
  modality: string;
  layers: number;
  heads: number;
  tokens: number;
  values: Float32Array;
  /** Name of each token (training/tokens.ts). */
  labels: string[];
  /** Patches per side, for pictures, and tokens that lead them. */
  grid?: number;
  leading?: number;
  /** Seconds from one token to the next, for sound. */
  pace?: number;
  /** What the encoder hears of it, frames × bins, standardized. */
  spectrum?: { bins: number; values: Float32Array };
}

interface Tower {
  runner: Runner;
  outputs: string[];
}

const towers = new Kept<Tower>(({ runner }) => runner.destroy(), 16);

const towerOf = (model: Model, modality: string): Promise<Tower> =>
  towers.get(model, modality, async () => {
    const { executor, recipe, data, weights } = model;
    const shape = { ...modelShape(recipe, data), batch: 1 };
    const { graph, outputs } = towerGraph(recipe, modality, shape, true);
    return { runner: await executor.runner(graph, outputs, weights), outputs: [...outputs.keys()] };
  });

/** @throws StudioError `file-missing` */
export async function look({ model }: Subject, pinned: PinnedSample): Promise<AttentionMaps[]> {
  const { data, recipe } = model;
  const pair = pairOf(data.pairs, pinned);
  const inputs = graphInputs(evaluationBatch(data, Int32Array.of(pair), 1));
  const maps: AttentionMaps[] = [];
  for (const modality of Object.keys(recipe.encoders)) {
    const { runner, outputs } = await towerOf(model, modality);
    const layers = outputs.filter((name) => name.startsWith('attention.'));
    if (layers.length === 0 || !hasModality(data, modality, pair)) continue;
    const results = await runner.run(inputs);
    const heads = Number(encoderOf(recipe, modality).fields['heads']);
    const stored = Math.sqrt(results[layers[0]].length / heads);
    const named = namesOfTokens(recipe, data, pair, modality, stored);
    const count = named.labels.length;
    const values = new Float32Array(layers.length * heads * count * count);
    let at = 0;
    for (const layer of layers)
      for (let head = 0; head < heads; head++)
        for (let query = 0; query < count; query++) {
          const start = (head * stored + query) * stored;
          values.set(results[layer].subarray(start, start + count), at);
          at += count;
        }
    maps.push({
      modality,
      layers: layers.length,
      heads,
      tokens: count,
      values,
      ...named,
      ...(modality === 'audio' && spectrumOf(data, data.pairs.sample[pair])),
    });
  }
  return maps;
}

/** The frames of a sample's sound that count. */
function spectrumOf({ sound }: PreparedData, sample: number): Pick<AttentionMaps, 'spectrum'> {
  if (!sound) return {};
  const { frames, bins, values, lengths } = sound;
  const from = sample * frames * bins;
  return { spectrum: { bins, values: values.slice(from, from + lengths[sample] * bins) } };
}
