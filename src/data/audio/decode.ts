/**
 * Sound files as clips. WAV is read here, in browsers and under Node alike; MP3, Ogg and Opus, FLAC, M4A and AAC by the browser's own decoders
 * (WebCodecs), so in browsers only.
 */
import { StudioError } from '../../core/errors.ts';
import { sourceOf } from '../sources/bytes.ts';
import { type Clip, decodeWav, isWav } from './wav.ts';

/** Seconds of a clip that are kept at most: as many as a recipe may use. */
export const longestClip = 60;

/** Bytes of a WAV that are read at most: 60 seconds of eight channels at 192 kHz and 32 bits are 369 million. */
const wavBudget = 400 * 2 ** 20;

const starts = (bytes: Uint8Array, text: string, at = 0): boolean =>
  [...text].every((letter, i) => bytes[at + i] === letter.charCodeAt(0));

function containerOf(bytes: Uint8Array): string | undefined {
  if (starts(bytes, 'fLaC')) return 'FLAC';
  if (starts(bytes, 'OggS')) return 'Ogg';
  if (starts(bytes, 'ftyp', 4)) return 'MP4';
  if (starts(bytes, 'FORM')) return 'AIFF';
  // Layer bits 0: AAC in ADTS, whose sync word is as MP3's.
  if (bytes[0] === 0xff && (bytes[1] & 0xf6) === 0xf0) return 'AAC';
  if (starts(bytes, 'ID3') || (bytes[0] === 0xff && (bytes[1] & 0xe0) === 0xe0)) return 'MP3';
  if (starts(bytes, '\x1a\x45\xdf\xa3')) return 'WebM';
  return undefined;
}

/**
 * Mono, at the file's own rate, at most the first 60 seconds.
 * @throws StudioError `sound-decode`
 */
export async function decodeSound(data: Blob | Uint8Array, file: string): Promise<Clip> {
  const source = sourceOf(file, data);
  const head = await source.slice(0, Math.min(16, source.size));
  if (isWav(head))
    return decodeWav(await source.slice(0, Math.min(source.size, wavBudget)), file, longestClip);
  const container = containerOf(head);
  const fail = (message: string) => new StudioError('sound-decode', { file, message });
  if (container === 'AIFF') throw fail('AIFF is not read');
  if (typeof AudioDecoder === 'undefined')
    throw fail(
      container
        ? `${container} is decoded by browsers only; open the data in the studio`
        : 'it is no sound file that is known here',
    );
  const [{ withMedia }, { decodeSpan }] = await Promise.all([
    import('../media/open.ts'),
    import('../media/sound.ts'),
  ]);
  return withMedia(source, file, 'sound-decode', async ({ sound }) => {
    if (!sound) throw fail('it holds no sound');
    return decodeSpan(sound, 0, longestClip);
  });
}
