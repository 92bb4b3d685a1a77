/** A teacher is part of the student's graph but learns nothing: no gradient, and not a bit of it changes over steps, on both executors. */
import { expect, test } from 'vitest';
import { random } from '../core/random.ts';
import type { Executor, NumberArray } from '../engine/executor.ts';
import { sizeOf } from '../engine/graph/tensor.ts';
import { gpuExecutor } from '../engine/testing/device.browser.ts';
import { TfjsExecutor } from '../engine/tfjs/executor.ts';
import { initialize } from '../models/initialize.ts';
import { smallRecipe, smallShape } from '../models/testing/recipes.ts';
import { setUp } from './setup.ts';

const executors: [string, () => Promise<Executor>][] = [
  ['WebGPU', gpuExecutor],
  ['TensorFlow.js', () => TfjsExecutor.create('cpu')],
];

test.each(executors)('on %s', async (_, open) => {
  const executor = await open();
  const teacher = {
    run: 'earlier',
    name: 'earlier',
    step: 1,
    recipe: smallRecipe([{ type: 'infonce' }], { fusion: { type: 'two-tower', width: 12 } }),
  };
  const recipe = smallRecipe([{ type: 'distillation', what: 'embeddings', teacher }], {
    training: { optimizer: { type: 'adamw', weightDecay: 0.5 } },
  });
  const { layout, rule, specification } = setUp(recipe, smallShape);
  const isTeachers = (name: string) => name.startsWith('distillation.teacher.');
  const [own, taught] = [true, false].map((is) =>
    layout.entries.filter(({ name }) => isTeachers(name) !== is),
  );
  expect(taught.length).toBeGreaterThan(20);
  expect([...specification.gradients.keys()].filter(isTeachers)).toEqual([]);

  const weights = await executor.weights(layout, rule.moments);
  const before = initialize(layout, 7);
  weights.write('parameters', before);
  const trainer = await executor.trainer(specification, weights);
  const stream = random(2, 'batch');
  const inputs: Record<string, NumberArray> = {};
  for (const [name, { shape, dtype }] of specification.graph.inputs)
    inputs[name] =
      dtype === 'i32'
        ? Int32Array.from({ length: sizeOf(shape) }, () => stream.integer(12))
        : Float32Array.from({ length: sizeOf(shape) }, () => (name === 'keep' ? 1 : stream.normal()));
  for (let step = 1; step <= 3; step++) trainer.step(inputs, step, 0.05);
  trainer.submit();
  const records = await trainer.records();
  expect(records[2].scalars['loss']).toBeLessThan(records[0].scalars['loss']);
  const after = await weights.read('parameters');
  const part = (flat: Float32Array, { offset, size }: (typeof taught)[number]) =>
    flat.slice(offset, offset + size);
  for (const entry of taught) expect(part(after, entry), entry.name).toEqual(part(before, entry));
  for (const entry of own.filter(({ name }) => name.endsWith('projection.weight')))
    expect(part(after, entry), entry.name).not.toEqual(part(before, entry));
  trainer.destroy();
  weights.destroy();
});
