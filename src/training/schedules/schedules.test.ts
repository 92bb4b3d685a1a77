/** Schedules against PyTorch's rates (testing/torch/schedules.py), and what a plateau remembers. */
import { expect, test } from 'vitest';
import { checkFields, defaults } from '../../core/fields.ts';
import torch from '../testing/torch/schedules.json' with { type: 'json' };
import { plateau } from './plateau.ts';
import { type ScheduleState, schedules } from './schedules.ts';

const cases = torch.cases.map(({ type, fields, rates, losses }, k) => ({
  name: `${k + 1}, ${type}`,
  type,
  fields: { ...fields },
  rates,
  losses,
}));

test.each(cases)('$name: sixty rates of PyTorch', ({ type, fields, rates, losses }) => {
  const schedule = schedules.find((one) => one.type === type)!;
  // Every field of ours is in the case.
  const checked = checkFields(schedule.fields, fields, 'schedule');
  expect(checked).toEqual(fields);
  let state = schedule.initial?.();
  for (const [k, rate] of rates.entries()) {
    expect(schedule.factor(k + 1, torch.steps, checked, state), `step ${k + 1}`).toBeCloseTo(rate, 11);
    const loss = losses?.[k];
    if (state && typeof loss === 'number') {
      state = schedule.measured!(state, loss, checked);
      // As a checkpoint keeps it.
      state = JSON.parse(JSON.stringify(state)) as ScheduleState;
    }
  }
});

test('every schedule has a case', () => {
  expect(new Set(cases.map(({ type }) => type))).toEqual(new Set(schedules.map(({ type }) => type)));
});

test('a plateau that starts with losses that are not finite counts them and recovers', () => {
  const fields = { ...defaults(plateau.fields), patience: 1, warmup: 0, floor: 0.2 };
  let state = plateau.initial!();
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) state = plateau.measured!(state, value, fields);
  expect(state).toEqual({ factor: 0.5, best: null, bad: 0, cooldown: 0 });
  state = plateau.measured!(state, 3, fields);
  expect(state).toEqual({ factor: 0.5, best: 3, bad: 0, cooldown: 0 });
  for (const value of [3, 3, 3, 3]) state = plateau.measured!(state, value, fields);
  expect(state['factor']).toBe(0.2);
  expect(plateau.factor(9, 10, fields)).toBe(1);
  expect(plateau.factor(9, 10, fields, state)).toBe(0.2);
  expect(plateau.factor(1, 10, { ...fields, warmup: 2, start: 0.5 }, state)).toBe(0.1);
});
