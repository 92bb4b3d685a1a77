/**
 * Min–max decimation: per pixel column the first, lowest, highest and last value, so that a spike among 100,000
 * points is still drawn and the line costs as much as the chart is wide.
 */
export interface Decimated {
  x: Float64Array;
  y: Float64Array;
  count: number;
}

/** @param x ascending; values outside [low, high] are skipped, NaN in y is a gap that is simply bridged */
export function decimate(
  x: Float64Array,
  y: Float64Array,
  low: number,
  high: number,
  columns: number,
): Decimated {
  const most = Math.max(4, columns * 4 + 4);
  const out: Decimated = { x: new Float64Array(most), y: new Float64Array(most), count: 0 };
  const span = high - low || 1;
  let bucket = -1;
  let [first, least, greatest, last] = [0, 0, 0, 0];
  const emit = (i: number) => {
    out.x[out.count] = x[i];
    out.y[out.count++] = y[i];
  };
  const flush = () => {
    if (bucket < 0) return;
    emit(first);
    const [a, b] = least < greatest ? [least, greatest] : [greatest, least];
    if (a !== first && a !== last) emit(a);
    if (b !== first && b !== last && b !== a) emit(b);
    if (last !== first) emit(last);
  };
  for (let i = 0; i < x.length; i++) {
    const value = y[i];
    if (Number.isNaN(value) || x[i] < low || x[i] > high) continue;
    const at = Math.min(columns - 1, Math.floor(((x[i] - low) / span) * columns));
    if (at !== bucket) {
      flush();
      bucket = at;
      first = least = greatest = last = i;
      continue;
    }
    if (value < y[least]) least = i;
    if (value > y[greatest]) greatest = i;
    last = i;
  }
  flush();
  return out;
}
