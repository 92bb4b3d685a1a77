/** Training with the features of a frozen encoder kept, on WebGPU: the same losses as without, and a resumed run ends with the same bits. */
import { describe, expect, test } from 'vitest';
import { gpuExecutor } from '../engine/testing/device.browser.ts';
import { apart, heldData, heldEncoders, heldFusions, heldRecipe, heldRun } from './testing/held.ts';

describe.each(Object.keys(heldEncoders))('%s', (frozen) => {
  test.each(Object.keys(heldFusions))('kept under %s trains as computed', async (fusion) => {
    const executor = await gpuExecutor();
    const data = await heldData(frozen);
    const recipe = heldRecipe(frozen, fusion);
    const kept = await heldRun(executor, recipe, data);
    expect(kept.towers).toEqual([{ modality: frozen, bytes: expect.any(Number) }]);
    expect(kept.inputs.filter((name) => name.startsWith('held.'))).not.toEqual([]);
    const computed = await heldRun(executor, heldRecipe(frozen, fusion, { keepFeatures: false }), data);
    expect(computed.towers).toEqual([{ modality: frozen, computed: 'off', bytes: 0 }]);
    expect(computed.losses).toHaveLength(20);
    const difference = apart(kept.losses, computed.losses);
    console.log(`${frozen} ${fusion}: ${difference === 0 ? 'equal to the bit' : difference}`);
    expect(difference).toBeLessThan(1e-6);
  });
});

test.each([
  ['image', 'co-attention'],
  ['text', 'two-tower'],
])('a run with kept features of %s, resumed, ends with the same bits', async (frozen, fusion) => {
  const executor = await gpuExecutor();
  // Other data, so that nothing is left in memory of the runs before.
  const [first, second] = [await heldData(frozen), await heldData(frozen)].map((data) => ({
    ...data,
    pairs: { ...data.pairs },
  }));
  const recipe = heldRecipe(frozen, fusion, { average: 0.9, drop: { [frozen]: 0.2 } });
  const whole = await heldRun(executor, recipe, first, { keepAt: 7 });
  const rest = await heldRun(executor, recipe, second, { from: whole.checkpoint, keep: false });
  expect(rest.towers).toEqual([{ modality: frozen, bytes: expect.any(Number) }]);
  expect(rest.losses).toEqual(whole.losses.slice(7));
  expect(rest.parameters).toEqual(whole.parameters);
});
