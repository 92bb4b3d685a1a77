/** Checkpoints: everything comes back bit by bit, and a file that does not fit names the tensor and leaves the weights alone. */
import { expect, test } from 'vitest';
import '../engine/ops/index.ts';
import { layoutParameters } from '../engine/compile/layout.ts';
import type { BufferName, Weights } from '../engine/executor.ts';
import { Graph } from '../engine/graph/graph.ts';
import { writeSafetensors } from '../interchange/safetensors.ts';
import { readCheckpoint, writeCheckpoint } from './checkpoint.ts';

const zero = { kind: 'constant', value: 0 } as const;
const graph = new Graph();
graph.parameter('a.weight', [3, 5], zero);
graph.parameter('a.bias', [5], zero);
graph.parameter('scale', [], zero);
const layout = layoutParameters(graph);

/** Weights in plain memory; each number its own. */
function plainWeights(start?: number): Weights & { buffers: Map<BufferName, Float32Array> } {
  const buffers = new Map<BufferName, Float32Array>();
  for (const [k, name] of (['parameters', 'moment0', 'moment1'] as const).entries()) {
    const flat = new Float32Array(layout.total);
    if (start !== undefined)
      for (const { offset, size } of layout.entries)
        for (let i = 0; i < size; i++) flat[offset + i] = Math.fround(start + k + (offset + i) / 7);
    buffers.set(name, flat);
  }
  return {
    layout,
    buffers,
    read: async (name) => buffers.get(name)!.slice(),
    write: (name, values) => void buffers.set(name, values),
    averaged: () => {
      throw new Error('keeps no average');
    },
    copyFrom: () => {
      throw new Error('plain memory is written by `write`');
    },
    destroy() {},
  };
}

test('weights, moments, step and seconds come back', async () => {
  const from = plainWeights(0.1);
  const to = plainWeights();
  const bytes = await writeCheckpoint(from, { moments: 2 }, { step: 1234, seconds: 56.5 });
  expect(readCheckpoint(bytes, to, { moments: 2 })).toEqual({ step: 1234, seconds: 56.5 });
  expect(to.buffers).toEqual(from.buffers);
});

test('a model without moments starts them at zero', async () => {
  const to = plainWeights();
  readCheckpoint(await writeCheckpoint(plainWeights(0.1), { moments: 0 }, { step: 7, seconds: 0 }), to, {
    moments: 2,
  });
  expect(to.buffers.get('parameters')![0]).toBe(Math.fround(0.1));
  expect(to.buffers.get('moment0')!.every((value) => value === 0)).toBe(true);
});

test('a missing tensor and a wrong shape are named, and nothing is written', () => {
  const weights = plainWeights(0.1);
  const before = structuredClone(weights.buffers);
  const tensor = (...shape: number[]) => ({
    shape,
    values: new Float32Array(shape.reduce((a, b) => a * b, 1)),
  });
  const file = (tensors: Record<string, ReturnType<typeof tensor>>) =>
    writeSafetensors(new Map(Object.entries(tensors)), {});
  expect(() =>
    readCheckpoint(file({ 'parameters/a.weight': tensor(3, 5) }), weights, { moments: 0 }),
  ).toThrow(
    expect.objectContaining({
      code: 'checkpoint-invalid',
      params: { message: 'The tensor “a.bias” is missing.' },
    }),
  );
  expect(() =>
    readCheckpoint(
      file({
        'parameters/a.weight': tensor(5, 3),
        'parameters/a.bias': tensor(5),
        'parameters/scale': tensor(),
      }),
      weights,
      { moments: 0 },
    ),
  ).toThrow(
    expect.objectContaining({
      code: 'checkpoint-invalid',
      params: { message: 'The tensor “a.weight” is 5 × 3; this model needs 3 × 5.' },
    }),
  );
  expect(weights.buffers).toEqual(before);
});

test('a file cut short is refused', async () => {
  const bytes = await writeCheckpoint(plainWeights(0.1), { moments: 2 }, { step: 1, seconds: 1 });
  const weights = plainWeights();
  expect(() => readCheckpoint(bytes.slice(0, -4), weights, { moments: 2 })).toThrow(
    expect.objectContaining({ code: 'safetensors-invalid' }),
  );
  expect(() => readCheckpoint(bytes.slice(0, 40), weights, { moments: 2 })).toThrow(
    expect.objectContaining({ code: 'safetensors-invalid' }),
  );
});
