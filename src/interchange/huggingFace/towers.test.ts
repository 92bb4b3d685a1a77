/** Towers against transformers on tiny random checkpoints that it wrote, in float64: what they say within 1e-6, and CLIP's tensors there and back. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { StudioError } from '../../core/errors.ts';
import type { FieldValues } from '../../core/fields.ts';
import { Graph } from '../../engine/graph/graph.ts';
import { interpret } from '../../engine/graph/interpret.ts';
import { unitLength } from '../../engine/ops/functions.ts';
import '../../engine/ops/index.ts';
import { describePython, python } from '../../exports/testing/python.ts';
import { modalityInputs } from '../../models/inputs.ts';
import { encoders, find } from '../../models/registry.ts';
import { readSafetensors } from '../safetensors.ts';
import { toFloat32 } from '../tensorTypes.ts';
import { bertConfig, clipConfig, layerFields, vitConfig } from './config.ts';
import { type Family, giveTower, type Tensors, takeTower } from './towers.ts';

interface Case {
  inputs: Record<string, number[]>;
  outputs: Record<string, number[]>;
}
let folder = '';
const json = (path: string) => JSON.parse(readFileSync(join(folder, path), 'utf8'));

function tensorsOf(name: string): Tensors {
  const { tensors } = readSafetensors(
    new Uint8Array(readFileSync(join(folder, name, 'model.safetensors'))),
    name,
  );
  return new Map([...tensors].map(([key, one]) => [key, { shape: one.shape, values: toFloat32(one) }]));
}

/** What a tower says of the case: its pooled vectors, or with CLIP's projection unit vectors. */
function said(
  family: Family,
  fields: FieldValues,
  tensors: Tensors,
  given: Case['inputs'],
  width: number,
): number[] {
  const definition = find(encoders, family, 'encoders');
  const shape = { batch: 2, imageSize: 16, textLength: 6, vocabulary: 99 };
  const graph = new Graph();
  const tower = takeTower(tensors, family, Number(fields['depth']));
  const inputs = modalityInputs(graph, definition.modality, shape);
  const { pooled } = definition.build({ graph, inputs, fields, shape, width, training: false });
  const wanted = tower.has('projection.weight') ? unitLength(pooled) : pooled;
  const [values] = interpret(graph, [wanted], (name) => {
    const own = tower.get(name);
    if (own) {
      expect(own.shape, name).toEqual(graph.parameters.get(name)?.tensor.shape);
      return own.values;
    }
    // Without a projection of its own a tower hands on what it has.
    if (name === 'projection.weight')
      return Array.from({ length: width * width }, (_, at) => Number(at % (width + 1) === 0));
    return given[name];
  });
  return [...values];
}

const bytesOf = (values: Float32Array = new Float32Array()) =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

const furthest = (a: readonly number[], b: readonly number[]) => {
  expect(a.length).toBe(b.length);
  return Math.max(...a.map((value, at) => Math.abs(value - b[at])));
};

describePython('towers from Hugging Face', () => {
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'amalgam-hub-'));
    python(
      process.cwd(),
      fileURLToPath(new URL('../../models/testing/torch/hub.py', import.meta.url)),
      folder,
    );
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  test('CLIP’s two towers', () => {
    const config = v.parse(clipConfig, json('clip/config.json'));
    const { inputs, outputs }: Case = json('clip/case.json');
    const tensors = tensorsOf('clip');
    const { vision_config: vision, text_config: text, projection_dim: width } = config;
    const image = { ...layerFields(vision), patch: vision.patch_size };
    const words = { ...layerFields(text), places: text.max_position_embeddings };
    expect(furthest(said('clip-vision', image, tensors, inputs, width), outputs['image'])).toBeLessThan(1e-6);
    expect(furthest(said('clip-text', words, tensors, inputs, width), outputs['text'])).toBeLessThan(1e-6);
  });

  test('ViT', () => {
    const config = v.parse(vitConfig, json('vit/config.json'));
    const { inputs, outputs }: Case = json('vit/case.json');
    const fields = { ...layerFields(config), patch: config.patch_size };
    const found = said('hf-vit', fields, tensorsOf('vit'), inputs, config.hidden_size);
    expect(furthest(found, outputs['pooled'])).toBeLessThan(1e-6);
  });

  test('BERT', () => {
    const config = v.parse(bertConfig, json('bert/config.json'));
    const { inputs, outputs }: Case = json('bert/case.json');
    const fields = { ...layerFields(config), places: config.max_position_embeddings };
    const found = said('bert', fields, tensorsOf('bert'), inputs, config.hidden_size);
    expect(furthest(found, outputs['pooled'])).toBeLessThan(1e-6);
  });

  test('CLIP’s tensors go back as they came, by their names', () => {
    const tensors = tensorsOf('clip');
    const back = new Map([
      ...giveTower(takeTower(tensors, 'clip-vision', 2), 'clip-vision', 2),
      ...giveTower(takeTower(tensors, 'clip-text', 2), 'clip-text', 2),
    ]);
    for (const [name, { shape, values }] of tensors) {
      if (name === 'logit_scale') continue;
      expect(back.get(name)?.shape, name).toEqual(shape);
      expect(Buffer.compare(bytesOf(back.get(name)?.values), bytesOf(values)), name).toBe(0);
    }
    expect(back.size).toBe(tensors.size - 1);
  });

  test('a prefix and the names of old files are known; what is missing is named', () => {
    const tensors = tensorsOf('bert');
    const old = new Map(
      [...tensors].map(([name, tensor]) => [
        `bert.${name.replace('LayerNorm.weight', 'LayerNorm.gamma').replace('LayerNorm.bias', 'LayerNorm.beta')}`,
        tensor,
      ]),
    );
    expect(takeTower(old, 'bert', 2)).toEqual(takeTower(tensors, 'bert', 2));
    const less = new Map(tensors);
    less.delete('encoder.layer.1.attention.self.key.bias');
    expect(() => takeTower(less, 'bert', 2)).toThrow(StudioError);
    expect(() => takeTower(less, 'bert', 2)).toThrow('encoder.layer.1.attention.self.key.bias');
  });
});
