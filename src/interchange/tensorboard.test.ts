import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { describePython, python } from '../exports/testing/python.ts';
import { maskedCrc, type ScalarEvent, tagOf, writeEvents } from './tensorboard.ts';

const unmask = (value: number) => {
  const rotated = (value - 0xa282ead8) >>> 0;
  return ((rotated >>> 17) | (rotated << 15)) >>> 0;
};

test('the checksum is that of RFC 3720, B.4', () => {
  const crc = (bytes: Uint8Array) => unmask(maskedCrc(bytes)).toString(16);
  expect(crc(new Uint8Array(32))).toBe('8a9136aa');
  expect(crc(new Uint8Array(32).fill(255))).toBe('62a8ab43');
  expect(crc(Uint8Array.from({ length: 32 }, (_, at) => at))).toBe('46dd794e');
});

test('metrics are grouped by what they are of', () => {
  expect(['loss', 'val.loss', 'grad.block/image.patch', 'temperature', 'ratio.text'].map(tagOf)).toEqual([
    'train/loss',
    'val/loss',
    'grad/block/image.patch',
    'train/temperature',
    'ratio/text',
  ]);
});

const events: ScalarEvent[] = [
  { time: 1_790_000_000.25, step: 0, scalars: { 'train/loss': 3.5, 'val/r1': 0 } },
  { time: 1_790_000_001.5, step: 127, scalars: { 'train/loss': -0.1 } },
  {
    time: 1_790_000_002,
    step: 3_000_000_000,
    scalars: { 'train/loss': Number.NaN, 'val/r1': 0.75, 'grad/图像': 1 },
  },
];

describePython('TensorBoard', () => {
  test('reads every value, step and time', () => {
    const folder = mkdtempSync(join(tmpdir(), 'amalgam-events-'));
    writeFileSync(join(folder, 'events.out.tfevents.1790000000.amalgam'), writeEvents(events));
    writeFileSync(
      join(folder, 'read.py'),
      `import json, sys
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
found = EventAccumulator(".")
found.Reload()
print(json.dumps({tag: [[e.wall_time, e.step, str(e.value)] for e in found.Scalars(tag)] for tag in found.Tags()["scalars"]}))
`,
    );
    const read = JSON.parse(python(folder, 'read.py'));
    expect(read).toEqual({
      'train/loss': [
        [1_790_000_000.25, 0, '3.5'],
        [1_790_000_001.5, 127, '-0.10000000149011612'],
        [1_790_000_002, 3_000_000_000, 'nan'],
      ],
      'val/r1': [
        [1_790_000_000.25, 0, '0.0'],
        [1_790_000_002, 3_000_000_000, '0.75'],
      ],
      'grad/图像': [[1_790_000_002, 3_000_000_000, '1.0']],
    });
    rmSync(folder, { recursive: true });
  });
});
