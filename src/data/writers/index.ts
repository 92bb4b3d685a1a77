/**
 * Writes a data set out in forms that other programs read: Hugging Face's image folder (huggingface.co/docs/datasets/image_load), WebDataset shards
 * (github.com/webdataset/webdataset), and Parquet as the Hugging Face hub holds it. Pictures are PNG at the stored size, sounds 16-bit WAV. Files are made one
 * after another, so that no more than a shard is held.
 */
import { StudioError } from '../../core/errors.ts';
import type { OnProgress } from '../../core/progress.ts';
import type { Dataset, Split } from '../dataset.ts';
import { firstPairs, has, targetText } from '../having.ts';
import { type Column, parquetFile } from './parquetFile.ts';
import { tarFile } from './tarFile.ts';
import { wavFile } from './wavFile.ts';

export const forms = ['imagefolder', 'webdataset', 'parquet'] as const;
export type Form = (typeof forms)[number];

/** A square of RGB bytes as a PNG. */
export type EncodePng = (pixels: Uint8Array, side: number) => Promise<Uint8Array>;

export interface WrittenFile {
  path: string;
  bytes: Uint8Array;
}

export interface WriteTools {
  encodePng: EncodePng;
  signal?: AbortSignal;
  onProgress?: OnProgress;
}

/** Samples of a shard. */
const shardSize = 1000;
const utf8 = new TextEncoder();

/** A sample, or with targets of their own one of its pairs. */
interface Row {
  index: number;
  pair: number;
  captions: string[];
}

/** @throws StudioError `cancelled` */
export async function* writeDataset(
  dataset: Dataset,
  splits: readonly Split[],
  form: Form,
  { encodePng, signal, onProgress }: WriteTools,
): AsyncGenerator<WrittenFile> {
  const { files, captions, sound, target, size, pixels } = dataset;
  const first = firstPairs(captions);
  // What its cleaning leaves out is not written.
  const dropped = new Set(dataset.dropped);
  const total = files.length - dropped.size;
  // Questions about one picture have answers of their own.
  const apart = target !== undefined && captions.some((list) => list.length > 1);
  const rowsOf = (index: number): Row[] =>
    apart && captions[index].length > 1
      ? captions[index].map((caption, i) => ({ index, pair: first[index] + i, captions: [caption] }))
      : [{ index, pair: first[index], captions: captions[index] }];
  let done = 0;
  const picture = async (index: number) => {
    if (signal?.aborted) throw new StudioError('cancelled', { what: dataset.name });
    onProgress?.({ phase: 'write', done: done++, total });
    if (!has(dataset, 'image', index)) return undefined;
    const bytes = size * size * 3;
    return encodePng(pixels.subarray(index * bytes, (index + 1) * bytes), size);
  };
  const clip = (index: number) =>
    sound && has(dataset, 'audio', index)
      ? wavFile(sound.samples.subarray(sound.offsets[index], sound.offsets[index + 1]), sound.rate)
      : undefined;
  const keyOf = (index: number) => String(index).padStart(Math.max(6, String(files.length).length), '0');

  if (form === 'webdataset' && target?.kind === 'class')
    yield { path: 'classes.txt', bytes: utf8.encode(`${target.classes.join('\n')}\n`) };
  for (const split of ['train', 'validation', 'test'] as const) {
    const own = [...files.keys()].filter((index) => splits[index] === split && !dropped.has(index));
    if (own.length === 0) continue;
    if (form === 'imagefolder') {
      const lines: string[] = [];
      for (const index of own) {
        const key = keyOf(index);
        const [png, wav] = [await picture(index), clip(index)];
        if (png) yield { path: `${split}/${key}.png`, bytes: png };
        if (wav) yield { path: `${split}/${key}.wav`, bytes: wav };
        for (const row of rowsOf(index))
          lines.push(
            JSON.stringify({
              ...(size > 0 && { file_name: png ? `${key}.png` : null }),
              ...(sound && { audio_file_name: wav ? `${key}.wav` : null }),
              ...wordsOf(dataset, row, apart),
              ...factsOf(dataset, row),
            }),
          );
      }
      yield { path: `${split}/metadata.jsonl`, bytes: utf8.encode(`${lines.join('\n')}\n`) };
      continue;
    }
    const shards = Math.ceil(own.length / shardSize);
    for (let shard = 0; shard < shards; shard++) {
      const indices = own.slice(shard * shardSize, (shard + 1) * shardSize);
      const media: (Row & { png?: Uint8Array; wav?: Uint8Array })[] = [];
      for (const index of indices) {
        const [png, wav] = [await picture(index), clip(index)];
        for (const row of rowsOf(index)) media.push({ ...row, png, wav });
      }
      if (form === 'parquet') {
        const number = (value: number) => String(value).padStart(5, '0');
        const path = `data/${split}-${number(shard)}-of-${number(shards)}.parquet`;
        yield { path, bytes: parquetOf(dataset, media, keyOf) };
      } else
        yield {
          path: `${split}/${String(shard).padStart(6, '0')}.tar`,
          bytes: tarFile(media.flatMap((row) => membersOf(dataset, row, keyOf(row.index), first[row.index]))),
        };
    }
  }
  onProgress?.({ phase: 'write', done: total, total });
}

/** One caption as `text`; lists where any sample has several. */
function wordsOf({ captions }: Dataset, row: Row, apart: boolean): Record<string, unknown> {
  if (captions.every((list) => list.length === 0)) return {};
  return !apart && captions.some((list) => list.length > 1)
    ? { captions: row.captions }
    : { text: row.captions[0] ?? null };
}

/** What is to be predicted, and the cells of the table. */
function factsOf({ target, table }: Dataset, { index, pair }: Row): Record<string, unknown> {
  const facts: Record<string, unknown> = {};
  for (const [name, value] of cellsOf(table, index)) facts[name] = value;
  if (target) facts[nameOf(target, table)] = predicted(target, pair);
  return facts;
}

function cellsOf(table: Dataset['table'], index: number): [string, number | null][] {
  if (!table) return [];
  const width = table.steps * table.columns.length;
  return Array.from({ length: width }, (_, i) => {
    const column = table.columns[i % table.columns.length];
    const name = table.steps === 1 ? column : `${column} ${Math.floor(i / table.columns.length) + 1}`;
    const value = table.values[index * width + i];
    return [name, Number.isNaN(value) ? null : value];
  });
}

/** Not the name of a column that is there already. */
const nameOf = ({ name }: NonNullable<Dataset['target']>, table: Dataset['table']): string =>
  ['file_name', 'audio_file_name', 'text', 'captions', 'image', 'audio', ...(table?.columns ?? [])].includes(
    name,
  )
    ? `target ${name}`
    : name;

function predicted(target: NonNullable<Dataset['target']>, pair: number): string | number | string[] | null {
  const { kind, classes, values } = target;
  if (kind === 'number') return Number.isNaN(values[pair]) ? null : values[pair];
  if (kind === 'labels') return classes.filter((_, label) => values[pair * classes.length + label] === 1);
  return targetText(target, pair) || null;
}

/** The files of one sample under one key; a further pair of it has a key of its own. */
function membersOf(
  dataset: Dataset,
  row: Row & { png?: Uint8Array; wav?: Uint8Array },
  sample: string,
  first: number,
): WrittenFile[] {
  const { target } = dataset;
  const key = row.pair === first ? sample : `${sample}-${row.pair - first}`;
  const { captions } = row;
  const facts = factsOf(dataset, row);
  const member = (ending: string, content: Uint8Array | string): WrittenFile => ({
    path: `${key}.${ending}`,
    bytes: typeof content === 'string' ? utf8.encode(content) : content,
  });
  const known = target?.kind === 'class' && target.values[row.pair] >= 0;
  return [
    ...(row.png ? [member('png', row.png)] : []),
    ...(row.wav ? [member('wav', row.wav)] : []),
    // Several texts of one key have numbers before their ending, which webdataset takes as part of it.
    ...captions.map((caption, i) => member(captions.length > 1 ? `${i}.txt` : 'txt', caption)),
    ...(known ? [member('cls', String(target.values[row.pair]))] : []),
    ...(captions.length > 1 || Object.keys(facts).length > 0
      ? [member('json', JSON.stringify({ captions, ...facts }))]
      : []),
  ];
}

function parquetOf(
  dataset: Dataset,
  rows: readonly (Row & { png?: Uint8Array; wav?: Uint8Array })[],
  keyOf: (index: number) => string,
): Uint8Array {
  const { size, sound, captions, target, table } = dataset;
  const columns: Column[] = [];
  const features: Record<string, unknown> = {};
  const text = { dtype: 'string', _type: 'Value' };
  const number = { dtype: 'float64', _type: 'Value' };
  const add = (column: Column, feature: unknown) => {
    columns.push(column);
    features[column.name] = feature;
  };
  const media = (name: 'image' | 'audio', part: 'png' | 'wav') =>
    add(
      {
        name,
        kind: 'media',
        rows: rows.map((row) => {
          const bytes = row[part];
          return bytes ? { bytes, path: `${keyOf(row.index)}.${part}` } : null;
        }),
      },
      { _type: name === 'image' ? 'Image' : 'Audio' },
    );
  if (size > 0) media('image', 'png');
  if (sound) media('audio', 'wav');
  const texts = (name: string, values: string[][]) =>
    add({ name, kind: 'texts', rows: values }, { feature: text, _type: 'Sequence' });
  if (captions.some((list) => list.length > 0))
    texts(
      'captions',
      rows.map((row) => row.captions),
    );
  for (const [place, [name]] of cellsOf(table, 0).entries())
    add({ name, kind: 'number', rows: rows.map(({ index }) => cellsOf(table, index)[place][1]) }, number);
  if (target) {
    const name = nameOf(target, table);
    const { kind, classes, values } = target;
    if (kind === 'labels')
      texts(
        name,
        rows.map(({ pair }) => classes.filter((_, label) => values[pair * classes.length + label] === 1)),
      );
    else if (kind === 'class')
      add(
        { name, kind: 'integer', rows: rows.map(({ pair }) => (values[pair] < 0 ? null : values[pair])) },
        { names: classes, _type: 'ClassLabel' },
      );
    else
      add(
        {
          name,
          kind: 'number',
          rows: rows.map(({ pair }) => (Number.isNaN(values[pair]) ? null : values[pair])),
        },
        number,
      );
  }
  return parquetFile(columns, rows.length, { huggingface: JSON.stringify({ info: { features } }) });
}
