/**
 * A table whose rows are samples of any modalities: a picture, a sound, words, numbers, and what is to be predicted. Rows that name the
 * same files and have no cells of their own are one sample with several captions (questions about a picture). What a row lacks it lacks:
 * the sample lives on with the rest.
 */
import type { FieldValues } from '../../core/fields.ts';
import type { Skipped } from '../../core/progress.ts';
import { random } from '../../core/random.ts';
import { pictureLookup, soundLookup } from '../sources/lookup.ts';
import { ending, parseSplit, stem } from '../sources/paths.ts';
import type { FileTree, SourceFile } from '../sources/tree.ts';
import { settle } from './collect.ts';
import { textsOf } from './columns.ts';
import { chooseRoles, guessRoles, type Roles, roleFields, roleOptions } from './mixed.columns.ts';
import { filesOf } from './parquet.ts';
import type { Reader, ReadResult, Sample } from './reader.ts';
import {
  csvRecords,
  jsonlRecords,
  jsonRecords,
  parquetRecords,
  placeOf,
  type RecordTable,
} from './records.ts';
import { inSplitOrder, shownName, splitOfTable } from './tables.ts';
import { cellText, describeTarget, isMissing, numberOf, sortedNames } from './targets.ts';

export const mixedTable: Reader = {
  id: 'mixed-table',
  title: { en: 'Table of any modalities', zh: '多模态表格' },
  summary: {
    en: 'A CSV or JSONL with columns for picture, sound, text, numbers and what is to be predicted.',
    zh: 'CSV 或 JSONL，其列可为图片、声音、文字、数值以及要预测的目标。',
  },
  async detect(tree) {
    const [tables, ...others] = await tableGroups(tree);
    if (!tables) return undefined;
    const guess = guessRoles(tree, tables);
    const { roles } = guess;
    if (!roles.picture && !roles.sound && !roles.text && roles.cells.length === 0) return undefined;
    const columns = tables[0].columns;
    const options: FieldValues = { table: tables[0].file.path, ...roleOptions(guess) };
    const files = [tables, ...others].map(([table]) => table.file.path);
    return {
      confidence: confidence(guess, pictureLookup(tree).pictures.length > 0),
      options,
      fields: [
        {
          kind: 'choice',
          key: 'table',
          label: { en: 'Table', zh: '表格' },
          help: { en: 'Tables of the same columns are read together.', zh: '列相同的表格会一并读取。' },
          default: files[0],
          choices: files.map((value) => ({ value, label: { en: value, zh: value } })),
        },
        ...roleFields(columns, guess),
      ],
    };
  },
  async read(tree, options) {
    const groups = await tableGroups(tree);
    const named = (group: RecordTable[]) => group.some(({ file }) => file.path === options.table);
    const tables = groups.find(named) ?? groups[0];
    if (!tables) return { samples: [], skipped: [] };
    const guess = guessRoles(tree, tables);
    return readRows(tree, inSplitOrder(tables, splitOfTable), chooseRoles(options, tables[0].columns, guess));
  },
};

/**
 * How sure: a sound speaks for it alone, and so does a picture with something to predict from words or numbers; a picture with words is
 * likelier what the readers of captions know, above all where it is called `file_name`.
 */
function confidence(guess: ReturnType<typeof guessRoles>, pictured: boolean): number {
  const { roles, sounds, pictures, elsewhere, numbers, labelled } = guess;
  if (sounds > 0.5) return 0.97;
  if (elsewhere) return 0.1;
  if (pictures === 0) return pictured ? 0.3 : 0.6;
  if (labelled) return pictures * 0.96;
  const predicts = roles.target !== '' && (roles.text !== '' || numbers > 1);
  return pictures * (!predicts ? 0.4 : roles.picture === 'file_name' ? 0.85 : 0.96);
}

const openers: Record<string, typeof jsonlRecords | undefined> = {
  csv: csvRecords,
  tsv: csvRecords,
  tab: csvRecords,
  jsonl: jsonlRecords,
  ndjson: jsonlRecords,
  json: jsonRecords,
};

/** Tables by their columns; the group with the most rows first. */
async function tableGroups(tree: FileTree): Promise<RecordTable[][]> {
  const groups = new Map<string, RecordTable[]>();
  const parquets = new Set(await filesOf(tree));
  for (const file of tree.files) {
    const open = parquets.has(file) ? parquetRecords : openers[ending(file.path)];
    const table = await open?.(file);
    if (!table || table.records.length === 0) continue;
    const key = [...table.columns].sort().join('\n');
    groups.set(key, [...(groups.get(key) ?? []), table]);
  }
  const rows = (group: RecordTable[]) => group.reduce((sum, { records }) => sum + records.length, 0);
  return [...groups.values()].sort((a, b) => rows(b) - rows(a));
}

function readRows(tree: FileTree, tables: readonly RecordTable[], roles: Roles): ReadResult {
  const skipped: Skipped[] = tables.flatMap((table) => table.skipped);
  const finders = { source: pictureLookup(tree), sound: soundLookup(tree) };
  const rows = tables.flatMap((table) => table.records.map((record) => ({ table, ...record })));
  const described =
    roles.target === ''
      ? undefined
      : describeTarget(
          roles.target,
          roles.kind,
          rows.map(({ values }) => values[roles.target]),
          tables[0].classes?.[roles.target],
        );
  const { columns, cellsOf } = describeCells(
    roles.cells,
    rows.map(({ values }) => values),
  );
  const splitOf = describeSplit(
    roles.split,
    rows.map(({ values }) => values),
  );
  const samples = new Map<string, Sample>();
  for (const { table, line, values } of rows) {
    const place = placeOf(table.file, line);
    const files: { source?: SourceFile; sound?: SourceFile } = {};
    const names: string[] = [];
    for (const [part, column] of [
      ['source', roles.picture],
      ['sound', roles.sound],
    ] as const) {
      const name = cellText(values[column]);
      if (isMissing(name)) continue;
      const found = finders[part].find(name, table.folder);
      if (found) {
        files[part] = found;
        names.push(shownName(name, found));
      } else skipped.push({ file: name, code: 'file-missing', params: { file: name, place } });
    }
    const captions = [...new Set(textsOf(values[roles.text]).map((text) => text.trim()))].filter(Boolean);
    const row = cellsOf(values);
    const seen = row.some((cell) => !Number.isNaN(cell));
    if (names.length === 0 && captions.length === 0 && !seen) {
      skipped.push({
        file: place,
        code: 'row-malformed',
        params: { place, message: 'nothing in it can be used' },
      });
      continue;
    }
    const targets = described?.numbersOf(values[roles.target]) ?? [];
    const pairs = Math.max(1, captions.length);
    const sample: Sample = {
      ...files,
      file: names[0] ?? place,
      captions,
      split: splitOf(values) ?? splitOfTable(table.file.path),
      ...originOf(roles, values, tables.length > 1 ? table : undefined),
      ...(columns.length > 0 && { row }),
      ...(described && { targets: Array.from({ length: pairs }, () => targets).flat() }),
    };
    const key =
      columns.length === 0 && names.length > 0 ? `${files.source?.path}\n${files.sound?.path}` : place;
    const known = samples.get(key);
    if (!known) samples.set(key, sample);
    else if (!join(known, sample, targets))
      skipped.push({
        file: place,
        code: 'row-malformed',
        params: { place, message: `“${sample.file}” has this row already` },
      });
  }
  return {
    samples: settle(withOwnNames([...samples.values()])),
    skipped,
    partial: true,
    ...(columns.length > 0 && { columns }),
    ...(described && { target: described.target }),
  };
}

/** Where a row came from: as its column says, or its table where the files do not tell. */
function originOf(
  { origin, picture, sound }: Roles,
  values: Values,
  table?: RecordTable,
): Pick<Sample, 'origin'> {
  const told = origin === '' ? '' : cellText(values[origin]).trim();
  if (told !== '') return { origin: told };
  return table && picture === '' && sound === '' ? { origin: stem(table.file.path) } : {};
}

/** Adds the captions of a further row to a sample; false where it brings none. */
function join(known: Sample, { captions }: Sample, targets: readonly number[]): boolean {
  const fresh = captions.filter((caption) => !known.captions.includes(caption));
  if (known.captions.length === 0 || fresh.length === 0) return false;
  known.captions.push(...fresh);
  if (known.targets) for (const _ of fresh) known.targets.push(...targets);
  return true;
}

/** A picture that several rows have names none of them: the rows are counted. */
function withOwnNames(samples: readonly Sample[]): Sample[] {
  const seen = new Map<string, number>();
  return samples.map((sample) => {
    const count = (seen.get(sample.file) ?? 0) + 1;
    seen.set(sample.file, count);
    return count === 1 ? sample : { ...sample, file: `${sample.file} (${count})` };
  });
}

type Values = Record<string, unknown>;

/** Numbers as they are, and a column `name=value` of 0 and 1 for each value of a category. */
function describeCells(cells: readonly string[], rows: readonly Values[]) {
  const parts = cells.map((column) => {
    const texts = rows.map((values) => cellText(values[column])).filter((text) => !isMissing(text));
    const numeric = texts.every((text) => !Number.isNaN(numberOf(text)));
    return { column, values: numeric ? undefined : sortedNames(texts) };
  });
  return {
    columns: parts.flatMap(({ column, values }) => values?.map((value) => `${column}=${value}`) ?? [column]),
    cellsOf: (row: Values): number[] =>
      parts.flatMap(({ column, values }) => {
        const text = cellText(row[column]);
        if (!values) return [numberOf(text)];
        return values.map((value) => (isMissing(text) ? Number.NaN : value === text ? 1 : 0));
      }),
  };
}

/**
 * The split of a row by a column. Where the column does not name splits but, say, speakers, a tenth of its values and at least one is
 * held out, so that nobody is heard in both.
 */
function describeSplit(column: string, rows: readonly Values[]) {
  const texts = new Set(column === '' ? [] : rows.map((values) => cellText(values[column])));
  texts.delete('');
  const names = sortedNames(texts);
  if (names.every((name) => parseSplit(name)))
    return (values: Values) => (column === '' ? undefined : parseSplit(cellText(values[column])));
  const count = names.length < 2 ? 0 : Math.max(1, Math.round(names.length / 10));
  const order = random(0, 'split by column').permutation(names.length);
  const heldOut = new Set(Array.from(order.subarray(0, count), (index) => names[index]));
  return (values: Values) => (heldOut.has(cellText(values[column])) ? 'validation' : 'train');
}
