/**
 * The effective rank of a set of vectors (Roy & Vetterli 2007): exp of the entropy of their singular values, each as a share of the sum. 1 when all lie on one
 * line, the number of dimensions when all directions are used alike. Singular values are the roots of the Gram matrix's eigenvalues, found by Jacobi rotations.
 */

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
  const trace = a.reduce((sum, value, i) => (i % (size + 1) === 0 ? sum + Math.abs(value) : sum), 0);
  for (let sweep = 0; sweep < 30; sweep++) {
    let off = 0;
    for (let p = 0; p < size; p++)
      for (let q = p + 1; q < size; q++) off = Math.max(off, Math.abs(a[p * size + q]));
    if (off <= 1e-12 * trace) break;
    for (let p = 0; p < size; p++)
      for (let q = p + 1; q < size; q++) if (Math.abs(a[p * size + q]) > 1e-14 * trace) rotate(a, size, p, q);
  }
  return Array.from({ length: size }, (_, i) => a[i * size + i]);
}

/** One rotation that makes a[p][q] zero. */
function rotate(a: Float64Array, size: number, p: number, q: number): void {
  const theta = (a[q * size + q] - a[p * size + p]) / (2 * a[p * size + q]);
  const t = Math.sign(theta || 1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const c = 1 / Math.hypot(t, 1);
  const s = t * c;
  for (let k = 0; k < size; k++) {
    const [x, y] = [a[k * size + p], a[k * size + q]];
    a[k * size + p] = c * x - s * y;
    a[k * size + q] = s * x + c * y;
  }
  for (let k = 0; k < size; k++) {
    const [x, y] = [a[p * size + k], a[q * size + k]];
    a[p * size + k] = c * x - s * y;
    a[q * size + k] = s * x + c * y;
  }
}
