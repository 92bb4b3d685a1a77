import { MkvOutputFormat, MovOutputFormat, Mp4OutputFormat, WebMOutputFormat } from 'mediabunny';
import { describe, expect, it } from 'vitest';
import { describeShared, fetchShared } from '../../engine/testing/shared.browser.ts';
import { decodeInBrowser } from '../image/decode.browser.ts';
import { importDataset, planImport } from '../import.ts';
import { openDropped } from '../sources/open.ts';
import { clockOf } from './clock.ts';
import { decodeFilm } from './decode.ts';
import { makeFilm, numberIn, pitches, pitchIn, pitchOf, side } from './testing/film.ts';

const how = { size: side, fit: 'crop', background: '#ffffff', name: 'film' } as const;
const cue = (from: number, to: number, text: string) =>
  `${clockOf(from).replace('.', ',')} --> ${clockOf(to).replace('.', ',')}\n${text}\n\n`;

/** Frames a tenth of a second apart, but each third comes late: of variable rate. */
const uneven = Array.from({ length: 60 }, (_, i) => i * 0.1 + (i % 3 === 2 ? 0.06 : 0));
/** The number of the last frame that begins by a time; the first before all. */
const frameAt = (times: readonly number[], moment: number) =>
  Math.max(0, times.filter((time) => time <= moment + 1e-4).length - 1);

/** Not at the edge of a frame, where time stamps in milliseconds may decide either way. */
const segments = [
  [0.2, 0.9],
  [1.1, 1.84],
  [2.05, 2.95],
  [3.1, 3.9],
  [5.1, 5.8],
] as const;

async function importFilm(name: string, film: Uint8Array, subtitles: string, options = {}) {
  const tree = await openDropped([
    { path: name, file: new Blob([Uint8Array.from(film)]) },
    { path: name.replace(/\.\w+$/, '.srt'), file: new Blob([subtitles]) },
  ]);
  const [guess] = await planImport(tree);
  expect(guess.reader).toBe('film-captions');
  return importDataset(tree, guess.reader, { ...guess.options, ...options }, how, {
    decode: decodeInBrowser,
  });
}

describe('films made here', () => {
  it.each([
    ['a.webm', 'vp8', 'opus', new WebMOutputFormat()],
    ['a.webm', 'vp9', 'opus', new WebMOutputFormat()],
    ['a.mp4', 'avc', 'opus', new Mp4OutputFormat()],
    ['a.mov', 'avc', 'pcm-s16', new MovOutputFormat()],
    ['a.mkv', 'vp8', 'opus', new MkvOutputFormat()],
  ] as const)(
    '%s of %s and %s: each subtitle has its frame and its sound',
    async (name, picture, sound, format) => {
      const film = await makeFilm({
        format,
        picture: { codec: picture, times: uneven },
        sound: { codec: sound, rate: 48000, channels: [pitches(6, 48000)] },
      });
      const subtitles = segments.map(([from, to], i) => cue(from, to, `line ${i}`)).join('');
      const { dataset, skipped } = await importFilm(name, film, subtitles);
      expect(skipped).toEqual([]);
      expect(dataset.captions).toEqual(segments.map((_, i) => [`line ${i}`]));
      const bytes = side * side * 3;
      const numbers = segments.map((_, i) => numberIn(dataset.pixels.subarray(i * bytes), side, 3));
      expect(numbers).toEqual(segments.map(([from, to]) => frameAt(uneven, (from + to) / 2)));
      for (const [i, [from, to]] of segments.entries()) {
        const [start, end] = dataset.sound?.offsets.subarray(i, i + 2) ?? [0, 0];
        const heard = dataset.sound?.samples.subarray(start, end) ?? new Int16Array(0);
        expect(heard.length / 16000).toBeCloseTo(to - from, 2);
        expect(Math.abs(pitchIn(heard, 16000) - pitchOf(Math.floor(from)))).toBeLessThan(4);
      }
    },
  );

  it('the sound begins where its second begins', async () => {
    const film = await makeFilm({
      format: new WebMOutputFormat(),
      picture: { codec: 'vp8', times: uneven },
      sound: { codec: 'opus', rate: 48000, channels: [pitches(6, 48000)] },
    });
    // Half of one second's tone and half of the next: were it off by a hundredth, a pitch would be wrong by 5 Hz or more.
    const part = { file: 'a', span: { from: 2.5, to: 3.5 } };
    const [{ clip }] = await decodeFilm(film, 'a.webm', [part], how);
    const samples = clip?.samples ?? new Int16Array(0);
    expect(pitchIn(samples.subarray(0, 8000), 16000)).toBeCloseTo(pitchOf(2), -0.5);
    expect(pitchIn(samples.subarray(8000), 16000)).toBeCloseTo(pitchOf(3), -0.5);
    const turn = samples.findIndex(
      (_, i) => i > 7600 && pitchIn(samples.subarray(i, i + 320), 16000) > pitchOf(2) + 75,
    );
    expect(Math.abs(turn + 160 - 8000)).toBeLessThan(160);
  });

  it('a clock that begins below or after 0 is the film’s own', async () => {
    for (const shift of [-0.45, 2]) {
      const times = Array.from({ length: 30 }, (_, i) => shift + i * 0.1);
      const film = await makeFilm({ format: new Mp4OutputFormat(), picture: { codec: 'avc', times } });
      const last = shift + 2.9;
      const { dataset } = await importFilm(
        'a.mp4',
        film,
        cue(Math.max(0, shift), Math.max(0, shift) + 0.5, 'first') + cue(last - 0.5, last, 'last'),
      );
      const numbers = [0, 1].map((i) => numberIn(dataset.pixels.subarray(i * side * side * 3), side, 3));
      expect(numbers).toEqual([frameAt(times, Math.max(0, shift) + 0.25), frameAt(times, last - 0.25)]);
    }
  });

  it('without subtitles a frame and its sound every so many seconds', async () => {
    const film = await makeFilm({
      format: new WebMOutputFormat(),
      picture: { codec: 'vp8', times: uneven },
      sound: { codec: 'opus', rate: 48000, channels: [pitches(6, 48000)] },
    });
    const tree = await openDropped([{ path: 'a.webm', file: new Blob([Uint8Array.from(film)]) }]);
    const [guess] = await planImport(tree);
    const { dataset } = await importDataset(tree, guess.reader, { every: 1 }, how, {
      decode: decodeInBrowser,
    });
    expect(dataset.captions).toEqual([[], [], [], [], [], []]);
    const numbers = [0, 1, 2, 3, 4, 5].map((i) =>
      numberIn(dataset.pixels.subarray(i * side * side * 3), side, 3),
    );
    expect(numbers).toEqual([0, 1, 2, 3, 4, 5].map((i) => frameAt(uneven, i + 0.5)));
    expect(dataset.sound?.offsets.length).toBe(7);
    expect(dataset.stated).toEqual(['train', 'train', 'train', 'train', 'train', 'validation']);
  });

  it('a large film is read in parts', async () => {
    const film = await makeFilm({ format: new Mp4OutputFormat(), picture: { codec: 'avc', times: uneven } });
    // A box that nobody reads, of 64 MB.
    const padding = new Uint8Array(64 * 2 ** 20);
    new DataView(padding.buffer).setUint32(0, padding.length);
    padding.set(
      [...'free'].map((letter) => letter.charCodeAt(0)),
      4,
    );
    const blob = new Blob([Uint8Array.from(film), padding]);
    let read = 0;
    const slice = blob.slice.bind(blob);
    blob.slice = (start = 0, end = blob.size) => {
      read += end - start;
      return slice(start, end);
    };
    const [{ pixels }] = await decodeFilm(blob, 'a.mp4', [{ file: 'a', moment: 3.05 }], how);
    expect(numberIn(pixels ?? [], side, 3)).toBe(frameAt(uneven, 3.05));
    expect(read).toBeLessThan(4 * 2 ** 20);
  });
});

describeShared('a film of others', () => {
  it('MOV with an edit list gives frames that differ, and no sound', async () => {
    const film = new Uint8Array(await fetchShared('media-samples/test_video_66x50.mov'));
    const { dataset, skipped } = await importFilm(
      'clip.mov',
      film,
      cue(0, 0.4, 'one') + cue(0.4, 0.8, 'two') + cue(0.8, 1.5, 'three') + cue(2, 3, 'gone'),
    );
    expect(dataset.captions).toEqual([['one'], ['two'], ['three']]);
    expect(skipped.map(({ code, params }) => [code, params.place])).toEqual([
      ['row-malformed', 'clip.srt:10'],
    ]);
    expect(dataset.sound).toBeUndefined();
    const bytes = side * side * 3;
    const [one, two] = [0, 1].map((i) => dataset.pixels.subarray(i * bytes, (i + 1) * bytes));
    expect(new Set(one).size).toBeGreaterThan(16);
    expect(one.some((value, i) => value !== two[i])).toBe(true);
  });
});
