/**
 * Fewer points that look the same: per column of pixels only the lowest and the highest value are kept, so spikes
 * survive and a hundred thousand points cost no more than the width of the chart. `x` must not decrease.
 */
export interface Points {
  x: Float64Array;
  y: Float64Array;
}

/** Index of the first value that is at least `value`. */
export function lowerBound(sorted: ArrayLike<number>, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Index of the value nearest to `value`; −1 where there is none. */
export function nearest(sorted: ArrayLike<number>, value: number): number {
  const at = lowerBound(sorted, value);
  if (at === 0) return sorted.length > 0 ? 0 : -1;
  if (at === sorted.length) return at - 1;
  return value - sorted[at - 1] <= sorted[at] - value ? at - 1 : at;
}

/** At most two points per column: its lowest and its highest, in the order in which they came. */
export function decimate({ x, y }: Points, columns: number): Points {
  const { length } = x;
  if (length <= 2 * columns) return { x, y };
  const from = x[0];
  const scale = columns / (x[length - 1] - from || 1);
  const outX = new Float64Array(2 * columns + 2);
  const outY = new Float64Array(2 * columns + 2);
  let count = 0;
  let start = 0;
  while (start < length) {
    const column = Math.min(columns - 1, Math.floor((x[start] - from) * scale));
    let low = start;
    let high = start;
    let end = start + 1;
    for (; end < length && Math.min(columns - 1, Math.floor((x[end] - from) * scale)) === column; end++) {
      if (y[end] < y[low]) low = end;
      if (y[end] > y[high]) high = end;
    }
    for (const at of low === high ? [low] : low < high ? [low, high] : [high, low]) {
      outX[count] = x[at];
      outY[count++] = y[at];
    }
    start = end;
  }
  return { x: outX.subarray(0, count), y: outY.subarray(0, count) };
}

/** The lowest and highest value per column, for a band. */
export function envelope({ x, y }: Points, columns: number): { x: number[]; low: number[]; high: number[] } {
  const result = { x: [] as number[], low: [] as number[], high: [] as number[] };
  if (x.length === 0) return result;
  const from = x[0];
  const scale = columns / (x[x.length - 1] - from || 1);
  let column = -1;
  for (let i = 0; i < x.length; i++) {
    const here = Math.min(columns - 1, Math.floor((x[i] - from) * scale));
    const last = result.x.length - 1;
    if (here !== column) {
      column = here;
      result.x.push(x[i]);
      result.low.push(y[i]);
      result.high.push(y[i]);
    } else {
      result.low[last] = Math.min(result.low[last], y[i]);
      result.high[last] = Math.max(result.high[last], y[i]);
    }
  }
  return result;
}
