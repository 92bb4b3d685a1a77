/** The session on TensorFlow.js under Node: the same code on the second executor, against the float64 meaning. */
import { expect, test } from 'vitest';
import { trainBatch } from '../data/batches.ts';
import { interpret } from '../engine/graph/interpret.ts';
import { TfjsExecutor } from '../engine/tfjs/executor.ts';
import { initialize } from '../models/initialize.ts';
import { graphInputs } from './session.ts';
import { setUp } from './setup.ts';
import { tinyRecipe, tinySession } from './testing.ts';

test('trains; five losses are those of float64 arithmetic; pausing keeps a checkpoint', async () => {
  const recipe = tinyRecipe({ steps: 5, validateEvery: 5 });
  const { session, rows, runs, losses } = await tinySession(await TfjsExecutor.create('cpu'), recipe);
  session.start();
  await session.settled();
  expect(session.state).toBe('finished');
  expect((await runs.get('run')).checkpoints.map(({ step }) => step)).toEqual([5]);
  expect(rows.at(-1)).toHaveProperty(['val.t2i.r10']);

  const { data } = session.options;
  const { model, layout, rule, specification, rateAt } = setUp(recipe, {
    batch: 8,
    imageSize: 16,
    textLength: 20,
    vocabulary: data.tokenizer.vocabularySize,
  });
  const p = Float64Array.from(initialize(layout, recipe.seed));
  const m = Array.from({ length: layout.total }, () => [0, 0]);
  const expected: number[] = [];
  for (let step = 1; step <= 5; step++) {
    const inputs: Record<string, ArrayLike<number>> = graphInputs(trainBatch(data, recipe, step - 1));
    const names = [...model.gradients.keys()];
    const [[loss], ...gradients] = interpret(
      model.graph,
      [model.loss, ...model.gradients.values()],
      (name) => {
        const entry = layout.byName.get(name);
        return entry ? p.subarray(entry.offset, entry.offset + entry.size) : inputs[name];
      },
    );
    expected.push(loss);
    const norm = Math.sqrt(
      gradients.flatMap((values) => [...values]).reduce((total, value) => total + value * value, 0),
    );
    const factor = Math.min(1, recipe.training.clip / (norm + 1e-6));
    for (const [index, name] of names.entries()) {
      const { offset, size } = layout.byName.get(name)!;
      const { weightDecay, low, high } = specification.groupOf(name);
      for (let i = 0; i < size; i++) {
        const next = rule.reference({
          p: p[offset + i],
          g: gradients[index][i] * factor,
          m: m[offset + i],
          rate: rateAt(step),
          decay: weightDecay,
          s: rule.scalars(step),
        });
        p[offset + i] = Math.min(high, Math.max(low, next.p));
        m[offset + i] = next.m;
      }
    }
  }
  for (const [index, loss] of losses().entries())
    expect(Math.abs(loss / expected[index] - 1)).toBeLessThan(1e-4);
  session.destroy();
});

test('commands that do not fit the state are refused with its name', async () => {
  const { session } = await tinySession(await TfjsExecutor.create('cpu'), tinyRecipe({ steps: 1 }));
  await expect(session.pause()).resolves.toBeUndefined();
  await session.stepOnce();
  expect(session.state).toBe('finished');
  expect(() => session.start()).toThrow(/finished/);
  await expect(session.stop()).rejects.toMatchObject({ code: 'session-state', params: { command: 'stop' } });
  session.destroy();
});
