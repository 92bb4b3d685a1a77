/**
 * The ten digits as pen strokes, and strokes of any thickness as coverage of pixels: how near a pixel's middle is to the line. Points
 * are rounded to 1e-6 so that a last-bit difference of `Math.cos` between browsers cannot reach the bytes.
 */

/** Points of a line: x0, y0, x1, y1, … */
export type Line = readonly number[];

const rounded = (value: number) => Math.round(value * 1e6) / 1e6;

/** Part of an ellipse around (`x`, `y`); degrees from the right, clockwise as y is down. */
function arc(x: number, y: number, across: number, down: number, from: number, to: number): Line {
  const steps = Math.ceil(Math.abs(to - from) / 24);
  return Array.from({ length: steps + 1 }, (_, i) => {
    const angle = ((from + ((to - from) * i) / steps) * Math.PI) / 180;
    return [rounded(x + across * Math.cos(angle)), rounded(y + down * Math.sin(angle))];
  }).flat();
}

/** In −1 … 1, y down. */
export const digitStrokes: readonly (readonly Line[])[] = [
  [arc(0, 0, 0.6, 1, 0, 360)],
  [[-0.35, -0.6, 0.05, -1, 0.05, 1]],
  [[...arc(0, -0.45, 0.55, 0.55, 190, 400), -0.58, 1, 0.6, 1]],
  [arc(0, -0.5, 0.5, 0.5, 205, 450), arc(0, 0.5, 0.58, 0.5, 270, 510)],
  [[0.22, 1, 0.22, -1, -0.62, 0.35, 0.65, 0.35]],
  [[0.5, -1, -0.4, -1, -0.45, -0.05, ...arc(0, 0.38, 0.57, 0.62, 225, 500)]],
  [arc(0, 0.42, 0.55, 0.58, 0, 360), [-0.55, 0.42, -0.48, -0.15, -0.2, -0.65, 0.3, -1]],
  [[-0.58, -1, 0.58, -1, -0.15, 1]],
  [arc(0, -0.5, 0.46, 0.5, 0, 360), arc(0, 0.5, 0.57, 0.5, 0, 360)],
  [arc(0, -0.42, 0.55, 0.58, 0, 360), [0.55, -0.42, 0.48, 0.15, 0.2, 0.65, -0.3, 1]],
];

/** Coverage 0 … 1 of each pixel of a square picture by lines in pixels, `thickness` pixels wide, with round ends. */
export function stroke(lines: readonly Line[], thickness: number, size: number): Float64Array {
  const covered = new Float64Array(size * size);
  const reach = thickness / 2 + 0.5;
  for (const line of lines)
    for (let i = 0; i + 3 < line.length; i += 2) {
      const [x0, y0, x1, y1] = [line[i], line[i + 1], line[i + 2], line[i + 3]];
      const long = (x1 - x0) ** 2 + (y1 - y0) ** 2;
      const left = Math.max(0, Math.floor(Math.min(x0, x1) - reach));
      const right = Math.min(size - 1, Math.ceil(Math.max(x0, x1) + reach));
      const bottom = Math.min(size - 1, Math.ceil(Math.max(y0, y1) + reach));
      for (let y = Math.max(0, Math.floor(Math.min(y0, y1) - reach)); y <= bottom; y++)
        for (let x = left; x <= right; x++) {
          const along = ((x + 0.5 - x0) * (x1 - x0) + (y + 0.5 - y0) * (y1 - y0)) / (long || 1);
          const t = Math.min(1, Math.max(0, along));
          const distance = Math.sqrt(
            (x + 0.5 - x0 - t * (x1 - x0)) ** 2 + (y + 0.5 - y0 - t * (y1 - y0)) ** 2,
          );
          const at = y * size + x;
          covered[at] = Math.max(covered[at], Math.min(1, reach - distance));
        }
    }
  return covered;
}
