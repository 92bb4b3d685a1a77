/**
 * Sound files as clips. WAV is read here, in browsers and under Node alike; MP3, Ogg with Opus or Vorbis, FLAC, M4A and AAC by the browser's own
 * decoders (WebCodecs), so in browsers only.
 */
import { StudioError } from '../../core/errors.ts';
import { sourceOf } from '../sources/bytes.ts';
import { type Clip, decodeWav, isWav } from './wav.ts';

/** Seconds of a clip that are kept at most: as many as a recipe may use. */
export const longestClip = 60;

/** Bytes of a WAV that are read at most: 60 seconds of eight channels at 192 kHz and 32 bits are 369 million. */
const wavBudget = 400 * 2 ** 20;

/**
 * Mono, at the file's own rate, at most the first 60 seconds.
 * @throws StudioError `sound-decode`
 */
export async function decodeSound(data: Blob | Uint8Array, file: string): Promise<Clip> {
  const source = sourceOf(file, data);
  if (isWav(await source.slice(0, Math.min(16, source.size))))
    return decodeWav(await source.slice(0, Math.min(source.size, wavBudget)), file, longestClip);
  const [{ withMedia }, { decodeSpan }] = await Promise.all([
    import('../media/open.ts'),
    import('../media/sound.ts'),
  ]);
  return withMedia(source, file, 'sound-decode', async ({ sound }) => {
    if (!sound) throw new StudioError('sound-decode', { file, message: 'it holds no sound' });
    return decodeSpan(sound, 0, longestClip);
  });
}
