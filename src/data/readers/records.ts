/**
 * A table as records, whether it was CSV or JSON Lines: named values with the line they stand in. Parsed once per file
 * and separator, because several readers look at the same table while the layout is guessed.
 */
import type { Skipped } from '../../core/progress.ts';
import { memorySource } from '../sources/bytes.ts';
import { readJson } from '../sources/json.ts';
import { mediaFolder, openParquet } from '../sources/parquet.ts';
import { folderOf, isPicture, isSound } from '../sources/paths.ts';
import { readText } from '../sources/text.ts';
import type { SourceFile } from '../sources/tree.ts';
import { parseCsv, sniffSeparator } from './csv.ts';

interface TableRecord {
  line: number;
  values: Record<string, unknown>;
  /** The row of a CSV has fewer fields than its header. */
  short?: boolean;
}

export interface RecordTable {
  file: SourceFile;
  folder: string;
  /** Of a CSV. */
  separator?: string;
  columns: string[];
  /** Names of the classes of columns that are stated to hold classes. */
  classes?: Record<string, string[]>;
  records: TableRecord[];
  /** Rows that could not be read, or only in part. */
  skipped: Skipped[];
}

const cache = new WeakMap<SourceFile, Map<string, Promise<RecordTable | undefined>>>();

function cached(
  file: SourceFile,
  key: string,
  make: () => Promise<RecordTable | undefined>,
): Promise<RecordTable | undefined> {
  const tables = cache.get(file) ?? new Map<string, Promise<RecordTable | undefined>>();
  cache.set(file, tables);
  const table = tables.get(key) ?? make();
  tables.set(key, table);
  return table;
}

/**
 * A CSV file as records; undefined where it has no two columns.
 * @param separator the one to use; guessed when empty
 */
export function csvRecords(file: SourceFile, separator = ''): Promise<RecordTable | undefined> {
  return cached(file, `csv${separator}`, async () => {
    const text = await readText(file);
    const used = separator || sniffSeparator(text);
    if (used === undefined) return undefined;
    const { rows, malformed } = parseCsv(text, used);
    const [header] = rows;
    if (!header || header.cells.length < 2) return undefined;
    const headed = !header.cells.some(isFileName);
    if (headed) rows.shift();
    const columns = headed ? uniqueNames(header.cells) : header.cells.map((_, i) => `column ${i + 1}`);
    const skipped = malformed.map((row) => malformedRow(file, row.line, row.message));
    const records: TableRecord[] = [];
    for (const { line, cells } of rows) {
      if (cells.length > columns.length)
        skipped.push(
          malformedRow(file, line, `it has ${cells.length} fields where the header has ${columns.length}`),
        );
      records.push({
        line,
        values: Object.fromEntries(columns.map((name, i) => [name, cells[i] ?? ''])),
        short: cells.length < columns.length,
      });
    }
    return { file, folder: folderOf(file.path), separator: used, columns, records, skipped };
  });
}

/** A JSON Lines file as records; undefined where its first line is no JSON object. */
export function jsonlRecords(file: SourceFile): Promise<RecordTable | undefined> {
  return cached(file, 'jsonl', async () => {
    const columns = new Set<string>();
    const records: TableRecord[] = [];
    const skipped: Skipped[] = [];
    const lines = (await readText(file)).split('\n');
    for (const [i, text] of lines.entries()) {
      if (text.trim() === '') continue;
      const values = parseObject(text);
      if (values) {
        for (const key of Object.keys(values)) columns.add(key);
        records.push({ line: i + 1, values });
      } else if (records.length === 0 && skipped.length > 8) return undefined;
      else skipped.push(malformedRow(file, i + 1, 'it is not a JSON object'));
    }
    if (records.length === 0) return undefined;
    return { file, folder: folderOf(file.path), columns: [...columns], records, skipped };
  });
}

/**
 * A JSON file as records: a list of objects, the longest such list under a key of the object (`data`, `questions`), or lists of equal length side by side
 * (`image_urls`, `captions`). @throws StudioError `file-unreadable`
 */
export async function jsonRecords(file: SourceFile): Promise<RecordTable | undefined> {
  const rows = rowsIn(await readJson(file, []));
  if (rows.length === 0) return undefined;
  return {
    file,
    folder: folderOf(file.path),
    columns: [...new Set(rows.flatMap((row) => Object.keys(row)))],
    records: rows.map((values, index) => ({ line: index + 1, values })),
    skipped: [],
  };
}

function rowsIn(json: unknown): Record<string, unknown>[] {
  if (Array.isArray(json)) return json.every(isObject) ? json : [];
  if (!isObject(json)) return [];
  const lists = Object.entries(json).flatMap(([key, value]) =>
    Array.isArray(value) && value.length > 0 ? [{ key, value: [...value] as const }] : [],
  );
  const tables = lists.map(({ value }) => rowsIn(value)).sort((a, b) => b.length - a.length);
  if (tables.length > 0 && tables[0].length > 0) return tables[0];
  const [first] = lists;
  const beside = lists.filter(({ value }) => value.length === first.value.length);
  if (beside.length < 2) return [];
  return first.value.map((_, row) => Object.fromEntries(beside.map(({ key, value }) => [key, value[row]])));
}

/** A parquet file as records; the cells of media are names of files. @throws StudioError `file-unreadable` */
export async function parquetRecords(file: SourceFile): Promise<RecordTable> {
  const { columns, rows, classes, media } = await openParquet(
    file.path,
    file.source ?? (await memorySource(file)),
  );
  return {
    file,
    folder: media.length > 0 ? mediaFolder(file.path) : folderOf(file.path),
    columns,
    classes,
    records: rows.map((values, index) => ({ line: index + 1, values })),
    skipped: [],
  };
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `file:line`, as editors and compilers write it. */
export const placeOf = (file: SourceFile, line: number): string => `${file.path}:${line}`;

function malformedRow(file: SourceFile, line: number, message: string): Skipped {
  const place = placeOf(file, line);
  return { file: place, code: 'row-malformed', params: { place, message } };
}

/** What stands in a row and not in a header: the name of a picture or sound, or a link. */
const isFileName = (cell: string) => /^https?:\/\//.test(cell) || isPicture(cell) || isSound(cell);

/** Column names, the empty and the repeated ones told apart by their place. */
function uniqueNames(cells: readonly string[]): string[] {
  const seen = new Set<string>();
  return cells.map((cell, i) => {
    const name = cell === '' || seen.has(cell) ? `${cell || 'column'} ${i + 1}` : cell;
    seen.add(name);
    return name;
  });
}
