/**
 * CIDEr (Vedantam et al. 2015) as the COCO caption evaluation computes and calls it: the CIDEr-D form, with counts clipped by the reference and a Gaussian penalty (σ = 6) on the
 * difference of lengths. n-grams weigh by how few pictures have them in their references, so the same caption scores otherwise in another set; of a single picture all weights are 0.
 */
import { ngrams } from './captionTokens.ts';

const longest = 4;
const sigma = 6;

interface Vector {
  /** By n − 1. */
  weights: Map<string, number>[];
  norms: number[];
  /** As the reference implementation has it: the number of word pairs. */
  length: number;
}

/** Of each candidate among all, 0 … 10; a corpus has the mean. @param references at least one for each candidate */
export function cider(
  candidates: readonly (readonly string[])[],
  references: readonly (readonly (readonly string[])[])[],
): Float64Array {
  const frequency = new Map<string, number>();
  for (const set of references)
    for (const gram of new Set(
      set.flatMap((tokens) => lengths.flatMap((n) => [...ngrams(tokens, n).keys()])),
    ))
      frequency.set(gram, (frequency.get(gram) ?? 0) + 1);
  const all = Math.log(references.length);
  const vector = (tokens: readonly string[]): Vector => {
    const weights = lengths.map((n) => {
      const grams = ngrams(tokens, n);
      for (const [gram, count] of grams)
        grams.set(gram, count * (all - Math.log(Math.max(1, frequency.get(gram) ?? 0))));
      return grams;
    });
    const norms = weights.map((part) =>
      Math.sqrt([...part.values()].reduce((sum, value) => sum + value * value, 0)),
    );
    return { weights, norms, length: Math.max(0, tokens.length - 1) };
  };
  return Float64Array.from(candidates, (tokens, index) => {
    const own = vector(tokens);
    const sum = references[index].reduce((total, reference) => total + likeness(own, vector(reference)), 0);
    return (10 * sum) / references[index].length;
  });
}

const lengths = Array.from({ length: longest }, (_, index) => index + 1);

/** The mean over n of the clipped cosine. */
function likeness(own: Vector, reference: Vector): number {
  const penalty = Math.exp(-((own.length - reference.length) ** 2) / (2 * sigma ** 2));
  let total = 0;
  for (let n = 0; n < longest; n++) {
    let sum = 0;
    for (const [gram, weight] of own.weights[n]) {
      const other = reference.weights[n].get(gram) ?? 0;
      sum += Math.min(weight, other) * other;
    }
    const norms = own.norms[n] * reference.norms[n];
    total += (norms > 0 ? sum / norms : sum) * penalty;
  }
  return total / longest;
}
