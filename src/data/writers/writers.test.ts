import { expect, it } from 'vitest';
import { sha256 } from '../../core/sha256.ts';
import type { Dataset } from '../dataset.ts';
import { decodeInNode } from '../image/decode.node.ts';
import { importDataset, planImport } from '../import.ts';
import { openDropped } from '../sources/open.ts';
import { shownSplits } from '../splits.ts';
import { builtIns } from '../synthetic/index.ts';
import { type Form, forms, writeDataset } from './index.ts';
import { encodePngInNode } from './png.node.ts';

async function writtenAndRead(dataset: Dataset, form: Form, reader?: string) {
  const files: { path: string; file: Blob }[] = [];
  const written = writeDataset(dataset, shownSplits(dataset), form, { encodePng: encodePngInNode });
  for await (const { path, bytes } of written) files.push({ path, file: new Blob([Uint8Array.from(bytes)]) });
  const tree = await openDropped(files);
  const guesses = await planImport(tree);
  const guess = reader ? guesses.find((one) => one.reader === reader) : guesses[0];
  const store = { name: 'again', size: dataset.size || 8, fit: 'crop', background: '#ffffff' } as const;
  const again = await importDataset(tree, guess!.reader, guess!.options, store, { decode: decodeInNode });
  return { files, reader: guess!.reader, ...again };
}

const hashOf = (bytes: Uint8Array): string => sha256().update(bytes).hex();

/** What a sample is, whatever its place. */
function contents({ files, size, pixels, captions }: Dataset, splits: readonly string[]): string[] {
  const bytes = size * size * 3;
  return files
    .map((_, i) =>
      JSON.stringify([captions[i], splits[i], hashOf(pixels.subarray(i * bytes, (i + 1) * bytes))]),
    )
    .sort();
}

const made = (name: string, options: Record<string, number>) =>
  builtIns.find((entry) => entry.name === name)!.make(options, () => {});

it.each(forms)('%s holds the same pictures, captions and splits', async (form) => {
  const one = await made('shapes', { count: 60 });
  const several = {
    ...one,
    captions: one.captions.map((list, i) => (i % 2 ? [...list, `scene ${i}`] : list)),
  };
  for (const dataset of [one, several]) {
    const { dataset: again, skipped } = await writtenAndRead(dataset, form);
    expect(skipped).toEqual([]);
    expect(again.files.length).toBe(dataset.files.length);
    expect(contents(again, shownSplits(again))).toEqual(contents(dataset, shownSplits(dataset)));
  }
});

it.each(['imagefolder', 'parquet'] as const)(
  '%s holds sound, cells, targets and what is missing',
  async (form) => {
    const shapes = await made('shapes', { count: 40 });
    const files = shapes.files.slice(0, 6);
    const dataset: Dataset = {
      ...shapes,
      files,
      pixels: shapes.pixels.subarray(0, 6 * shapes.size ** 2 * 3).fill(0, 0, shapes.size ** 2 * 3),
      pictured: Uint8Array.from([0, 1, 1, 1, 1, 1]),
      captions: files.map((_, i) => [`the number ${i}`]),
      stated: ['train', 'train', 'train', 'train', 'validation', 'test'],
      sound: {
        rate: 8000,
        samples: Int16Array.from({ length: 120 }, (_, i) => i * 100 - 6000),
        offsets: Int32Array.from([0, 40, 60, 80, 80, 100, 120]),
      },
      table: {
        columns: ['x', 'y'],
        steps: 1,
        values: Float32Array.from([1.5, 2, 2.5, Number.NaN, 3, 4, 5, 6, 7, 8, 9, 10]),
      },
      target: {
        name: 'label',
        kind: 'class',
        classes: ['cat', 'dog'],
        values: Float32Array.from([0, 1, -1, 1, 0, 1]),
      },
    };
    const { dataset: again } = await writtenAndRead(dataset, form, 'mixed-table');
    const { captions, sound, table, target, pictured, stated, pixels } = again;
    const order = captions.map(([text]) => Number(text.slice(-1)));
    expect([...order].sort()).toEqual([0, 1, 2, 3, 4, 5]);
    expect(sound?.rate).toBe(8000);
    expect(table?.columns).toEqual(['x', 'y']);
    expect(target?.classes).toEqual(['cat', 'dog']);
    const side = dataset.size ** 2 * 3;
    for (const [place, i] of order.entries()) {
      const clip = (from: Dataset, at: number) =>
        from.sound && [...from.sound.samples.subarray(from.sound.offsets[at], from.sound.offsets[at + 1])];
      expect(clip(again, place)).toEqual(clip(dataset, i));
      expect(table?.values.slice(place * 2, place * 2 + 2)).toEqual(
        dataset.table?.values.slice(i * 2, i * 2 + 2),
      );
      expect(target?.values[place]).toBe(dataset.target?.values[i]);
      expect(stated[place]).toBe(dataset.stated[i]);
      expect(pictured?.[place]).toBe(dataset.pictured?.[i]);
      expect(pixels.subarray(place * side, (place + 1) * side)).toEqual(
        dataset.pixels.subarray(i * side, (i + 1) * side),
      );
    }
  },
);

it('webdataset holds classes, a thousand samples a shard', async () => {
  const shapes = await made('shapes', { count: 20 });
  const count = 1001;
  const dataset: Dataset = {
    ...shapes,
    size: 1,
    pixels: Uint8Array.from({ length: count * 3 }, (_, i) => (i * 7) % 256),
    files: Array.from({ length: count }, (_, i) => `${i}`),
    captions: Array.from({ length: count }, () => []),
    stated: Array.from({ length: count }, () => 'train' as const),
    target: {
      name: 'cls',
      kind: 'class',
      classes: ['a', 'b'],
      values: Float32Array.from({ length: count }, (_, i) => i % 2),
    },
  };
  const { files, dataset: again, reader } = await writtenAndRead(dataset, 'webdataset');
  expect(files.map(({ path }) => path)).toEqual(['classes.txt', 'train/000000.tar', 'train/000001.tar']);
  expect(reader).toBe('webdataset-cls');
  expect(again.files.length).toBe(count);
  expect(again.target?.classes).toEqual(['a', 'b']);
  expect(again.target?.values.reduce((a, b) => a + b)).toBe(500);
});

it('stops when it is cancelled', async () => {
  const dataset = await made('shapes', { count: 20 });
  const tools = { encodePng: encodePngInNode, signal: AbortSignal.abort() };
  await expect(writeDataset(dataset, shownSplits(dataset), 'parquet', tools).next()).rejects.toThrow(
    'cancelled',
  );
});

it.each(forms)('%s leaves out what the cleaning of the set does', async (form) => {
  const shapes = await made('shapes', { count: 30 });
  const dropped = Int32Array.from([0, 7, 29]);
  const { dataset: again } = await writtenAndRead({ ...shapes, dropped }, form);
  const kept = contents(
    shapes,
    shownSplits(shapes).map(() => ''),
  );
  const gone = contents(
    {
      ...shapes,
      files: [...dropped].map((i) => shapes.files[i]),
      captions: [...dropped].map((i) => shapes.captions[i]),
      pixels: Uint8Array.from(
        [...dropped].flatMap((i) => [
          ...shapes.pixels.subarray(i * shapes.size ** 2 * 3, (i + 1) * shapes.size ** 2 * 3),
        ]),
      ),
    },
    ['', '', ''],
  );
  for (const one of gone) kept.splice(kept.indexOf(one), 1);
  expect(
    contents(
      again,
      again.files.map(() => ''),
    ),
  ).toEqual(kept);
});
