/**
 * Decodes with sharp under Node, to RGBA at full size; resizing is ours. sharp is imported when first used, so that
 * bundles for browsers never see it. BMP, which sharp does not read, has a small decoder of its own.
 */
import { decodeBmp } from './bmp.ts';
import { createDecoder } from './decode.ts';
import { pixelLimit } from './header.ts';

export const decodeInNode = createDecoder(async (bytes, type) => {
  if (type === 'bmp') return decodeBmp(bytes);
  const { default: sharp } = await import('sharp');
  const { data, info } = await sharp(bytes, { limitInputPixels: pixelLimit, failOn: 'warning' })
    .autoOrient()
    .toColourspace('srgb')
    .ensureAlpha()
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return {
    width: info.width,
    height: info.height,
    data: new Uint8Array(data.buffer, data.byteOffset, data.length),
  };
});
