/** PNG by sharp, under Node. */
import type { EncodePng } from './index.ts';

export const encodePngInNode: EncodePng = async (pixels, side) => {
  const { default: sharp } = await import('sharp');
  return new Uint8Array(
    await sharp(pixels, { raw: { width: side, height: side, channels: 3 } })
      .png()
      .toBuffer(),
  );
};
