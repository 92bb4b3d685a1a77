import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { StudioError } from '../core/errors.ts';
import { describeShared, sharedData } from '../data/testing/shared.ts';
import { readSafetensors, writeSafetensors } from './safetensors.ts';
import { toFloat32 } from './tensorTypes.ts';

const folder = 'references/safetensors';

/** The message that reading ends with, or `accepted`. */
function verdict(bytes: Uint8Array): string {
  try {
    readSafetensors(bytes, 'x');
  } catch (error) {
    if (error instanceof StudioError && error.code === 'safetensors-invalid')
      return String(error.params.message);
    throw error;
  }
  return 'accepted';
}

/** A file with this header and so many bytes of data. */
function fileOf(header: string, data = 0): Uint8Array {
  const text = new TextEncoder().encode(header);
  const file = new Uint8Array(8 + text.length + data);
  new DataView(file.buffer).setUint32(0, text.length, true);
  file.set(text, 8);
  return file;
}

describeShared('reference files', () => {
  const list = (kind: 'good' | 'bad') =>
    readdirSync(sharedData(`${folder}/${kind}`)).map((name) => name.replace('.safetensors', ''));
  const bytesOf = (name: string) => new Uint8Array(readFileSync(sharedData(`${folder}/${name}.safetensors`)));
  const index = JSON.parse(readFileSync(sharedData(`${folder}/index.json`), 'utf8')) as {
    good: Record<string, unknown>;
    bad: Record<string, string>;
  };

  test('the index and the folders agree', () => {
    expect(list('good').sort()).toEqual(Object.keys(index.good).sort());
    expect(list('bad').sort()).toEqual(Object.keys(index.bad).sort());
  });

  test('good files hold what the index says', () => {
    const values = (name: string, tensor: string) => {
      const found = readSafetensors(bytesOf(`good/${name}`)).tensors.get(tensor);
      return found && [...toFloat32(found)];
    };
    expect(values('two-f32', 'a')).toEqual([1.5]);
    expect(values('two-f32', 'b')).toEqual([0, 1, 2, 3, 4, 5]);
    const all = readSafetensors(bytesOf('good/all-dtypes')).tensors;
    expect(all.size).toBe(12);
    for (const [name, tensor] of all)
      expect([...toFloat32(tensor)], name).toEqual(tensor.dtype === 'BOOL' ? [0, 1, 1, 1] : [0, 1, 2, 3]);
    expect(readSafetensors(bytesOf('good/metadata-unicode')).metadata).toEqual({
      format: 'pt',
      naïve: '日本語 🙂',
    });
    expect(readSafetensors(bytesOf('good/empty-shapes')).tensors.get('test')?.shape).toEqual([]);
    expect(readSafetensors(bytesOf('good/zero-sized')).tensors.get('test')?.shape).toEqual([2, 0]);
    expect(readSafetensors(bytesOf('good/no-tensors')).tensors.size).toBe(0);
    expect(readSafetensors(bytesOf('good/padded-header')).tensors.size).toBe(0);
  });

  test('bad files are refused, each for its own reason', () => {
    const verdicts = Object.fromEntries(list('bad').map((name) => [name, verdict(bytesOf(`bad/${name}`))]));
    expect(Object.values(verdicts)).not.toContain('accepted');
    expect(verdicts).toMatchInlineSnapshot(`
      {
        "data-too-short": "tensor “test” ends at byte 16; the file has 14 bytes of data",
        "empty-file": "0 bytes are too few for the length of the header",
        "header-length-huge": "the header claims 18446742974197924000 bytes; at most 100000000 are allowed",
        "header-longer-than-file": "the header claims 1000 bytes; the file has 76 after its length",
        "leading-blank": "the header does not begin with {",
        "not-json": "the header is not JSON",
        "not-utf8": "the header does not begin with {",
        "only-length": "the header claims 60 bytes; the file has 0 after its length",
        "overlap": "tensor “w1” begins at byte 0, inside the one before it",
        "polyglot-tail": "34 bytes follow the last tensor",
        "shape-mismatch": "tensor “test”: bytes 0 to 4 do not hold I32 2 × 2 (16 bytes)",
        "shape-overflow": "tensor “test”: shape.1: Invalid safe integer: Received 18446744073709552000",
      }
    `);
  });
});

test('what the reference files leave out is refused too', () => {
  const tensor = (start: number, end: number) =>
    `{"dtype":"U8","shape":[${end - start}],"data_offsets":[${start},${end}]}`;
  const verdicts = {
    hole: verdict(fileOf(`{"a":${tensor(0, 2)},"b":${tensor(3, 4)}}`, 4)),
    duplicate: verdict(fileOf(`{"a":${tensor(0, 2)},"a":${tensor(0, 2)}}`, 2)),
    'escaped duplicate': verdict(fileOf(`{"a":${tensor(0, 2)},"\\u0061":${tensor(0, 2)}}`, 2)),
    'unknown type': verdict(fileOf('{"a":{"dtype":"F4","shape":[2],"data_offsets":[0,1]}}', 1)),
    'negative side': verdict(fileOf('{"a":{"dtype":"U8","shape":[-2,-1],"data_offsets":[0,2]}}', 2)),
    'backwards range': verdict(fileOf('{"a":{"dtype":"U8","shape":[0],"data_offsets":[2,1]}}', 2)),
    'extra field': verdict(fileOf('{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0],"b":1}}')),
    'metadata number': verdict(fileOf('{"__metadata__":{"a":1}}')),
    list: verdict(fileOf('[]')),
  };
  expect(verdicts).toMatchInlineSnapshot(`
    {
      "backwards range": "tensor “a”: bytes 2 to 1 do not hold U8 0 (0 bytes)",
      "duplicate": "the header names something twice",
      "escaped duplicate": "the header names something twice",
      "extra field": "tensor “a”: b: Invalid key: Expected never but received "b"",
      "hole": "bytes 2 to 3, before tensor “b”, belong to no tensor",
      "list": "the header does not begin with {",
      "metadata number": "__metadata__ holds something that is not text",
      "negative side": "tensor “a”: shape.0: Invalid value: Expected >=0 but received -2",
      "unknown type": "tensor “a”: dtype: Invalid type: Expected ("F64" | "I64" | "U64" | "F32" | "I32" | "U32" | "F16" | "BF16" | "I16" | "U16" | "F8_E4M3" | "F8_E5M2" | "I8" | "U8" | "BOOL") but received "F4"",
    }
  `);
  expect(verdict(fileOf(`{"__proto__":${tensor(0, 2)},"b":${tensor(2, 4)}}`, 4))).toBe('accepted');
});

test('small floats by hand', () => {
  const f16 = (bits: number) =>
    toFloat32({ dtype: 'F16', shape: [1], bytes: new Uint8Array(Uint16Array.of(bits).buffer) })[0];
  expect([0x3c00, 0xc000, 0x7bff, 0x0001, 0x7c00].map(f16)).toEqual([1, -2, 65504, 2 ** -24, Infinity]);
  expect(f16(0x7e00)).toBeNaN();
  const e4m3 = (byte: number) => toFloat32({ dtype: 'F8_E4M3', shape: [1], bytes: Uint8Array.of(byte) })[0];
  expect([0x38, 0x7e, 0x01].map(e4m3)).toEqual([1, 448, 2 ** -9]);
  expect(e4m3(0xff)).toBeNaN();
});

test('a tensor may have any name', () => {
  const one = { shape: [1], values: Float32Array.of(1) };
  const names = ['__proto__', 'constructor', ''];
  const again = readSafetensors(writeSafetensors(new Map(names.map((name) => [name, one]))));
  expect([...again.tensors.keys()].sort()).toEqual([...names].sort());
});

test('what is written is read again, NaN included, whatever the order', () => {
  const values = fc.float32Array({ maxLength: 20 });
  fc.assert(
    fc.property(
      fc.dictionary(fc.string(), values),
      fc.dictionary(fc.string(), fc.string()),
      (arrays, metadata) => {
        const names = Object.keys(arrays).filter((name) => name !== '__metadata__');
        // The check of metadata drops names that could reach an object's prototype.
        fc.pre(!['__proto__', 'prototype', 'constructor'].some((name) => Object.hasOwn(metadata, name)));
        fc.pre(
          [...names, ...Object.keys(metadata), ...Object.values(metadata)].every((text) =>
            text.isWellFormed(),
          ),
        );
        const tensors = new Map(
          names.map((name) => [name, { shape: [arrays[name].length], values: arrays[name] }]),
        );
        const bytes = writeSafetensors(tensors, metadata);
        expect(writeSafetensors(new Map([...tensors].reverse()), metadata)).toEqual(bytes);
        const again = readSafetensors(bytes);
        expect(again.metadata).toEqual({ ...metadata });
        expect(again.tensors.size).toBe(names.length);
        for (const name of names) {
          const tensor = again.tensors.get(name);
          expect(tensor && toFloat32(tensor)).toEqual(arrays[name]);
        }
      },
    ),
  );
});

test('a damaged file never gives anything but its own error', () => {
  const good = writeSafetensors(
    new Map([
      ['a', { shape: [2, 3], values: Float32Array.of(1, 2, 3, 4, 5, 6) }],
      ['b', { shape: [4], values: Int32Array.of(1, 2, 3, 4) }],
    ]),
    { note: 'x' },
  );
  fc.assert(
    fc.property(fc.nat(good.length - 1), fc.nat(255), fc.nat(good.length), (at, byte, length) => {
      const damaged = good.slice();
      damaged[at] = byte;
      verdict(damaged);
      if (length < good.length) expect(verdict(good.slice(0, length))).not.toBe('accepted');
    }),
    { numRuns: 500 },
  );
});

test('a shape that does not fit its values is not written', () => {
  expect(() => writeSafetensors(new Map([['a', { shape: [2], values: new Float32Array(3) }]]))).toThrow(
    /“a”/,
  );
});
