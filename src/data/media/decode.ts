/** Parts of a film (or of a long recording): frames and stretches of its sound, on its one clock. */
import { StudioError } from '../../core/errors.ts';
import type { Skipped } from '../../core/progress.ts';
import { longestClip } from '../audio/decode.ts';
import { type PictureOptions, resize } from '../image/resize.ts';
import { type KeptClip, keepClip } from '../sounds.ts';
import { sourceOf } from '../sources/bytes.ts';
import type { Span } from './facts.ts';

export interface FilmPart {
  /** Its name in the data set, for messages. */
  file: string;
  /** Second whose frame is wanted. */
  moment?: number;
  /** Of the sound, at most its first 60 seconds. */
  span?: Span;
}

export interface FilmPiece {
  /** RGB, `size × size × 3`. */
  pixels?: Uint8Array;
  clip?: KeptClip;
  failures: Skipped[];
}

/**
 * @param parts in order of their moments; the pieces come in the same order. A part that cannot be decoded has its failures.
 * @throws StudioError `film-decode` where the file cannot be read at all
 */
export type DecodeFilm = (
  data: Blob | Uint8Array,
  file: string,
  parts: readonly FilmPart[],
  options: PictureOptions,
) => Promise<FilmPiece[]>;

export const decodeFilm: DecodeFilm = async (data, file, parts, options) => {
  const [{ withMedia }, { decodeFrames }, { decodeSpan }] = await Promise.all([
    import('./open.ts'),
    import('./frames.ts'),
    import('./sound.ts'),
  ]);
  const pieces: FilmPiece[] = parts.map(() => ({ failures: [] }));
  const fail = (index: number, error: unknown, code: 'film-decode' | 'sound-decode') => {
    const message = error instanceof Error ? error.message : String(error);
    const known = error instanceof StudioError ? error : undefined;
    const part = parts[index].file;
    pieces[index].failures.push({
      file: part,
      code: known?.code ?? code,
      params: known?.params ?? { file: part, message },
    });
  };
  await withMedia(sourceOf(file, data), file, 'film-decode', async ({ picture, sound }) => {
    const seen = parts.flatMap(({ moment }, index) => (moment === undefined ? [] : [{ index, moment }]));
    const left = new Set(seen.map(({ index }) => index));
    try {
      if (!picture && seen.length > 0) throw new Error('it holds no pictures');
      if (picture && seen.length > 0)
        await decodeFrames(
          picture,
          seen.map(({ moment }) => moment),
          (place, frame) => {
            const { index, moment } = seen[place];
            left.delete(index);
            if (frame) pieces[index].pixels = resize(frame, options);
            else
              fail(index, new Error(`no frame can be decoded at second ${moment.toFixed(2)}`), 'film-decode');
          },
        );
    } catch (error) {
      for (const index of left) fail(index, error, 'film-decode');
    }
    for (const [index, { span }] of parts.entries()) {
      if (!span) continue;
      try {
        if (!sound) throw new Error('it holds no sound');
        const to = Math.min(span.to, span.from + longestClip);
        pieces[index].clip = keepClip(await decodeSpan(sound, span.from, to));
      } catch (error) {
        fail(index, error, 'sound-decode');
      }
    }
  });
  return pieces;
};
