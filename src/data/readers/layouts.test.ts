import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { openPath } from '../sources/folder.node.ts';
import { describeShared, sharedData } from '../testing/shared.ts';
import { readers } from './index.ts';
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
};

/** Layouts whose order is that of a table; the others have only the order of a folder listing. */
const ordered = new Set([
  'flickr8k-captions-txt',
  'coco-captions',
  'hf-imagefolder-csv',
  'hf-imagefolder-jsonl',
  'openclip-csv',
  'karpathy-json',
]);

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
    expect(countSplits(result.samples)).toEqual(renamed(wanted.splits ?? {}));
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

  it('reads noto-emoji with its splits', async () => {
    const { reader, result } = await best(sharedData('noto-emoji/noto-emoji.zip'));
    expect(reader.id).toBe('imagefolder-csv');
    expect(result.samples.length).toBe(1296);
    expect(countSplits(result.samples)).toEqual({ train: 1146, validation: 150 });
    expect(result.samples[0]).toMatchObject({ file: 'images/emoji_u002a.png', captions: ['asterisk'] });
  });
});
