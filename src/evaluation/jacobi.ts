/**
 * Eigenvalues, and where they are wanted eigenvectors, of a symmetric matrix by cyclic Jacobi rotations (Golub & Van Loan 2013, §8.5): slow beside
 * tridiagonal methods, but accurate to the last digits and a page long. 256 × 256 takes about a second.
 */

/**
 * @param a size × size, row-major; overwritten
 * @param vectors where given (size × size), its columns become the eigenvectors
 * @returns the eigenvalues, in no order
 */
export function eigenvalues(a: Float64Array, size: number, vectors?: Float64Array): Float64Array {
  const trace = a.reduce((sum, value, i) => (i % (size + 1) === 0 ? sum + Math.abs(value) : sum), 0);
  if (vectors) {
    vectors.fill(0);
    for (let i = 0; i < size; i++) vectors[i * (size + 1)] = 1;
  }
  for (let sweep = 0; sweep < 30; sweep++) {
    let off = 0;
    for (let p = 0; p < size; p++)
      for (let q = p + 1; q < size; q++) off = Math.max(off, Math.abs(a[p * size + q]));
    if (off <= 1e-12 * trace) break;
    for (let p = 0; p < size; p++)
      for (let q = p + 1; q < size; q++)
        if (Math.abs(a[p * size + q]) > 1e-14 * trace) rotate(a, size, p, q, vectors);
  }
  return Float64Array.from({ length: size }, (_, i) => a[i * size + i]);
}

/** One rotation that makes a[p][q] zero. */
function rotate(a: Float64Array, size: number, p: number, q: number, vectors?: Float64Array): void {
  const theta = (a[q * size + q] - a[p * size + p]) / (2 * a[p * size + q]);
  const t = Math.sign(theta || 1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const c = 1 / Math.hypot(t, 1);
  const s = t * c;
  turn(a, size, p, q, size, c, s);
  turn(a, size, p * size, q * size, 1, c, s);
  if (vectors) turn(vectors, size, p, q, size, c, s);
}

/** Turns two rows or columns, which begin at `p` and `q`, in their plane. */
function turn(a: Float64Array, size: number, p: number, q: number, stride: number, c: number, s: number) {
  for (let k = 0; k < size; k++) {
    const [i, j] = [p + k * stride, q + k * stride];
    const [x, y] = [a[i], a[j]];
    a[i] = c * x - s * y;
    a[j] = s * x + c * y;
  }
}
