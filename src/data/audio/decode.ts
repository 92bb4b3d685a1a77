/**
 * Sound files as clips. Workers have no decoder of the platform's, so what is read is what is read here: WAV. Other containers are
 * recognized, so that the error can say what the file is.
 */
import { StudioError } from '../../core/errors.ts';
import { type Clip, decodeWav, isWav } from './wav.ts';

/** Seconds of a clip that are kept at most: as many as a recipe may use. */
const longestClip = 60;

const starts = (bytes: Uint8Array, text: string, at = 0): boolean =>
  [...text].every((letter, i) => bytes[at + i] === letter.charCodeAt(0));

function containerOf(bytes: Uint8Array): string | undefined {
  if (starts(bytes, 'fLaC')) return 'FLAC';
  if (starts(bytes, 'OggS')) return 'Ogg';
  if (starts(bytes, 'ftyp', 4)) return 'MP4';
  if (starts(bytes, 'FORM')) return 'AIFF';
  if (starts(bytes, 'ID3') || (bytes[0] === 0xff && (bytes[1] & 0xe0) === 0xe0)) return 'MP3';
  return undefined;
}

/** @throws StudioError `sound-decode` */
export function decodeSound(bytes: Uint8Array, file: string): Clip {
  if (isWav(bytes)) return decodeWav(bytes, file, longestClip);
  const container = containerOf(bytes);
  const message = container ? `${container} is not read, only WAV` : 'it is no sound file';
  throw new StudioError('sound-decode', { file, message });
}
