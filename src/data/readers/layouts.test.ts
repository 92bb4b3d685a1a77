import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { planImport } from '../import.ts';
import { openPath } from '../sources/folder.node.ts';
import { openDropped } from '../sources/open.ts';
import { describeShared, sharedData } from '../testing/shared.ts';
import { readerById, readers } from './index.ts';
import type { Sample } from './reader.ts';

interface Expected {
  images: number;
  pairs: number;
  first: [string, string];
  last: [string, string];
  splits?: Record<string, number>;
  classes?: string[];
}

const layouts: Record<string, string> = {
  'flickr8k-captions-txt': 'flickr-captions',
  'coco-captions': 'coco-captions',
  'hf-imagefolder-csv': 'imagefolder-csv',
  'hf-imagefolder-jsonl': 'imagefolder-jsonl',
  'sidecar-txt': 'sidecar-txt',
  'sidecar-txt.zip': 'sidecar-txt',
  'openclip-csv': 'openclip-csv',
  'class-folders': 'class-folders',
  'karpathy-json': 'karpathy-json',
  'img2dataset-files': 'sidecar-txt',
  'webdataset-tar': 'sidecar-txt',
  'webdataset-tgz-nested': 'sidecar-txt',
  'hf-parquet': 'parquet',
  'parallel-text': 'parallel-text',
};

/** Layouts whose order is that of a table; the others have only the order of a folder listing. */
const ordered = new Set([
  'flickr8k-captions-txt',
  'coco-captions',
  'hf-imagefolder-csv',
  'hf-imagefolder-jsonl',
  'openclip-csv',
  'karpathy-json',
  'hf-parquet',
  'parallel-text',
]);

/** Splits that a layout states and the list of what is expected does not. */
const ownSplits: Record<string, Record<string, number>> = { 'hf-parquet': { train: 9, val: 3 } };

async function best(path: string) {
  const tree = await openPath(path);
  const found = [];
  for (const reader of readers) {
    const detection = await reader.detect(tree);
    if (detection) found.push({ reader, detection });
  }
  found.sort((a, b) => b.detection.confidence - a.detection.confidence);
  const [{ reader, detection }] = found;
  return { reader, result: await reader.read(tree, detection.options) };
}

const pairs = (samples: Sample[]) =>
  samples.flatMap((sample) => sample.captions.map((caption) => [sample.file, caption]));

function countSplits(samples: Sample[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { split } of samples) if (split) counts[split] = (counts[split] ?? 0) + 1;
  return counts;
}

/** `val` and `dev` are other words for validation. */
const renamed = ({ val, dev, ...splits }: Record<string, number>) => {
  const validation = val ?? dev ?? splits.validation;
  return validation === undefined ? splits : { ...splits, validation };
};

describeShared('layouts', () => {
  const expected: Record<string, Expected> = JSON.parse(
    readFileSync(sharedData('layouts/expected.json'), 'utf8'),
  );
  it.each(Object.entries(layouts))('%s opens with the counts written beside it', async (layout, id) => {
    const wanted = expected[layout];
    const { reader, result } = await best(sharedData(`layouts/${layout}`));
    expect(reader.id).toBe(id);
    expect(result.samples.length).toBe(wanted.images);
    const found = pairs(result.samples);
    expect(found.length).toBe(wanted.pairs);
    if (ordered.has(layout)) {
      expect(found[0]).toEqual(wanted.first);
      expect(found.at(-1)).toEqual(wanted.last);
    } else {
      expect(found).toContainEqual(wanted.first);
      expect(found).toContainEqual(wanted.last);
    }
    expect(countSplits(result.samples)).toEqual(renamed(wanted.splits ?? ownSplits[layout] ?? {}));
    if (wanted.classes) expect([...new Set(found.map(([, caption]) => caption))]).toEqual(wanted.classes);
    expect(result.skipped).toEqual([]);
  });

  it('reads the first form of Flickr8k and says which rows have no picture', async () => {
    const wanted = expected['flickr8k-token-txt'];
    const { reader, result } = await best(sharedData('layouts/flickr8k-token-txt'));
    expect([reader.id, result.samples.length]).toEqual(['flickr-token', wanted.images]);
    const found = pairs(result.samples);
    expect([found.length, found[0], found.at(-1)]).toEqual([wanted.pairs, wanted.first, wanted.last]);
    expect(countSplits(result.samples)).toEqual(renamed(wanted.splits ?? {}));
    expect(result.skipped.map((one) => one.code)).toEqual(new Array(5).fill('file-missing'));
  });

  it('reads the results table of Flickr30k but for its broken row', async () => {
    const wanted = expected['flickr30k-results-csv'];
    const { result } = await best(sharedData('layouts/flickr30k-results-csv'));
    const found = pairs(result.samples);
    expect([found.length, found[0], found.at(-1)]).toEqual([wanted.pairs, wanted.first, wanted.last]);
    expect(result.skipped.map((one) => [one.code, one.file])).toEqual([['row-malformed', 'results.csv:11']]);
  });

  it.each(['captions-gzip-dictionary-off', 'captions-none-dictionary-off', 'captions-zstd-dictionary-off'])(
    'reads the pictures inside %s.parquet',
    async (name) => {
      const { reader, result } = await best(sharedData(`layouts/hf-parquet/variants/${name}.parquet`));
      expect([reader.id, result.samples.length, pairs(result.samples).length]).toEqual(['parquet', 12, 60]);
      const { source } = result.samples[3];
      const original = readFileSync(sharedData(`layouts/coco-captions/val2017/${result.samples[3].file}`));
      expect(Buffer.from((await source?.read()) ?? []).equals(original)).toBe(true);
    },
  );

  it('reads the questions of VQA with their answers', async () => {
    const wanted = JSON.parse(readFileSync(sharedData('layouts/expected.json'), 'utf8'))['vqa-v2'];
    const { reader, result } = await best(sharedData('layouts/vqa-v2'));
    expect([reader.id, result.samples.length, pairs(result.samples).length]).toEqual([
      'vqa-json',
      wanted.images,
      wanted.questions,
    ]);
    const [first] = result.samples;
    expect([first.captions[0], result.target?.classes[first.targets?.[0] ?? -1]]).toEqual(wanted.first);
    expect(result.skipped).toEqual([]);
  });

  it('reads the answers of LLaVA’s conversations, but for the one without a picture', async () => {
    const wanted = JSON.parse(readFileSync(sharedData('layouts/expected.json'), 'utf8'))['llava-json'];
    const { reader, result } = await best(sharedData('layouts/llava-json'));
    expect([reader.id, result.samples.length]).toEqual(['llava-json', wanted.images]);
    expect(pairs(result.samples)[0]).toEqual(wanted.first);
    expect(pairs(result.samples).length).toBe((wanted.images * wanted.turns) / 2);
    expect(result.skipped.map(({ code }) => code)).toEqual(new Array(wanted.text_only).fill('row-malformed'));
  });

  it('reads sounds in the layouts that speech sets have', async () => {
    const wanted = JSON.parse(readFileSync(sharedData('layouts/expected.json'), 'utf8'))['audio-layouts'];
    const layout = async (name: string) => {
      const { reader, result } = await best(sharedData(`layouts/audio-layouts/${name}`));
      return { reader: reader.id, ...result };
    };
    const sounds = (samples: Sample[]) => samples.filter(({ sound }) => sound).length;
    const folder = await layout('audiofolder');
    expect([folder.reader, sounds(folder.samples)]).toEqual(['mixed-table', wanted.audiofolder]);
    const lj = await layout('ljspeech');
    expect([lj.reader, sounds(lj.samples)]).toEqual(['ljspeech', wanted.ljspeech]);
    expect(lj.samples[0]).toMatchObject({ file: 'wavs/0_jackson_7.wav', captions: ['zero'] });
    const commands = await layout('speech-commands');
    expect([commands.reader, sounds(commands.samples)]).toEqual(['class-folders', wanted.speech_commands]);
    expect(commands.target?.classes).toEqual(['one', 'three', 'two', 'zero']);
    const voice = await layout('commonvoice');
    expect([voice.samples.length, sounds(voice.samples)]).toEqual([
      wanted.commonvoice_rows,
      wanted.commonvoice_files,
    ]);
    expect(voice.skipped.length).toBe(wanted.commonvoice_rows - wanted.commonvoice_files);
  });

  it('reads the usable rows of a messy zip and lists the rest', async () => {
    const wanted = JSON.parse(readFileSync(sharedData('layouts/expected.json'), 'utf8'))['messy.zip'];
    const { result } = await best(sharedData('layouts/messy.zip'));
    expect(pairs(result.samples).length).toBe(wanted.pairs_usable);
    const listed = result.skipped.map(({ code, file }) => `${code} ${file}`);
    expect(listed).toEqual(
      expect.arrayContaining([
        'row-malformed metadata.csv:12',
        'caption-empty 000000165518.jpg',
        'row-malformed metadata.csv:9',
        'file-missing missing.jpg',
        'caption-empty orphan.png',
      ]),
    );
  });

  it.each(['urls.csv', 'Train_GCC-training.tsv', 'sbu-captions-all.json', 'laion-part-00000.parquet'])(
    'offers to fetch the links of %s and fetches nothing unasked',
    async (name) => {
      const tree = await openPath(sharedData(`layouts/url-lists/${name}`));
      const [{ reader, fields }] = await planImport(tree);
      const result = await readerById(reader)?.read(tree, {});
      expect(result?.samples).toEqual([]);
      expect(result?.skipped.map(({ code }) => code)).toEqual(new Array(12).fill('file-missing'));
      expect(fields.find(({ key }) => key === 'fetch')).toMatchObject({ kind: 'switch', default: false });
      const allowed = await readerById(reader)?.read(tree, { fetch: true, most: 5 });
      expect(allowed?.samples.map(({ source }) => source?.path)).toEqual(
        result?.skipped.slice(0, 5).map(({ file }) => file),
      );
    },
  );

  it('resolves links with dropped pictures of the same name', async () => {
    const list = readFileSync(sharedData('layouts/url-lists/urls.csv'));
    const picture = '000000062554.jpg';
    const tree = await openDropped([
      { path: 'urls.csv', file: new Blob([list]) },
      {
        path: picture,
        file: new Blob([readFileSync(sharedData(`layouts/coco-captions/val2017/${picture}`))]),
      },
    ]);
    const [{ reader, options }] = await planImport(tree);
    const result = await readerById(reader)?.read(tree, options);
    expect(result?.samples.map(({ file }) => file)).toEqual([picture]);
  });

  it.each([
    ['region_descriptions.sample.json', 'regions-json'],
    ['TextCaps_0.1_val.sample100.json', 'table-json'],
    ['captions_val2014.sample100.json', 'coco-captions'],
    ['webdataset-sample.tgz', 'webdataset-cls'],
  ])('knows %s by itself', async (name, id) => {
    const { reader } = await best(sharedData(`layouts/real-samples/${name}`));
    expect(reader.id).toBe(id);
  });

  it('reads the classes of a WebDataset', async () => {
    const { result } = await best(sharedData('layouts/real-samples/webdataset-sample.tgz'));
    expect([result.samples.length, result.target?.classes.length]).toEqual([90, 10]);
  });

  it('reads noto-emoji with its splits', async () => {
    const { reader, result } = await best(sharedData('noto-emoji/noto-emoji.zip'));
    expect(reader.id).toBe('imagefolder-csv');
    expect(result.samples.length).toBe(1296);
    expect(countSplits(result.samples)).toEqual({ train: 1146, validation: 150 });
    expect(result.samples[0]).toMatchObject({ file: 'images/emoji_u002a.png', captions: ['asterisk'] });
  });
});
