/**
 * Statistics that are followed, not learned: three steps of batch norm as PyTorch takes them (engine/testing/torch/batchNorm.py), and what the
 * rule of a statistic must not touch: norms, frozen parameters, moments; on both executors.
 */
import { expect, test } from 'vitest';
import { differentiate } from '../../engine/compile/differentiate.ts';
import { layoutParameters, normGroups } from '../../engine/compile/layout.ts';
import type { Executor, TrainerSpecification } from '../../engine/executor.ts';
import { Graph } from '../../engine/graph/graph.ts';
import type { Tensor } from '../../engine/graph/tensor.ts';
import { mul, reshape, sub, sum } from '../../engine/ops/functions.ts';
import '../../engine/ops/index.ts';
import { relativeError } from '../../engine/testing/cases.ts';
import { gpuExecutor } from '../../engine/testing/device.browser.ts';
import torch from '../../engine/testing/torch/batchNorm.json' with { type: 'json' };
import { TfjsExecutor } from '../../engine/tfjs/executor.ts';
import { adamw } from '../../training/optimizers/adamw.ts';
import { sgd } from '../../training/optimizers/sgd.ts';
import { initialize } from '../initialize.ts';
import { batchNorm } from './batchNorm.ts';

const executors: [string, () => Promise<Executor>][] = [
  ['WebGPU', gpuExecutor],
  ['TensorFlow.js', () => TfjsExecutor.create('cpu')],
];
const ways = executors.flatMap(([name, open]) =>
  (name === 'WebGPU' ? (['f32', 'f16'] as const) : (['f32'] as const)).flatMap((precision) =>
    (['all', 'some'] as const).map((who) => ({ name, open, precision, who })),
  ),
);

/** The numbers that the script draws. */
function draw(name: string, size: number, scale = 0.3): Float32Array {
  const seed = [...name].reduce((total, letter, k) => total + (k + 1) * letter.charCodeAt(0), 0) % 1000;
  return Float32Array.from({ length: size }, (_, i) => scale * Math.sin(seed + 12.9898 * (i + 1)));
}

/** Gradients of the learned parameters, and of each statistic what it is away from its observation, as a model's graph has them. */
function gradientsOf(graph: Graph, loss: Tensor, gradient?: Tensor): Map<string, Tensor> {
  const parameters = [...graph.parameters.values()];
  const found = differentiate(
    graph,
    [{ tensor: loss, gradient }],
    parameters.filter(({ trainable }) => trainable).map(({ tensor }) => tensor),
  );
  return new Map(
    parameters.flatMap(({ name, tensor, observed }) => {
      const toward = observed ? sub(tensor, observed) : found.get(tensor);
      return toward ? [[name, toward] as const] : [];
    }),
  );
}

test.each(ways)(
  '$name, $precision: running mean and variance over $who samples are PyTorch’s',
  async ({ open, precision, who }) => {
    const executor = await open();
    const [batch, places, channels] = torch.shape;
    const size = batch * places * channels;
    const graph = new Graph();
    const x = graph.input('x', torch.shape);
    const u = graph.input('u', torch.shape);
    const present = who === 'some' ? graph.input('present', [batch]) : undefined;
    const y = batchNorm(graph, 'norm', x, { training: true, present });
    const loss = sum(mul(y, u), [0, 1, 2]);
    const scale = precision === 'f16' ? graph.input('lossScale', [], 'f32', { resident: true }) : undefined;
    const layout = layoutParameters(graph);
    const rule = sgd.rule(torch.fields);
    const specification: TrainerSpecification = {
      graph,
      scalars: new Map([['loss', loss]]),
      outputs: new Map(),
      gradients: gradientsOf(graph, loss, scale && reshape(scale, loss.shape)),
      optimizer: rule,
      groupOf: (name) => ({
        rateFactor: 1,
        weightDecay: torch.fields.weightDecay,
        low: -3e38,
        high: 3e38,
        follow: layout.byName.get(name)!.follow,
      }),
      clip: torch.clip,
      norms: normGroups(layout, (name) => name),
      precision,
    };
    expect(specification.norms.map(({ name }) => name)).toEqual(['norm.weight', 'norm.bias']);
    const weights = await executor.weights(layout, rule.moments);
    weights.write('parameters', initialize(layout, 0));
    const trainer = await executor.trainer(specification, weights);
    const kept = Float32Array.from(torch.present);
    for (const [step, after] of torch[who].after.entries()) {
      const inputs = { x: draw(`x.${step}`, size, 1), u: draw(`u.${step}`, size) };
      if (present) {
        // Samples that lack the modality hold anything; the loss does not see them.
        for (let i = 0; i < size; i++)
          if (!kept[Math.floor(i / (places * channels))]) {
            inputs.x[i] = 100 + i;
            inputs.u[i] = 0;
          }
        Object.assign(inputs, { present: kept });
      }
      trainer.step(inputs, step + 1, torch.fields.rate);
      const [record] = await trainer.records();
      expect(record.scalars['loss']).toBeCloseTo(after.loss, 5);
      expect(record.gradientNorm / after.norm).toBeCloseTo(1, 4);
      const flat = await weights.read('parameters');
      for (const name of ['weight', 'bias', 'running_mean', 'running_var'] as const) {
        const { offset, size: count } = layout.byName.get(`norm.${name}`)!;
        expect(
          relativeError(flat.subarray(offset, offset + count), after[name]),
          `${name} step ${step + 1}`,
        ).toBeLessThan(1e-5);
      }
    }
    const evaluation = new Graph();
    const outputs = new Map([
      ['y', batchNorm(evaluation, 'norm', evaluation.input('x', torch.shape), { training: false })],
    ]);
    const runner = await executor.runner(evaluation, outputs, weights);
    const { y: evaluated } = await runner.run({ x: draw('x.0', size, 1) });
    expect(relativeError(evaluated, torch[who].evaluated)).toBeLessThan(1e-5);
    runner.destroy();
    trainer.destroy();
    weights.destroy();
  },
);

test.each(executors)(
  'on %s a statistic moves by its share of the mean difference, a frozen parameter not at all, and neither has a gradient norm',
  async (_, open) => {
    const executor = await open();
    const graph = new Graph();
    const fed = graph.input('fed', [70]);
    const learned = graph.parameter('learned', [70], { kind: 'constant', value: 1 }, { decay: true });
    const frozen = graph.parameter(
      'frozen',
      [70],
      { kind: 'constant', value: 2 },
      { decay: true, frozen: true },
    );
    const statistic = graph.parameter('statistic', [70], { kind: 'constant', value: 3 }, { follow: 0.25 });
    graph.observe(statistic, mul(fed, fed));
    const loss = sum(mul(mul(learned, frozen), fed), [0]);
    const layout = layoutParameters(graph);
    const rule = adamw.rule({ beta1: 0.9, beta2: 0.98, epsilon: 1e-6 });
    const weights = await executor.weights(layout, rule.moments);
    weights.write('parameters', initialize(layout, 0));
    const trainer = await executor.trainer(
      {
        graph,
        scalars: new Map(),
        outputs: new Map(),
        gradients: gradientsOf(graph, loss),
        optimizer: rule,
        groupOf: (name) => ({
          rateFactor: 1,
          weightDecay: 0.5,
          low: -3e38,
          high: 3e38,
          follow: layout.byName.get(name)!.follow,
        }),
        clip: 0.01,
        norms: normGroups(layout, (name) => name),
        accumulate: 2,
      },
      weights,
    );
    const batch = [2, 4].map((value) => ({ fed: new Float32Array(70).fill(value) }));
    trainer.add(batch[0]);
    trainer.step(batch[1], 1, 0.1);
    const [record] = await trainer.records();
    const flat = await weights.read('parameters');
    const at = (name: string) => {
      const { offset, size } = layout.byName.get(name)!;
      return [...flat.subarray(offset, offset + size)];
    };
    expect(new Set(at('frozen'))).toEqual(new Set([2]));
    // 3 − 0.25·(3 − (4 + 16)/2)
    expect(new Set(at('statistic'))).toEqual(new Set([4.75]));
    expect(at('learned')[0]).not.toBe(1);
    // The gradient of what is learned: 2 · (2 + 4)/2 in each of 70 places.
    expect(record.gradientNorm).toBeCloseTo(6 * Math.sqrt(70), 3);
    expect(record.norms.gradient[1]).toBe(0);
    for (const name of ['moment0', 'moment1'] as const) {
      const moments = await weights.read(name);
      for (const still of ['frozen', 'statistic']) {
        const { offset, size } = layout.byName.get(still)!;
        expect(moments.subarray(offset, offset + size).every((value) => value === 0)).toBe(true);
      }
    }
    trainer.destroy();
    weights.destroy();
  },
);
