/** Every fusion against an independent PyTorch implementation (torch/fusions.py): outputs, every gradient, and twenty AdamW steps. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { Tensor } from '../../engine/graph/tensor.ts';
import { masked, reshape } from '../../engine/ops/functions.ts';
import type { Fused } from '../definition.ts';
import { find, fusions } from '../registry.ts';
import { fusionCase, parityMasks } from './fusionCase.ts';
import { type ParityCase, parityErrors } from './parity.ts';

type FusionParity = ParityCase & { modalities: string[]; fields: Record<string, unknown> };

const cases = ['streams', 'queries', 'others'].flatMap((group): FusionParity[] =>
  JSON.parse(readFileSync(fileURLToPath(new URL(`torch/fusions-${group}.json`, import.meta.url)), 'utf8')),
);

/** Tokens that do not count are compared as zeros. */
function outputOf({ joint, tokens, keep, losses }: Fused, name: string): Tensor {
  if (name === 'joint') return joint!;
  if (name !== 'tokens') return losses![name];
  return keep ? masked(tokens!, reshape(keep, [...keep.shape, 1])) : tokens!;
}

test.each(cases)('$name', (expected) => {
  const type = expected.name.split(' ')[0];
  const { graph, fused } = fusionCase(find(fusions, type, 'fusion'), {
    modalities: expected.modalities,
    missing: ['text', 'audio'],
    fields: expected.fields,
  });
  const outputs = Object.fromEntries(
    Object.keys(expected.outputs).map((name) => [name, outputOf(fused, name)]),
  );
  for (const [name, error] of Object.entries(parityErrors({ graph, outputs, inputs: parityMasks }, expected)))
    expect(error, name).toBeLessThan(1e-7);
});

test('every fusion with a joint vector has a case', () => {
  const covered = new Set(cases.map(({ name }) => name.split(' ')[0]));
  expect(fusions.map(({ type }) => type).filter((type) => !covered.has(type))).toEqual(['two-tower']);
});
