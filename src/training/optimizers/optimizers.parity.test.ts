/** Every optimizer with clipping, groups, schedule and running average against twenty steps of PyTorch: in float64 and on TensorFlow.js; and there to the bit as on WebGPU. */
import { expect, test } from 'vitest';
import { TfjsExecutor } from '../../engine/tfjs/executor.ts';
import { cases, differences, type Found, onExecutor } from '../testing/optimizerCase.ts';
import { checkAveraged, checkConfigure, checkCopy, checkResume } from '../testing/optimizerChecks.ts';
import {
  checkBranch,
  checkHaltAndMemory,
  checkManyGroups,
  checkStatistics,
} from '../testing/optimizerEdges.ts';
import { inFloat64 } from '../testing/optimizerFloat64.ts';
import { optimizers } from './index.ts';

const close = (found: Found, expected: Found, bound: number) => {
  let worst = 0;
  for (const [name, difference] of Object.entries(differences(found, expected))) {
    expect(difference, name).toBeLessThan(bound);
    worst = Math.max(worst, difference);
  }
  return worst;
};

test.each(cases)('$name in float64', (one) => {
  expect(one.losses).toHaveLength(20);
  close(inFloat64(one), one, 1e-7);
});

test.each(cases)('$name on TensorFlow.js', async (one) => {
  close(await onExecutor(await TfjsExecutor.create('cpu'), one), one, 1e-5);
});

test.each(['SGD with momentum', 'AdamW', 'Lion', 'Muon'])(
  '%s on TensorFlow.js goes on to the bit',
  async (name) => checkResume(await TfjsExecutor.create('cpu'), name),
);

test.each(['AdamW', 'Muon'])('%s on TensorFlow.js: settings change from the next step on', async (name) =>
  checkConfigure(await TfjsExecutor.create('cpu'), name),
);

test.each([
  ['weights are copied by name', checkCopy],
  ['averaged weights compute', checkAveraged],
  ['statistics and frozen matrices', checkStatistics],
  ['three hundred groups', checkManyGroups],
  ['where a graph lacks a layer, that layer stays', checkBranch],
  ['a gradient that is not finite changes nothing, averages need memory', checkHaltAndMemory],
])('on TensorFlow.js %s', async (_, check) => check(await TfjsExecutor.create('cpu')));

test('micro-batches of a mean loss are one batch', () => {
  const [whole, parts] = ['AdamW', 'AdamW, four micro-batches'].map((name) =>
    inFloat64(cases.find((one) => one.name === name)!),
  );
  close(parts, whole, 1e-12);
});

test('every optimizer has a case', () => {
  expect(new Set(cases.map(({ type }) => type))).toEqual(new Set(optimizers.map(({ type }) => type)));
});
