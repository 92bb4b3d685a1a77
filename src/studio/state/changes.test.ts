import { expect, test } from 'vitest';
import { type Done, moved, ofRun } from './changes.ts';

const done = (rate: number): Done => ({ change: { rate }, inverse: { rate: 1 } });

test('undo moves the newest over, redo brings it back, something new forgets what was undone', () => {
  let state = moved({ past: [], future: [] }, done(2), 'do');
  state = moved(state, done(3), 'do');
  const undone = moved(state, done(3), 'undo');
  expect(undone).toEqual({ past: [done(2)], future: [done(3)] });
  expect(moved(undone, done(3), 'redo')).toEqual(state);
  expect(moved(undone, done(4), 'do')).toEqual({ past: [done(2), done(4)], future: [] });
});

test('at most a hundred steps back', () => {
  let state: ReturnType<typeof moved> = { past: [], future: [] };
  for (let rate = 0; rate < 130; rate++) state = moved(state, done(rate), 'do');
  expect(state.past).toHaveLength(100);
  expect(state.past.at(-1)).toEqual(done(129));
});

test('another run has a past of its own, the same one opened again has the one it had', () => {
  const state = { run: 'a', past: [done(1)], future: [done(2)] };
  expect({ ...state, ...ofRun(state, undefined) }).toMatchObject(state);
  expect({ ...state, ...ofRun(state, 'a') }).toMatchObject(state);
  expect(ofRun(state, 'b')).toMatchObject({ run: 'b', past: [], future: [] });
});
