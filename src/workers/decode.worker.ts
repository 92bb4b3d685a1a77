/** One of a few workers that decode pictures, sounds and films, so that all cores work while the data worker reads files. */
import { expose, transfer } from 'comlink';
import { type ListenTo, listenTo } from '../data/decodeSamples.ts';
import { decodeInBrowser } from '../data/image/decode.browser.ts';
import type { DecodePicture } from '../data/image/decode.ts';
import { type DecodeFilm, decodeFilm } from '../data/media/decode.ts';
import { factsIn } from '../data/media/facts.ts';
import './transfer.ts';

export interface DecodeApi {
  decode: DecodePicture;
  listen: ListenTo;
  film: DecodeFilm;
  facts: typeof factsIn;
}

const api: DecodeApi = {
  async decode(bytes, file, options) {
    const pixels = await decodeInBrowser(bytes, file, options);
    return transfer(pixels, [pixels.buffer]);
  },
  async listen(data, file) {
    const clip = await listenTo(data, file);
    return transfer(clip, [clip.samples.buffer]);
  },
  async film(data, file, parts, options) {
    const pieces = await decodeFilm(data, file, parts, options);
    const large = pieces.flatMap(({ pixels, clip }) => [pixels?.buffer, clip?.samples.buffer]);
    return transfer(
      pieces,
      large.filter((buffer) => buffer !== undefined),
    );
  },
  facts: factsIn,
};

expose(api);
