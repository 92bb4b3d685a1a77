/**
 * Exponential moving average, debiased by the weight given so far so that the first values are not pulled to zero
 * (the formula of TensorBoard). NaN is skipped: the average waits.
 */
export function smooth(values: Float64Array, weight: number): Float64Array {
  const out = new Float64Array(values.length);
  let sum = 0;
  let mass = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (Number.isFinite(value)) {
      sum = weight * sum + (1 - weight) * value;
      mass = weight * mass + (1 - weight);
      out[i] = sum / mass;
    } else out[i] = Number.NaN;
  }
  return out;
}
