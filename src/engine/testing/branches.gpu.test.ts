/**
 * Steps that run another graph over the same weights, for batches that lack a modality: what has no gradient there keeps values and moments
 * to the bit; all else follows the rule's float64 meaning, on both executors, also where micro-batches of one step run different graphs.
 */
import { expect, test } from 'vitest';
import { sgd } from '../../training/optimizers/sgd.ts';
import { differentiate } from '../compile/differentiate.ts';
import { layoutParameters, normGroups } from '../compile/layout.ts';
import type { Executor, StepGraph } from '../executor.ts';
import { Graph } from '../graph/graph.ts';
import { interpret } from '../graph/interpret.ts';
import type { Tensor } from '../graph/tensor.ts';
import { add, affine, matmul, mean, mul, reshape, sub, sum } from '../ops/functions.ts';
import '../ops/index.ts';
import { random } from '../../core/random.ts';
import { TfjsExecutor } from '../tfjs/executor.ts';
import { draw, relativeError } from './cases.ts';
import { gpuExecutor } from './device.browser.ts';

const executors: [string, () => Promise<Executor>][] = [
  ['WebGPU', gpuExecutor],
  ['TensorFlow.js', () => TfjsExecutor.create('cpu')],
];
const rows = 200;

/** Two linear parts and a bias; the branch has no z, so neither `b` nor the statistic of z. */
function stepGraph(withZ: boolean): StepGraph {
  const graph = new Graph();
  const normal = { kind: 'normal', deviation: 1 } as const;
  const scale = graph.input('scale', [1], 'f32', { resident: true });
  const a = graph.parameter('a', [1, 70], normal);
  const b = graph.parameter('b', [1, 5], normal);
  const c = graph.parameter('c', [1], normal);
  const followed = graph.parameter('s', [1, 5], { kind: 'constant', value: 0 }, { follow: 0.5 });
  const linear = (x: Tensor, w: Tensor) => matmul(x, w, { transposeB: true });
  let y = add(linear(graph.input('x', [rows, 70]), a), c);
  const scalars = new Map<string, Tensor>();
  if (withZ) {
    const z = graph.input('z', [rows, 5]);
    y = add(y, linear(z, b));
    graph.observe(followed, mean(z, [0]));
    scalars.set('b', reshape(sum(mul(b, b), [0, 1]), []));
  }
  const error = sub(mul(y, scale), graph.input('t', [rows, 1]));
  const loss = reshape(mean(mul(error, error), [0, 1]), []);
  scalars.set('loss', loss);
  const trained = withZ ? { a, b, c } : { a, c };
  const found = differentiate(graph, [{ tensor: loss }], Object.values(trained));
  const gradients = new Map(Object.entries(trained).map(([name, tensor]) => [name, found.get(tensor)!]));
  if (withZ) gradients.set('s', sub(followed, graph.parameters.get('s')!.observed!));
  return { graph, scalars, outputs: new Map([['twice', affine(y, 2)]]), gradients };
}

const plans: [string, boolean[][]][] = [
  ['one graph a step', [[true], [false], [false], [true], [false]]],
  [
    'micro-batches',
    [
      [true, false],
      [false, false],
      [false, true],
      [true, true],
    ],
  ],
];

test.each(executors.flatMap(([name, open]) => plans.map(([plan, steps]) => ({ name, open, plan, steps }))))(
  '$name, $plan',
  async ({ open, steps }) => {
    const executor = await open();
    const full = stepGraph(true);
    const without = stepGraph(false);
    const layout = layoutParameters(full.graph);
    const rule = sgd.rule({ rate: 0.1, momentum: 0.9, nesterov: false, weightDecay: 0.1 });
    const weights = await executor.weights(layout, rule.moments);
    const generator = random(5, 'branches');
    const start = draw(generator, layout.total, [-1, 1]);
    for (const [index, { offset, size }] of layout.entries.entries())
      start.fill(0, offset + size, layout.entries[index + 1]?.offset ?? layout.total);
    weights.write('parameters', start);
    const accumulate = steps[0].length;
    const trainer = await executor.trainer(
      {
        ...full,
        branches: new Map([['without z', without]]),
        optimizer: rule,
        groupOf: (name) => ({
          rateFactor: 1,
          weightDecay: name === 'b' ? 0.1 : 0,
          low: -3e38,
          high: 3e38,
          follow: layout.byName.get(name)!.follow,
        }),
        clip: 0,
        norms: normGroups(layout, (name) => name),
        accumulate,
      },
      weights,
    );
    trainer.fill('scale', 0, Float32Array.of(0.5));

    // The same in float64.
    const values = new Map(
      layout.entries.map(({ name, offset, size }) => [
        name,
        Float64Array.from(start.subarray(offset, offset + size)),
      ]),
    );
    const moments = new Map(layout.entries.map(({ name, size }) => [name, new Float64Array(size)]));
    for (const [k, step] of steps.entries()) {
      const sums = new Map<string, Float64Array>();
      const losses: number[] = [];
      const before = { parameters: await weights.read('parameters'), moment0: await weights.read('moment0') };
      for (const [micro, withZ] of step.entries()) {
        const graph = withZ ? full : without;
        const inputs: Record<string, Float32Array> = {
          x: draw(generator, rows * 70),
          t: draw(generator, rows),
        };
        if (withZ) inputs['z'] = draw(generator, rows * 5);
        const [loss, ...found] = interpret(
          graph.graph,
          [graph.scalars.get('loss')!, ...graph.gradients.values()],
          (name) => values.get(name) ?? (name === 'scale' ? [0.5] : inputs[name]),
        );
        losses.push(loss[0]);
        for (const [g, name] of [...graph.gradients.keys()].entries()) {
          const share = found[g].map((value) => value / accumulate);
          sums.set(
            name,
            share.map((value, i) => value + (sums.get(name)?.[i] ?? 0)),
          );
        }
        const branch = withZ ? undefined : 'without z';
        if (micro + 1 < accumulate) trainer.add(inputs, branch);
        else trainer.step(inputs, k + 1, 0.1, branch);
      }
      let norm = 0;
      for (const [name, g] of sums) {
        const p = values.get(name)!;
        const m = moments.get(name)!;
        for (let i = 0; i < p.length; i++) {
          if (name === 's') {
            p[i] -= 0.5 * g[i];
            continue;
          }
          norm += g[i] ** 2;
          const decay = name === 'b' ? 0.1 : 0;
          const next = rule.reference({ p: p[i], g: g[i], m: [m[i]], rate: 0.1, decay, s: [] });
          [p[i], m[i]] = [next.p, next.m[0]];
        }
      }
      const [record] = await trainer.records();
      const anyZ = step.includes(true);
      expect(Object.keys(record.scalars).sort()).toEqual(anyZ ? ['b', 'loss'] : ['loss']);
      expect(record.scalars['loss']).toBeCloseTo(losses.reduce((x, y) => x + y, 0) / accumulate, 3);
      expect(record.gradientNorm / Math.sqrt(norm)).toBeCloseTo(1, 4);
      const flat = { parameters: await weights.read('parameters'), moment0: await weights.read('moment0') };
      for (const { name, offset, size } of layout.entries) {
        const own = (list: Float32Array) => list.subarray(offset, offset + size);
        expect(relativeError(own(flat.parameters), values.get(name)!), `step ${k + 1} ${name}`).toBeLessThan(
          1e-4,
        );
        if (sums.has(name)) continue;
        expect(own(flat.parameters)).toEqual(own(before.parameters));
        expect(own(flat.moment0)).toEqual(own(before.moment0));
      }
      expect(record.norms.gradient[1] > 0).toBe(anyZ);
    }
    expect(await trainer.read('twice')).toHaveLength(rows);
    expect(() => trainer.add({}, 'no such')).toThrow('no branch no such');
    trainer.destroy();
    weights.destroy();
  },
);
