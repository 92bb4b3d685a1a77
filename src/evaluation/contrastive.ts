/**
 * The contrastive loss on data that is not trained on, in float64 and by its definition (InfoNCE, van den Oord et
 * al. 2018; several positives averaged as in SupCon's L_out, Khosla et al. 2020):
 * L = mean over i of −1/|P(i)| Σ_{p ∈ P(i)} log softmax_j(scale · cos_ij), averaged over both directions.
 * A row's positives are all rows of its picture or with its caption.
 */

export interface PairEmbeddings {
  /** `rows × width`, unit length. */
  images: Float32Array | Float64Array;
  texts: Float32Array | Float64Array;
  width: number;
  /** Equal numbers are positives of each other. */
  sampleGroups: ArrayLike<number>;
  textGroups: ArrayLike<number>;
}

/** The loss of all rows as one batch. */
export function infoNce(pairs: PairEmbeddings, scale: number): number {
  return infoNceOf(pairs, scale, 0, pairs.images.length / pairs.width);
}

/**
 * The loss in batches as large as in training, because its size depends on the number of candidates. Rows that do
 * not fill a last batch are left out, unless there is only that one.
 */
export function validationLoss(pairs: PairEmbeddings, scale: number, batch: number): number {
  const rows = pairs.images.length / pairs.width;
  const batches = Math.max(1, Math.floor(rows / batch));
  let sum = 0;
  for (let i = 0; i < batches; i++)
    sum += infoNceOf(pairs, scale, i * batch, Math.min(rows, (i + 1) * batch));
  return sum / batches;
}

/** Mean cosine of each picture with its own caption, less the mean cosine of all pairs that do not belong together. */
export function diagonalMargin(pairs: PairEmbeddings): number {
  const rows = pairs.images.length / pairs.width;
  const cosines = similarities(pairs, 0, rows);
  let own = 0;
  let others = 0;
  let count = 0;
  for (let i = 0; i < rows; i++) {
    own += cosines[i * rows + i];
    for (let j = 0; j < rows; j++) {
      if (arePositives(pairs, i, j)) continue;
      others += cosines[i * rows + j];
      count++;
    }
  }
  return own / rows - (count > 0 ? others / count : 0);
}

function arePositives({ sampleGroups, textGroups }: PairEmbeddings, i: number, j: number): boolean {
  return i === j || sampleGroups[i] === sampleGroups[j] || textGroups[i] === textGroups[j];
}

const infoNceOf = (pairs: PairEmbeddings, scale: number, from: number, to: number): number =>
  infoNceRows(pairs, scale, from, to).reduce((sum, loss) => sum + loss, 0) / (to - from);

/** What each of the rows `from` … `to` − 1 loses as one batch, the mean of both directions. */
export function infoNceRows(pairs: PairEmbeddings, scale: number, from: number, to: number): Float64Array {
  const rows = to - from;
  const logits = similarities(pairs, from, to);
  for (let i = 0; i < logits.length; i++) logits[i] *= scale;
  return Float64Array.from({ length: rows }, (_, i) => {
    const positives: number[] = [];
    for (let j = 0; j < rows; j++) if (arePositives(pairs, from + i, from + j)) positives.push(j);
    const mean = (at: (j: number) => number) =>
      positives.reduce((total, j) => total + at(j), 0) / positives.length;
    const there = logSumExp(logits, i * rows, 1, rows) - mean((j) => logits[i * rows + j]);
    const back = logSumExp(logits, i, rows, rows) - mean((j) => logits[j * rows + i]);
    return (there + back) / 2;
  });
}

function similarities({ images, texts, width }: PairEmbeddings, from: number, to: number): Float64Array {
  const rows = to - from;
  const result = new Float64Array(rows * rows);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < rows; j++) {
      let sum = 0;
      for (let k = 0; k < width; k++) sum += images[(from + i) * width + k] * texts[(from + j) * width + k];
      result[i * rows + j] = sum;
    }
  return result;
}

function logSumExp(values: Float64Array, start: number, stride: number, count: number): number {
  let most = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < count; k++) most = Math.max(most, values[start + k * stride]);
  let sum = 0;
  for (let k = 0; k < count; k++) sum += Math.exp(values[start + k * stride] - most);
  return most + Math.log(sum);
}
