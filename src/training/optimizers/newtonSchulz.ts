/**
 * A matrix brought near the orthogonal one closest to it, as graph: X ← aX + (bXXᵀ + c(XXᵀ)²)X from X/‖X‖, on the smaller side. Five rounds of
 * these coefficients bring singular values near 1, about 0.7 to 1.2 (Jordan et al. 2024, kellerjordan.github.io/posts/muon). Matrices of one
 * shape go through together, so that a model has a few dozen products a step, not hundreds.
 */
import type { Tensor } from '../../engine/graph/tensor.ts';
import {
  add,
  affine,
  concat,
  matmul,
  mul,
  relu,
  reshape,
  rsqrt,
  slice,
  sum,
} from '../../engine/ops/functions.ts';

const [a, b, c] = [3.4445, -4.775, 2.0315];
const rounds = 5;
/** Least square of a norm that is divided by; a matrix of zeros stays one. */
const least = 1e-14;

/** @param stacked [count, rows, columns] */
function orthogonal(stacked: Tensor): Tensor {
  const tall = stacked.shape[1] > stacked.shape[2];
  const square = sum(mul(stacked, stacked), [1, 2]);
  let x = mul(stacked, rsqrt(affine(relu(affine(square, 1, -least)), 1, least)));
  for (let round = 0; round < rounds; round++) {
    const gram = tall ? matmul(x, x, { transposeA: true }) : matmul(x, x, { transposeB: true });
    const polynomial = add(affine(gram, b), affine(matmul(gram, gram), c));
    x = add(affine(x, a), tall ? matmul(x, polynomial) : matmul(polynomial, x));
  }
  return x;
}

/** @param scale of a matrix of this shape @returns scale × the orthogonal of each matrix, in its shape */
export function orthogonals(
  matrices: readonly Tensor[],
  scale: (rows: number, columns: number) => number,
): Tensor[] {
  const shapes = new Map<string, Tensor[]>();
  for (const matrix of matrices) {
    const key = matrix.shape.join();
    shapes.set(key, [...(shapes.get(key) ?? []), matrix]);
  }
  const found = new Map<Tensor, Tensor>();
  for (const list of shapes.values()) {
    const [rows, columns] = list[0].shape;
    const stacked = concat(
      list.map((matrix) => reshape(matrix, [1, rows, columns])),
      0,
    );
    const scaled = affine(orthogonal(stacked), scale(rows, columns));
    for (const [k, matrix] of list.entries())
      found.set(matrix, reshape(slice(scaled, 0, k, 1), [rows, columns]));
  }
  return matrices.map((matrix) => found.get(matrix)!);
}
