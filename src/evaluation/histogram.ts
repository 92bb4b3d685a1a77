/** A histogram with what one wants to know beside it, in float64; bins and their edges as numpy.histogram has them. */

export interface HistogramCounts {
  count: number;
  zeros: number;
  /** NaN or infinite; these are in no bin and no mean. */
  nonFinite: number;
  /** Of the finite ones; NaN of none. The deviation is that of the whole, divided by n. */
  mean: number;
  deviation: number;
  min: number;
  max: number;
  /** First and last edge. */
  from: number;
  to: number;
  counts: Uint32Array;
}

/** @param bins of equal width from the least to the largest value; where these are one, from half a unit below to half a unit above */
export function histogramOf(values: ArrayLike<number>, bins: number): HistogramCounts {
  let [min, max, sum, zeros, nonFinite] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0, 0];
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (!Number.isFinite(value)) {
      nonFinite++;
      continue;
    }
    if (value === 0) zeros++;
    if (value < min) min = value;
    if (value > max) max = value;
    sum += value;
  }
  const finite = values.length - nonFinite;
  const counts = new Uint32Array(bins);
  if (finite === 0) {
    const nothing = Number.NaN;
    return {
      count: values.length,
      zeros,
      nonFinite,
      mean: nothing,
      deviation: nothing,
      min: nothing,
      max: nothing,
      from: 0,
      to: 1,
      counts,
    };
  }
  const mean = sum / finite;
  const [from, to] = min === max ? [min - 0.5, max + 0.5] : [min, max];
  const width = (to - from) / bins;
  const edge = (bin: number) => (bin === bins ? to : from + bin * width);
  let squares = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (!Number.isFinite(value)) continue;
    squares += (value - mean) ** 2;
    let bin = Math.min(bins - 1, Math.floor(((value - from) / (to - from)) * bins));
    // Division rounds: the edges decide, and the last bin has both of its.
    if (value < edge(bin)) bin--;
    else if (bin < bins - 1 && value >= edge(bin + 1)) bin++;
    counts[bin]++;
  }
  const deviation = Math.sqrt(squares / finite);
  return { count: values.length, zeros, nonFinite, mean, deviation, min, max, from, to, counts };
}
