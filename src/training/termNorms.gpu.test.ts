/** A run of two terms reports how hard each pulls at every validation; the device's numbers against float64. */
import { expect, test } from 'vitest';
import { trainBatch } from '../data/batches.ts';
import { interpret } from '../engine/graph/interpret.ts';
import { gpuExecutor } from '../engine/testing/device.browser.ts';
import { drawObjectives } from './draws.ts';
import { graphInputs } from './feed.ts';
import { modelShape } from './shape.ts';
import { termNormGraph } from './termNorms.ts';
import { tinyData, tinyRecipe, tinySession } from './testing/tinySession.ts';

test('norms of each term at a validation', async () => {
  const recipe = tinyRecipe({ steps: 2, validateEvery: 2, weighting: 'learned' });
  recipe.objectives = [{ type: 'infonce' }, { type: 'mlm' }];
  const { session, rows } = await tinySession(await gpuExecutor(), recipe, { keep: false });
  await session.prepare();
  session.start();
  await session.settled();
  expect(session.error).toBeUndefined();
  const { weights } = session.ready;
  const flat = await weights.read('parameters');
  const data = await tinyData(recipe);
  const shape = modelShape(recipe, data);
  const { graph, outputs } = termNormGraph(recipe, shape);
  const batch = trainBatch(data, recipe, 1);
  const inputs = { ...graphInputs(batch), ...drawObjectives(recipe, shape, batch, 1) };
  const truth = interpret(graph, [...outputs.values()], (name) => {
    const entry = weights.layout.byName.get(name);
    return entry ? flat.subarray(entry.offset, entry.offset + entry.size) : inputs[name];
  });
  const found = rows.filter((row) => row['grad.term/infonce'] !== undefined);
  expect(found).toHaveLength(1);
  expect(found[0]['step']).toBe(2);
  expect(Object.keys(found[0]).filter((key) => key.startsWith('grad.term/'))).toEqual([...outputs.keys()]);
  for (const [k, name] of [...outputs.keys()].entries())
    expect(Math.abs(found[0][name] / truth[k][0] - 1), name).toBeLessThan(1e-3);
  session.destroy();
});
