import { existsSync, openSync, rmSync, writeSync } from 'node:fs';
import { parquetMetadata, parquetSchema } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { type Form, forms } from '../card.ts';
import type { Dataset } from '../dataset.ts';
import { fingerprintOf } from '../fingerprint.ts';
import { firstPairs } from '../having.ts';
import { decodeInNode } from '../image/decode.node.ts';
import { importDataset, planImport } from '../import.ts';
import type { Pixels } from '../pixels.ts';
import type { ByteSource } from '../sources/bytes.ts';
import { openDropped } from '../sources/open.ts';
import { openZip } from '../sources/zip.ts';
import { shownSplits } from '../splits.ts';
import { builtIns } from '../synthetic/index.ts';
import { type WrittenFile, writeDataset } from './index.ts';
import { encodePngInNode } from './png.node.ts';
import { zipOf } from './zipStream.ts';

async function written(dataset: Dataset, form: Form): Promise<WrittenFile[]> {
  const files: WrittenFile[] = [];
  const all = writeDataset(dataset, shownSplits(dataset), form, { encodePng: encodePngInNode });
  for await (const file of all) files.push(file);
  return files;
}

/** Read again as the first guess has it, out of the zip that the page writes. */
async function readAgain(files: readonly WrittenFile[], reader?: string) {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  async function* all() {
    yield* files;
  }
  await zipOf(all(), async (bytes) => {
    parts.push(Uint8Array.from(bytes));
  });
  const tree = await openDropped([{ path: 'set.zip', file: new Blob(parts) }]);
  const guesses = await planImport(tree);
  const guess = guesses.find((one) => one.reader === (reader ?? guesses[0].reader))!;
  const store = { name: 'again', size: guess.size ?? 8, fit: 'crop', background: '#ffffff' } as const;
  const result = await importDataset(tree, guess.reader, guess.options, store, { decode: decodeInNode });
  return { reader: guess.reader, ...result };
}

/** The set as it is written: what its cleaning leaves out gone, ordered by split, each split stated. */
function asWritten(dataset: Dataset): Dataset {
  const splits = shownSplits(dataset);
  const gone = new Set(dataset.dropped);
  const order = (['train', 'validation', 'test'] as const).flatMap((split) =>
    [...dataset.files.keys()].filter((index) => splits[index] === split && !gone.has(index)),
  );
  const { sound, table, target, captions, size } = dataset;
  const first = firstPairs(captions);
  const gather = (values: Float32Array | Pixels, width: number) =>
    order.flatMap((index) => [...values.subarray(index * width, (index + 1) * width)]);
  const clips = order.map((index) => [
    ...(sound?.samples.subarray(sound.offsets[index], sound.offsets[index + 1]) ?? []),
  ]);
  const of = target?.kind === 'labels' ? target.classes.length : 1;
  const pictured = order.map((index) => dataset.pictured?.[index] ?? 1);
  return {
    ...dataset,
    files: order.map((index) => dataset.files[index]),
    captions: order.map((index) => captions[index]),
    stated: order.map((index) => splits[index]),
    pixels: Uint8Array.from(gather(dataset.pixels, size * size * 3)),
    ...(dataset.pictured && { pictured: Uint8Array.from(pictured) }),
    ...(dataset.sources && { sources: order.map((index) => dataset.sources?.[index] ?? '') }),
    ...(sound && {
      sound: {
        rate: sound.rate,
        samples: Int16Array.from(clips.flat()),
        offsets: Int32Array.from([0, ...clips.map((_, i) => clips.slice(0, i + 1).flat().length)]),
      },
    }),
    ...(table && {
      table: {
        ...table,
        values: Float32Array.from(gather(table.values, table.steps * table.columns.length)),
      },
    }),
    ...(target && {
      target: {
        ...target,
        values: Float32Array.from(
          order.flatMap((index) => [...target.values.subarray(first[index] * of, first[index + 1] * of)]),
        ),
      },
    }),
  };
}

async function expectEqual(again: Dataset, dataset: Dataset) {
  const wanted = asWritten(dataset);
  expect(again.files).toEqual(wanted.files);
  expect(again.captions).toEqual(wanted.captions);
  expect(again.stated).toEqual(wanted.stated);
  expect(again.sources).toEqual(wanted.sources);
  expect(again.table).toEqual(wanted.table);
  expect(again.target).toEqual(wanted.target);
  expect(again.sound).toEqual(wanted.sound);
  expect(again.size).toBe(wanted.size);
  // Every byte that a model can see.
  expect(await fingerprintOf(again)).toBe(await fingerprintOf(wanted));
}

const made = (name: string, options: Record<string, number>) =>
  builtIns.find((entry) => entry.name === name)!.make(options, () => {});

/** Six samples with everything that a set can have, and some of each missing. */
async function everything(): Promise<Dataset> {
  const shapes = await made('shapes', { count: 40 });
  const files = shapes.files.slice(0, 6);
  return {
    ...shapes,
    files,
    pixels: Uint8Array.from(shapes.pixels.subarray(0, 6 * shapes.size ** 2 * 3)).fill(
      0,
      0,
      shapes.size ** 2 * 3,
    ),
    pictured: Uint8Array.from([0, 1, 1, 1, 1, 1]),
    captions: files.map((_, i) => (i === 3 ? [] : [`the number ${i}`])),
    stated: ['train', 'train', 'validation', 'train', 'validation', 'test'],
    sources: ['a', 'b', 'a', 'b', 'a', 'b'],
    sound: {
      rate: 8000,
      samples: Int16Array.from({ length: 120 }, (_, i) => i * 100 - 6000),
      offsets: Int32Array.from([0, 40, 60, 80, 80, 100, 120]),
    },
    table: {
      // Names that the set's own columns have, too.
      columns: ['text', 'image'],
      steps: 1,
      values: Float32Array.from([1.5, 2, 0.1, Number.NaN, 3, -0, 5, 6, 7, 8, 1e-7, 10]),
    },
  };
}

const targets: Record<string, NonNullable<Dataset['target']>> = {
  // An order of their own, one that nobody has, and names that read like no value or like two.
  class: {
    name: 'label',
    kind: 'class',
    classes: ['dog', 'cat', 'null', 'a, b', '7'],
    values: Float32Array.from([0, 1, -1, 3, 4, 0]),
  },
  labels: {
    name: 'audio',
    kind: 'labels',
    classes: ['red', 'a; b', 'n/a'],
    values: Float32Array.from([1, 0, 0, 0, 1, 1, 0, 0, 0, 1, 1, 1, 0, 0, 1, 0, 1, 0]),
  },
  number: {
    name: 'price',
    kind: 'number',
    classes: [],
    values: Float32Array.from([1, 2.5, Number.NaN, -3, 0.1, 1e9]),
  },
};

describe.each(forms)('%s', (form) => {
  it('gives the same pictures, captions and splits when it is read again', async () => {
    const one = await made('shapes', { count: 60 });
    const several = {
      ...one,
      captions: one.captions.map((list, i) => (i % 2 ? [...list, `scene ${i}`] : list)),
    };
    for (const dataset of [one, several]) {
      const { dataset: again, skipped, reader } = await readAgain(await written(dataset, form));
      expect([reader, skipped]).toEqual(['card', []]);
      await expectEqual(again, dataset);
    }
  });

  it.each(Object.keys(targets))('gives back sounds, cells, %s and what is missing', async (kind) => {
    const dataset = { ...(await everything()), target: targets[kind] };
    const { dataset: again, skipped } = await readAgain(await written(dataset, form));
    expect(skipped).toEqual([]);
    await expectEqual(again, dataset);
  });

  it('gives back questions with answers, series, and sets without pictures', async () => {
    const qa = await made('shapes-qa', { count: 40 });
    expect(qa.captions.some((list) => list.length > 1)).toBe(true);
    await expectEqual((await readAgain(await written(qa, form))).dataset, qa);
    const base = await everything();
    const { pictured: _, sources: __, ...rest } = base;
    const bare: Dataset = {
      ...rest,
      size: 0,
      pixels: new Uint8Array(0),
      table: {
        columns: ['x', 'y', 'z'],
        steps: 2,
        values: Float32Array.from({ length: 36 }, (_, i) => i / 7),
      },
      target: { ...targets.number, values: Float32Array.from([1, 2, 3, 4, 5, 6, 7]) },
      captions: base.captions.map((list, i) => (i === 5 ? ['why', 'how'] : list)),
      stated: base.files.map(() => 'train' as const),
    };
    await expectEqual((await readAgain(await written(bare, form))).dataset, { ...bare });
  });

  it('leaves out what the cleaning of the set does', async () => {
    const dataset = { ...(await made('shapes', { count: 30 })), dropped: Int32Array.from([0, 7, 29]) };
    const { dataset: again } = await readAgain(await written(dataset, form));
    expect(again.files.length).toBe(27);
    await expectEqual(again, dataset);
  });

  it('stops when it is cancelled', async () => {
    const dataset = await made('shapes', { count: 20 });
    const tools = { encodePng: encodePngInNode, signal: AbortSignal.abort() };
    const files = writeDataset(dataset, shownSplits(dataset), form, tools);
    await expect(
      (async () => {
        for await (const _ of files);
      })(),
    ).rejects.toThrow('cancelled');
  });
});

it.each(['imagefolder', 'parquet'] as const)(
  '%s without its card is read with the same classes and captions',
  async (form) => {
    const shapes = await made('shapes', { count: 40 });
    const dataset: Dataset = {
      ...shapes,
      target: {
        name: 'label',
        kind: 'class',
        classes: ['cat', 'dog'],
        values: Float32Array.from({ length: firstPairs(shapes.captions)[40] }, (_, i) => i % 2),
      },
    };
    for (const captions of [shapes.captions.map((list) => list.slice(0, 1)), shapes.captions.map(() => [])]) {
      const set = {
        ...dataset,
        captions,
        target: { ...dataset.target!, values: dataset.target!.values.slice(0, firstPairs(captions)[40]) },
      };
      const files = (await written(set, form)).filter(({ path }) => path !== 'README.md');
      const { dataset: again } = await readAgain(files);
      const wanted = asWritten(set);
      expect(again.captions).toEqual(wanted.captions);
      expect(again.target).toEqual(wanted.target);
      expect(again.stated).toEqual(wanted.stated);
    }
  },
);

it('parquet has the schema and notes that Hugging Face writes', async () => {
  const dataset = { ...(await everything()), target: targets.class };
  const file = (await written(dataset, 'parquet')).find(({ path }) => path.includes('train'))!;
  const metadata = parquetMetadata(file.bytes.slice().buffer);
  const { children } = parquetSchema(metadata);
  expect(children[0].children.map(({ element: { name, type } }) => [name, type])).toEqual([
    ['bytes', 'BYTE_ARRAY'],
    ['path', 'BYTE_ARRAY'],
  ]);
  const notes = metadata.key_value_metadata?.find(({ key }) => key === 'huggingface')?.value;
  expect(JSON.parse(notes ?? '').info.features).toEqual({
    image: { _type: 'Image' },
    audio: { _type: 'Audio' },
    text: { dtype: 'string', _type: 'Value' },
    'text 2': { dtype: 'float64', _type: 'Value' },
    'image 2': { dtype: 'float64', _type: 'Value' },
    label: { names: targets.class.classes, _type: 'ClassLabel' },
    original_name: { dtype: 'string', _type: 'Value' },
    source: { dtype: 'string', _type: 'Value' },
  });
});

it('webdataset has a thousand samples a shard, all with the same endings', async () => {
  const shapes = await made('shapes', { count: 20 });
  const count = 1001;
  const dataset: Dataset = {
    ...shapes,
    size: 1,
    pixels: Uint8Array.from({ length: count * 3 }, (_, i) => (i * 7) % 256),
    files: Array.from({ length: count }, (_, i) => `${i}`),
    captions: Array.from({ length: count }, (_, i) => Array.from({ length: i % 3 }, (_, k) => `${i} ${k}`)),
    stated: Array.from({ length: count }, () => 'train' as const),
  };
  const files = await written(dataset, 'webdataset');
  expect(files.map(({ path }) => path)).toEqual(['README.md', 'train/000000.tar', 'train/000001.tar']);
  const tree = await openDropped(
    files.map(({ path, bytes }) => ({ path, file: new Blob([Uint8Array.from(bytes)]) })),
  );
  const endings = new Map<string, string[]>();
  for (const { path } of tree.files.filter(({ path }) => path.startsWith('train'))) {
    const [key, kind] = path.split('.');
    endings.set(key, [...(endings.get(key) ?? []), kind].sort());
  }
  expect(new Set([...endings.values()].map(String))).toEqual(new Set(['json,png,txt']));
  await expectEqual((await readAgain(files)).dataset, dataset);
});

describe('zips beyond the sizes of 1989', () => {
  /** What was written, without its bytes: large pieces are kept by reference. */
  function virtualSink() {
    const pieces: { start: number; bytes: Uint8Array }[] = [];
    let size = 0;
    const sink = async (bytes: Uint8Array) => {
      pieces.push({ start: size, bytes });
      size += bytes.length;
    };
    const source = (): ByteSource => ({
      name: 'large.zip',
      size,
      async slice(start, end) {
        const result = new Uint8Array(end - start);
        let [low, high] = [0, pieces.length - 1];
        while (low < high) {
          const middle = (low + high + 1) >> 1;
          if (pieces[middle].start <= start) low = middle;
          else high = middle - 1;
        }
        for (let i = low; i < pieces.length && pieces[i].start < end; i++) {
          const { start: from, bytes } = pieces[i];
          const part = bytes.subarray(Math.max(0, start - from), Math.max(0, end - from));
          result.set(part, Math.max(0, from - start));
        }
        return result;
      },
    });
    return { sink, source, pieces };
  }

  it('more than 65,535 files, and places beyond 4 GiB, are read back', async () => {
    const large = new Uint8Array(200 * 2 ** 20);
    large[7] = 1;
    const { sink, source, pieces } = virtualSink();
    async function* files() {
      for (let i = 0; i < 66_000; i++) yield { path: `train/${i}.png`, bytes: Uint8Array.of(i % 251, i % 7) };
      for (let i = 0; i < 21; i++) yield { path: `large/${i}.tar`, bytes: large };
      yield { path: 'last/ä.txt', bytes: new TextEncoder().encode('the end') };
    }
    await zipOf(files(), sink);
    const whole = source();
    expect(whole.size).toBeGreaterThan(2 ** 32);
    const { files: found, skipped } = await openZip(whole);
    expect([found.length, skipped]).toEqual([66_022, []]);
    expect([...(await found[65_999].read())]).toEqual([65_999 % 251, 65_999 % 7]);
    expect(new TextDecoder().decode(await found.at(-1)!.read())).toBe('the end');
    expect((await found.at(-2)!.read())[7]).toBe(1);
    // To be looked at by another program: `AMALGAM_ZIP=large.zip`, then `python3 -m zipfile -t large.zip`.
    const path = process.env['AMALGAM_ZIP'];
    if (path) {
      if (existsSync(path)) rmSync(path);
      const file = openSync(path, 'w');
      for (const { start, bytes } of pieces)
        if (bytes !== large) writeSync(file, bytes, 0, bytes.length, start);
        else writeSync(file, Uint8Array.of(1), 0, 1, start + 7);
    }
  });
});
