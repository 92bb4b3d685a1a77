/**
 * Each detector on a run that shows it and on healthy ones of shipped recipes: real runs, recorded (testing/record.ts). What these do not
 * show is written over the columns of a healthy one; real runs of overflow, starvation, a leak and a falling contribution are in fresh.test.ts.
 */
import { expect, test } from 'vitest';
import { parseRecipe } from '../../core/recipe.ts';
import { withChange } from '../../core/stages.ts';
import type { Finding, Observed } from './definition.ts';
import { Diagnosis } from './diagnosis.ts';
import { History } from './history.ts';
import { detectors } from './index.ts';
import { figuresIn, phrase } from './phrase.ts';
import { diagnosed, type MadeRun, madeRuns } from './testing/made.ts';

const made = (name: string): MadeRun => madeRuns.find((run) => run.name === name)!;
const found = (run: MadeRun, change?: Parameters<typeof diagnosed>[1]): Map<string, Finding> =>
  diagnosed(run, change).found;

test.each(madeRuns.filter(({ name }) => name.startsWith('healthy')).map((run) => [run.name, run] as const))(
  '%s: nothing is found',
  (_, run) => {
    expect([...found(run).keys()]).toEqual([]);
    expect(run.steps['loss'].length).toBeGreaterThanOrEqual(200);
  },
);

test.each([
  ['chance, slow', 'chance', /ln 16 = 2\.77/],
  ['chance, equal captions', 'chance', /2\.77 for \d+ steps/],
  ['chance, fast', 'collapse image', /effective rank of 1/],
  ['chance, fast', 'temperature', /upper bound, 1,/],
  ['diverging', 'diverging', /untrained model had 1\.\d+/],
  ['plateau', 'plateau', /of where it began/],
  ['vanishing', 'vanishing audio', /Audio: an update changes its weights by .*e-8/],
  ['dominance', 'dominance audio', /2\.\d+ % of those of Image/],
  ['overfitting', 'overfitting', /lowest \(.*\) at step 50/],
  ['overfitting', 'contribution image', /Image brings 0 %/],
  ['overfitting', 'held-out', /only 24 held-out pairs/],
  ['spikes', 'spikes', /of the last 200 steps stood out/],
  ['dead experts', 'experts 0', /2 of 8 experts/],
  ['clipped', 'clipped', /100 % of the last 150 steps were clipped at 0.01/],
])('%s: %s is found, with its figure', (name, key, seen) => {
  const finding = found(made(name)).get(key);
  expect(finding?.seen.en).toMatch(seen);
  expect(finding?.seen.zh).toMatch(/[一-鿿]/);
});

test('what a small run does not show', () => {
  const clip = made('healthy clip-shapes');
  const digits = made('healthy digits-av');
  const waiting = found(digits, (row) => ({ ...row, stepMs: 50, 'time.data': 30 }));
  expect([...waiting.keys()]).toEqual(['starvation']);
  expect([...found(digits, (row) => ({ ...row, stepMs: 50, 'time.data': 10 })).keys()]).toEqual([]);
  const sharp = found(clip, (row) => (row['loss'] ? { ...row, temperature: 0.01 } : row)).get('temperature');
  expect(sharp?.seen.en).toMatch(/lower bound, 0\.01/);
  const half: MadeRun = {
    ...digits,
    recipe: { ...digits.recipe, training: { ...digits.recipe.training, precision: 'f16' } },
  };
  const overflowing = (each: number) =>
    found(half, (row) => ({ ...row, overflows: Math.floor(row['step'] / each), lossScale: 8 }));
  expect([...overflowing(10).keys()]).toEqual(['overflow']);
  expect([...overflowing(150).keys()]).toEqual([]);
  const dead = found(digits, (row) => (row['loss'] ? { ...row, 'grad.image': 1e-9 } : row));
  expect(dead.get('vanishing image')?.remedy).toEqual({ change: { balance: { type: 'ogm-ge' } } });
  const leaking = found({ ...digits, facts: { ...digits.facts, leaked: 40 } }).get('leak');
  expect(leaking?.params).toMatchObject({ count: 40 });
  expect(found({ ...digits, facts: { ...digits.facts, validation: 0 } }).get('held-out')?.severity).toBe(
    'warning',
  );
  const often = [30, 60, 90, 120, 150, 180].map((step) => ({ ...digits.validations[1], step }));
  const falling = found({ ...digits, validations: often }, (row) =>
    row['step'] > 60 && 'contribution.image' in row
      ? { ...row, 'contribution.image': 0.001, 'contribution.audio': 0.5 }
      : row,
  );
  expect(falling.get('contribution image')).toMatchObject({ severity: 'warning' });
});

test('findings do not flicker: each comes once, is told as resolved, and goes', () => {
  for (const run of madeRuns) expect(diagnosed(run).changes, run.name).toBeLessThanOrEqual(6);
  const { recipe, facts } = made('healthy digits-av');
  const long = { ...recipe, training: { ...recipe.training, steps: 5000, validateEvery: 10_000 } };
  const diagnosis = new Diagnosis(
    () => long,
    () => facts,
  );
  const states: string[] = [];
  for (let step = 1; step <= 900; step++) {
    const starved = step > 100 && step < 300;
    const shown = diagnosis.row({
      step,
      loss: 1 / step,
      'grad.total': 1,
      lr: 1e-3,
      stepMs: 20,
      'time.data': starved ? 15 : 1,
    });
    if (shown) states.push(shown.map(({ key, resolved }) => `${key}${resolved ? ' resolved' : ''}`).join());
  }
  const runs = states.filter((state, i) => state !== states[i - 1]);
  expect(runs).toEqual(['', 'starvation', 'starvation resolved', '']);
});

test('a run that is resumed earlier forgets what came after', () => {
  const history = new History();
  for (let step = 1; step <= 30; step++) history.push({ step, loss: step });
  history.push({ step: 30, 'val.loss': 9 });
  history.push({ step: 11, loss: 1 });
  expect(history.recent('loss', 3)).toEqual([9, 10, 1]);
  expect(history.validated('val.loss')).toEqual([]);
});

test('every remedy makes a recipe that is one', () => {
  for (const run of madeRuns)
    for (const { remedy, button, key } of found(run).values()) {
      if (!remedy) continue;
      expect(button?.zh, key).toMatch(/[一-鿿]/);
      if ('change' in remedy) expect(() => parseRecipe(withChange(run.recipe, remedy.change))).not.toThrow();
    }
});

test('detectors have words in both languages that name the same figures, and say nothing of an empty run', () => {
  const run: Observed = { history: new History(), recipe: made('healthy moe').recipe, step: 0, steps: 100 };
  for (const { code, says, title, detect } of detectors) {
    expect(detect(run), code).toEqual([]);
    for (const text of [
      title,
      ...Object.values(says).flatMap(({ seen, why, button }) => [seen, why, button ?? title]),
    ]) {
      expect(text.zh, code).toMatch(/[一-鿿]/);
      expect(figuresIn(text.zh), code).toEqual(figuresIn(text.en));
    }
  }
});

test('figures are written for people', () => {
  const text = { en: '{a:percent} {b:bytes} {c:time} {d:part} {e} {f:count} {g}', zh: '{d:part} {c:time}' };
  const params = { a: 0.01234, b: 2_500_000, c: 7200, d: 'audio', e: 0.00012345, f: 12345, g: Number.NaN };
  expect(phrase(text, params)).toEqual({ en: '1.23 % 2.5 MB 2 h Audio 1.2e-4 12,345 –', zh: '音频 2 小时' });
});
