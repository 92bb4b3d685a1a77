/** Small pictures side by side as one image, made in the worker so that the page only draws; where there is a sound and no picture, its outline. */
import type { Sheet, Thumbnails } from './api.ts';

const columns = 8;
/** The colour of sound in both schemes (theme/tokens.ts), as alpha, blue, green, red. */
const soundColor = 0xff739e00;

/** Stretches of a sound that a picture of this side shows as bars. */
export const barsIn = (size: number): number => Math.floor(size / 3);

/**
 * @param pictures of all indices; absent where the set has none
 * @param outlines of the sounds that stand without a picture
 */
export async function sheetOf(
  size: number,
  pictures: Thumbnails | undefined,
  outlines: readonly (Float32Array | undefined)[],
): Promise<Sheet> {
  const rows = Math.max(1, Math.ceil(outlines.length / columns));
  const width = columns * size;
  const rgba = new Uint32Array(width * rows * size);
  for (const [place, outline] of outlines.entries()) {
    const corner = Math.floor(place / columns) * size * width + (place % columns) * size;
    if (outline) drawOutline(rgba, corner, width, size, outline);
    else if (pictures) drawPicture(rgba, corner, width, size, pictures.pixels, place * size * size * 3);
  }
  const data = new ImageData(new Uint8ClampedArray(rgba.buffer), width, rows * size);
  return { image: await createImageBitmap(data), size, columns };
}

function drawPicture(
  rgba: Uint32Array,
  corner: number,
  width: number,
  size: number,
  rgb: Uint8Array,
  start: number,
): void {
  let from = start;
  for (let y = 0; y < size; y++)
    for (let to = corner + y * width; to < corner + y * width + size; to++) {
      rgba[to] = 0xff000000 | (rgb[from + 2] << 16) | (rgb[from + 1] << 8) | rgb[from];
      from += 3;
    }
}

function drawOutline(
  rgba: Uint32Array,
  corner: number,
  width: number,
  size: number,
  outline: Float32Array,
): void {
  const left = Math.floor((size - 3 * outline.length) / 2);
  for (const [bar, height] of outline.entries()) {
    const tall = Math.max(2, Math.round(height * size * 0.6));
    const top = Math.floor((size - tall) / 2);
    for (let y = top; y < top + tall; y++) {
      const at = corner + y * width + left + 3 * bar;
      rgba.fill(soundColor, at, at + 2);
    }
  }
}
