/** Thrift's compact protocol, as much as Parquet's headers need (github.com/apache/thrift, thrift-compact-protocol.md). */
export type ThriftValue =
  | { kind: 'i32'; value: number }
  | { kind: 'i64'; value: number }
  | { kind: 'text'; value: string }
  | { kind: 'list'; of: number; items: ThriftValue[] }
  | { kind: 'struct'; fields: [id: number, value: ThriftValue][] };

export const i32 = (value: number): ThriftValue => ({ kind: 'i32', value });
export const i64 = (value: number): ThriftValue => ({ kind: 'i64', value });
export const text = (value: string): ThriftValue => ({ kind: 'text', value });
export const struct = (...fields: [number, ThriftValue][]): ThriftValue => ({ kind: 'struct', fields });
/** A list of at least one item, or of whole numbers. */
export const list = (...items: ThriftValue[]): ThriftValue => ({
  kind: 'list',
  of: items.length > 0 ? types[items[0].kind] : types.i32,
  items,
});

const types = { i32: 5, i64: 6, text: 8, list: 9, struct: 12 };

/** The bytes of a struct. */
export function thriftBytes(value: ThriftValue): Uint8Array<ArrayBuffer> {
  const bytes: number[] = [];
  // Numbers beyond 32 bits are kept whole by dividing.
  const varint = (number: number) => {
    let rest = number;
    while (rest >= 128) {
      bytes.push((rest % 128) + 128);
      rest = Math.floor(rest / 128);
    }
    bytes.push(rest);
  };
  const write = (one: ThriftValue) => {
    if (one.kind === 'i32' || one.kind === 'i64') varint(one.value >= 0 ? one.value * 2 : -one.value * 2 - 1);
    else if (one.kind === 'text') {
      const encoded = new TextEncoder().encode(one.value);
      varint(encoded.length);
      for (const byte of encoded) bytes.push(byte);
    } else if (one.kind === 'list') {
      if (one.items.length < 15) bytes.push((one.items.length << 4) | one.of);
      else {
        bytes.push(0xf0 | one.of);
        varint(one.items.length);
      }
      one.items.forEach(write);
    } else {
      let last = 0;
      for (const [id, field] of one.fields) {
        bytes.push(((id - last) << 4) | types[field.kind]);
        last = id;
        write(field);
      }
      bytes.push(0);
    }
  };
  write(value);
  return Uint8Array.from(bytes);
}
