/**
 * Writes a data set out in forms that other programs read: Hugging Face's image folder (huggingface.co/docs/datasets/image_load), WebDataset shards
 * (github.com/webdataset/webdataset), and Parquet as the Hugging Face hub holds it, each with a card (data/card.ts). Pictures are PNG at the stored size,
 * sounds 16-bit WAV. Files are made one after another, so that no more than a shard is held.
 */
import { StudioError } from '../../core/errors.ts';
import type { OnProgress } from '../../core/progress.ts';
import { type Card, cardOf, cardText, type Form } from '../card.ts';
import type { Dataset, Split } from '../dataset.ts';
import { has } from '../having.ts';
import { parquetFile } from './parquetFile.ts';
import { type Facts, factsOf, jsonOf, type Media, type Row, rowsOf } from './rows.ts';
import { tarFile } from './tarFile.ts';
import { wavFile } from './wavFile.ts';

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

/** @throws StudioError `cancelled` */
export async function* writeDataset(
  dataset: Dataset,
  splits: readonly Split[],
  form: Form,
  { encodePng, signal, onProgress }: WriteTools,
): AsyncGenerator<WrittenFile> {
  const { files, sound, target, size, pixels } = dataset;
  // What its cleaning leaves out is not written.
  const dropped = new Set(dataset.dropped);
  const total = files.length - dropped.size;
  const rows = rowsOf(dataset);
  let done = 0;
  const picture = async (index: number) => {
    if (signal?.aborted) throw new StudioError('cancelled', { what: dataset.name });
    onProgress?.({ phase: 'write', done: done++, total });
    if (!has(dataset, 'image', index)) return undefined;
    const bytes = size * size * 3;
    return encodePng(pixels.subarray(index * bytes, (index + 1) * bytes), size);
  };
  const mediaOf = async (index: number): Promise<Media> => ({
    png: await picture(index),
    wav:
      sound && has(dataset, 'audio', index)
        ? wavFile(sound.samples.subarray(sound.offsets[index], sound.offsets[index + 1]), sound.rate)
        : undefined,
  });
  const keyOf = (index: number) => String(index).padStart(Math.max(6, String(files.length).length), '0');

  const card = cardOf(dataset, form);
  const facts = factsOf(dataset, card, form === 'parquet');
  const own = (['train', 'validation', 'test'] as const)
    .map((split) => ({
      split,
      indices: [...files.keys()].filter((index) => splits[index] === split && !dropped.has(index)),
    }))
    .filter(({ indices }) => indices.length > 0);
  const readme = cardText(
    dataset.name,
    card,
    own.map(({ split }) => split),
  );
  yield { path: 'README.md', bytes: utf8.encode(readme) };
  if (form === 'webdataset' && target?.kind === 'class')
    yield { path: 'classes.txt', bytes: utf8.encode(`${target.classes.join('\n')}\n`) };
  for (const { split, indices } of own) {
    if (form === 'imagefolder') {
      const { image, audio } = card.columns;
      const lines: string[] = [];
      for (const index of indices) {
        const { png, wav } = await mediaOf(index);
        const [picture, clip] = [`${keyOf(index)}.png`, `${keyOf(index)}.wav`];
        if (png) yield { path: `${split}/${picture}`, bytes: png };
        if (wav) yield { path: `${split}/${clip}`, bytes: wav };
        const names = {
          ...(image !== undefined && { [image]: png ? picture : null }),
          ...(audio !== undefined && { [audio]: wav ? clip : null }),
        };
        for (const row of rows(index)) lines.push(jsonOf(facts, row, names));
      }
      yield { path: `${split}/metadata.jsonl`, bytes: utf8.encode(`${lines.join('\n')}\n`) };
      continue;
    }
    const shards = Math.ceil(indices.length / shardSize);
    for (let shard = 0; shard < shards; shard++) {
      const filled: (Row & Media)[] = [];
      for (const index of indices.slice(shard * shardSize, (shard + 1) * shardSize)) {
        const media = await mediaOf(index);
        for (const row of rows(index)) filled.push({ ...row, ...media });
      }
      if (form === 'parquet') {
        const number = (value: number) => String(value).padStart(5, '0');
        const path = `data/${split}-${number(shard)}-of-${number(shards)}.parquet`;
        yield { path, bytes: await parquetFile(card, facts, filled, keyOf) };
      } else
        yield {
          path: `${split}/${String(shard).padStart(6, '0')}.tar`,
          bytes: tarFile(filled.flatMap((row) => membersOf(dataset, card, facts, row, keyOf(row.index)))),
        };
    }
  }
  onProgress?.({ phase: 'write', done: total, total });
}

/**
 * The files of one row under one key; a further row of a sample has a key of its own. All keys have the same endings, as readers that look at the first
 * few expect, but where a picture or a sound is missing.
 */
function membersOf(
  { target }: Dataset,
  { columns }: Card,
  facts: readonly Facts[],
  row: Row & Media,
  sample: string,
): WrittenFile[] {
  // In the order of their names the first of a sample comes first.
  const key = row.part === 0 ? sample : `${sample}_${String(row.part).padStart(4, '0')}`;
  const member = (ending: string, content: Uint8Array | string): WrittenFile => ({
    path: `${key}.${ending}`,
    bytes: typeof content === 'string' ? utf8.encode(content) : content,
  });
  return [
    ...(row.png ? [member('png', row.png)] : []),
    ...(row.wav ? [member('wav', row.wav)] : []),
    ...(columns.captions === undefined ? [] : [member('txt', row.captions[0] ?? '')]),
    ...(target?.kind === 'class' ? [member('cls', String(target.values[row.pair]))] : []),
    member('json', jsonOf(facts, row)),
  ];
}
