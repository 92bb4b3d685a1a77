/**
 * The training samples that a model sees most like a sample: the largest cosines among all of them, exactly, in the space of its joint vector or of one
 * tower. What a prediction rests on, told by examples (Papernot & McDaniel 2018, arXiv 1803.04765). The vectors are kept with the model.
 */
import { StudioError } from '../core/errors.ts';
import type { OnProgress } from '../core/progress.ts';
import { Kept } from './look/kept.ts';
import { type PinnedSample, pairOf } from './look/look.ts';
import { fused, hasJoint, towersOf, vectorsIn } from './look/vectors.ts';
import type { Model } from './model.ts';
import { type SuspiciousPair, pairOf as toldOf } from './suspicious.ts';
import { hasModality } from './validate.ts';

export interface NearestQuestion extends PinnedSample {
  /** `fused` or a modality; the first that the sample has where it has not this one. */
  space?: string;
  /** Samples, at most. */
  limit: number;
}

export interface Nearest {
  /** The space that was looked in, and those there are for this sample, the joint one first. */
  space: string;
  spaces: string[];
  /** Training samples that have a vector there, the sample itself not counted. */
  measured: number;
  /** Whether the data has pictures. */
  pictured: boolean;
  /** `figure` is the cosine; the highest first, each sample once with its nearest caption. */
  samples: SuspiciousPair[];
}

interface Index {
  pairs: Int32Array;
  vectors: Float32Array;
  width: number;
}

/** Pairs between two looks at whether it was cancelled. */
const together = 256;

const indexes = new Kept<Index>(() => undefined, 2);
const spaces = new Kept<string[]>(() => undefined);

/** @throws StudioError `cancelled`, `file-missing`, `data-empty` where no training sample has a vector */
export async function nearest(
  model: Model,
  { space: wanted, limit, ...pinned }: NearestQuestion,
  tools: { signal?: AbortSignal; onProgress?: OnProgress } = {},
): Promise<Nearest> {
  const { data } = model;
  const pair = pairOf(data.pairs, pinned);
  const all = await spaces.get(model, '', async () => [
    ...(hasJoint(model) ? [fused] : []),
    ...towersOf(model),
  ]);
  const own = all.filter((space) => space === fused || hasModality(data, space, pair));
  const space = own.find((one) => one === wanted) ?? own[0];
  const query = space && (await vectorsIn(model, Int32Array.of(pair), space));
  if (!space || !query)
    throw new StudioError('data-empty', { message: 'The model has no vector of this sample.' });
  const { pairs, vectors, width } = await indexes.get(model, space, () => indexOf(model, space, tools));
  const best = new Map<number, { pair: number; cosine: number }>();
  for (const [row, other] of pairs.entries()) {
    const sample = data.pairs.sample[other];
    if (sample === pinned.image) continue;
    let cosine = 0;
    for (let i = 0; i < width; i++) cosine += query.vectors[i] * vectors[row * width + i];
    const known = best.get(sample);
    if (!known || cosine > known.cosine) best.set(sample, { pair: other, cosine });
  }
  const ranked = [...best.values()].sort((a, b) => b.cosine - a.cosine).slice(0, limit);
  return {
    space,
    spaces: own,
    measured: best.size,
    pictured: data.pixels.length > 0,
    samples: ranked.map((one) => ({ ...toldOf(data, one.pair), figure: one.cosine })),
  };
}

/** Vectors of all training pairs; where captions do not matter, of one pair a sample. */
async function indexOf(
  model: Model,
  space: string,
  { signal, onProgress }: { signal?: AbortSignal; onProgress?: OnProgress },
): Promise<Index> {
  const { data } = model;
  const seen = new Set<number>();
  const asked = model.pairs('train').filter((pair) => {
    if (space !== fused && !hasModality(data, space, pair)) return false;
    if (space === fused || space === 'text') return true;
    const sample = data.pairs.sample[pair];
    return !seen.has(sample) && seen.add(sample);
  });
  let result: Index | undefined;
  for (let from = 0; from < asked.length; from += together) {
    if (signal?.aborted) throw new StudioError('cancelled', { what: model.recipe.name });
    const part = await vectorsIn(model, asked.slice(from, from + together), space);
    if (!part) break;
    result ??= { pairs: asked, width: part.width, vectors: new Float32Array(asked.length * part.width) };
    result.vectors.set(part.vectors, from * part.width);
    const done = Math.min(asked.length, from + together);
    onProgress?.({ phase: 'measure', done, total: asked.length });
  }
  if (!result)
    throw new StudioError('data-empty', { message: 'No training sample has a vector of this kind.' });
  return result;
}
