/**
 * Where unit vectors of two modalities lie: the gap between them (Liang et al. 2022, arXiv 2203.02053), how near pairs are (alignment) and how evenly each fills
 * the sphere (uniformity; both Wang & Isola 2020, arXiv 2005.10242). Float64, by definition.
 */

type Vectors = ArrayLike<number>;

function centroid(vectors: Vectors, rows: number, width: number): Float64Array {
  const mean = new Float64Array(width);
  for (let row = 0; row < rows; row++)
    for (let i = 0; i < width; i++) mean[i] += vectors[row * width + i] / rows;
  return mean;
}

const squared = (a: Vectors, i: number, b: Vectors, j: number, width: number): number => {
  let sum = 0;
  for (let k = 0; k < width; k++) sum += (a[i * width + k] - b[j * width + k]) ** 2;
  return sum;
};

/** ‖mean x − mean y‖. @param width numbers a vector; rows are vectors */
export function modalityGap(x: Vectors, y: Vectors, width: number): number {
  const from = centroid(x, x.length / width, width);
  const to = centroid(y, y.length / width, width);
  return Math.sqrt(squared(from, 0, to, 0, width));
}

/** Mean ‖xᵢ − yᵢ‖² of pairs: 0 where each lies on its other, 2 where they are orthogonal. NaN of none. */
export function alignment(x: Vectors, y: Vectors, width: number): number {
  const rows = x.length / width;
  let sum = 0;
  for (let row = 0; row < rows; row++) sum += squared(x, row, y, row, width);
  return sum / rows;
}

/** log of the mean of exp(−2 ‖xᵢ − xⱼ‖²) over all i < j: 0 where all are one point, lower where they spread. NaN of fewer than two. */
export function uniformity(x: Vectors, width: number): number {
  const rows = x.length / width;
  let sum = 0;
  for (let i = 0; i < rows; i++)
    for (let j = i + 1; j < rows; j++) sum += Math.exp(-2 * squared(x, i, x, j, width));
  return Math.log(sum / ((rows * (rows - 1)) / 2));
}
