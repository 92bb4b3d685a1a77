/**
 * A data set that Amalgam wrote out (data/card.ts): its card says what every column is, so nothing is guessed and what comes back is what was written:
 * pictures, sounds, words, cells, targets with all their classes, splits and sources.
 */
import type { Skipped } from '../../core/progress.ts';
import { type Card, parseCard } from '../card.ts';
import { isParquet } from '../sources/parquet.ts';
import { baseName, ending, folderOf, stem } from '../sources/paths.ts';
import { readText } from '../sources/text.ts';
import type { FileTree, SourceFile } from '../sources/tree.ts';
import type { Reader, ReadResult, Sample } from './reader.ts';
import { isObject, jsonlRecords, parquetRecords, placeOf } from './records.ts';
import { inSplitOrder, splitOfTable } from './tables.ts';
import { cellText } from './targets.ts';

export const card: Reader = {
  id: 'card',
  title: { en: 'Data set written by Amalgam', zh: 'Amalgam 导出的数据集' },
  summary: {
    en: 'Its README.md says what each column is: nothing is guessed.',
    zh: '其 README.md 注明各列含义，无需猜测。',
  },
  async detect(tree) {
    const found = await cardIn(tree);
    if (!found || tablesIn(tree, found).length === 0) return undefined;
    return { confidence: 1, options: {}, fields: [], ...(found.size > 0 && { size: found.size }) };
  },
  async read(tree) {
    const found = await cardIn(tree);
    return found ? readRows(tree, found) : { samples: [], skipped: [] };
  },
};

async function cardIn(tree: FileTree): Promise<Card | undefined> {
  const readme = tree.files.find(({ path }) => path === 'README.md');
  return readme && parseCard(await readText(readme));
}

function tablesIn(tree: FileTree, { form }: Card): SourceFile[] {
  const is = {
    imagefolder: ({ path }: SourceFile) => baseName(path) === 'metadata.jsonl',
    parquet: ({ path }: SourceFile) => isParquet(path),
    webdataset: ({ path }: SourceFile) => ending(path) === 'json',
  }[form];
  return tree.files.filter(is);
}

interface Row {
  values: Record<string, unknown>;
  table: SourceFile;
  place: string;
  image: string;
  audio: string;
}

/** The rows of all tables, with the full paths of their files; empty for none. */
async function rowsIn(tree: FileTree, card: Card, skipped: Skipped[]): Promise<Row[]> {
  const { image = '', audio = '' } = card.columns;
  const tables = tablesIn(tree, card).map((file) => ({ file }));
  const rows: Row[] = [];
  for (const { file } of inSplitOrder(tables, splitOfTable)) {
    if (card.form === 'webdataset') {
      const values = parseObject(await readText(file));
      const place = file.path;
      const beside = (kind: string) => (kind === '' ? '' : `${stem(place)}.${kind}`);
      if (values) rows.push({ values, table: file, place, image: beside(image), audio: beside(audio) });
      else skipped.push(malformed(place, 'it is not a JSON object'));
      continue;
    }
    const table = await (card.form === 'parquet' ? parquetRecords(file) : jsonlRecords(file));
    if (!table) continue;
    skipped.push(...table.skipped);
    const within = (name: string) => (name === '' || table.folder === '' ? name : `${table.folder}/${name}`);
    for (const { values, line } of table.records)
      rows.push({
        values,
        table: file,
        place: placeOf(file, line),
        image: within(cellText(values[image])),
        audio: within(cellText(values[audio])),
      });
  }
  return rows;
}

async function readRows(tree: FileTree, card: Card): Promise<ReadResult> {
  const { columns, table, target } = card;
  const skipped: Skipped[] = [];
  const files = new Map(tree.files.map((file) => [file.path, file]));
  const samples = new Map<string, Sample>();
  const targetOf = targetReader(card);
  for (const { values, table: file, place, image, audio } of await rowsIn(tree, card, skipped)) {
    const [source, sound] = [files.get(image), files.get(audio)];
    // A WebDataset does not say which of its files are there.
    if (card.form !== 'webdataset')
      for (const [path, found] of [
        [image, source],
        [audio, sound],
      ] as const)
        if (path !== '' && !found)
          skipped.push({ file: path, code: 'file-missing', params: { file: path, place } });
    const captions = textsIn(values[columns.captions ?? '']);
    const pairs = Math.max(1, captions.length);
    const targets = Array.from({ length: pairs }, () => targetOf(values)).flat();
    const number = values[columns.sample ?? ''];
    const key = typeof number === 'number' ? `${folderOf(file.path)} ${number}` : place;
    const known = samples.get(key);
    if (known) {
      known.captions.push(...captions);
      known.targets?.push(...targets);
      continue;
    }
    samples.set(key, {
      ...(source && { source }),
      ...(sound && { sound }),
      file: cellText(values[columns.name]) || place,
      captions,
      split: splitOfTable(file.path),
      // One word for all where nothing was said, or the shards would count as sources.
      origin: cellText(values[columns.source ?? '']) || 'set',
      ...(table && { row: table.cells.map((name) => numberIn(values[name])) }),
      ...(target && { targets }),
    });
  }
  return {
    samples: [...samples.values()],
    skipped,
    partial: true,
    ...(table && { columns: table.columns, steps: table.steps }),
    ...(target && { target: { name: target.name, kind: target.kind, classes: target.classes } }),
  };
}

/** What is to be predicted, as `Target.values` has it. */
function targetReader({ target }: Card): (values: Record<string, unknown>) => number[] {
  if (!target) return () => [];
  const { column, kind, classes } = target;
  const place = new Map(classes.map((name, index) => [name, index]));
  return (values) => {
    const value = values[column];
    if (kind === 'number') return [numberIn(value)];
    if (kind === 'class') return [place.get(typeof value === 'string' ? value : '\n') ?? -1];
    const labels = new Set(textsIn(value));
    return classes.map((name) => (labels.has(name) ? 1 : 0));
  };
}

const numberIn = (value: unknown): number => (typeof value === 'number' ? value : Number.NaN);

const textsIn = (value: unknown): string[] =>
  [value].flat().filter((one): one is string => typeof one === 'string');

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const malformed = (place: string, message: string): Skipped => ({
  file: place,
  code: 'row-malformed',
  params: { place, message },
});
