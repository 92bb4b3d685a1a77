/**
 * Resizes square RGB pictures with a triangle filter as wide as the reduction (what Pillow calls BILINEAR with
 * antialiasing): shrinking averages, growing interpolates. Sums run in a fixed order in float64 and only the result is
 * rounded, so a browser and a server make the same bytes.
 */

interface Weights {
  /** First source pixel of each output pixel, and how many. */
  first: Int32Array;
  count: number;
  /** `to × count`, each row sums to 1. */
  values: Float64Array;
}

const known = new Map<string, Weights>();

function weightsFor(from: number, to: number): Weights {
  const key = `${from}>${to}`;
  const cached = known.get(key);
  if (cached) return cached;
  const scale = from / to;
  const support = Math.max(1, scale);
  const count = Math.min(from, Math.ceil(support * 2) + 1);
  const first = new Int32Array(to);
  const values = new Float64Array(to * count);
  for (let i = 0; i < to; i++) {
    const centre = (i + 0.5) * scale;
    const start = Math.min(Math.max(0, Math.floor(centre - support)), from - count);
    let sum = 0;
    for (let k = 0; k < count; k++) {
      const weight = Math.max(0, 1 - Math.abs(start + k + 0.5 - centre) / support);
      values[i * count + k] = weight;
      sum += weight;
    }
    for (let k = 0; k < count; k++) values[i * count + k] /= sum;
    first[i] = start;
  }
  const weights = { first, count, values };
  known.set(key, weights);
  return weights;
}

/** One picture of side `from` as a new one of side `to`. */
export function resizeRgb(pixels: Uint8Array, from: number, to: number): Uint8Array {
  if (from === to) return pixels.slice();
  const { first, count, values } = weightsFor(from, to);
  const rows = new Float64Array(from * to * 3);
  for (let y = 0; y < from; y++) {
    for (let x = 0; x < to; x++) {
      let red = 0;
      let green = 0;
      let blue = 0;
      for (let k = 0; k < count; k++) {
        const weight = values[x * count + k];
        const at = (y * from + first[x] + k) * 3;
        red += weight * pixels[at];
        green += weight * pixels[at + 1];
        blue += weight * pixels[at + 2];
      }
      const at = (y * to + x) * 3;
      rows[at] = red;
      rows[at + 1] = green;
      rows[at + 2] = blue;
    }
  }
  const result = new Uint8Array(to * to * 3);
  const line = to * 3;
  for (let y = 0; y < to; y++) {
    for (let x = 0; x < line; x++) {
      let sum = 0;
      for (let k = 0; k < count; k++) sum += values[y * count + k] * rows[(first[y] + k) * line + x];
      result[y * line + x] = Math.round(sum);
    }
  }
  return result;
}
