/** Plain drawing for the small noisy pictures of the built-in sets: areas of one colour, and grain over all. */
import type { Random } from '../../core/random.ts';
import type { Colour } from './rasterise.ts';

/** Fills a rectangle, whole pixels, of the square picture of side `size` that starts at `offset`. */
export function area(
  pixels: Uint8Array,
  offset: number,
  size: number,
  [left, top, width, height]: readonly [number, number, number, number],
  colour: Colour,
): void {
  for (let y = top; y < top + height; y++)
    for (let x = left; x < left + width; x++) pixels.set(colour, offset + (y * size + x) * 3);
}

/** Adds noise, equal in the three channels, of a triangular distribution within ±`amplitude` (standard deviation amplitude / √6). */
export function grain(
  pixels: Uint8Array,
  offset: number,
  size: number,
  amplitude: number,
  stream: Random,
): void {
  for (let i = offset; i < offset + size * size * 3; i += 3) {
    const noise = amplitude * (stream.uniform() + stream.uniform() - 1);
    for (let channel = i; channel < i + 3; channel++)
      pixels[channel] = Math.round(Math.min(255, Math.max(0, pixels[channel] + noise)));
  }
}
