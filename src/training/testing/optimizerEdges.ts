/** The edges of every executor's trainers: gradients that are not finite, layers and statistics that a rule passes by, more groups than a model has blocks. */
import { expect } from 'vitest';
import { layoutParameters, normGroups } from '../../engine/compile/layout.ts';
import type { Executor } from '../../engine/executor.ts';
import { Graph } from '../../engine/graph/graph.ts';
import { affine, mul, sub } from '../../engine/ops/functions.ts';
import { relativeError } from '../../engine/testing/cases.ts';
import { muon } from '../optimizers/muon.ts';
import { sgd } from '../optimizers/sgd.ts';
import { network, networkGraph, started } from './optimizerCase.ts';
import { encode, everything, named } from './optimizerChecks.ts';

/** A gradient that is not finite changes nothing; averages need memory. */
export async function checkHaltAndMemory(executor: Executor): Promise<void> {
  for (const name of ['Lion', 'Muon']) {
    const one = network(named(name));
    const weights = await started(executor, one);
    const trainer = await executor.trainer(one.specification, weights);
    encode(trainer, one, 1, 2);
    await trainer.records();
    const before = await everything(weights, one);
    trainer.step({ x: new Float32Array(48).fill(Number.NaN), y: new Float32Array(24) }, 3, 0.01);
    expect((await trainer.records())[0].skipped).toBe(true);
    expect(await everything(weights, one), name).toEqual(before);
    trainer.destroy();
    weights.destroy();
  }
  const one = network(named('AdamW'));
  const weights = await executor.weights(one.layout, one.rule.moments);
  expect(() => weights.averaged()).toThrow('keeps no average');
  const { averageDecay: kept, ...plain } = one.specification;
  const trainer = await executor.trainer(plain, weights);
  expect(() => trainer.configure({ ...plain, averageDecay: kept })).toThrow('keeps no average');
  trainer.destroy();
  weights.destroy();
}

/** A step of Muon whose graph lacks a layer: that layer keeps values and moments, all else is as in a model without it. */
export async function checkBranch(executor: Executor): Promise<void> {
  const one = network(named('Muon'));
  const missing = networkGraph(1, { without: 'net.blocks.1.square' });
  const weights = await started(executor, one);
  const trainer = await executor.trainer(
    { ...one.specification, branches: new Map([['short', missing]]) },
    weights,
  );
  encode(trainer, one, 1, 2);
  await trainer.records();
  const layout = layoutParameters(missing.graph);
  const smaller = await executor.weights(layout, 2, true);
  smaller.copyFrom(weights);
  const norms = normGroups(layout, (name) => name);
  const alone = await executor.trainer({ ...one.specification, ...missing, norms }, smaller);
  encode(alone, one, 3, 3);
  await alone.records();
  const before = await everything(weights, one);
  const { x, y } = one.batch(3, 0);
  trainer.step({ x: Float32Array.from(x), y: Float32Array.from(y) }, 3, one.rate(3), 'short');
  await trainer.records();
  const after = await everything(weights, one);
  const expected = await everything(smaller, one);
  for (const { name, offset, size } of one.layout.entries)
    for (const buffer of ['parameters', 'moment0', 'moment1', 'average']) {
      const now = after[buffer].subarray(offset, offset + size);
      const entry = layout.byName.get(name);
      if (entry) {
        const theirs = expected[buffer].subarray(entry.offset, entry.offset + size);
        expect(relativeError(now, theirs), `${buffer} ${name}`).toBeLessThan(1e-6);
        if (buffer === 'parameters')
          expect(now, name).not.toEqual(before[buffer].subarray(offset, offset + size));
      } else if (buffer !== 'average')
        expect(now, `${buffer} ${name}`).toEqual(before[buffer].subarray(offset, offset + size));
    }
  for (const made of [trainer, alone, weights, smaller]) made.destroy();
}

/** Muon beside a statistic (batch norm's) and a frozen matrix: the average of a statistic is the statistic itself. */
export async function checkStatistics(executor: Executor): Promise<void> {
  const graph = new Graph();
  const fed = graph.input('fed', [4, 4]);
  const start = { kind: 'constant', value: 2 } as const;
  const [learned, frozen] = ['blocks.0.learned', 'blocks.0.frozen'].map((name) =>
    graph.parameter(name, [4, 4], start),
  );
  const statistic = graph.parameter('blocks.0.statistic', [4, 4], start, { follow: 0.25 });
  const layout = layoutParameters(graph);
  const rule = muon.rule({
    rate: 0.1,
    adamRate: 0.1,
    scale: 'original',
    momentum: 0.9,
    beta1: 0.9,
    beta2: 0.9,
    epsilon: 1e-6,
  });
  const weights = await executor.weights(layout, rule.moments, true);
  weights.write('parameters', new Float32Array(layout.total).fill(2));
  const trainer = await executor.trainer(
    {
      graph,
      scalars: new Map(),
      outputs: new Map(),
      gradients: new Map([
        ['blocks.0.learned', mul(fed, learned)],
        ['blocks.0.frozen', affine(mul(fed, frozen), 100)],
        ['blocks.0.statistic', sub(statistic, fed)],
      ]),
      optimizer: rule,
      groupOf: (name) => ({
        rateFactor: name === 'blocks.0.frozen' ? 0 : 1,
        weightDecay: 0,
        low: -3e38,
        high: 3e38,
        follow: layout.byName.get(name)!.follow,
      }),
      clip: 0.5,
      averageDecay: 0.75,
      norms: normGroups(layout, (name) => name),
    },
    weights,
  );
  const batch = { fed: Float32Array.from({ length: 16 }, (_, i) => Math.sin(i + 1)) };
  for (const step of [1, 2, 3]) trainer.step(batch, step, 0.1);
  const [{ gradientNorm, norms }] = await trainer.records();
  const state = await everything(weights, { rule });
  const part = (buffer: string, name: string) => {
    const { offset, size } = layout.byName.get(`blocks.0.${name}`)!;
    return state[buffer].subarray(offset, offset + size);
  };
  expect(part('average', 'statistic')).toEqual(part('parameters', 'statistic'));
  // 2 → fed by a quarter of what is left, three times.
  const left = 0.75 ** 3;
  expect(
    relativeError(
      part('parameters', 'statistic'),
      batch.fed.map((x) => 2 * left + x * (1 - left)),
    ),
  ).toBeLessThan(1e-6);
  expect(part('parameters', 'frozen')).toEqual(new Float32Array(16).fill(2));
  expect(part('average', 'frozen')).toEqual(new Float32Array(16).fill(2));
  expect(part('moment0', 'frozen')).toEqual(new Float32Array(16));
  expect(part('average', 'learned')).not.toEqual(part('parameters', 'learned'));
  // The frozen gradient has its own norm, but none in the one that clips.
  expect(norms.gradient[1] / norms.gradient[0]).toBeCloseTo(100, 2);
  expect(gradientNorm).toBeCloseTo(norms.gradient[0], 5);
  trainer.destroy();
  weights.destroy();
}

/** Every parameter with a rate of its own. */
export async function checkManyGroups(executor: Executor): Promise<void> {
  const graph = new Graph();
  const count = 300;
  const names = Array.from({ length: count }, (_, k) => `p.${k}`);
  const gradients = new Map(
    names.map((name) => [name, affine(graph.parameter(name, [4], { kind: 'constant', value: 0 }), 1, 1)]),
  );
  const layout = layoutParameters(graph);
  const weights = await executor.weights(layout, 1);
  const trainer = await executor.trainer(
    {
      graph,
      scalars: new Map(),
      outputs: new Map(),
      gradients,
      optimizer: sgd.rule({ momentum: 0, nesterov: false }),
      groupOf: (name) => ({
        rateFactor: (Number(name.slice(2)) + 1) / count,
        weightDecay: 0,
        low: -3e38,
        high: 3e38,
      }),
      clip: 0,
      norms: normGroups(layout, (name) => name),
    },
    weights,
  );
  trainer.step({}, 1, 0.5);
  await trainer.records();
  const after = await weights.read('parameters');
  for (const [k, { offset }] of layout.entries.entries())
    expect(after[offset]).toBeCloseTo((-0.5 * (k + 1)) / count, 6);
  trainer.destroy();
  weights.destroy();
}
