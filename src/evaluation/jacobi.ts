/** Eigenvalues, and vectors where they are wanted, of a small symmetric matrix by cyclic Jacobi rotations (Golub & Van Loan 2013, §8.5), in float64. */

/**
 * @param a size × size, row-major; it is overwritten, and its eigenvalues are left on the diagonal
 * @param vectors the identity, size × size; its columns become the eigenvectors, in the order of the diagonal
 */
export function jacobi(a: Float64Array, size: number, vectors?: Float64Array): void {
  let trace = 0;
  for (let i = 0; i < size; i++) trace += Math.abs(a[i * size + i]);
  for (let sweep = 0; sweep < 30; sweep++) {
    let off = 0;
    for (let p = 0; p < size; p++)
      for (let q = p + 1; q < size; q++) off = Math.max(off, Math.abs(a[p * size + q]));
    if (off <= 1e-12 * trace) break;
    for (let p = 0; p < size; p++)
      for (let q = p + 1; q < size; q++)
        if (Math.abs(a[p * size + q]) > 1e-14 * trace) rotate(a, size, p, q, vectors);
  }
}

/** One rotation that makes a[p][q] zero. */
function rotate(a: Float64Array, size: number, p: number, q: number, vectors?: Float64Array): void {
  const theta = (a[q * size + q] - a[p * size + p]) / (2 * a[p * size + q]);
  const t = Math.sign(theta || 1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const c = 1 / Math.hypot(t, 1);
  const s = t * c;
  turnColumns(a, size, p, q, c, s);
  for (let k = 0; k < size; k++) {
    const [x, y] = [a[p * size + k], a[q * size + k]];
    a[p * size + k] = c * x - s * y;
    a[q * size + k] = s * x + c * y;
  }
  if (vectors) turnColumns(vectors, size, p, q, c, s);
}

function turnColumns(a: Float64Array, size: number, p: number, q: number, c: number, s: number): void {
  for (let k = 0; k < size; k++) {
    const [x, y] = [a[k * size + p], a[k * size + q]];
    a[k * size + p] = c * x - s * y;
    a[k * size + q] = s * x + c * y;
  }
}
