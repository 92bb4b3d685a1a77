/** Layers, losses, optimizers and clipping against PyTorch in float64 (references/ops), on WebGPU and on TensorFlow.js. */
import { expect, test } from 'vitest';
import { random } from '../../core/random.ts';
import { adamw } from '../../training/optimizers/adamw.ts';
import { sgd } from '../../training/optimizers/sgd.ts';
import { layoutParameters, normGroups } from '../compile/layout.ts';
import type { Executor, OptimizerRule } from '../executor.ts';
import { Graph } from '../graph/graph.ts';
import * as f from '../ops/functions.ts';
import { TfjsExecutor } from '../tfjs/executor.ts';
import { draw, relativeError } from './cases.ts';
import { gpuExecutor } from './device.browser.ts';
import { referenceCase, referenceLayers } from './references.ts';
import { readReference } from './safetensors.ts';
import { describeShared, fetchShared } from './shared.browser.ts';

const executors: [string, () => Promise<Executor>][] = [
  ['WebGPU', gpuExecutor],
  ['TensorFlow.js', () => TfjsExecutor.create('cpu')],
];

/** A model of two tensors whose gradient is what is fed in, so that an update rule can be followed step by step. */
async function follow(
  executor: Executor,
  rule: OptimizerRule,
  start: Float32Array[],
  gradients: Float32Array[][],
  options: { rate: number; decay: number[]; clip?: number },
) {
  const graph = new Graph();
  const fed = new Map<string, ReturnType<Graph['input']>>();
  for (const [k, values] of start.entries()) {
    graph.parameter(`p${k}`, [values.length], { kind: 'constant', value: 0 });
    fed.set(`p${k}`, f.affine(graph.input(`g${k}`, [values.length]), 1));
  }
  const layout = layoutParameters(graph);
  const weights = await executor.weights(layout, rule.moments);
  const flat = new Float32Array(layout.total);
  for (const [k, values] of start.entries()) flat.set(values, layout.byName.get(`p${k}`)!.offset);
  weights.write('parameters', flat);
  const trainer = await executor.trainer(
    {
      graph,
      scalars: new Map(),
      outputs: new Map(),
      gradients: fed,
      optimizer: rule,
      groupOf: (name) => ({
        rateFactor: 1,
        weightDecay: options.decay[Number(name.slice(1))],
        low: -3e38,
        high: 3e38,
      }),
      clip: options.clip ?? 0,
      norms: normGroups(layout, (name) => name),
    },
    weights,
  );
  const path: Float32Array[][] = [];
  const norms: number[] = [];
  for (const [step, list] of gradients.entries()) {
    trainer.step(Object.fromEntries(list.map((values, k) => [`g${k}`, values])), step + 1, options.rate);
    const [record] = await trainer.records();
    norms.push(record.gradientNorm);
    const now = await weights.read('parameters');
    path.push(
      start.map((values, k) =>
        now.slice(layout.byName.get(`p${k}`)!.offset, layout.byName.get(`p${k}`)!.offset + values.length),
      ),
    );
  }
  trainer.destroy();
  weights.destroy();
  return { path, norms };
}

describeShared('PyTorch references', () => {
  const index = fetchShared('references/ops/index.json').then(
    (bytes) =>
      JSON.parse(new TextDecoder().decode(bytes)) as Record<string, { attrs: Record<string, number> }>,
  );
  const file = async (name: string) =>
    readReference(new Uint8Array(await fetchShared(`references/ops/${name}.safetensors`)));

  test.each(executors)('every layer and loss on %s within 1e-5', async (_, open) => {
    const executor = await open();
    for (const name of Object.keys(referenceLayers)) {
      const { graph, outputs, inputs, expected } = referenceCase(
        name,
        await file(name),
        (await index)[name].attrs,
      );
      const weights = await executor.weights(layoutParameters(graph), 0);
      const runner = await executor.runner(graph, outputs, weights);
      const results = await runner.run(inputs);
      for (const output of outputs.keys())
        expect(relativeError(results[output], expected.get(output)!), `${name} ${output}`).toBeLessThan(1e-5);
      runner.destroy();
      weights.destroy();
    }
  });

  test.each(executors)('AdamW and SGD on %s follow PyTorch for ten steps', async (_, open) => {
    const executor = await open();
    for (const [name, rule, rate, decay] of [
      [
        'optimizer-adamw',
        adamw.rule({ rate: 0.01, beta1: 0.9, beta2: 0.98, epsilon: 1e-6, weightDecay: 0.2 }),
        0.01,
        0.2,
      ],
      [
        'optimizer-sgd-momentum-nesterov',
        sgd.rule({ rate: 0.05, momentum: 0.9, nesterov: true, weightDecay: 0.01 }),
        0.05,
        0.01,
      ],
    ] as const) {
      const tensors = await file(name);
      const parameters = tensors.get('params')!.values as Float32Array;
      const gradients = tensors.get('grads')!.values as Float32Array;
      const steps = Array.from({ length: 10 }, (_unused, step) => [
        gradients.slice(step * 12, step * 12 + 12),
      ]);
      const { path } = await follow(executor, rule, [parameters.slice(0, 12)], steps, {
        rate,
        decay: [decay],
      });
      for (const [step, [values]] of path.entries())
        expect(
          relativeError(values, parameters.subarray((step + 1) * 12, (step + 2) * 12)),
          `${name} step ${step + 1}`,
        ).toBeLessThan(1e-5);
    }
  });

  test.each(executors)('clipping on %s: the norm and the clipped gradient', async (_, open) => {
    const tensors = await file('clip-grad-norm-1');
    const g = ['g0', 'g1'].map((name) => tensors.get(name)!.values as Float32Array);
    const start = g.map((values) => new Float32Array(values.length));
    const plain = sgd.rule({ rate: 1, momentum: 0, nesterov: false, weightDecay: 0 });
    const { path, norms } = await follow(await open(), plain, start, [g], {
      rate: 1,
      decay: [0, 0],
      clip: 1,
    });
    expect(norms[0]).toBeCloseTo((await index)['clip-grad-norm-1'].attrs['total_norm'], 4);
    for (const [k, values] of path[0].entries())
      expect(
        relativeError(
          values.map((value) => -value),
          tensors.get(`c${k}`)!.values,
        ),
      ).toBeLessThan(1e-5);
  });
});

test.each(executors)(
  'on %s a rule equals its float64 meaning for 20 steps, with and without decay',
  async (_, open) => {
    const executor = await open();
    const generator = random(3, 'rules');
    const start = [draw(generator, 100), draw(generator, 7)];
    const gradients = Array.from({ length: 20 }, () => start.map((values) => draw(generator, values.length)));
    for (const rule of [
      adamw.rule({ rate: 1e-2, beta1: 0.9, beta2: 0.98, epsilon: 1e-6, weightDecay: 0.1 }),
      sgd.rule({ rate: 1e-2, momentum: 0.9, nesterov: false, weightDecay: 0.1 }),
    ]) {
      const decay = [0.1, 0];
      const { path } = await follow(executor, rule, start, gradients, { rate: 1e-2, decay });
      for (const [k, values] of start.entries()) {
        const p = Float64Array.from(values);
        const m = [...values].map(() => new Array<number>(rule.moments).fill(0));
        for (const [step, list] of gradients.entries())
          for (let i = 0; i < p.length; i++) {
            const next = rule.reference({
              p: p[i],
              g: list[k][i],
              m: m[i],
              rate: 1e-2,
              decay: decay[k],
              s: rule.scalars(step + 1),
            });
            p[i] = next.p;
            m[i] = next.m;
          }
        expect(relativeError(path[19][k], p), `${rule.name} p${k}`).toBeLessThan(1e-5);
      }
    }
  },
);
