/**
 * Reads and writes safetensors (github.com/huggingface/safetensors): eight bytes of header length, a JSON header with
 * type, shape and byte range of every tensor, then the bytes. A file from elsewhere is not trusted: nothing is
 * allocated from a number that was not checked, and the ranges must tile the data, without holes and without
 * overlap.
 */
import * as v from 'valibot';
import { StudioError } from '../core/errors.ts';
import { countKeys } from './jsonKeys.ts';
import { bytesPerElement, type SafetensorsType, type StoredTensor } from './tensorTypes.ts';

export interface Safetensors {
  tensors: Map<string, StoredTensor>;
  metadata: Record<string, string>;
}

/** The format's own limit. */
const mostHeader = 100_000_000;
const whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const entrySchema = v.strictObject({
  dtype: v.picklist(Object.keys(bytesPerElement) as SafetensorsType[]),
  shape: v.pipe(v.array(whole), v.maxLength(64)),
  data_offsets: v.tuple([whole, whole]),
});
const metadataSchema = v.record(v.string(), v.string());

/**
 * @param file name for messages
 * @throws StudioError `safetensors-invalid` saying which tensor or part is wrong
 */
export function readSafetensors(bytes: Uint8Array, file = 'model.safetensors'): Safetensors {
  const fail = (message: string): never => {
    throw new StudioError('safetensors-invalid', { file, message });
  };
  if (bytes.length < 8) return fail(`${bytes.length} bytes are too few for the length of the header`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getUint32(0, true) + view.getUint32(4, true) * 4294967296;
  if (length > mostHeader)
    return fail(`the header claims ${length} bytes; at most ${mostHeader} are allowed`);
  if (length > bytes.length - 8)
    return fail(`the header claims ${length} bytes; the file has ${bytes.length - 8} after its length`);
  const header = parseHeader(bytes.subarray(8, 8 + length), fail);
  const data = bytes.subarray(8 + length);

  const metadata = v.safeParse(metadataSchema, header['__metadata__'] ?? {});
  if (!metadata.success) return fail('__metadata__ holds something that is not text');
  const entries: { name: string; dtype: SafetensorsType; shape: number[]; start: number; end: number }[] = [];
  for (const [name, value] of Object.entries(header)) {
    if (name === '__metadata__') continue;
    const entry = v.safeParse(entrySchema, value);
    if (!entry.success)
      return fail(
        `tensor “${name}”: ${v.getDotPath(entry.issues[0]) ?? 'entry'}: ${entry.issues[0].message}`,
      );
    const {
      dtype,
      shape,
      data_offsets: [start, end],
    } = entry.output;
    const needed = shape.reduce((product, side) => product * side, bytesPerElement[dtype]);
    if (!Number.isSafeInteger(needed)) return fail(`tensor “${name}”: shape ${shape.join(' × ')} overflows`);
    if (end - start !== needed)
      return fail(
        `tensor “${name}”: bytes ${start} to ${end} do not hold ${dtype} ${shape.join(' × ')} (${needed} bytes)`,
      );
    entries.push({ name, dtype, shape, start, end });
  }
  entries.sort((a, b) => a.start - b.start || a.end - b.end);
  let at = 0;
  for (const { name, start, end } of entries) {
    if (start < at) return fail(`tensor “${name}” begins at byte ${start}, inside the one before it`);
    if (start > at) return fail(`bytes ${at} to ${start}, before tensor “${name}”, belong to no tensor`);
    if (end > data.length)
      return fail(`tensor “${name}” ends at byte ${end}; the file has ${data.length} bytes of data`);
    at = end;
  }
  if (at !== data.length) return fail(`${data.length - at} bytes follow the last tensor`);
  return {
    tensors: new Map(
      entries.map(({ name, dtype, shape, start, end }) => [
        name,
        { dtype, shape, bytes: data.subarray(start, end) },
      ]),
    ),
    metadata: metadata.output,
  };
}

function parseHeader(bytes: Uint8Array, fail: (message: string) => never): Record<string, unknown> {
  if (bytes[0] !== 0x7b) return fail('the header does not begin with {');
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return fail('the header is not UTF-8');
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return fail('the header is not JSON');
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    return fail('the header is not an object');
  const { written, kept } = countKeys(text, json);
  if (written !== kept) return fail('the header names something twice');
  return Object.fromEntries(Object.entries(json));
}

export type WritableValues = Float32Array | Float64Array | Int32Array | Uint8Array;

/** Same tensors, same bytes: larger types first, then by name, the header padded to eight bytes. */
export function writeSafetensors(
  tensors: ReadonlyMap<string, { shape: number[]; values: WritableValues }>,
  metadata: Record<string, string> = {},
): Uint8Array {
  const entries = [...tensors]
    .map(([name, { shape, values }]) => ({ name, shape, values, dtype: typeOf(values) }))
    .sort((a, b) => bytesPerElement[b.dtype] - bytesPerElement[a.dtype] || (a.name < b.name ? -1 : 1));
  // Without a prototype, so that a tensor may be called `__proto__` too.
  const header: Record<string, unknown> = Object.create(null);
  if (Object.keys(metadata).length > 0) header['__metadata__'] = metadata;
  let at = 0;
  for (const { name, shape, values, dtype } of entries) {
    const elements = shape.reduce((product, side) => product * side, 1);
    if (elements !== values.length || name === '__metadata__')
      throw new StudioError('internal', {
        message: `cannot write tensor “${name}”: ${values.length} values for shape ${shape.join(' × ')}`,
      });
    header[name] = { dtype, shape, data_offsets: [at, at + values.byteLength] };
    at += values.byteLength;
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  const padded = Math.ceil(text.length / 8) * 8;
  const file = new Uint8Array(8 + padded + at);
  new DataView(file.buffer).setUint32(0, padded, true);
  file.fill(0x20, 8, 8 + padded);
  file.set(text, 8);
  let offset = 8 + padded;
  for (const { values } of entries) {
    file.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), offset);
    offset += values.byteLength;
  }
  return file;
}

function typeOf(values: WritableValues): SafetensorsType {
  if (values instanceof Float32Array) return 'F32';
  if (values instanceof Float64Array) return 'F64';
  return values instanceof Int32Array ? 'I32' : 'U8';
}
