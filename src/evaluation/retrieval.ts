/**
 * Retrieval between pictures and captions: for every picture the rank of its best caption among all captions, for
 * every caption the rank of its picture among all pictures; recall at 1, 5, 10 and the median rank (Karpathy & Fei-Fei
 * 2015), their mean and mean reciprocal rank. Captions of the same picture never compete with
 * each other.
 *
 * A tie counts half: rank = 1 + better ones + equal ones / 2, the expected rank when ties are broken by chance. Where
 * ties cost nothing, a model that has collapsed to one point would score 100 %.
 */

export interface Embeddings {
  /** `images × width`, unit length where cosine is meant; plain dot products are compared. */
  images: Float32Array | Float64Array;
  /** `texts × width`. */
  texts: Float32Array | Float64Array;
  width: number;
  /** The picture of each text; every picture has at least one. */
  imageOfText: ArrayLike<number>;
}

export interface Recall {
  /** Fractions, 0 … 1. */
  r1: number;
  r5: number;
  r10: number;
  medianRank: number;
  meanRank: number;
  /** Mean of 1 / rank. */
  mrr: number;
  /** Rank per query, 1 = best. */
  ranks: Float64Array;
}

export function retrieval(embeddings: Embeddings): { imageToText: Recall; textToImage: Recall } {
  const { images, texts, width, imageOfText } = embeddings;
  const imageCount = images.length / width;
  const textCount = texts.length / width;
  const own = new Float64Array(textCount);
  const best = new Float64Array(imageCount).fill(Number.NEGATIVE_INFINITY);
  for (let text = 0; text < textCount; text++) {
    const image = imageOfText[text];
    own[text] = dot(images, image * width, texts, text * width, width);
    best[image] = Math.max(best[image], own[text]);
  }
  const imageRanks = new Float64Array(imageCount).fill(1);
  const textRanks = new Float64Array(textCount).fill(1);
  for (let image = 0; image < imageCount; image++) {
    for (let text = 0; text < textCount; text++) {
      if (imageOfText[text] === image) continue;
      const score = dot(images, image * width, texts, text * width, width);
      imageRanks[image] += penalty(score, best[image]);
      textRanks[text] += penalty(score, own[text]);
    }
  }
  return { imageToText: recallOf(imageRanks), textToImage: recallOf(textRanks) };
}

/** A wrong answer pushes the right one down by one place when it scores higher, by half when equal. NaN is worst. */
export function penalty(wrong: number, right: number): number {
  if (wrong < right) return 0;
  return wrong === right ? 0.5 : 1;
}

/**
 * What is said of ranks.
 * @param weights how often each counts; once where absent
 */
export function recallOf(ranks: Float64Array, weights?: ArrayLike<number>): Recall {
  const at = (index: number) => (weights ? weights[index] : 1);
  const sum = (of: (rank: number) => number) =>
    ranks.reduce((total, rank, index) => total + at(index) * of(rank), 0);
  const all = sum(() => 1);
  const within = (k: number) => sum((rank) => (rank <= k ? 1 : 0)) / all;
  return {
    r1: within(1),
    r5: within(5),
    r10: within(10),
    medianRank: median(ranks, at, all),
    meanRank: sum((rank) => rank) / all,
    mrr: sum((rank) => 1 / rank) / all,
    ranks,
  };
}

/** The middle one, or the mean of the two in the middle. */
function median(ranks: Float64Array, at: (index: number) => number, all: number): number {
  const order = Int32Array.from(ranks.keys()).sort((a, b) => ranks[a] - ranks[b]);
  let passed = 0;
  for (const [place, index] of order.entries()) {
    passed += at(index);
    if (passed > all / 2) return ranks[index];
    if (passed === all / 2) {
      const next = order.slice(place + 1).find((one) => at(one) > 0);
      return next === undefined ? ranks[index] : (ranks[index] + ranks[next]) / 2;
    }
  }
  return Number.NaN;
}

export function dot(
  a: Float32Array | Float64Array,
  atA: number,
  b: Float32Array | Float64Array,
  atB: number,
  width: number,
): number {
  let sum = 0;
  for (let k = 0; k < width; k++) sum += a[atA + k] * b[atB + k];
  return sum;
}
