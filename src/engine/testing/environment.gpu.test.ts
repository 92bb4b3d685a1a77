/** What every other test in the browser relies on. */
import { expect, test } from 'vitest';
import { describeShared, fetchShared } from './shared.browser.ts';

test('there is a WebGPU adapter, and the page is isolated', async () => {
  const adapter = await navigator.gpu?.requestAdapter();
  expect(adapter, 'no WebGPU adapter: GPU tests cannot run here').toBeTruthy();
  const info = adapter?.info;
  console.info(`adapter: ${info?.vendor} ${info?.architecture} ${info?.description}`);
  expect(globalThis.crossOriginIsolated).toBe(true);
});

describeShared('shared data', () => {
  test('can be fetched', async () => {
    const bytes = await fetchShared('references/safetensors/good/two-f32.safetensors');
    expect(bytes.byteLength).toBe(148);
  });
  test('and nothing beside it', async () => {
    expect((await fetch('/shared-data/..%2Fnotes%2Fengine.md')).status).toBe(404);
  });
});
