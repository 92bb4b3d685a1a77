/** A picture file as the model was taught to see it. */
import { decodeInBrowser } from '../data/image/decode.browser.ts';
import type { PreparedData } from '../data/prepared.ts';
import type { Pixels } from '../training/search.ts';

/** @throws StudioError `image-decode`, `image-too-large` */
export async function pictureOf(
  file: File,
  { size, fit, background }: Pick<PreparedData, 'size' | 'fit' | 'background'>,
): Promise<Pixels> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  return { size, pixels: await decodeInBrowser(bytes, file.name, { size, fit, background }) };
}
