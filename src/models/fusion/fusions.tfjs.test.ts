/** Every fusion on TensorFlow.js, with padding and absent samples: outputs and every parameter's gradient against the float64 interpreter. */
import { expect, test } from 'vitest';
import { relativeError } from '../../engine/testing/cases.ts';
import { TfjsExecutor } from '../../engine/tfjs/executor.ts';
import { fusions } from '../registry.ts';
import { fusionNumbers } from '../testing/fusionNumbers.ts';

test.each(fusions.filter(({ type }) => type !== 'two-tower'))('$type', async (definition) => {
  const executor = await TfjsExecutor.create('cpu');
  const { graph, outputs, expected, layout, parameters, inputs } = fusionNumbers(definition);
  const weights = await executor.weights(layout, 0);
  weights.write('parameters', parameters);
  const actual = await (await executor.runner(graph, outputs, weights)).run(inputs);
  for (const [name, numbers] of expected)
    expect(relativeError(actual[name], numbers, 1e-2), name).toBeLessThan(2e-5);
  weights.destroy();
});
