/** The detectors on runs that they were not tuned on (bench/findings/fresh.ts): what they miss and what they say unasked is in docs/training.md, and is no more than that. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type MadeRun, verdictOf } from './testing/made.ts';

const runs: MadeRun[] = JSON.parse(readFileSync(new URL('./testing/fresh.json', import.meta.url), 'utf8'));

/** By name; judged one by one in docs/training.md. */
const missed: Record<string, string[]> = {
  'two captions for all': ['chance'],
  'wrong captions': ['overfitting'],
  'rate too low': ['plateau'],
  'collapse of two towers': ['collapse'],
  'few samples by heart': ['overfitting'],
  'temperature falls': ['temperature'],
  'clip far too narrow': ['clipped'],
  'a strong sound': ['contribution'],
};
const unasked: Record<string, string[]> = {
  'healthy mixture of experts': ['contribution image'],
  'rate too high, contrast': ['vanishing image'],
  'a rate of nothing for the text': ['chance'],
  'a small rate for the sound': ['spikes'],
  'pictures forgotten': ['overfitting'],
  'few samples by heart': ['spikes'],
  'temperature falls': ['spikes'],
};

test.each(runs.map((run) => [run.name, run] as const))('%s', (name, run) => {
  const { misses, alarms } = verdictOf(run);
  const known = missed[name] ?? [];
  expect(misses.filter((code) => !known.includes(code))).toEqual([]);
  const said = unasked[name] ?? [];
  expect(alarms.filter((key) => !said.includes(key))).toEqual([]);
});

test.each([
  ['too large for 16 bits', 'overflow'],
  ['every sample twice', 'leak'],
  ['pictures forgotten', 'contribution'],
  ['words drawn anew for a large batch', 'starvation'],
  ['rate too low, contrast', 'chance'],
])('%s: %s, on a real run', (name, code) => {
  expect(verdictOf(runs.find((run) => run.name === name)!).hits).toContain(code);
});
