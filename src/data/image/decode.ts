/** How an importer turns a picture file into stored bytes; one implementation for browsers, one for Node. */
import { StudioError } from '../../core/errors.ts';
import { checkHeader } from './header.ts';
import { type Picture, type PictureOptions, resize } from './resize.ts';

/**
 * The stored bytes of a picture file: RGB, `size × size × 3`.
 * @throws StudioError `image-decode` or `image-too-large`
 */
export type DecodePicture = (bytes: Uint8Array, file: string, options: PictureOptions) => Promise<Uint8Array>;

/** Adds the checks before and the resize after that every decoder shares. */
export function createDecoder(decode: (bytes: Uint8Array, type: string) => Promise<Picture>): DecodePicture {
  return async (bytes, file, options) => {
    const { type } = checkHeader(bytes, file);
    let picture: Picture;
    try {
      picture = await decode(bytes, type);
    } catch (cause) {
      const message = cause instanceof Error ? cause.message : String(cause);
      throw new StudioError('image-decode', { file, message }, { cause });
    }
    return resize(picture, options);
  };
}
