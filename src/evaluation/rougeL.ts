/**
 * ROUGE-L (Lin 2004) as the COCO caption evaluation computes it: precision and recall by the longest common subsequence of words, the best of each over the references, and
 * their F with β = 1.2.
 */
const beta = 1.2;

/** 0 … 1 of one sentence; a corpus has the mean. @param references at least one */
export function rougeL(candidate: readonly string[], references: readonly (readonly string[])[]): number {
  let precision = 0;
  let recall = 0;
  for (const reference of references) {
    const common = commonSubsequence(candidate, reference);
    precision = Math.max(precision, common / Math.max(1, candidate.length));
    recall = Math.max(recall, common / Math.max(1, reference.length));
  }
  if (precision === 0 || recall === 0) return 0;
  return ((1 + beta ** 2) * precision * recall) / (recall + beta ** 2 * precision);
}

function commonSubsequence(a: readonly string[], b: readonly string[]): number {
  let above = new Int32Array(b.length + 1);
  for (const word of a) {
    const row = new Int32Array(b.length + 1);
    for (let j = 0; j < b.length; j++)
      row[j + 1] = word === b[j] ? above[j] + 1 : Math.max(above[j + 1], row[j]);
    above = row;
  }
  return above[b.length];
}
