import { afterEach, expect, test, vi } from 'vitest';
import { type Chunk, Pace } from './pace.ts';

let now = 0;
vi.spyOn(performance, 'now').mockImplementation(() => now);
afterEach(() => {
  now = 0;
});

const chunk = (size: number, data = 0, encode = 0): Chunk => ({
  size,
  began: now,
  data,
  encode,
  records: Promise.resolve([]),
});

test('the first chunk, in which drivers compile, is in the seconds but in no average', () => {
  const pace = new Pace();
  const first = chunk(1);
  now = 9000;
  expect(pace.settle(first, 8000)).toEqual({ seconds: 9 });
  expect(pace.step).toBeUndefined();
  expect(pace.chunk(120)).toBe(1);
  const second = chunk(2, 4, 6);
  now += 40;
  expect(pace.settle(second, 30)).toEqual({ seconds: 0.04, split: { data: 2, encode: 3, wait: 15 } });
  expect(pace.step).toBe(20);
  expect(pace.chunk(120)).toBe(6);
});

test('chunks that overlap count from completion to completion, and other work not at all', async () => {
  const pace = new Pace();
  now = 100;
  pace.settle(chunk(1), 0);
  const a = chunk(1);
  now = 110;
  const b = chunk(1);
  now = 120;
  expect(pace.settle(a, 0).seconds).toBeCloseTo(0.02);
  const c = chunk(1);
  now = 150;
  expect(pace.settle(b, 0).seconds).toBeCloseTo(0.03);
  await pace.leaveOut(async () => {
    now = 1150;
  }, c);
  now = 1160;
  expect(pace.settle(c, 0).seconds).toBeCloseTo(0.01);
});
