import { beforeEach, expect, test, vi } from 'vitest';
import { Between } from './between.ts';

let now = 0;
beforeEach(() => {
  now = 1000;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
});

const takes = (milliseconds: number, name: string, done: string[]) => async () => {
  now += milliseconds;
  done.push(name);
  return name;
};

test('at rest a look is made at once; while training it waits for a turn', async () => {
  const between = new Between();
  const done: string[] = [];
  expect(await between.ask(false, takes(5, 'rest', done))).toBe('rest');
  const asked = between.ask(true, takes(5, 'live', done));
  await Promise.resolve();
  expect(done).toEqual(['rest']);
  await between.serve();
  expect(await asked).toBe('live');
});

test('while training looks take at most 5 % of the time together, and a long one is soon forgiven', async () => {
  const between = new Between();
  const done: string[] = [];
  const training = async (milliseconds: number) => {
    const until = now + milliseconds;
    while (now < until) {
      now += 10;
      await between.serve();
    }
  };
  for (let i = 0; i < 60; i++) void between.ask(true, takes(20, `${i}`, done));
  await training(6000);
  expect(done.length).toBeGreaterThan(10);
  expect((done.length * 20) / 6000).toBeLessThan(0.055);
  expect(done).toEqual(done.map((_, i) => `${i}`));
  void between.ask(true, takes(9000, 'long', done));
  await between.drain();
  const other = new Between();
  void other.ask(true, takes(9000, 'long', done));
  void other.ask(true, takes(1, 'after', done));
  await other.serve();
  now += 3990;
  await other.serve();
  expect(done.at(-1)).toBe('long');
  now += 20;
  await other.serve();
  expect(done.at(-1)).toBe('after');
});

test('only the first of a kind, which compiles, is forgiven', async () => {
  const between = new Between();
  const done: string[] = [];
  const ask = (name: string, kind: string) => void between.ask(true, takes(1000, name, done), kind);
  ask('first', 'a');
  await between.serve();
  now += 4010;
  ask('second', 'a');
  ask('other', 'b');
  await between.serve();
  expect(done).toEqual(['first', 'second']);
  now += 18_900;
  await between.serve();
  expect(done).toEqual(['first', 'second']);
  now += 300;
  await between.serve();
  expect(done).toEqual(['first', 'second', 'other']);
});

test('what waits is made when training stops, one after another, and a mistake is its asker’s alone', async () => {
  const between = new Between();
  const done: string[] = [];
  const wrong = between.ask(true, async () => {
    throw new Error('no such tensor');
  });
  const right = between.ask(true, takes(1, 'right', done));
  await Promise.all([between.drain(), between.drain()]);
  await expect(wrong).rejects.toThrow('no such tensor');
  expect(await right).toBe('right');
});
