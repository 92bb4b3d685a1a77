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
};

/** Layouts whose order is that of a table; the others have only the order of a folder listing. */
const ordered = new Set([
  'flickr8k-captions-txt',
  'coco-captions',
  'hf-imagefolder-csv',
  'hf-imagefolder-jsonl',
  'openclip-csv',
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
    expect(countSplits(result.samples)).toEqual(wanted.splits ?? {});
    if (wanted.classes) expect([...new Set(found.map(([, caption]) => caption))]).toEqual(wanted.classes);
    expect(result.skipped).toEqual([]);
  });

  it('reads noto-emoji with its splits', async () => {
    const { reader, result } = await best(sharedData('noto-emoji/noto-emoji.zip'));
    expect(reader.id).toBe('imagefolder-csv');
    expect(result.samples.length).toBe(1296);
    expect(countSplits(result.samples)).toEqual({ train: 1146, validation: 150 });
    expect(result.samples[0]).toMatchObject({ file: 'images/emoji_u002a.png', captions: ['asterisk'] });
  });
});
