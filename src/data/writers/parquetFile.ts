/**
 * A Parquet file of one row group: every leaf one uncompressed page, PLAIN values, RLE levels (parquet.apache.org/docs/file-format). Pictures are compressed
 * already, and nothing else is large, so that a codec would only cost.
 */
import { concat } from './concat.ts';
import { i32, i64, list, struct, type ThriftValue, text, thriftBytes } from './thrift.ts';

/** A column of rows; null where a cell is missing. */
export type Column = { name: string } & (
  | { kind: 'media'; rows: ({ bytes: Uint8Array; path: string } | null)[] }
  | { kind: 'texts'; rows: string[][] }
  | { kind: 'integer' | 'number'; rows: (number | null)[] }
);

interface Leaf {
  path: string[];
  /** Parquet's physical type: 2 INT64, 5 DOUBLE, 6 BYTE_ARRAY. */
  type: number;
  definition: { most: number; levels: number[] };
  repetition: { most: number; levels: number[] };
  values: Uint8Array[];
}

const utf8 = new TextEncoder();

/** @param rows of every column @param notes key and value metadata */
export function parquetFile(
  columns: readonly Column[],
  rows: number,
  notes: Record<string, string>,
): Uint8Array<ArrayBuffer> {
  const magic = utf8.encode('PAR1');
  const parts: Uint8Array[] = [magic];
  let at = magic.length;
  const chunks: ThriftValue[] = [];
  let size = 0;
  for (const leaf of columns.flatMap(leavesOf)) {
    const values = concat([levels(leaf.repetition), levels(leaf.definition), ...leaf.values]);
    const count = leaf.definition.levels.length;
    const header = thriftBytes(
      struct(
        [1, i32(0)],
        [2, i32(values.length)],
        [3, i32(values.length)],
        // Values, PLAIN, levels both RLE.
        [5, struct([1, i32(count)], [2, i32(0)], [3, i32(3)], [4, i32(3)])],
      ),
    );
    const length = header.length + values.length;
    chunks.push(
      struct(
        [2, i64(at)],
        [
          3,
          struct(
            [1, i32(leaf.type)],
            [2, list(i32(0), i32(3))],
            [3, list(...leaf.path.map(text))],
            [4, i32(0)],
            [5, i64(count)],
            [6, i64(length)],
            [7, i64(length)],
            [9, i64(at)],
          ),
        ],
      ),
    );
    parts.push(header, values);
    at += length;
    size += length;
  }
  const schema = [struct([4, text('schema')], [5, i32(columns.length)]), ...columns.flatMap(schemaOf)];
  const footer = thriftBytes(
    struct(
      [1, i32(1)],
      [2, list(...schema)],
      [3, i64(rows)],
      [4, list(struct([1, list(...chunks)], [2, i64(size)], [3, i64(rows)]))],
      [5, list(...Object.entries(notes).map(([key, value]) => struct([1, text(key)], [2, text(value)])))],
      [6, text('amalgam')],
    ),
  );
  return concat([...parts, footer, word(footer.length), magic]);
}

const optional = 1;
const repeated = 2;
/** A leaf or a group. UTF8 is converted type 0, LIST 3. */
const element = (
  name: string,
  repetition: number,
  more: { type?: number; children?: number; converted?: number },
) =>
  struct(
    ...(more.type === undefined ? [] : [[1, i32(more.type)] satisfies [number, ThriftValue]]),
    [3, i32(repetition)],
    [4, text(name)],
    ...(more.children === undefined ? [] : [[5, i32(more.children)] satisfies [number, ThriftValue]]),
    ...(more.converted === undefined ? [] : [[6, i32(more.converted)] satisfies [number, ThriftValue]]),
  );

function schemaOf({ name, kind }: Column): ThriftValue[] {
  if (kind === 'media')
    return [
      element(name, optional, { children: 2 }),
      element('bytes', optional, { type: 6 }),
      element('path', optional, { type: 6, converted: 0 }),
    ];
  if (kind === 'texts')
    return [
      element(name, optional, { children: 1, converted: 3 }),
      element('list', repeated, { children: 1 }),
      element('element', optional, { type: 6, converted: 0 }),
    ];
  return [element(name, optional, { type: kind === 'integer' ? 2 : 5 })];
}

function leavesOf(column: Column): Leaf[] {
  const { name } = column;
  const flat = (
    path: string[],
    type: number,
    most: number,
    there: boolean[],
    values: Uint8Array[],
  ): Leaf => ({
    path,
    type,
    definition: { most, levels: there.map((is) => (is ? most : 0)) },
    repetition: { most: 0, levels: [] },
    values,
  });
  if (column.kind === 'media') {
    const there = column.rows.map((row) => row !== null);
    const present = column.rows.filter((row) => row !== null);
    return [
      flat(
        [name, 'bytes'],
        6,
        2,
        there,
        present.flatMap(({ bytes }) => [word(bytes.length), bytes]),
      ),
      flat(
        [name, 'path'],
        6,
        2,
        there,
        present.flatMap(({ path }) => textValue(path)),
      ),
    ];
  }
  if (column.kind === 'texts')
    return [
      {
        path: [name, 'list', 'element'],
        type: 6,
        // 1: the list is there and empty; 3: an item.
        definition: {
          most: 3,
          levels: column.rows.flatMap((row) => (row.length === 0 ? [1] : row.map(() => 3))),
        },
        repetition: {
          most: 1,
          levels: column.rows.flatMap((row) =>
            row.length === 0 ? [0] : row.map((_, i) => (i === 0 ? 0 : 1)),
          ),
        },
        values: column.rows.flat().flatMap(textValue),
      },
    ];
  const numbers = column.rows.filter((row) => row !== null);
  const bytes = new DataView(new ArrayBuffer(numbers.length * 8));
  for (const [i, value] of numbers.entries())
    if (column.kind === 'integer') bytes.setBigInt64(i * 8, BigInt(value), true);
    else bytes.setFloat64(i * 8, value, true);
  return [
    flat(
      [name],
      column.kind === 'integer' ? 2 : 5,
      1,
      column.rows.map((row) => row !== null),
      [new Uint8Array(bytes.buffer)],
    ),
  ];
}

function textValue(value: string): Uint8Array[] {
  const encoded = utf8.encode(value);
  return [word(encoded.length), encoded];
}

/** Runs of equal levels, with their length in bytes before them; levels fit one byte. */
function levels({ most, levels: values }: Leaf['definition']): Uint8Array<ArrayBuffer> {
  if (most === 0) return new Uint8Array(0);
  const bytes: number[] = [];
  for (let from = 0; from < values.length; ) {
    let to = from;
    while (to < values.length && values[to] === values[from]) to++;
    let run = (to - from) * 2;
    while (run >= 128) {
      bytes.push((run % 128) + 128);
      run = Math.floor(run / 128);
    }
    bytes.push(run, values[from]);
    from = to;
  }
  return concat([word(bytes.length), Uint8Array.from(bytes)]);
}

/** Four bytes, the least first. */
function word(value: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}
