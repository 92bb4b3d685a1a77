/**
 * The effective rank of a set of vectors (Roy & Vetterli 2007): exp of the entropy of their singular values, each as a share of the sum. 1 when all lie on one
 * line, the number of dimensions when all directions are used alike. Singular values are the roots of the Gram matrix's eigenvalues, found by Jacobi rotations.
 */
import { jacobi } from './jacobi.ts';

/** @param vectors rows × width, row-major. @returns 0 of vectors that are all zero */
export function effectiveRank(vectors: ArrayLike<number>, rows: number, width: number): number {
  const values = eigenvalues(gram(vectors, rows, width), Math.min(rows, width)).map((value) =>
    Math.sqrt(Math.max(0, value)),
  );
  const total = values.reduce((a, b) => a + b, 0);
  if (!(total > 0)) return 0;
  let entropy = 0;
  for (const value of values) if (value > 0) entropy -= (value / total) * Math.log(value / total);
  return Math.exp(entropy);
}

/** X Xᵀ or Xᵀ X, whichever is smaller. */
function gram(x: ArrayLike<number>, rows: number, width: number): Float64Array {
  const byRows = rows <= width;
  const [size, inner] = byRows ? [rows, width] : [width, rows];
  const [step, stride] = byRows ? [width, 1] : [1, width];
  const result = new Float64Array(size * size);
  for (let i = 0; i < size; i++)
    for (let j = i; j < size; j++) {
      let sum = 0;
      for (let k = 0; k < inner; k++) sum += x[i * step + k * stride] * x[j * step + k * stride];
      result[i * size + j] = sum;
      result[j * size + i] = sum;
    }
  return result;
}

/** Of a symmetric matrix, which is overwritten. */
function eigenvalues(a: Float64Array, size: number): number[] {
  jacobi(a, size);
  return Array.from({ length: size }, (_, i) => a[i * size + i]);
}
