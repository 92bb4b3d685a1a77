/** Parameters whose gradients are one and the same tensor each get it, on both executors. */
import { expect, test } from 'vitest';
import { sgd } from '../../training/optimizers/sgd.ts';
import { differentiate } from '../compile/differentiate.ts';
import { layoutParameters, normGroups } from '../compile/layout.ts';
import type { Executor } from '../executor.ts';
import { Graph } from '../graph/graph.ts';
import { add, mul, sum } from '../ops/functions.ts';
import '../ops/index.ts';
import { TfjsExecutor } from '../tfjs/executor.ts';
import { gpuExecutor } from './device.browser.ts';

const executors: [string, () => Promise<Executor>][] = [
  ['WebGPU', gpuExecutor],
  ['TensorFlow.js', () => TfjsExecutor.create('cpu')],
];

// Many rows: the sum over them would be finished with the gradients, in parts.
test.each(executors.flatMap(([name, open]) => [3, 400].map((rows) => ({ name, open, rows }))))(
  '$name, $rows rows: two biases that are added both move',
  async ({ open, rows }) => {
    const executor = await open();
    const graph = new Graph();
    const zero = { kind: 'constant', value: 0 } as const;
    const x = graph.input('x', [rows, 24]);
    const [first, second] = ['first', 'second'].map((name) => graph.parameter(name, [24], zero));
    const y = add(add(x, first), add(x, second));
    const loss = sum(mul(y, graph.input('u', [rows, 24])), [0, 1]);
    const found = differentiate(graph, [{ tensor: loss }], [first, second]);
    expect(found.get(first)).toBe(found.get(second));
    const layout = layoutParameters(graph);
    const rule = sgd.rule({ rate: 1, momentum: 0, nesterov: false, weightDecay: 0 });
    const weights = await executor.weights(layout, rule.moments);
    const trainer = await executor.trainer(
      {
        graph,
        scalars: new Map(),
        outputs: new Map(),
        gradients: new Map([
          ['first', found.get(first)!],
          ['second', found.get(second)!],
        ]),
        optimizer: rule,
        groupOf: () => ({ rateFactor: 1, weightDecay: 0, low: -3e38, high: 3e38 }),
        clip: 0,
        norms: normGroups(layout, (name) => name),
      },
      weights,
    );
    const u = Float32Array.from({ length: rows * 24 }, (_, i) => (i % 24) / 8);
    trainer.step({ x: new Float32Array(rows * 24), u }, 1, 1);
    const [record] = await trainer.records();
    const flat = await weights.read('parameters');
    for (const name of ['first', 'second']) {
      const { offset } = layout.byName.get(name)!;
      expect([...flat.subarray(offset, offset + 24)].map((value) => value + 0)).toEqual(
        Array.from({ length: 24 }, (_, k) => (-k / 8) * rows + 0),
      );
    }
    expect(record.norms.gradient[0]).toBeGreaterThan(0);
    expect(record.norms.gradient[1]).toBe(record.norms.gradient[0]);
    trainer.destroy();
    weights.destroy();
  },
);
