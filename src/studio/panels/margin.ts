/** How much nearer right pairs are than wrong ones: mean of the diagonal less mean of everything else. */
export function diagonalMargin(values: ArrayLike<number>, size: number): number {
  let right = 0;
  let all = 0;
  for (let i = 0; i < size * size; i++) all += values[i];
  for (let i = 0; i < size; i++) right += values[i * size + i];
  return size > 1 ? right / size - (all - right) / (size * size - size) : Number.NaN;
}
