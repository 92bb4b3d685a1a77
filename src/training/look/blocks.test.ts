/** Norms by block against those computed by hand in float64 from the flat gradients and weights of a real step, and from the graph at a saved step. */
import { beforeAll, expect, test } from 'vitest';
import type { Executor } from '../../engine/executor.ts';
import { interpret } from '../../engine/graph/interpret.ts';
import { TfjsExecutor } from '../../engine/tfjs/executor.ts';
import { trainingGraph } from '../../models/build.ts';
import { tinyRecipe, tinySession } from '../testing/tinySession.ts';
import { look } from './blocks.ts';
import { batchShape, inputsInTurn } from './turn.ts';

let executor: Executor;
beforeAll(async () => {
  executor = await TfjsExecutor.create('cpu');
});

/** √Σ over the numbers of every parameter whose name says the block. */
function byHand(
  entries: readonly { name: string; offset: number; size: number }[],
  at: (i: number) => number,
) {
  const sums: Record<string, number> = {};
  for (const { name, offset, size } of entries) {
    const [first, second, third] = name.split('.');
    const block = second === 'blocks' ? `${first}.blocks.${third}` : [first, second].join('.');
    for (let i = offset; i < offset + size; i++) sums[block] = (sums[block] ?? 0) + at(i) ** 2;
  }
  return Object.fromEntries(Object.entries(sums).map(([block, sum]) => [block, Math.sqrt(sum)]));
}

test('after a step: gradients, weights and the change that the step made', async () => {
  const { session } = await tinySession(executor, tinyRecipe({ clip: 0 }), { keep: false });
  await session.prepare();
  await session.stepOnce();
  const before = await session.ready.weights.read('parameters');
  await session.stepOnce();
  const { weights } = session.ready;
  const after = await weights.read('parameters');
  const gradients = await weights.read('gradients');
  const { entries } = weights.layout;
  const { blocks, from } = await look({ model: session.model, step: session.step, session });
  expect(from).toBe('step');
  const hand = {
    gradient: byHand(entries, (i) => gradients[i]),
    weight: byHand(entries, (i) => after[i]),
    update: byHand(entries, (i) => after[i] - before[i]),
  };
  expect(blocks.map(({ block }) => block)).toEqual(Object.keys(hand.weight));
  for (const { block, gradient, weight, update } of blocks) {
    expect(gradient! / hand.gradient[block], `${block} gradient`).toBeCloseTo(1, 4);
    expect(weight / hand.weight[block], `${block} weight`).toBeCloseTo(1, 5);
    expect(update! / hand.update[block], `${block} update`).toBeCloseTo(1, 2);
  }
  expect(new Set(blocks.map(({ of }) => of))).toEqual(new Set(['image', 'text', 'other']));
  session.destroy();
});

test('at rest and at a saved step: the gradient of the batch in turn, as the graph means it in float64', async () => {
  const { session } = await tinySession(executor, tinyRecipe(), { keep: false });
  await session.prepare();
  const subject = { model: session.model, step: 4 };
  const { blocks, from } = await look(subject);
  expect(from).toBe('batch');
  const flat = await session.ready.weights.read('parameters');
  const { entries, byName } = session.ready.weights.layout;
  const inputs = inputsInTurn(subject);
  const { graph, gradients } = trainingGraph(session.recipe, batchShape(subject));
  const names = [...gradients.keys()];
  const values = interpret(
    graph,
    names.map((name) => gradients.get(name)!),
    (name) => {
      const entry = byName.get(name);
      return entry ? flat.subarray(entry.offset, entry.offset + entry.size) : inputs[name];
    },
  );
  const hand = byHand(entries, (i) => {
    const entry = entries.find(({ offset, size }) => i >= offset && i < offset + size)!;
    return values[names.indexOf(entry.name)][i - entry.offset];
  });
  for (const { block, gradient, update } of blocks) {
    expect(gradient! / hand[block], block).toBeCloseTo(1, 3);
    expect(update).toBeUndefined();
  }
  session.destroy();
});
