/** A whole session on TensorFlow.js equals the same steps in float64; its states are what the page may ask of it. */
import { expect, test } from 'vitest';
import clipShapes from '../../recipes/clip-shapes.json' with { type: 'json' };
import { parseRecipe } from '../core/recipe.ts';
import { trainBatch } from '../data/batches.ts';
import { prepare } from '../data/prepare.ts';
import { generateShapes } from '../data/synthetic/shapes.ts';
import { interpret } from '../engine/graph/interpret.ts';
import { TfjsExecutor } from '../engine/tfjs/executor.ts';
import { initialize } from '../models/initialize.ts';
import { graphInputs } from './feed.ts';
import { Rate } from './rate.ts';
import { setUp } from './setup.ts';
import { modelShape } from './shape.ts';
import { lossesOf, tinyData, tinyRecipe, tinySession } from './testing/tinySession.ts';

/** The run in float64: interpreted gradients, their mean over the micro-batches, clipped, through the rule's own meaning. */
async function float64Run(steps: number, accumulate: number) {
  const recipe = tinyRecipe({ steps });
  const data = await tinyData(recipe);
  const { model, layout, rule, specification } = setUp(recipe, modelShape(recipe, data));
  const p = Float64Array.from(initialize(layout, recipe.seed));
  const m = [...p].map(() => new Array<number>(rule.moments).fill(0));
  const losses: number[] = [];
  const norms: number[] = [];
  for (let step = 1; step <= steps; step++) {
    const names = [...model.gradients.keys()];
    const micros = Array.from({ length: accumulate }, (_, k) => {
      const micro = (step - 1) * accumulate + k;
      const inputs: Record<string, ArrayLike<number>> = graphInputs(trainBatch(data, recipe, micro));
      return interpret(model.graph, [model.loss, ...model.gradients.values()], (name) => {
        const entry = layout.byName.get(name);
        return entry ? p.subarray(entry.offset, entry.offset + entry.size) : inputs[name];
      });
    });
    const [loss, ...gradients] = micros[0].map((first, tensor) =>
      first.map((_, i) => micros.reduce((total, values) => total + values[tensor][i], 0) / accumulate),
    );
    losses.push(loss[0]);
    const norm = Math.sqrt(gradients.flatMap((g) => [...g]).reduce((total, g) => total + g * g, 0));
    norms.push(norm);
    const factor = Math.min(1, recipe.training.clip / (norm + 1e-6));
    for (const [k, name] of names.entries()) {
      const { offset, size } = layout.byName.get(name)!;
      const { weightDecay, low, high } = specification.groupOf(name);
      for (let i = 0; i < size; i++) {
        const next = rule.reference({
          p: p[offset + i],
          g: gradients[k][i] * factor,
          m: m[offset + i],
          rate: new Rate(recipe).at(step),
          decay: weightDecay,
          s: rule.scalars(step),
        });
        p[offset + i] = Math.min(Math.max(next.p, low), high);
        m[offset + i] = next.m;
      }
    }
  }
  return { losses, norms };
}

test.each([1, 3])(
  'five steps of %i micro-batches on TensorFlow.js have the losses and gradient norms of float64',
  async (accumulate) => {
    const executor = await TfjsExecutor.create('cpu');
    const { session, rows, runs } = await tinySession(executor, tinyRecipe({ steps: 5, accumulate }));
    await session.prepare();
    session.start();
    await session.settled();
    expect(session.state).toBe('finished');
    expect((await runs.get('tiny')).checkpoints.map(({ step }) => step)).toEqual([5]);
    // The last step validates.
    expect(rows.at(-1)).toHaveProperty(['val.t2i.r10']);
    const { losses, norms } = await float64Run(5, accumulate);
    for (const [k, loss] of lossesOf(rows).entries())
      expect(Math.abs(loss / losses[k] - 1)).toBeLessThan(1e-4);
    expect(lossesOf(rows)).toHaveLength(5);
    const measured = rows.flatMap((row) => row['grad.total'] ?? []);
    for (const [k, norm] of measured.entries()) expect(Math.abs(norm / norms[k] - 1)).toBeLessThan(1e-4);
    // The pace is that of pairs, whatever makes a step.
    const { samplesPerSecond, stepMs } = rows.findLast((row) => row['stepMs'] > 0)!;
    expect((samplesPerSecond * stepMs) / 1000).toBeCloseTo(8 * accumulate, 6);
    session.destroy();
  },
);

test('a profile on TensorFlow.js times each node of the graph, and changes no number', async () => {
  const executor = await TfjsExecutor.create('cpu');
  const plain = await tinySession(executor, tinyRecipe({ steps: 4 }));
  await plain.session.prepare();
  plain.session.start();
  await plain.session.settled();
  const { session, rows } = await tinySession(executor, tinyRecipe({ steps: 4 }));
  await session.prepare();
  await session.stepOnce();
  const { step, steps, kernels = [], untimed } = await session.profile(2);
  expect({ step, steps, untimed }).toEqual({ step: 3, steps: 2, untimed: undefined });
  const { graph } = session.setup.model;
  expect(kernels.length).toBeLessThanOrEqual(graph.nodes.length + 1);
  expect(kernels.filter(({ kind }) => kind === 'matmul').length).toBeGreaterThan(10);
  expect(kernels.at(-1)).toMatchObject({ path: 'optimizer' });
  expect(kernels.every(({ nanoseconds }) => nanoseconds >= 0)).toBe(true);
  const { activations, resident, inputs } = session.memory!;
  expect(resident).toBeGreaterThan(100 * 16 * 16 * 3);
  expect(activations).toBeGreaterThan(inputs);
  await session.stepOnce();
  expect(lossesOf(rows)).toEqual(lossesOf(plain.rows));
  for (const one of [plain.session, session]) one.destroy();
});

test('states: what does not fit is refused with the state and the command', async () => {
  const executor = await TfjsExecutor.create('cpu');
  const states: string[] = [];
  const { session, runs } = await tinySession(executor, tinyRecipe({ steps: 3 }), {
    onState: (state) => states.push(state),
  });
  expect(() => session.start()).toThrow(
    expect.objectContaining({ code: 'session-state', params: { state: 'idle', command: 'start' } }),
  );
  await session.prepare();
  await session.stepOnce();
  expect([session.state, session.step]).toEqual(['paused', 1]);
  await session.pause();
  await session.stop();
  expect(session.state).toBe('finished');
  await expect(session.stepOnce()).rejects.toMatchObject({ code: 'session-state' });
  expect(states).toEqual(['compiling', 'paused', 'running', 'paused', 'finished']);
  expect((await runs.get('tiny')).checkpoints.map(({ step }) => step)).toEqual([1]);
  session.destroy();
});

test('a session from a checkpoint of its last step is finished', async () => {
  const executor = await TfjsExecutor.create('cpu');
  const recipe = tinyRecipe({ steps: 2 });
  const { session, runs } = await tinySession(executor, recipe);
  await session.prepare();
  session.start();
  await session.settled();
  const again = await tinySession(executor, recipe);
  await again.session.prepare(await runs.checkpoint('tiny', 2));
  expect([again.session.state, again.session.step]).toEqual(['finished', 2]);
  session.destroy();
  again.session.destroy();
});

test('the built-in recipe starts at ln B within 2 %, whatever the seed', async () => {
  const recipe = parseRecipe(clipShapes);
  const data = await prepare(await generateShapes({ count: 400 }), recipe.data);
  const { model, layout } = setUp(recipe, modelShape(recipe, data));
  for (const seed of [0, 1, 2]) {
    const parameters = initialize(layout, seed);
    const inputs: Record<string, ArrayLike<number>> = graphInputs(trainBatch(data, { ...recipe, seed }, 0));
    const [[loss]] = interpret(model.graph, [model.loss], (name) => {
      const entry = layout.byName.get(name);
      return entry ? parameters.subarray(entry.offset, entry.offset + entry.size) : inputs[name];
    });
    expect(Math.abs(loss / Math.log(recipe.training.batch) - 1), `seed ${seed}`).toBeLessThan(0.02);
  }
});
