/** PNG by the browser; with no transparency a canvas keeps every byte. */
import type { EncodePng } from './index.ts';

export const encodePngInBrowser: EncodePng = async (pixels, side) => {
  const picture = new ImageData(side, side);
  for (let i = 0; i < side * side; i++) {
    picture.data.set(pixels.subarray(i * 3, i * 3 + 3), i * 4);
    picture.data[i * 4 + 3] = 255;
  }
  const canvas = new OffscreenCanvas(side, side);
  canvas.getContext('2d')?.putImageData(picture, 0, 0);
  return new Uint8Array(await (await canvas.convertToBlob({ type: 'image/png' })).arrayBuffer());
};
