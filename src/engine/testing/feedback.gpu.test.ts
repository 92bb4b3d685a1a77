/** A runner with memory: what an output was is what an input holds in the next run, on both executors. */
import { expect, test } from 'vitest';
import { layoutParameters } from '../compile/layout.ts';
import type { Executor } from '../executor.ts';
import { Graph } from '../graph/graph.ts';
import { add, affine, mul } from '../ops/functions.ts';
import '../ops/index.ts';
import { TfjsExecutor } from '../tfjs/executor.ts';
import { gpuExecutor } from './device.browser.ts';

const executors: [string, () => Promise<Executor>][] = [
  ['WebGPU', gpuExecutor],
  ['TensorFlow.js', () => TfjsExecutor.create('cpu')],
];

function runningSum() {
  const graph = new Graph();
  const x = graph.input('x', [2, 3]);
  const total = graph.input('total', [2, 3], 'f32', { resident: true });
  const before = graph.input('before', [2, 3], 'f32', { resident: true });
  const next = add(total, mul(x, x));
  const outputs = new Map([
    ['next', next],
    ['given', x],
    ['doubled', affine(next, 2)],
    ['both', add(x, affine(before, 10))],
  ]);
  const feedback = new Map([
    ['next', 'total'],
    ['given', 'before'],
  ]);
  return { graph, outputs, feedback };
}

test.each(executors)(
  'on %s a sum runs over five runs, and starts from what it is filled with',
  async (_, open) => {
    const executor = await open();
    const { graph, outputs, feedback } = runningSum();
    const weights = await executor.weights(layoutParameters(graph), 0);
    const runner = await executor.runner(graph, outputs, weights, undefined, { feedback });
    const run = (value: number) => runner.run({ x: new Float32Array(6).fill(value) });
    for (const [k, sum] of [1, 5, 14, 30, 55].entries()) {
      const results = await run(k + 1);
      expect(Object.keys(results).sort()).toEqual(['both', 'doubled']);
      expect(results['doubled']).toEqual(new Float32Array(6).fill(2 * sum));
      expect(results['both']).toEqual(new Float32Array(6).fill(k + 1 + 10 * k));
    }
    runner.fill('total', Float32Array.of(1, 2, 3, 4, 5, 6));
    // Runs may overlap: each sees the one before.
    const [first, second] = await Promise.all([run(1), run(2)]);
    expect([...first['doubled']]).toEqual([4, 6, 8, 10, 12, 14]);
    expect([...second['doubled']]).toEqual([12, 14, 16, 18, 20, 22]);
    expect(() => runner.fill('total', new Float32Array(5))).toThrow('input total needs 6 numbers, got 5');
    expect(() => runner.fill('x', new Float32Array(6))).toThrow('no resident input x');
    runner.destroy();
    weights.destroy();
  },
);

test.each(executors)('on %s a memory of another shape, or none, is refused', async (_, open) => {
  const executor = await open();
  const graph = new Graph();
  const x = graph.input('x', [4]);
  const memory = graph.input('memory', [3], 'f32', { resident: true });
  const outputs = new Map([
    ['x2', affine(x, 2)],
    ['m2', affine(memory, 2)],
  ]);
  const weights = await executor.weights(layoutParameters(graph), 0);
  for (const [output, input] of [
    ['x2', 'memory'],
    ['x2', 'x'],
    ['y', 'memory'],
  ])
    await expect(
      executor.runner(graph, outputs, weights, undefined, { feedback: new Map([[output, input]]) }),
    ).rejects.toThrow(`output ${output} cannot be kept in input ${input}`);
  weights.destroy();
});
