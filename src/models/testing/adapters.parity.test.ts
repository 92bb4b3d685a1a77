/** Models whose layers carry adapters against PyTorch (torch/adapters.py): loss, every gradient, twenty AdamW steps. */
import { expect, test } from 'vitest';
import { adapterCases, adapterModel } from './adapterCases.ts';
import { parityErrors } from './parity.ts';

test.each(adapterCases)('$name', (expected) => {
  const model = adapterModel(expected);
  const errors = parityErrors(model, expected);
  for (const [name, error] of Object.entries(errors)) expect(error, name).toBeLessThan(1e-7);
  // What carries an adapter is still.
  const carried = Object.keys(errors).filter((name) => name.endsWith('.adapter.a'));
  expect(carried.length).toBeGreaterThan(7);
  for (const name of carried)
    for (const part of ['weight', 'bias'])
      expect(errors).not.toHaveProperty([name.replace('adapter.a', part)]);
});
