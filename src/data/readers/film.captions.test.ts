import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decodeInNode } from '../image/decode.node.ts';
import { importDataset, planImport, previewImport } from '../import.ts';
import { openDropped } from '../sources/open.ts';
import { describeShared, sharedData } from '../testing/shared.ts';
import { wav } from '../testing/wav.ts';
import { readerById } from './index.ts';

const treeOf = (files: Record<string, string | Uint8Array>) =>
  openDropped(
    Object.entries(files).map(([path, file]) => ({
      path,
      file: new Blob([typeof file === 'string' ? file : Uint8Array.from(file)]),
    })),
  );

/** Ten seconds at 1000 samples a second; each sample is the number of its second. */
const recording = () =>
  wav(
    Array.from({ length: 10_000 }, (_, i) => Math.floor(i / 1000) * 1000),
    { rate: 1000 },
  );

const cue = (from: string, to: string, text: string) => `00:00:${from} --> 00:00:${to}\n${text}\n\n`;

async function readFiles(files: Parameters<typeof treeOf>[0], options = {}) {
  const tree = await treeOf(files);
  const result = await readerById('film-captions')!.read(tree, options);
  return {
    skipped: result.skipped,
    samples: result.samples.map(({ file, captions, moment, span, split }) => ({
      file,
      captions,
      moment,
      span,
      split,
    })),
  };
}

describe('recordings with subtitles', () => {
  const files = {
    'talk.wav': recording(),
    'talk.srt': cue('01,000', '02,500', 'one') + cue('03,000', '04,000', 'two'),
  };

  it('give the sound and the words of each', async () => {
    const { samples, skipped } = await readFiles(files);
    expect(skipped).toEqual([]);
    expect(samples).toEqual([
      { file: 'talk.wav 0:00:01.000', captions: ['one'], span: { from: 1, to: 2.5 } },
      { file: 'talk.wav 0:00:03.000', captions: ['two'], span: { from: 3, to: 4 } },
    ]);
    const [{ reader }] = await planImport(await treeOf(files));
    expect(reader).toBe('film-captions');
  });

  it('are heard under Node, where nothing has to be unpacked', async () => {
    const options = { size: 8, fit: 'crop', background: '#ffffff', name: 'talk' } as const;
    const { dataset } = await importDataset(await treeOf(files), 'film-captions', {}, options, {
      decode: decodeInNode,
    });
    expect(dataset.sound?.rate).toBe(1000);
    expect([...(dataset.sound?.offsets ?? [])]).toEqual([0, 1500, 2500]);
    expect(new Set(dataset.sound?.samples.subarray(0, 1000))).toEqual(new Set([1000]));
    expect(new Set(dataset.sound?.samples.subarray(1000, 1500))).toEqual(new Set([2000]));
    expect(new Set(dataset.sound?.samples.subarray(1500))).toEqual(new Set([3000]));
  });

  it('are moved, padded and cut to what there is', async () => {
    const { samples } = await readFiles(files, { offset: -1.5, padding: 0.25 });
    expect(samples.map(({ span }) => span)).toEqual([
      { from: 0, to: 1.25 },
      { from: 1.25, to: 2.75 },
    ]);
    const late = await readFiles(files, { offset: 6.5, smallest: 0.8 });
    expect(late.samples.map(({ span }) => span)).toEqual([
      { from: 7.5, to: 9 },
      { from: 9.5, to: 10 },
    ]);
  });

  it('list what cannot be used with its line', async () => {
    const subtitles =
      cue('01,000', '02,000', '<i></i>') +
      cue('03,000', '03,100', 'short') +
      cue('12,000', '13,000', 'after') +
      cue('04,000', 'soon', 'broken') +
      cue('05,000', '06,000', 'good');
    const { samples, skipped } = await readFiles({ 'talk.wav': recording(), 'talk.srt': subtitles });
    expect(samples.map(({ captions }) => captions)).toEqual([['good']]);
    expect(skipped.map(({ code, params }) => [code, params.place, params.message])).toEqual([
      ['row-malformed', 'talk.srt:10', 'its times cannot be read'],
      ['caption-empty', 'talk.srt:1', undefined],
      ['row-malformed', 'talk.srt:4', 'it stands for 0.10 seconds'],
      ['row-malformed', 'talk.srt:7', 'it begins at 0:00:12.000, and talk.wav ends at 0:00:10.000'],
    ]);
  });

  it('choose a language, and fall back to what there is', async () => {
    const several = {
      'talk.wav': recording(),
      'talk.de.srt': cue('01,000', '02,000', 'eins'),
      'talk.en.vtt': `WEBVTT\n\n${cue('01.000', '02.000', 'one')}`,
      'other.v2.wav': recording(),
      'other.v2.zh-Hans.srt': cue('01,000', '02,000', '一'),
    };
    const detected = await readerById('film-captions')!.detect(await treeOf(several));
    expect(detected?.options.language).toBe('en');
    const words = async (options: object) =>
      (await readFiles(several, options)).samples.flatMap(({ captions }) => captions);
    expect(await words(detected!.options)).toEqual(['一', 'one']);
    expect(await words({ language: 'de' })).toEqual(['一', 'eins']);
  });

  it('hold out their end, unless folders say it or it is switched off', async () => {
    const ten = Array.from({ length: 9 }, (_, i) => cue(`0${i},000`, `0${i},900`, `n${i}`)).join('');
    const splits = async (folder: string, options = {}) =>
      (
        await readFiles(
          {
            [`${folder}talk.wav`]: recording(),
            [`${folder}talk.srt`]: ten,
            'test/a.wav': recording(),
            'test/a.srt': cue('01,000', '02,000', 'a'),
          },
          options,
        )
      ).samples
        .filter(({ file }) => !file.startsWith('test'))
        .map(({ split }) => split?.[0] ?? '-')
        .join('');
    expect(await splits('a/')).toBe('ttttttttv');
    expect(await splits('train/')).toBe('ttttttttt');
    expect(await splits('a/', { heldOut: false })).toBe('---------');
  });

  it('says where a film that is none stands, and goes on', async () => {
    const { samples, skipped } = await readFiles({
      ...files,
      'bad.mp4': 'no film',
      'bad.srt': cue('01,000', '02,000', 'x'),
    });
    expect(samples.length).toBe(2);
    expect(skipped).toEqual([expect.objectContaining({ file: 'bad.mp4', code: 'film-decode' })]);
  });
});

describeShared('a film under Node', () => {
  const film = new Uint8Array(readFileSync(sharedData('media-samples/test_video_66x50.mov')));
  const files = {
    'clip.mov': film,
    'clip.srt':
      cue('00,000', '00,500', '- The first half.') +
      cue('00,500', '01,500', 'The second.') +
      cue('01,400', '02,000', 'Gone.'),
  };

  it('is paired with its subtitles by its own clock', async () => {
    const { samples, skipped } = await readFiles(files);
    // 87 frames at 60 a second, of which an edit list hides the first five: the film ends at 82/60.
    expect(samples.map(({ captions, moment }) => [captions[0], Number(moment?.toFixed(4))])).toEqual([
      ['The first half.', 0.25],
      ['The second.', Number(((0.5 + 82 / 60) / 2).toFixed(4))],
    ]);
    expect(skipped.map(({ params }) => params.place)).toEqual(['clip.srt:7']);
    const preview = await previewImport(await treeOf(files), 'film-captions', {});
    expect(preview.having).toEqual({ image: 2, text: 2 });
  });

  it('gives frames every so many seconds without subtitles', async () => {
    const { samples } = await readFiles({ 'clip.mov': film }, { every: 0.5 });
    expect(samples.map(({ captions, moment }) => [captions.length, moment])).toEqual([
      [0, 0.25],
      [0, 0.75],
    ]);
  });

  it('is not decoded, and says what to do', async () => {
    const options = { size: 8, fit: 'crop', background: '#ffffff', name: 'film' } as const;
    await expect(
      importDataset(await treeOf(files), 'film-captions', {}, options, { decode: decodeInNode }),
    ).rejects.toThrow(/decoded by browsers only; open the data in the studio/);
  });
});
