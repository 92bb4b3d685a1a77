/**
 * Parquet: a table whose cells can be pictures or sounds. The cells of media are files of the tree like those of an archive, read when they are asked for;
 * the rest are the table's records. Hugging Face writes media as a struct of `bytes` and `path`; a plain column of bytes counts too where its first value
 * is a picture or a sound.
 */
import type { FileMetaData, SchemaTree } from 'hyparquet';
import { StudioError } from '../../core/errors.ts';
import { pictureTypeOf } from '../image/header.ts';
import type { ByteSource } from './bytes.ts';
import { baseName, cleanPath, ending, isPicture, isSound, stem } from './paths.ts';
import type { SourceFile } from './tree.ts';

/** Most rows; largest table without its media, and largest cell, bytes. */
const budget = { rows: 20_000_000, table: 2 ** 30, cell: 256 * 2 ** 20 };
/** Rows of media that are read together where a row group holds more. */
const rowsAtOnce = 64;

export interface ParquetTable {
  columns: string[];
  /** Values by column; the cell of a medium is the name of its file in `mediaFolder`. */
  rows: Record<string, unknown>[];
  /** Names of the classes of columns that hold classes, as the file's notes say. */
  classes: Record<string, string[]>;
  /** In `mediaFolder`. */
  media: SourceFile[];
}

/** Values of a column from row `from` up to `to`. @param of the file's metadata, or a part of it */
type ReadColumn = (column: string, from: number, to: number, of?: FileMetaData) => Promise<unknown[]>;

const library = () => Promise.all([import('hyparquet'), import('hyparquet-compressors')]);

const tables = new WeakMap<ByteSource, Promise<ParquetTable>>();

/** The table of a parquet file; opened once. @throws StudioError `file-unreadable`, `archive-budget` */
export function openParquet(path: string, source: ByteSource): Promise<ParquetTable> {
  const known = tables.get(source);
  if (known) return known;
  const table = open(path, source).catch((cause: unknown) => {
    if (cause instanceof StudioError) throw cause;
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new StudioError('file-unreadable', { file: path, message }, { cause });
  });
  tables.set(source, table);
  return table;
}

async function open(path: string, source: ByteSource): Promise<ParquetTable> {
  const [{ parquetMetadataAsync, parquetReadObjects, parquetSchema }, { compressors }] = await library();
  const buffer = bufferOf(source);
  const metadata = await parquetMetadataAsync(buffer);
  const schema = parquetSchema(metadata);
  const count = groupsOf(metadata).at(-1)?.end ?? 0;
  if (count > budget.rows)
    throw new StudioError('archive-budget', {
      file: path,
      limit: `${budget.rows.toLocaleString('en')} rows`,
    });
  checkParts(path, metadata, schema);
  // One column of one row group at a time: no more is held than that.
  const read: ReadColumn = async (column, from, to, of = metadata) => {
    const values: unknown[] = [];
    for (const { start, end } of groupsOf(metadata)) {
      const [rowStart, rowEnd] = [Math.max(start, from), Math.min(end, to)];
      if (rowStart >= rowEnd) continue;
      const rows = await parquetReadObjects({
        file: buffer,
        compressors,
        utf8: false,
        metadata: of,
        columns: [column],
        rowStart,
        rowEnd,
      });
      for (const row of rows) values.push(row[column]);
    }
    return values;
  };

  const media: { column: string; nested: boolean; kind: string }[] = [];
  for (const child of schema.children) {
    const column = child.element.name;
    const nested = child.children.some(({ element }) => element.name === 'bytes' && isBinary(element));
    if (!nested && !(child.children.length === 0 && isBinary(child.element))) continue;
    const [first] = await read(column, 0, 1);
    const kind = kindOf(bytesIn(first));
    if (nested || kind) media.push({ column, nested, kind: kind ?? '' });
  }
  const light = withoutBytes(metadata, schema, media);
  const size = light.row_groups
    .flatMap(({ columns }) => columns)
    .reduce((sum, { meta_data }) => sum + Number(meta_data?.total_uncompressed_size ?? 0), 0);
  if (size > budget.table)
    throw new StudioError('archive-budget', { file: path, limit: '1 GiB of words and numbers' });
  const columns = schema.children.map(({ element }) => element.name);
  const plain = media.filter(({ nested }) => !nested).map(({ column }) => column);
  const rows = Array.from({ length: count }, (): Record<string, unknown> => ({}));
  for (const column of columns) {
    if (plain.includes(column)) continue;
    const values = await read(column, 0, count, light);
    for (const [index, row] of rows.entries()) row[column] = plainValue(values[index]);
  }
  const classes = nameClasses(rows, metadata);
  const cells = mediaReader(metadata, read);
  const files: SourceFile[] = [];
  const taken = new Set<string>();
  for (const { column, nested, kind } of media) {
    for (let index = 0; index < count; index++) {
      // A row without this medium.
      if (nested && (rows[index][column] ?? undefined) === undefined) continue;
      const stated = nested ? pathIn(rows[index][column]) : undefined;
      const name = nameFor(stated, kind, `${column}-${String(index).padStart(6, '0')}`);
      const own = taken.has(name) ? `${index}-${name}` : name;
      taken.add(own);
      rows[index][column] = own;
      const inner = `${mediaFolder(path)}/${own}`;
      files.push({ path: inner, size: 0, read: () => cells(inner, column, index) });
    }
  }
  return { columns, rows, classes, media: files };
}

/** The parts of every row group are the leaves of the schema, each once; of damaged files the library would leave failures of other parts unheard. */
function checkParts(path: string, { row_groups }: FileMetaData, schema: SchemaTree): void {
  const leaves = (tree: SchemaTree): string[] =>
    tree.children.length === 0 ? [tree.path.join('\n')] : tree.children.flatMap(leaves);
  const wanted = schema.children.flatMap(leaves).sort().join('\n\n');
  for (const { columns } of row_groups) {
    const found = columns.map(({ meta_data }) => meta_data?.path_in_schema.join('\n') ?? '');
    if (found.sort().join('\n\n') !== wanted)
      throw new StudioError('file-unreadable', { file: path, message: 'its parts do not fit its schema' });
  }
}

const bufferOf = ({ size, slice }: ByteSource) => ({
  byteLength: size,
  // A damaged file says that its parts lie anywhere.
  slice: async (start: number, end = size) => {
    const within = (at: number) => Math.max(0, Math.min(size, Number.isFinite(at) ? at : size));
    const bytes = await slice(within(start), within(end));
    return bytes.slice().buffer;
  },
});

const isBinary = (element: SchemaTree['element']) =>
  element.type === 'BYTE_ARRAY' && element.converted_type !== 'UTF8' && element.logical_type === undefined;

/** Ending of the kind that bytes begin like. */
function kindOf(bytes: Uint8Array | undefined): string | undefined {
  if (!bytes) return undefined;
  const head = String.fromCharCode(...bytes.subarray(0, 12));
  if (head.startsWith('RIFF') && head.endsWith('WAVE')) return 'wav';
  if (head.startsWith('fLaC')) return 'flac';
  if (head.startsWith('OggS')) return 'ogg';
  if (head.startsWith('ID3') || (bytes[0] === 0xff && (bytes[1] & 0xe6) === 0xe2)) return 'mp3';
  const picture = pictureTypeOf(bytes);
  return picture === 'jpeg' ? 'jpg' : picture;
}

/** The file's name as the table states it, or one that is made for it. */
function nameFor(stated: string | undefined, kind: string, made: string): string {
  const clean = stated === undefined ? undefined : (cleanPath(stated) ?? cleanPath(baseName(stated)));
  if (clean && (isPicture(clean) || isSound(clean))) return clean;
  const name = clean ?? made;
  return kind === '' ? name : `${name}.${kind}`;
}

const record = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? { ...value } : {};

function bytesIn(value: unknown): Uint8Array | undefined {
  if (value instanceof Uint8Array) return value;
  const { bytes } = record(value);
  return bytes instanceof Uint8Array ? bytes : undefined;
}

function pathIn(value: unknown): string | undefined {
  const { path } = record(value);
  return typeof path === 'string' ? path : undefined;
}

/** The metadata of the same file as if the bytes of its media were not in it, so that names can be read without them. */
function withoutBytes(
  metadata: FileMetaData,
  schema: SchemaTree,
  media: readonly { column: string; nested: boolean }[],
): FileMetaData {
  const nested = new Set(media.filter((one) => one.nested).map(({ column }) => column));
  const left = new Set(
    schema.children
      .filter(({ element }) => nested.has(element.name))
      .flatMap(({ children }) => children.filter(({ element }) => element.name === 'bytes'))
      .map(({ element }) => element),
  );
  const parents = new Set(
    schema.children.filter(({ element }) => nested.has(element.name)).map(({ element }) => element),
  );
  return {
    ...metadata,
    schema: metadata.schema
      .filter((element) => !left.has(element))
      .map((element) =>
        parents.has(element) ? { ...element, num_children: (element.num_children ?? 1) - 1 } : element,
      ),
    row_groups: metadata.row_groups.map((group) => ({
      ...group,
      columns: group.columns.filter(({ meta_data }) => {
        const [column, child] = meta_data?.path_in_schema ?? [];
        return !(nested.has(column) && child === 'bytes');
      }),
    })),
  };
}

/** Hugging Face keeps classes as numbers and their names in the file's notes: the names are what is meant. @returns them by column */
function nameClasses(
  rows: Record<string, unknown>[],
  { key_value_metadata }: FileMetaData,
): Record<string, string[]> {
  const classes: Record<string, string[]> = {};
  const notes = key_value_metadata?.find(({ key }) => key === 'huggingface')?.value;
  if (!notes) return classes;
  let features: Record<string, unknown>;
  try {
    features = record(record(record(JSON.parse(notes))['info'])['features']);
  } catch {
    return classes;
  }
  for (const [column, feature] of Object.entries(features)) {
    const { _type, names } = record(feature);
    if (_type !== 'ClassLabel' || !Array.isArray(names)) continue;
    const known = names.map(String);
    classes[column] = known;
    for (const row of rows) {
      const value = row[column];
      if (typeof value === 'number') row[column] = known[value];
    }
  }
  return classes;
}

/** Whole numbers of 64 bits as numbers, bytes of words as words. */
function plainValues(row: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).map(([key, value]) => [key, plainValue(value)]));
}

function plainValue(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : value.toISOString();
  if (value instanceof Uint8Array) return wordsIn(value);
  if (Array.isArray(value)) return value.map(plainValue);
  if (typeof value === 'object' && value !== null) return plainValues(record(value));
  return value;
}

/** Older writers do not mark words as such. */
function wordsIn(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Reads cells; the rows read last are kept, since cells are asked for in their order. */
function mediaReader(metadata: FileMetaData, read: ReadColumn) {
  const pieces = piecesOf(metadata);
  const kept = new Map<string, Promise<unknown[]>>();
  return async (path: string, column: string, row: number): Promise<Uint8Array> => {
    const { start, end } = pieces.findLast((piece) => piece.start <= row) ?? { start: row, end: row + 1 };
    const key = `${start} ${column}`;
    const values = kept.get(key) ?? read(column, start, end);
    if (!kept.has(key)) {
      for (const old of [...kept.keys()].slice(0, -1)) kept.delete(old);
      kept.set(key, values);
    }
    const unreadable = (message: string, cause?: unknown) =>
      new StudioError('file-unreadable', { file: path, message }, { cause });
    const cell = await values.then(
      (list) => list[row - start],
      (cause: unknown) => {
        throw unreadable(cause instanceof Error ? cause.message : String(cause), cause);
      },
    );
    const bytes = bytesIn(cell);
    if (!bytes || bytes.length > budget.cell)
      throw unreadable(bytes ? 'it is larger than 256 MB' : 'its row holds no bytes');
    return bytes.slice();
  };
}

/** Rows of each row group. */
function groupsOf({ row_groups }: FileMetaData): { start: number; end: number }[] {
  let start = 0;
  return row_groups.map(({ num_rows }) => {
    const group = { start, end: start + Number(num_rows) };
    start = group.end;
    return group;
  });
}

/** Row groups, the large ones in parts. */
const piecesOf = (metadata: FileMetaData) =>
  groupsOf(metadata).flatMap(({ start, end }) =>
    Array.from({ length: Math.ceil((end - start) / rowsAtOnce) }, (_, part) => ({
      start: start + part * rowsAtOnce,
      end: Math.min(end, start + (part + 1) * rowsAtOnce),
    })),
  );

/** Where the media of a parquet file lie in the tree. */
export const mediaFolder = (path: string): string => stem(path);

export const isParquet = (path: string): boolean => ['parquet', 'parq'].includes(ending(path));
