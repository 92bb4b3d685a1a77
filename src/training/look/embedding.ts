/**
 * Vectors of some samples as the model sees them: of each modality by its tower, or the joint vectors that a fusion makes of them. With their principal components
 * and what is measured of where they lie.
 */
import { effectiveRank } from '../../evaluation/effectiveRank.ts';
import { alignment, modalityGap, uniformity } from '../../evaluation/hypersphere.ts';
import { principalComponents } from '../../evaluation/pca.ts';
import { sampleLosses } from '../difficulty.ts';
import type { Model } from '../model.ts';
import { pairOf, type SuspiciousPair } from '../suspicious.ts';
import { comparedModalities } from '../validate.ts';
import { evenly } from './evenly.ts';
import type { Subject } from './look.ts';
import { fused, towersOf, type Vectors, vectorsIn } from './vectors.ts';

export interface EmbeddingQuestion {
  split: 'train' | 'validation' | 'test' | 'all';
  /** Samples, at most; taken evenly from the split. */
  limit: number;
  /** `auto`: towers where modalities are compared, else the joint vector where there is one. */
  of: 'auto' | 'towers' | 'joint';
  /** Whether what each sample loses is measured too, which takes longer than the vectors. */
  losses?: boolean;
}

/** `figure` is its loss, NaN where it was not asked for or no objective says anything of it. */
type EmbeddedSample = SuspiciousPair;

export interface Embedding {
  width: number;
  /** Whose vectors: modalities, or `fused`. */
  kinds: string[];
  /** Of each point: its place in `kinds` and in `samples`. */
  kind: Uint8Array;
  sample: Int32Array;
  /** Points × width, unit length. */
  vectors: Float32Array;
  samples: EmbeddedSample[];
  /** Whether the data has pictures. */
  pictured: boolean;
  /** Points × 2 along the first two principal components, and the share of the variance along each. */
  components: Float32Array;
  explained: number[];
  /** By kind. */
  rank: number[];
  uniformity: number[];
  /** Of the first two kinds, over samples that have both. */
  gap?: number;
  alignment?: number;
}

/** Vectors of which the effective rank is taken: it grows with their number until there are many more than dimensions. */
export const rankRows = 256;
/** Uniformity is over all pairs of these. */
const spreadRows = 512;

/** @throws StudioError `data-empty` where the split has no samples */
export async function look({ model }: Subject, asked: EmbeddingQuestion): Promise<Embedding | undefined> {
  const pairs = evenly(model, asked.split, asked.limit);
  const found = await vectorsOf(model, pairs, asked.of);
  if (found.length === 0) return undefined;
  const losses = asked.losses ? await sampleLosses(model, pairs, 0) : undefined;
  const width = found[0].width;
  const count = found.reduce((sum, { rows }) => sum + rows.length, 0);
  const kind = new Uint8Array(count);
  const sample = new Int32Array(count);
  const vectors = new Float32Array(count * width);
  let at = 0;
  for (const [index, own] of found.entries()) {
    kind.fill(index, at, at + own.rows.length);
    sample.set(own.rows, at);
    vectors.set(own.vectors, at * width);
    at += own.rows.length;
  }
  const { points, explained } = principalComponents(vectors, count, width);
  const first = (own: Float32Array, rows: number) => own.subarray(0, rows * width);
  return {
    width,
    kinds: found.map(({ of }) => of),
    kind,
    sample,
    vectors,
    samples: Array.from(pairs, (pair, row) => ({
      ...pairOf(model.data, pair),
      figure: losses?.[row] ?? Number.NaN,
    })),
    pictured: model.data.pixels.length > 0,
    components: Float32Array.from(points),
    explained,
    rank: found.map(({ vectors: own, rows }) => effectiveRank(own, Math.min(rankRows, rows.length), width)),
    uniformity: found.map(({ vectors: own }) => uniformity(first(own, spreadRows), width)),
    ...between(found, width),
  };
}

interface Kind extends Vectors {
  of: string;
}

async function vectorsOf(model: Model, pairs: Int32Array, of: EmbeddingQuestion['of']): Promise<Kind[]> {
  const towers = towersOf(model);
  const compared = comparedModalities(model.recipe) !== undefined && towers.length > 0;
  if (of === 'joint' || (of === 'auto' && !compared)) {
    const joint = await vectorsIn(model, pairs, fused);
    if (joint) return [{ of: fused, ...joint }];
    if (of === 'joint') return [];
  }
  const kinds: Kind[] = [];
  for (const modality of towers) {
    const own = await vectorsIn(model, pairs, modality);
    if (own) kinds.push({ of: modality, ...own });
  }
  return kinds;
}

function between(kinds: readonly Kind[], width: number): Pick<Embedding, 'gap' | 'alignment'> {
  const [a, b] = kinds;
  if (!b) return {};
  const both = a.rows.filter((row) => b.rows.includes(row));
  if (both.length === 0) return {};
  const of = ({ rows, vectors }: Kind) => {
    const result = new Float32Array(both.length * width);
    for (const [place, row] of both.entries()) {
      const from = rows.indexOf(row) * width;
      result.set(vectors.subarray(from, from + width), place * width);
    }
    return result;
  };
  const [x, y] = [of(a), of(b)];
  return { gap: modalityGap(x, y, width), alignment: alignment(x, y, width) };
}
