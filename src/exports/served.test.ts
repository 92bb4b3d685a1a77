/** Every recipe that ships and what none of them has, written and run by what will read it: onnxruntime and TensorFlow.js, as the product itself checks what it wrote. */
import { expect, test } from 'vitest';
import { defaults } from '../core/fields.ts';
import { definition as onnx } from './onnx.ts';
import { otherModel, otherRecipes, shippedModel, shippedNames } from './testing/models.ts';
import { definition as tfjs } from './tfjs.ts';

const working = { progress: () => undefined, signal: new AbortController().signal };

for (const definition of [onnx, tfjs])
  test.each([...shippedNames, ...otherRecipes.keys()])(`${definition.type}: %s`, async (name) => {
    const bundle = await (otherRecipes.has(name) ? otherModel(name) : shippedModel(name));
    const fields = defaults(definition.fields);
    const files = await definition.write(bundle, fields, working);
    const checked = await definition.check!(files, bundle, fields, working);
    expect(checked.length).toBeGreaterThan(0);
    for (const { passed, name: what, detail } of checked)
      expect(passed, `${what.en}: ${detail.en}`).toBe(true);
  });
