/**
 * The debiased exponential moving average that TensorBoard draws: dividing by 1 − weightⁿ keeps the first values
 * from leaning towards zero.
 */
export function smooth(values: ArrayLike<number>, weight: number): Float64Array {
  const result = new Float64Array(values.length);
  let average = 0;
  let missing = 1;
  for (let i = 0; i < values.length; i++) {
    average = average * weight + (1 - weight) * values[i];
    missing *= weight;
    result[i] = average / (1 - missing);
  }
  return result;
}
