/**
 * The Fréchet distance between two sets of feature vectors, each taken for a Gaussian (Heusel et al. 2017, with the model's own features in place of Inception's):
 * ‖μ₁ − μ₂‖² + tr(C₁ + C₂ − 2 (C₁C₂)^½), covariances divided by n − 1, in float64. tr (C₁C₂)^½ is the sum of the roots of the eigenvalues of C₁^½ C₂ C₁^½.
 *
 * Of few samples it is too large, by about as much as 1/n; sets of different sizes must not be compared. `frechetAtInfinity` draws a line through distances at several n against 1/n
 * and says where it ends (Chong & Forsyth 2020, arXiv 1911.07023).
 */
import { random } from '../core/random.ts';
import { eigenvalues } from './jacobi.ts';

/** @param a, b rows × width, at least two rows each */
export function frechet(a: ArrayLike<number>, b: ArrayLike<number>, width: number): number {
  const [first, second] = [moments(a, width), moments(b, width)];
  let distance = 0;
  for (let i = 0; i < width; i++) {
    distance += (first.mean[i] - second.mean[i]) ** 2;
    distance += first.covariance[i * (width + 1)] + second.covariance[i * (width + 1)];
  }
  const root = squareRoot(first.covariance, width);
  const inner = product(product(root, second.covariance, width), root, width);
  // Rounding leaves it not quite symmetric.
  for (let i = 0; i < width; i++)
    for (let j = 0; j < i; j++) {
      const middle = (inner[i * width + j] + inner[j * width + i]) / 2;
      inner[i * width + j] = middle;
      inner[j * width + i] = middle;
    }
  const trace = eigenvalues(inner, width).reduce((sum, value) => sum + Math.sqrt(Math.max(0, value)), 0);
  return Math.max(0, distance - 2 * trace);
}

const points = 12;

/**
 * What the distance tends to with ever more samples; undefined where there are too few to tell.
 * @returns the distances it was drawn through, with their n, too
 */
export function frechetAtInfinity(
  a: Float32Array,
  b: Float32Array,
  width: number,
  seed: number,
): { value: number; through: { n: number; distance: number }[] } | undefined {
  const most = Math.min(a.length, b.length) / width;
  const least = Math.max(2 * width, Math.ceil(most / 4));
  if (least >= most * 0.75) return undefined;
  const through = Array.from({ length: points }, (_, k) => {
    const n = Math.round(least + ((most - least) * k) / (points - 1));
    return {
      n,
      distance: frechet(some(a, n, width, seed, 2 * k), some(b, n, width, seed, 2 * k + 1), width),
    };
  });
  const x = through.map(({ n }) => 1 / n);
  const y = through.map(({ distance }) => distance);
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [mx, my] = [mean(x), mean(y)];
  const slope =
    x.reduce((sum, value, i) => sum + (value - mx) * (y[i] - my), 0) /
    x.reduce((sum, value) => sum + (value - mx) ** 2, 0);
  return { value: my - slope * mx, through };
}

/** `n` rows drawn without return. */
function some(vectors: Float32Array, n: number, width: number, seed: number, round: number): Float32Array {
  const order = random(seed, 'frechet', round).permutation(vectors.length / width);
  const result = new Float32Array(n * width);
  for (let row = 0; row < n; row++)
    result.set(vectors.subarray(order[row] * width, (order[row] + 1) * width), row * width);
  return result;
}

function moments(x: ArrayLike<number>, width: number) {
  const rows = x.length / width;
  const mean = new Float64Array(width);
  for (let i = 0; i < x.length; i++) mean[i % width] += x[i] / rows;
  const covariance = new Float64Array(width * width);
  const row = new Float64Array(width);
  for (let r = 0; r < rows; r++) {
    for (let i = 0; i < width; i++) row[i] = x[r * width + i] - mean[i];
    for (let i = 0; i < width; i++) for (let j = 0; j <= i; j++) covariance[i * width + j] += row[i] * row[j];
  }
  for (let i = 0; i < width; i++)
    for (let j = 0; j <= i; j++) {
      covariance[i * width + j] /= rows - 1;
      covariance[j * width + i] = covariance[i * width + j];
    }
  return { mean, covariance };
}

/** Of a symmetric matrix without negative eigenvalues: V diag(√λ) Vᵀ. */
function squareRoot(matrix: Float64Array, size: number): Float64Array {
  const vectors = new Float64Array(size * size);
  const values = eigenvalues(matrix.slice(), size, vectors);
  const scaled = vectors.map((value, at) => value * Math.sqrt(Math.max(0, values[at % size])));
  const turned = new Float64Array(size * size);
  for (let i = 0; i < size; i++) for (let j = 0; j < size; j++) turned[j * size + i] = vectors[i * size + j];
  return product(scaled, turned, size);
}

function product(a: Float64Array, b: Float64Array, size: number): Float64Array {
  const result = new Float64Array(size * size);
  for (let i = 0; i < size; i++)
    for (let k = 0; k < size; k++) {
      const value = a[i * size + k];
      for (let j = 0; j < size; j++) result[i * size + j] += value * b[k * size + j];
    }
  return result;
}
