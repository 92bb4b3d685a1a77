/**
 * Lays a flat map on another one of the same points: the turn or reflection and the shift that bring them nearest in the least squares (orthogonal Procrustes,
 * Schönemann 1966; in two dimensions the turn has a closed form). Nothing is stretched.
 */

/**
 * @param points rows × 2
 * @param onto the same rows of the other map, NaN where it lacks one; those are not asked
 * @returns rows × 2
 */
export function procrustes(points: ArrayLike<number>, onto: ArrayLike<number>): Float64Array {
  const rows = points.length / 2;
  const known = Array.from({ length: rows }, (_, row) => row).filter((row) => !Number.isNaN(onto[row * 2]));
  if (known.length < 2) return Float64Array.from(points);
  const mean = (of: ArrayLike<number>, axis: number) =>
    known.reduce((sum, row) => sum + of[row * 2 + axis], 0) / known.length;
  const [px, py, qx, qy] = [mean(points, 0), mean(points, 1), mean(onto, 0), mean(onto, 1)];
  let [xx, xy, yx, yy] = [0, 0, 0, 0];
  for (const row of known) {
    const [a, b] = [points[row * 2] - px, points[row * 2 + 1] - py];
    const [c, d] = [onto[row * 2] - qx, onto[row * 2 + 1] - qy];
    xx += a * c;
    xy += a * d;
    yx += b * c;
    yy += b * d;
  }
  // The trace that a turn by the best angle reaches, and a reflection followed by one.
  const flip = Math.hypot(xx - yy, xy + yx) > Math.hypot(xx + yy, xy - yx) ? -1 : 1;
  const angle = Math.atan2(xy - flip * yx, xx + flip * yy);
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const result = new Float64Array(rows * 2);
  for (let row = 0; row < rows; row++) {
    const a = points[row * 2] - px;
    const b = flip * (points[row * 2 + 1] - py);
    result[row * 2] = c * a - s * b + qx;
    result[row * 2 + 1] = s * a + c * b + qy;
  }
  return result;
}
