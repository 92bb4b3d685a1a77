/** One of a few workers that decode and resize pictures, so that all cores work while the data worker reads files. */
import { expose, transfer } from 'comlink';
import { decodeInBrowser } from '../data/image/decode.browser.ts';
import type { PictureOptions } from '../data/image/resize.ts';
import './transfer.ts';

export interface DecodeApi {
  decode(bytes: Uint8Array, file: string, options: PictureOptions): Promise<Uint8Array>;
}

const api: DecodeApi = {
  async decode(bytes, file, options) {
    const pixels = await decodeInBrowser(bytes, file, options);
    return transfer(pixels, [pixels.buffer]);
  },
};

expose(api);
