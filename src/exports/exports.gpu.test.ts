/** What is written is checked in the browser as it is in Node: onnxruntime's WebAssembly comes from our own server, under cross-origin isolation. */
import { expect, test } from 'vitest';
import { defaults } from '../core/fields.ts';
import { definition as onnx } from './onnx.ts';
import { shippedModel } from './testing/models.ts';
import { definition as tfjs } from './tfjs.ts';

const working = { progress: () => undefined, signal: new AbortController().signal };

test.each([onnx, tfjs])('$type', async (definition) => {
  const bundle = await shippedModel('clip-shapes');
  const fields = defaults(definition.fields);
  const files = await definition.write(bundle, fields, working);
  const checked = await definition.check!(files, bundle, fields, working);
  expect(checked.map(({ passed }) => passed)).toEqual([true, true, true]);
  const asked = performance.getEntriesByType('resource').map(({ name }) => new URL(name).host);
  expect(new Set(asked)).toEqual(new Set([location.host]));
});

test('the page is isolated', () => {
  expect(crossOriginIsolated).toBe(true);
});
