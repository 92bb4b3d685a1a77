/** A scene of coloured shapes as a picture. */
import type { Random } from '../../core/random.ts';
import { type Colour, fill } from './rasterise.ts';
import type { Scene } from './scene.ts';
import { backgrounds, colours, shapes } from './vocabulary.ts';

/** Paints into the square picture of side `size` that starts at `offset` of `pixels`. */
export function paintScene(
  scene: Scene,
  pixels: Uint8Array,
  offset: number,
  size: number,
  stream: Random,
): void {
  const background = stream.pick(backgrounds);
  for (let i = 0; i < size * size; i++) pixels.set(background, offset + i * 3);
  const scale = size / 64;
  for (const { colour, shape, x, y, radius } of scene.objects) {
    const outlines = shapes[shape].outlines;
    fill(pixels, offset, size, outlines, x * scale, y * scale, radius * scale, shaded(colour, stream));
  }
}

/** A colour of the vocabulary, a little lighter or darker. */
export function shaded(colour: number, stream: Random): Colour {
  const shade = (stream.uniform() - 0.5) * 24;
  const [red, green, blue] = colours[colour].rgb;
  const bounded = (value: number) => Math.min(255, Math.max(0, value + shade));
  return [bounded(red), bounded(green), bounded(blue)];
}
