/**
 * Decodes with the browser's own decoders, in any worker or page, upright. WebCodecs' decoder is several times faster than bitmaps and a canvas; what it
 * gives in a form that would not have the same bytes goes through those.
 */
import { createDecoder } from './decode.ts';
import { decodeFrame } from './frame.browser.ts';
import type { Picture } from './resize.ts';
import { readTexture } from './texture.browser.ts';
import { isTranslucent } from './translucent.ts';

export const decodeInBrowser = createDecoder(
  async (bytes, type) => (await decodeFrame(bytes, type)) ?? decodeBitmap(bytes, type),
);

/**
 * By a bitmap and a canvas. A canvas keeps colour multiplied by alpha, so that reading it back is off by one where a picture is translucent;
 * such pictures are read back through a WebGL texture, which keeps the bytes as they were (as sharp does under Node).
 */
export async function decodeBitmap(bytes: Uint8Array, type: string): Promise<Picture> {
  const bitmap = await createImageBitmap(new Blob([new Uint8Array(bytes)], { type: `image/${type}` }), {
    imageOrientation: 'from-image',
    // Asked for where there can be transparency: it takes twice the time.
    ...(type !== 'jpeg' && { premultiplyAlpha: 'none' }),
  });
  try {
    const picture = readCanvas(bitmap);
    return isTranslucent(picture) ? (readTexture(bitmap) ?? picture) : picture;
  } finally {
    bitmap.close();
  }
}

function readCanvas(bitmap: ImageBitmap): Picture {
  const { width, height } = bitmap;
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('no canvas of this size can be made');
  context.drawImage(bitmap, 0, 0);
  return { width, height, data: context.getImageData(0, 0, width, height).data };
}
