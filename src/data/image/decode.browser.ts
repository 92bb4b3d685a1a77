/**
 * Decodes with the browser's own decoders, in any worker or page. EXIF orientation is applied and alpha is kept apart
 * from colour, so that the background is ours to choose.
 */
import { createDecoder } from './decode.ts';

export const decodeInBrowser = createDecoder(async (bytes, type) => {
  const blob = new Blob([new Uint8Array(bytes)], { type: `image/${type}` });
  const bitmap = await createImageBitmap(blob, {
    imageOrientation: 'from-image',
    premultiplyAlpha: 'none',
  });
  try {
    const { width, height } = bitmap;
    const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
    if (!context) throw new Error('no canvas of this size can be made');
    context.drawImage(bitmap, 0, 0);
    return { width, height, data: context.getImageData(0, 0, width, height).data };
  } finally {
    bitmap.close();
  }
});
