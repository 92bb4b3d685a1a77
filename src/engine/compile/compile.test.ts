/** Programs without a GPU: limits are kept, chains fuse, errors name the tensor, kernels do not change unseen. */
import { expect, test } from 'vitest';
import { setUp } from '../../training/setup.ts';
import { Graph } from '../graph/graph.ts';
import * as f from '../ops/functions.ts';
import { clipTinyRecipe } from '../testing/clipTiny.ts';
import { compile } from './compile.ts';

const shape = { batch: 32, imageSize: 32, textLength: 16, vocabulary: 512 };
const device = { software: true, maxBuffer: 2 ** 30 };

function program(software: boolean) {
  const { model, layout } = setUp(clipTinyRecipe, shape);
  return compile(model.graph, new Map([...model.scalars, ...model.probes]), {
    gradients: model.gradients,
    layout,
    software,
    maxBuffer: 2 ** 30,
  });
}

test('no dispatch reads and writes one buffer, and every range lies on 256 bytes', () => {
  for (const { bindings, places, label } of program(true).kernels) {
    const buffers = (access: 'read' | 'write') =>
      new Set(places.filter((_, index) => bindings[index].access === access).map(({ buffer }) => buffer));
    const written = buffers('write');
    for (const buffer of buffers('read')) expect(written.has(buffer), label).toBe(false);
    for (const { offset } of places) expect(offset % 256, label).toBe(0);
  }
});

test('a step of clip-tiny stays within its budget', () => {
  const { kernels, buffers } = program(true);
  expect(kernels.length).toBeLessThanOrEqual(116);
  expect(new Set(kernels.map(({ wgsl }) => wgsl)).size).toBeLessThanOrEqual(55);
  expect(buffers.reduce((a, b) => a + b, 0)).toBeLessThan(12 * 2 ** 20);
});

test('bias, activation and its derivative join the matmul that makes their input', () => {
  const graph = new Graph();
  const x = graph.input('x', [16, 8]);
  const y = f.gelu(
    f.add(
      f.matmul(x, graph.parameter('w', [12, 8], { kind: 'constant', value: 1 }), { transposeB: true }),
      graph.parameter('b', [12], { kind: 'constant', value: 0 }),
    ),
  );
  const { kernels } = compile(graph, new Map([['y', y]]), { ...device, variant: 'registers' });
  expect(kernels.map(({ label }) => label)).toEqual(['matmul registers + add + gelu']);
  expect(kernels[0].wgsl).toMatchSnapshot();
});

test('a pointwise chain is one kernel; a value that others need is written too', () => {
  const graph = new Graph();
  const x = graph.input('x', [4, 6]);
  const middle = f.exp(f.affine(x, 2));
  const { kernels } = compile(
    graph,
    new Map([
      ['y', f.mul(middle, x)],
      ['s', f.sum(middle, [0, 1])],
    ]),
    device,
  );
  expect(kernels.map(({ label }) => label)).toEqual(['affine + exp + mul', 'sum plain']);
  expect(kernels[0].wgsl).toMatchSnapshot();
});

test('a tensor that cannot fit is named with what it needs', () => {
  const graph = new Graph();
  const y = graph.scope('head', () => f.matmul(graph.input('a', [512, 64]), graph.input('b', [64, 512])));
  expect(() =>
    compile(graph, new Map([['y', f.softmax(y)]]), { software: true, maxBuffer: 2 ** 19 }),
  ).toThrow(/head › matmul.*needed 1048576/);
});
