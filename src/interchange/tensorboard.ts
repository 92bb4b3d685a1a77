/**
 * Curves as a TensorBoard event file: TFRecords (length, masked CRC-32C of it, data, masked CRC-32C of that) of `Event` messages
 * (tensorflow/core/util/event.proto, fields 1 wall_time, 2 step, 3 file_version, 5 summary; summary.proto, Value 1 tag, 2 simple_value).
 */

export interface ScalarEvent {
  /** Unix time, seconds. */
  time: number;
  step: number;
  /** By tag; what is before a tag's first `/` is its group. */
  scalars: Readonly<Record<string, number>>;
}

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  // Castagnoli's polynomial, bits reversed.
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
  return value;
});

/** CRC-32C (RFC 3720, B.4), rotated and moved as TFRecords want it. */
export function maskedCrc(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = table[(crc ^ byte) & 255] ^ (crc >>> 8);
  crc = ~crc >>> 0;
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let left = value;
  while (left >= 128) {
    bytes.push((left % 128) + 128);
    left = Math.floor(left / 128);
  }
  return [...bytes, left];
}

const field = (number: number, wire: 0 | 1 | 2 | 5) => number * 8 + wire;
const prefixed = (number: number, bytes: readonly number[] | Uint8Array) => [
  field(number, 2),
  ...varint(bytes.length),
  ...bytes,
];
const double = (value: number) => [...new Uint8Array(Float64Array.of(value).buffer)];
const float = (value: number) => [...new Uint8Array(Float32Array.of(value).buffer)];
const text = (value: string) => new TextEncoder().encode(value);

function eventOf({ time, step, scalars }: ScalarEvent): number[] {
  const values = Object.entries(scalars).flatMap(([tag, value]) =>
    prefixed(1, [...prefixed(1, text(tag)), field(2, 5), ...float(value)]),
  );
  return [field(1, 1), ...double(time), field(2, 0), ...varint(step), ...prefixed(5, values)];
}

function record(data: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(16 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length, true);
  view.setUint32(8, maskedCrc(bytes.subarray(0, 8)), true);
  bytes.set(data, 12);
  view.setUint32(12 + data.length, maskedCrc(bytes.subarray(12, 12 + data.length)), true);
  return bytes;
}

/** @param events in order of steps; values that are not finite are left as they are */
export function writeEvents(events: readonly ScalarEvent[]): Uint8Array {
  const first = [field(1, 1), ...double(events[0]?.time ?? 0), ...prefixed(3, text('brain.Event:2'))];
  const records = [record(first), ...events.map((event) => record(eventOf(event)))];
  const all = new Uint8Array(records.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const one of records) {
    all.set(one, at);
    at += one.length;
  }
  return all;
}

/** A metric's tag: validation and training in groups of their own (`val.loss` → `val/loss`, `loss` → `train/loss`). */
export const tagOf = (metric: string): string => {
  const [, group, name] = /^(val|old|grad|ratio|time|share)\.(.+)$/.exec(metric) ?? [];
  return group ? `${group}/${name}` : `train/${metric}`;
};
