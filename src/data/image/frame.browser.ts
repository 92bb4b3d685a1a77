/** Pictures by WebCodecs' `ImageDecoder`. */
import { chromaUpsampled } from './chroma.ts';
import type { Picture } from './resize.ts';
import { isTranslucent } from './translucent.ts';
import { upright } from './upright.ts';

/**
 * The first frame, RGBA, upright.
 * @returns undefined where there is no such decoder, or its frame would not have the bytes that bitmaps have: colour at half resolution other than JPEG's, translucent pixels (their colour
 * has been multiplied by alpha), or an orientation that it does not tell
 * @throws where the file is damaged
 */
export async function decodeFrame(bytes: Uint8Array, type: string): Promise<Picture | undefined> {
  if (typeof ImageDecoder === 'undefined' || !(await isKnown(`image/${type}`))) return undefined;
  const decoder = new ImageDecoder({
    data: new Uint8Array(bytes),
    type: `image/${type}`,
    preferAnimation: false,
  });
  try {
    const { image } = await decoder.decode();
    try {
      const picture = await read(image, type);
      if (!picture || image.rotation === undefined || isTranslucent(picture)) return undefined;
      return upright(picture, image.rotation, image.flip ?? false);
    } finally {
      image.close();
    }
  } finally {
    decoder.close();
  }
}

const known = new Map<string, Promise<boolean>>();
function isKnown(type: string): Promise<boolean> {
  const found = known.get(type) ?? ImageDecoder.isTypeSupported(type);
  known.set(type, found);
  return found;
}

const whole = new Set<string | null>(['RGBA', 'RGBX', 'BGRA', 'BGRX', 'I444']);

async function read(image: VideoFrame, type: string): Promise<Picture | undefined> {
  const { format, visibleRect } = image;
  if (!visibleRect) return undefined;
  const { width, height } = visibleRect;
  if (whole.has(format)) {
    const data = new Uint8Array(image.allocationSize({ format: 'RGBA' }));
    await image.copyTo(data, { format: 'RGBA' });
    return { width, height, data };
  }
  const { matrix, fullRange } = image.colorSpace;
  if (format !== 'I420' || type !== 'jpeg' || matrix !== 'smpte170m' || !fullRange) return undefined;
  const data = new Uint8Array(image.allocationSize());
  const planes = await image.copyTo(data);
  const [luma, blue, red] = planes.map(({ offset, stride }) => ({ data: data.subarray(offset), stride }));
  return { width, height, data: chromaUpsampled(width, height, luma, blue, red) };
}
