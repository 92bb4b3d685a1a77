/** Every optimizer against PyTorch on WebGPU; to the bit: runs that go on, settings that change, weights that are copied; with branches and 16-bit floats. */
import { expect, test } from 'vitest';
import { layoutParameters } from '../../engine/compile/layout.ts';
import type { Executor } from '../../engine/executor.ts';
import { relativeError } from '../../engine/testing/cases.ts';
import { gpuExecutor } from '../../engine/testing/device.browser.ts';
import { GpuExecutor } from '../../engine/webgpu/executor.ts';
import {
  cases,
  differences,
  flat,
  network,
  networkGraph,
  type OptimizerCase,
  onExecutor,
} from '../testing/optimizerCase.ts';
import {
  checkAveraged,
  checkConfigure,
  checkCopy,
  checkResume,
  encode,
  everything,
  named,
} from '../testing/optimizerChecks.ts';
import {
  checkBranch,
  checkHaltAndMemory,
  checkManyGroups,
  checkStatistics,
} from '../testing/optimizerEdges.ts';

async function parity(executor: Executor, list: readonly OptimizerCase[]): Promise<number> {
  let worst = 0;
  for (const one of list) {
    const found = await onExecutor(executor, one);
    for (const [name, difference] of Object.entries(differences(found, one))) {
      expect(difference, `${one.name}: ${name}`).toBeLessThan(1e-5);
      worst = Math.max(worst, difference);
    }
  }
  return worst;
}

test('twenty steps of every optimizer, and their average, within 1e-5', async () => {
  const executor = await gpuExecutor();
  const worst = await parity(executor, cases);
  console.info(`optimizers on WebGPU and PyTorch differ by ${worst.toExponential(1)}`);
  expect(executor.device.uncaught).toEqual([]);
});

test('and by the kernels that other adapters prefer', async () => {
  const executor = await GpuExecutor.create(navigator.gpu);
  Object.assign(executor.device.adapter, { software: !executor.device.adapter.software });
  await parity(
    executor,
    ['AdamW, one matrix frozen', 'Muon'].map((name) => named(name)),
  );
  expect(executor.device.uncaught).toEqual([]);
  executor.destroy();
});

test.each(['SGD with momentum', 'AdamW', 'Lion', 'Muon'])('%s goes on to the bit', async (name) =>
  checkResume(await gpuExecutor(), name),
);

test.each(['AdamW', 'Muon'])(
  '%s: settings change from the next step on; nothing is compiled',
  async (name) => {
    const executor = await gpuExecutor();
    const { device } = executor;
    const asked: string[] = [];
    const pipeline = device.pipeline.bind(device);
    device.pipeline = (label, ...rest) => {
      asked.push(label);
      return pipeline(label, ...rest);
    };
    try {
      await checkConfigure(executor, name);
      // Three trainers; what `configure` did came between them.
      const each = asked.length / 3;
      expect(asked.slice(0, each)).toEqual(asked.slice(each, 2 * each));
      expect(asked.slice(0, each)).toEqual(asked.slice(2 * each));
    } finally {
      device.pipeline = pipeline;
    }
  },
);

test('weights are copied by name, after what was submitted', async () => checkCopy(await gpuExecutor()));

test('averaged weights compute', async () => checkAveraged(await gpuExecutor()));

test('statistics and frozen matrices', async () => checkStatistics(await gpuExecutor()));

test('three hundred groups', async () => checkManyGroups(await gpuExecutor()));

test('a gradient that is not finite changes nothing, averages need memory', async () =>
  checkHaltAndMemory(await gpuExecutor()));

test('where a graph lacks a layer, that layer stays', async () => checkBranch(await gpuExecutor()));

test('Muon with 16-bit floats: the loss’ scale is divided out; an overflow changes nothing', async () => {
  const executor = await gpuExecutor();
  const full = network(named('Muon'));
  const scaled = networkGraph(1, { scaled: true });
  const changes: Float32Array[] = [];
  for (const specification of [
    full.specification,
    { ...full.specification, ...scaled, precision: 'f16' as const },
  ]) {
    const layout = layoutParameters(specification.graph);
    const weights = await executor.weights(layout, 2, true);
    weights.write('parameters', flat(layout, full.start));
    const trainer = await executor.trainer(specification, weights);
    encode(trainer, full, 1, 3);
    const records = await trainer.records();
    changes.push(await weights.read('parameters'));
    expect(records.every(({ skipped }) => !skipped)).toBe(true);
    if (specification.precision === 'f16') {
      expect(records[2].scaling?.overflows).toBe(0);
      const before = await everything(weights, full);
      trainer.restoreScaling([2 ** 80, 3, 0]);
      encode(trainer, full, 4, 4);
      expect((await trainer.records())[0].scaling?.overflows).toBe(1);
      expect(await everything(weights, full)).toEqual(before);
    }
    trainer.destroy();
    weights.destroy();
  }
  expect(relativeError(changes[1], changes[0])).toBeLessThan(0.01);
});
