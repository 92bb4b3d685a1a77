/**
 * BLEU-1 … 4 (Papineni et al. 2002) as the COCO caption evaluation computes it (github.com/tylin/coco-caption): n-gram counts clipped by the reference that has most of
 * them, geometric mean, brevity penalty against the reference whose length is nearest (the shorter of two), and its two constants, which keep a sentence without a match from
 * being exactly 0. Of a corpus the counts are summed before they are divided; it is not the mean of its sentences.
 */
import { ngrams } from './captionTokens.ts';

const small = 1e-9;
const tiny = 1e-15;
const longest = 4;

/** What BLEU counts of one sentence; it adds up over sentences. */
export interface BleuCounts {
  length: number;
  /** Of the reference nearest in length. */
  reference: number;
  /** By n − 1: n-grams of the sentence, and those that a reference has too. */
  guessed: number[];
  correct: number[];
}

/** @param references at least one */
export function bleuCounts(
  candidate: readonly string[],
  references: readonly (readonly string[])[],
): BleuCounts {
  const { length } = candidate;
  const lengths = references.map((reference) => reference.length);
  const nearest = lengths.reduce((best, one) =>
    Math.abs(one - length) < Math.abs(best - length) ||
    (Math.abs(one - length) === Math.abs(best - length) && one < best)
      ? one
      : best,
  );
  const counts: BleuCounts = { length, reference: nearest, guessed: [], correct: [] };
  for (let n = 1; n <= longest; n++) {
    const most = new Map<string, number>();
    for (const reference of references)
      for (const [gram, count] of ngrams(reference, n)) most.set(gram, Math.max(most.get(gram) ?? 0, count));
    let correct = 0;
    for (const [gram, count] of ngrams(candidate, n)) correct += Math.min(count, most.get(gram) ?? 0);
    counts.guessed.push(Math.max(0, length - n + 1));
    counts.correct.push(correct);
  }
  return counts;
}

/**
 * BLEU-1, -2, -3 and -4, 0 … 1, of sentences together.
 * @param weights how often each counts; once where absent
 */
export function bleu(sentences: readonly BleuCounts[], weights?: ArrayLike<number>): number[] {
  const total: BleuCounts = { length: 0, reference: 0, guessed: [0, 0, 0, 0], correct: [0, 0, 0, 0] };
  for (const [index, { length, reference, guessed, correct }] of sentences.entries()) {
    const weight = weights ? weights[index] : 1;
    total.length += weight * length;
    total.reference += weight * reference;
    for (let n = 0; n < longest; n++) {
      total.guessed[n] += weight * guessed[n];
      total.correct[n] += weight * correct[n];
    }
  }
  const ratio = (total.length + tiny) / (total.reference + small);
  const penalty = ratio < 1 ? Math.exp(1 - 1 / ratio) : 1;
  let product = 1;
  return total.correct.map((correct, n) => {
    product *= (correct + tiny) / (total.guessed[n] + small);
    return product ** (1 / (n + 1)) * penalty;
  });
}
