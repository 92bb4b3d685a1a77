/** The session on WebGPU: repeatable to the bit, resumed to the bit, memory flat, and what happens when numbers run away. */
import { expect, test } from 'vitest';
import shapesRecipe from '../../recipes/clip-shapes.json' with { type: 'json' };
import { parseRecipe } from '../core/recipe.ts';
import { trainBatch } from '../data/batches.ts';
import { prepare } from '../data/prepare.ts';
import { generateShapes } from '../data/synthetic/shapes.ts';
import { interpret } from '../engine/graph/interpret.ts';
import { relativeError } from '../engine/testing/cases.ts';
import { gpuExecutor } from '../engine/testing/device.browser.ts';
import { initialize } from '../models/initialize.ts';
import { graphInputs } from './session.ts';
import { setUp } from './setup.ts';
import { tinyRecipe, tinySession } from './testing.ts';

async function trained(steps: number): Promise<number[]> {
  const { session, losses } = await tinySession(await gpuExecutor(), tinyRecipe({ steps }));
  session.start();
  await session.settled();
  expect(session.error).toBeUndefined();
  session.destroy();
  return losses();
}

test('same seed, same device: 200 losses equal to the bit; another seed differs', async () => {
  const first = await trained(200);
  expect(first).toHaveLength(200);
  expect(await trained(200)).toEqual(first);
  expect(first.at(-1)).toBeLessThan(first[0]);
});

test('paused, kept, opened in another session: the rest is equal to the bit', async () => {
  const whole = await trained(60);
  const recipe = tinyRecipe({ steps: 60, checkpointEvery: 20 });
  const one = await tinySession(await gpuExecutor(), recipe);
  one.session.start();
  while (one.session.step < 25) await new Promise((resolve) => setTimeout(resolve, 5));
  await one.session.pause();
  const { step } = one.session;
  const checkpoint = await one.runs.checkpoint('run', step);
  one.session.destroy();
  const two = await tinySession(await gpuExecutor(), recipe, checkpoint);
  expect(two.session.step).toBe(step);
  two.session.start();
  await two.session.settled();
  expect([...one.losses(), ...two.losses()]).toEqual(whole);
  two.session.destroy();
});

test('memory is flat over 1,000 steps: no buffer more at the end than at the start', async () => {
  const { device } = await gpuExecutor();
  let living = 0;
  const create = device.gpu.createBuffer.bind(device.gpu);
  device.gpu.createBuffer = (descriptor) => {
    const buffer = create(descriptor);
    living++;
    const destroy = buffer.destroy.bind(buffer);
    buffer.destroy = () => {
      living--;
      destroy();
    };
    return buffer;
  };
  try {
    const { session } = await tinySession(
      await gpuExecutor(),
      tinyRecipe({ steps: 1000, checkpointEvery: 400 }),
    );
    await session.stepOnce();
    const before = living;
    session.start();
    await session.settled();
    expect(session.error).toBeUndefined();
    expect(session.step).toBe(1000);
    // The last step validates, which makes the towers' buffers once.
    const { model } = session;
    await model.validate('validation', 8);
    const after = living;
    await model.validate('validation', 8);
    expect(living).toBe(after);
    expect(after - before).toBeLessThan(40);
    session.destroy();
    expect(living).toBeLessThanOrEqual(before);
  } finally {
    device.gpu.createBuffer = create;
  }
});

test('a number that runs away pauses the run, names the tensor and leaves the weights as they were', async () => {
  const { session } = await tinySession(await gpuExecutor(), tinyRecipe({ steps: 50 }));
  await session.stepOnce();
  const { weights } = session.ready;
  const flat = await weights.read('parameters');
  const { offset } = weights.layout.byName.get('image.blocks.0.mlp.fc1.weight')!;
  flat.fill(3e38, offset, offset + 16);
  weights.write('parameters', flat);
  session.start();
  await session.settled();
  expect(session.state).toBe('paused');
  expect(session.error?.code).toBe('non-finite');
  expect(session.error?.params['step']).toBe(2);
  expect(session.error?.params['tensor']).toMatch(/image › blocks › 0 › mlp/);
  expect(session.step).toBe(1);
  expect([...(await weights.read('parameters'))]).toEqual([...flat]);
  session.destroy();
});

test('gradient norms per block and modality are those of the float64 gradients', async () => {
  const recipe = tinyRecipe();
  const { session, rows } = await tinySession(await gpuExecutor(), recipe);
  await session.stepOnce();
  const { data } = session.options;
  const { model, layout, norms } = setUp(recipe, {
    batch: 8,
    imageSize: 16,
    textLength: 20,
    vocabulary: data.tokenizer.vocabularySize,
  });
  const start = initialize(layout, recipe.seed);
  const inputs: Record<string, ArrayLike<number>> = graphInputs(trainBatch(data, recipe, 0));
  const names = [...model.gradients.keys()];
  const gradients = interpret(model.graph, [...model.gradients.values()], (name) => {
    const entry = layout.byName.get(name);
    return entry ? start.subarray(entry.offset, entry.offset + entry.size) : inputs[name];
  });
  const squares = new Map(
    names.map((name, index) => [name, gradients[index].reduce((total, value) => total + value * value, 0)]),
  );
  const normOf = (belongs: (name: string) => boolean) =>
    Math.sqrt(names.filter(belongs).reduce((total, name) => total + squares.get(name)!, 0));
  const [row] = rows;
  for (const { name } of norms)
    expect(
      relativeError(
        [row[`grad.block/${name}`]],
        [normOf((parameter) => parameter.startsWith(`${name}.`) || parameter === name)],
        1e-9,
      ),
      name,
    ).toBeLessThan(1e-4);
  expect(relativeError([row['grad.image']], [normOf((name) => name.startsWith('image.'))])).toBeLessThan(
    1e-4,
  );
  expect(relativeError([row['grad.text']], [normOf((name) => name.startsWith('text.'))])).toBeLessThan(1e-4);
  session.destroy();
});

test('the recipe of the sample set starts at ln B', async () => {
  const recipe = parseRecipe(shapesRecipe);
  const data = await prepare(await generateShapes({ count: 400 }), recipe.data);
  const { model, layout } = setUp(recipe, {
    batch: 32,
    imageSize: 32,
    textLength: 24,
    vocabulary: data.tokenizer.vocabularySize,
  });
  const start = initialize(layout, recipe.seed);
  const inputs: Record<string, ArrayLike<number>> = graphInputs(trainBatch(data, recipe, 0));
  const [[loss]] = interpret(model.graph, [model.loss], (name) => {
    const entry = layout.byName.get(name);
    return entry ? start.subarray(entry.offset, entry.offset + entry.size) : inputs[name];
  });
  expect(Math.abs(loss / Math.log(32) - 1)).toBeLessThan(0.02);
});
