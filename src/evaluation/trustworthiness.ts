/**
 * Whether neighbours on a map are neighbours in truth (Venna & Kaski 2001): 1 − 2 / (n k (2n − 3k − 1)) · Σᵢ Σ over those j among the k nearest of i on the map
 * that are not in truth, of rank(i, j) − k. 1 is the best; a map at random has about a half.
 */

/** Places of all others by their distance, nearest first; of equal ones the first row first. */
function ranked(vectors: ArrayLike<number>, rows: number, width: number, row: number): number[] {
  const distance = new Float64Array(rows);
  for (let j = 0; j < rows; j++)
    for (let i = 0; i < width; i++) distance[j] += (vectors[row * width + i] - vectors[j * width + i]) ** 2;
  return Array.from({ length: rows }, (_, j) => j)
    .filter((j) => j !== row)
    .sort((a, b) => distance[a] - distance[b] || a - b);
}

/** @param vectors rows × width, in truth. @param map rows × 2. @param k neighbours, fewer than half the rows */
export function trustworthiness(
  vectors: ArrayLike<number>,
  map: ArrayLike<number>,
  rows: number,
  width: number,
  k: number,
): number {
  let sum = 0;
  for (let row = 0; row < rows; row++) {
    const rank = new Int32Array(rows);
    for (const [place, j] of ranked(vectors, rows, width, row).entries()) rank[j] = place + 1;
    for (const j of ranked(map, rows, 2, row).slice(0, k)) sum += Math.max(0, rank[j] - k);
  }
  return 1 - (2 / (rows * k * (2 * rows - 3 * k - 1))) * sum;
}
