/** Search between pictures and captions by cosine similarity, and the CLIP score of every pair. */
import { resizeRgb } from '../data/image/resizeSquare.ts';
import type { PreparedData } from '../data/prepared.ts';
import type { Model } from './model.ts';

type Split = 'train' | 'validation' | 'test';

export interface SearchHit {
  image: number;
  file: string;
  captions: string[];
  split: Split;
  /** Cosine similarity, −1 … 1. */
  score: number;
}

export interface PairScore {
  image: number;
  caption: number;
  file: string;
  text: string;
  /** CLIP score: cosine of picture and caption. */
  score: number;
  /** Rank of the right picture for this caption, 1 = best. */
  rank: number;
}

/** A picture as RGB bytes, size × size × 3. */
export interface Pixels {
  pixels: Uint8Array;
  size: number;
}
export type Query = { text: string } | { image: number } | Pixels;

const dot = (a: Float32Array, at: number, b: Float32Array, to: number, width: number) => {
  let total = 0;
  for (let k = 0; k < width; k++) total += a[at + k] * b[to + k];
  return total;
};

/** First pair of each picture of `pairs`. */
function picturesOf(data: PreparedData, pairs: Int32Array): Map<number, number> {
  const first = new Map<number, number>();
  for (const pair of pairs) if (!first.has(data.pairs.sample[pair])) first.set(data.pairs.sample[pair], pair);
  return first;
}

/** Unit vector of a caption, of a picture of the data, or of one from outside. */
export async function queryVector(model: Model, query: Query): Promise<Float32Array> {
  const { data } = model;
  const embedder = await model.embed();
  if ('text' in query) {
    const ids = data.tokenizer.encode(query.text, data.textLength);
    const tokens = new Int32Array(data.textLength).fill(data.tokenizer.padId);
    tokens.set(ids);
    const keep = Float32Array.from(tokens, (_, index) => (index < ids.length ? 1 : 0));
    return embedder.one('text', { tokens, keep });
  }
  if ('image' in query)
    return embedder.pairs('image', Int32Array.of(picturesOf(data, model.pairs('all')).get(query.image)!));
  const bytes = query.size === data.size ? query.pixels : resizeRgb(query.pixels, query.size, data.size);
  const images = Float32Array.from(
    bytes,
    (value, index) => (value / 255 - data.mean[index % 3]) / data.deviation[index % 3],
  );
  return embedder.one('image', { images });
}

const hit = (data: PreparedData, image: number, score: number): SearchHit => ({
  image,
  file: data.files[image],
  captions: data.captions[image],
  split: data.splits[image],
  score,
});

/** Pictures nearest to a query, best first. */
export async function search(
  model: Model,
  query: Query,
  split: Split | 'all',
  limit: number,
): Promise<SearchHit[]> {
  const vector = await queryVector(model, query);
  const pictures = [...picturesOf(model.data, model.pairs(split))];
  const embedder = await model.embed();
  const images = await embedder.pairs(
    'image',
    Int32Array.from(pictures, ([, pair]) => pair),
  );
  return pictures
    .map(([image], index) => ({
      image,
      score: dot(vector, 0, images, index * embedder.width, embedder.width),
    }))
    .sort((a, b) => b.score - a.score)
    .slice(0, limit)
    .map(({ image, score }) => hit(model.data, image, score));
}

/** Captions nearest to a picture, best first; equal captions once. */
export async function describe(
  model: Model,
  query: { image: number } | Pixels,
  split: Split | 'all',
  limit: number,
): Promise<PairScore[]> {
  const vector = await queryVector(model, query);
  const pairs = model.pairs(split);
  const embedder = await model.embed();
  const texts = await embedder.pairs('text', pairs);
  const seen = new Set<number>();
  return [...pairs]
    .map((pair, index) => ({ pair, score: dot(vector, 0, texts, index * embedder.width, embedder.width) }))
    .sort((a, b) => b.score - a.score)
    .filter(
      ({ pair }) => !seen.has(model.data.pairs.textGroup[pair]) && seen.add(model.data.pairs.textGroup[pair]),
    )
    .slice(0, limit)
    .map(({ pair, score }, index) => ({ ...pairOf(model.data, pair), score, rank: index + 1 }));
}

function pairOf(data: PreparedData, pair: number) {
  const image = data.pairs.sample[pair];
  const caption = data.pairs.caption[pair];
  return { image, caption, file: data.files[image], text: data.captions[image][caption] ?? '' };
}

/** CLIP score per pair of a split, worst first, with the rank of the right picture among the split's. */
export async function pairScores(model: Model, split: Split, limit: number): Promise<PairScore[]> {
  const { data } = model;
  const pairs = model.pairs(split);
  const pictures = [...picturesOf(data, pairs)];
  const place = new Map(pictures.map(([image], index) => [image, index]));
  const embedder = await model.embed();
  const { width } = embedder;
  const images = await embedder.pairs(
    'image',
    Int32Array.from(pictures, ([, pair]) => pair),
  );
  const texts = await embedder.pairs('text', pairs);
  const scores = [...pairs].map((pair, row): PairScore => {
    const own = place.get(data.pairs.sample[pair])!;
    const score = dot(texts, row * width, images, own * width, width);
    let rank = 1;
    for (let index = 0; index < pictures.length; index++)
      if (index !== own && dot(texts, row * width, images, index * width, width) > score) rank++;
    return { ...pairOf(data, pair), score, rank };
  });
  return scores.sort((a, b) => a.score - b.score).slice(0, limit);
}
