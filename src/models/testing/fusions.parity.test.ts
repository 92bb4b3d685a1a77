/** Every fusion against an independent PyTorch implementation (torch/fusions.py): outputs, every gradient, and twenty AdamW steps. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { find, fusions } from '../registry.ts';
import { comparable, fusionCase, parityMasks } from './fusionCase.ts';
import { type ParityCase, parityErrors } from './parity.ts';

type FusionParity = ParityCase & { modalities: string[]; fields: Record<string, unknown> };

const cases = ['streams', 'queries', 'others'].flatMap((group): FusionParity[] =>
  JSON.parse(readFileSync(fileURLToPath(new URL(`torch/fusions-${group}.json`, import.meta.url)), 'utf8')),
);

test.each(cases)('$name', (expected) => {
  const type = expected.name.split(' ')[0];
  const { graph, fused } = fusionCase(find(fusions, type, 'fusion'), {
    modalities: expected.modalities,
    missing: ['text', 'audio'],
    fields: expected.fields,
  });
  const results = comparable(fused);
  const outputs = Object.fromEntries(Object.keys(expected.outputs).map((name) => [name, results[name]]));
  for (const [name, error] of Object.entries(parityErrors({ graph, outputs, inputs: parityMasks }, expected)))
    expect(error, name).toBeLessThan(1e-7);
});

test('every fusion with a joint vector has a case', () => {
  const covered = new Set(cases.map(({ name }) => name.split(' ')[0]));
  expect(fusions.map(({ type }) => type).filter((type) => !covered.has(type))).toEqual(['two-tower']);
});
