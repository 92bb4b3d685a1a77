/**
 * Principal components in float64 (Pearson 1901; Jolliffe 2002, ch. 1): the directions of largest variance, by subspace iteration on the covariance with
 * Rayleigh–Ritz projection (Golub & Van Loan 2013, §8.2), as only the first few of many are wanted.
 */
import { random } from '../core/random.ts';
import { eigenvalues } from './jacobi.ts';

export interface Components {
  /** rows × count: the centred vectors along the components. */
  points: Float64Array;
  /** count × width, unit length; the largest number of each is positive, so that equal data gives equal signs. */
  axes: Float64Array;
  /** Share of the whole variance along each component; 0 where nothing varies. */
  explained: number[];
}

/** Directions that are iterated beside those that are wanted, so that close eigenvalues part sooner. */
const spare = 6;
const mostIterations = 300;
/** Of the trace: how far a direction may be from an eigenvector. */
const tolerance = 1e-8;

/** @param vectors rows × width, row-major */
export function principalComponents(
  vectors: ArrayLike<number>,
  rows: number,
  width: number,
  count = 2,
): Components {
  const centred = centre(vectors, rows, width);
  const covariance = covarianceOf(centred, rows, width);
  let trace = 0;
  for (let i = 0; i < width; i++) trace += covariance[i * width + i];
  const size = Math.min(width, count + spare);
  // A start that no axis is orthogonal to, the same every time.
  const stream = random('components');
  let basis = Float64Array.from({ length: size * width }, () => stream.normal());
  let values = new Float64Array(size);
  for (let iteration = 0; iteration < mostIterations; iteration++) {
    orthonormalize(basis, size, width);
    const found = ritz(basis, product(basis, covariance, size, width), size, width);
    values = found.values;
    if (residual(found, Math.min(count, size), width) <= tolerance * trace) {
      basis = found.vectors;
      break;
    }
    basis = found.image;
  }
  orthonormalize(basis, size, width);
  const axes = new Float64Array(count * width);
  for (let k = 0; k < Math.min(count, size); k++) {
    const own = basis.subarray(k * width, (k + 1) * width);
    const largest = own.reduce((a, b) => (Math.abs(b) > Math.abs(a) + 1e-12 ? b : a), 0);
    for (let i = 0; i < width; i++) axes[k * width + i] = own[i] * (largest < 0 ? -1 : 1);
  }
  const points = new Float64Array(rows * count);
  for (let row = 0; row < rows; row++)
    for (let k = 0; k < count; k++) {
      let sum = 0;
      for (let i = 0; i < width; i++) sum += centred[row * width + i] * axes[k * width + i];
      points[row * count + k] = sum;
    }
  const explained = Array.from({ length: count }, (_, k) => (trace > 0 ? (values[k] ?? 0) / trace : 0));
  return { points, axes, explained };
}

function centre(vectors: ArrayLike<number>, rows: number, width: number): Float64Array {
  const result = Float64Array.from(vectors);
  for (let i = 0; i < width; i++) {
    let sum = 0;
    for (let row = 0; row < rows; row++) sum += result[row * width + i];
    for (let row = 0; row < rows; row++) result[row * width + i] -= sum / rows;
  }
  return result;
}

/** Divided by rows − 1, as numpy.cov. */
function covarianceOf(centred: Float64Array, rows: number, width: number): Float64Array {
  const result = new Float64Array(width * width);
  for (let row = 0; row < rows; row++)
    for (let i = 0; i < width; i++) {
      const value = centred[row * width + i];
      for (let j = i; j < width; j++) result[i * width + j] += value * centred[row * width + j];
    }
  for (let i = 0; i < width; i++)
    for (let j = i; j < width; j++) {
      result[i * width + j] /= Math.max(1, rows - 1);
      result[j * width + i] = result[i * width + j];
    }
  return result;
}

/** Modified Gram–Schmidt, rows of a size × width matrix; a row that depends on those before becomes zero. */
function orthonormalize(a: Float64Array, size: number, width: number): void {
  for (let k = 0; k < size; k++) {
    const own = a.subarray(k * width, (k + 1) * width);
    const before = Math.sqrt(dot(own, own));
    for (let pass = 0; pass < 2; pass++)
      for (let j = 0; j < k; j++) {
        const other = a.subarray(j * width, (j + 1) * width);
        const share = dot(own, other);
        for (let i = 0; i < width; i++) own[i] -= share * other[i];
      }
    const length = Math.sqrt(dot(own, own));
    for (let i = 0; i < width; i++) own[i] = length > 1e-14 * before ? own[i] / length : 0;
  }
}

const dot = (a: Float64Array, b: Float64Array): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
};

/** Rows of `a` times a symmetric matrix. */
function product(
  a: Float64Array,
  matrix: Float64Array,
  size: number,
  width: number,
): Float64Array<ArrayBuffer> {
  const result = new Float64Array(size * width);
  for (let k = 0; k < size; k++)
    for (let i = 0; i < width; i++) {
      const value = a[k * width + i];
      if (value === 0) continue;
      for (let j = 0; j < width; j++) result[k * width + j] += value * matrix[i * width + j];
    }
  return result;
}

interface Ritz {
  /** Largest first. */
  values: Float64Array<ArrayBuffer>;
  /** By row, and the matrix times each. */
  vectors: Float64Array<ArrayBuffer>;
  image: Float64Array<ArrayBuffer>;
}

/** The best eigenvalues and vectors within the span of an orthonormal basis. */
function ritz(basis: Float64Array, image: Float64Array, size: number, width: number): Ritz {
  const small = new Float64Array(size * size);
  const turn = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = i; j < size; j++) {
      const value = dot(
        basis.subarray(i * width, (i + 1) * width),
        image.subarray(j * width, (j + 1) * width),
      );
      small[i * size + j] = value;
      small[j * size + i] = value;
    }
  }
  const found = eigenvalues(small, size, turn);
  const order = Array.from({ length: size }, (_, i) => i).sort((a, b) => found[b] - found[a]);
  const turned = (rows: Float64Array) => {
    const result = new Float64Array(size * width);
    for (const [k, from] of order.entries())
      for (let i = 0; i < size; i++)
        for (let j = 0; j < width; j++) result[k * width + j] += turn[i * size + from] * rows[i * width + j];
    return result;
  };
  return {
    values: Float64Array.from(order, (i) => found[i]),
    vectors: turned(basis),
    image: turned(image),
  };
}

/** Largest ‖A v − λ v‖ of the first `count`. */
function residual({ values, vectors, image }: Ritz, count: number, width: number): number {
  let most = 0;
  for (let k = 0; k < count; k++) {
    let sum = 0;
    for (let i = 0; i < width; i++) sum += (image[k * width + i] - values[k] * vectors[k * width + i]) ** 2;
    most = Math.max(most, Math.sqrt(sum));
  }
  return most;
}
