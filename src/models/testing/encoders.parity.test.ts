/** Every encoder against an independent PyTorch implementation (torch/encoders.py, torch/hub_encoders.py): pooled vectors, tokens, every gradient, twenty AdamW steps. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { checkFields } from '../../core/fields.ts';
import { Graph } from '../../engine/graph/graph.ts';
import { mul, reshape } from '../../engine/ops/functions.ts';
import '../../engine/ops/index.ts';
import { modalityInputs } from '../inputs.ts';
import { kept } from '../layers/tokens.ts';
import { encoders, find } from '../registry.ts';
import type { ModelShape } from '../shape.ts';
import { draw, type ParityCase, parityErrors } from './parity.ts';

interface EncoderCase extends ParityCase {
  type: string;
  fields: Record<string, unknown>;
  inputs: Record<string, number[]>;
  training: boolean;
}

const cases: EncoderCase[] = ['encoders', 'hub_encoders'].flatMap((name) =>
  JSON.parse(readFileSync(fileURLToPath(new URL(`torch/${name}.json`, import.meta.url)), 'utf8')),
);

/** What the script has besides. */
const shape: ModelShape = {
  batch: 4,
  imageSize: 8,
  textLength: 5,
  vocabulary: 10,
  sound: { frames: 9, bins: 5 },
  table: { steps: 6, columns: 3 },
};

test.each(cases)('$name', (expected) => {
  const definition = find(encoders, expected.type, 'encoders');
  const { modality } = definition;
  const graph = new Graph();
  const plain = expected.name.includes('plain');
  const own = { ...shape, table: { steps: plain ? 1 : 6, columns: 3 } };
  const { present: given, ...inputs } = expected.inputs;
  const present = given && graph.input('present', [4]);
  const encoded = graph.at(modality, () =>
    definition.build({
      graph,
      inputs: modalityInputs(graph, modality, own),
      present,
      fields: checkFields(definition.fields, expected.fields, 'encoders'),
      shape: own,
      width: 8,
      training: expected.training,
    }),
  );
  const { pooled, tokens, keep } = encoded;
  expect(tokens.shape[2]).toBe(definition.tokenWidth(checkFields(definition.fields, expected.fields, '')));
  // What absent samples and tokens that do not count hold says nothing.
  const counted = keep ? kept(tokens, keep) : tokens;
  const outputs = {
    pooled: present ? mul(pooled, reshape(present, [4, 1])) : pooled,
    tokens: present ? mul(counted, reshape(present, [4, 1, 1])) : counted,
  };
  const values: Record<string, ArrayLike<number>> = { ...inputs, ...(given ? { present: given } : {}) };
  for (const name of ['images', 'sound', 'cells']) {
    const input = graph.inputs.get(name);
    if (input)
      values[name] = draw(
        name,
        input.shape.reduce((a, b) => a * b, 1),
        1,
      );
  }
  for (const [name, error] of Object.entries(parityErrors({ graph, outputs, inputs: values }, expected)))
    expect(error, name).toBeLessThan(1e-7);
});

test('every encoder has a case', () => {
  expect(new Set(cases.map(({ type }) => type))).toEqual(new Set(encoders.map(({ type }) => type)));
});
