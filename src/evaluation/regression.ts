/** Errors of numbers: mean absolute error, root of the mean squared error, and R², the share of the variance that is explained (below 0: worse than always saying the mean). */

export interface RegressionScores {
  mae: number;
  rmse: number;
  /** NaN where the truth does not vary. */
  r2: number;
}

/** @param weights how often each row counts; once where absent */
export function regressionScores(
  truth: ArrayLike<number>,
  values: ArrayLike<number>,
  weights?: ArrayLike<number>,
): RegressionScores {
  let total = 0;
  let sum = 0;
  for (let row = 0; row < truth.length; row++) {
    const weight = weights ? weights[row] : 1;
    total += weight;
    sum += weight * truth[row];
  }
  const mean = sum / total;
  let absolute = 0;
  let squared = 0;
  let spread = 0;
  for (let row = 0; row < truth.length; row++) {
    const weight = weights ? weights[row] : 1;
    const error = values[row] - truth[row];
    absolute += weight * Math.abs(error);
    squared += weight * error * error;
    spread += weight * (truth[row] - mean) ** 2;
  }
  return {
    mae: absolute / total,
    rmse: Math.sqrt(squared / total),
    r2: spread > 0 ? 1 - squared / spread : Number.NaN,
  };
}
