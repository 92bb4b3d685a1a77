/**
 * A small antialiased polygon filler for RGB bytes. It replaces the canvas, whose antialiasing differs between
 * machines and which Node lacks. Even-odd filling, exact coverage along x, `lines` scanlines per pixel along y;
 * only + − × ÷ and comparisons, so the bytes are the same everywhere.
 */

/** Closed outlines in units of the radius, x and y in −1 … 1, y down: x0, y0, x1, y1, … */
export type Outline = readonly number[];
export type Colour = readonly [number, number, number];

const lines = 5;

/** Paints outlines, scaled by `radius` around (`x`, `y`), into a square picture that starts at `offset` of `pixels`. */
export function fill(
  pixels: Uint8Array,
  offset: number,
  size: number,
  outlines: readonly Outline[],
  x: number,
  y: number,
  radius: number,
  colour: Colour,
): void {
  const top = Math.max(0, Math.floor(y - radius));
  const bottom = Math.min(size - 1, Math.ceil(y + radius));
  const coverage = new Float64Array(size);
  for (let row = top; row <= bottom; row++) {
    coverage.fill(0);
    for (let line = 0; line < lines; line++) {
      const crossings = crossingsAt(outlines, (row + (line + 0.5) / lines - y) / radius);
      for (let i = 0; i + 1 < crossings.length; i += 2)
        addSpan(coverage, x + crossings[i] * radius, x + crossings[i + 1] * radius, 1 / lines);
    }
    for (let column = 0; column < size; column++) {
      const share = coverage[column];
      if (share === 0) continue;
      const at = offset + (row * size + column) * 3;
      for (let channel = 0; channel < 3; channel++) {
        const under = pixels[at + channel];
        pixels[at + channel] = Math.round(under + (colour[channel] - under) * Math.min(1, share));
      }
    }
  }
}

/** Where a horizontal line meets the outlines, ascending. */
function crossingsAt(outlines: readonly Outline[], y: number): number[] {
  const crossings: number[] = [];
  for (const outline of outlines) {
    for (let i = 0; i < outline.length; i += 2) {
      const next = i + 2 === outline.length ? 0 : i + 2;
      const y0 = outline[i + 1];
      const y1 = outline[next + 1];
      if (y0 <= y === y1 <= y) continue;
      const x0 = outline[i];
      crossings.push(x0 + ((y - y0) / (y1 - y0)) * (outline[next] - x0));
    }
  }
  return crossings.length > 2 ? crossings.sort((a, b) => a - b) : sorted2(crossings);
}

/** Most lines meet a shape twice; a general sort for two numbers is most of the drawing's time. */
function sorted2(pair: number[]): number[] {
  if (pair.length === 2 && pair[0] > pair[1]) pair.reverse();
  return pair;
}

/** Adds `weight` times the part of each pixel that lies between `from` and `to`. */
function addSpan(coverage: Float64Array, from: number, to: number, weight: number): void {
  const left = Math.max(0, from);
  const right = Math.min(coverage.length, to);
  for (let column = Math.floor(left); column < right; column++)
    coverage[column] += weight * Math.max(0, Math.min(right, column + 1) - Math.max(left, column));
}
