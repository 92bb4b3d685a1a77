import type { Picture } from './resize.ts';

/**
 * An RGBA picture turned clockwise and then (where `flip`) mirrored left to right.
 * @param rotation degrees
 */
export function upright(picture: Picture, rotation: 0 | 90 | 180 | 270, flip: boolean): Picture {
  if (rotation === 0 && !flip) return picture;
  const { width, height } = picture;
  const from = new Uint32Array(picture.data.slice().buffer);
  const to = new Uint32Array(from.length);
  const across = rotation === 90 || rotation === 270;
  const side = across ? height : width;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const [column, row] =
        rotation === 0
          ? [x, y]
          : rotation === 90
            ? [height - 1 - y, x]
            : rotation === 180
              ? [width - 1 - x, height - 1 - y]
              : [y, width - 1 - x];
      to[row * side + (flip ? side - 1 - column : column)] = from[y * width + x];
    }
  return { width: side, height: across ? width : height, data: new Uint8Array(to.buffer) };
}
