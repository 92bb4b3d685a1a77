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
import { processor } from '../../engine/processor/executor.ts';
import { describePython, python } from '../../exports/testing/python.ts';
import { modalityInputs } from '../../models/inputs.ts';
import { encoders, find } from '../../models/registry.ts';
import { openBundle } from '../../player/model.ts';
import { readHubModel } from '../../training/hubModel.ts';
import { queryVector } from '../../training/search.ts';
import { readBundle, writeBundle } from '../bundle.ts';
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

  /** A tokenizer whose words are `w<id>`. */
  const words = {
    added_tokens: [],
    normalizer: null,
    pre_tokenizer: { type: 'WhitespaceSplit' },
    model: {
      type: 'WordLevel',
      unk_token: '[UNK]',
      vocab: {
        ...{ '[PAD]': 0, '[UNK]': 1, '[MASK]': 2 },
        ...Object.fromEntries(Array.from({ length: 94 }, (_, at) => [`w${at + 3}`, at + 3])),
        ...{ '<|startoftext|>': 97, '<|endoftext|>': 98 },
      },
    },
  };
  const filesOf = (name: string, more: Record<string, unknown> = {}): Map<string, Uint8Array> =>
    new Map([
      ...['config.json', 'model.safetensors'].map((file): [string, Uint8Array] => [
        file,
        new Uint8Array(readFileSync(join(folder, name, file))),
      ]),
      ...Object.entries({ 'tokenizer.json': words, ...more }).map(([file, value]): [string, Uint8Array] => [
        file,
        new TextEncoder().encode(JSON.stringify(value)),
      ]),
    ]);

  test('a folder of CLIP is a model that embeds words and pictures as transformers does', async () => {
    const preprocessing = { image_mean: [0.1, 0.2, 0.3], image_std: [0.4, 0.5, 0.6] };
    const bundle = readHubModel('clip', filesOf('clip', { 'preprocessor_config.json': preprocessing }));
    expect(bundle.preprocessing).toMatchObject({
      size: 16,
      mean: [0.1, 0.2, 0.3],
      deviation: [0.4, 0.5, 0.6],
    });
    // It leaves and comes back as any model.
    const model = await openBundle(readBundle('clip.zip', writeBundle(bundle)), processor);
    const { inputs, outputs }: Case = json('clip/case.json');
    const embedder = await model.embed();
    const pixels = 16 * 16 * 3;
    for (const row of [0, 1]) {
      const images = Float32Array.from(inputs['images'].slice(row * pixels, (row + 1) * pixels));
      const expected = outputs['image'].slice(row * 20, (row + 1) * 20);
      expect(furthest([...(await embedder.one('image', { images }))], expected)).toBeLessThan(1e-5);
    }
    for (const [row, text] of ['w5 w9', 'w7'].entries()) {
      const found = await queryVector(model, { text });
      expect(furthest([...found], outputs['text'].slice(row * 20, (row + 1) * 20))).toBeLessThan(1e-5);
    }
    const logits = outputs['logits'][0];
    const cosine = outputs['image'].slice(0, 20).reduce((sum, x, at) => sum + x * outputs['text'][at], 0);
    expect(await model.scale()).toBeCloseTo(logits / cosine, 4);
  });

  test.each(['vit', 'bert'])('a folder of %s is a tower with all its weights', (name) => {
    const bundle = readHubModel(name, filesOf(name));
    const family = name === 'vit' ? 'hf-vit' : 'bert';
    const modality = name === 'vit' ? 'image' : 'text';
    for (const [part, { values }] of takeTower(tensorsOf(name), family, 2))
      expect(
        Buffer.compare(bytesOf(bundle.weights.get(`${modality}.${part}`)?.values), bytesOf(values)),
        part,
      ).toBe(0);
  });

  test('what does not fit is refused with its place', () => {
    const said = (name: string, change: (files: Map<string, Uint8Array>) => void) => {
      const files = filesOf(name);
      change(files);
      try {
        readHubModel(name, files);
      } catch (error) {
        if (error instanceof StudioError) return `${error.code}: ${error.params.message}`;
        throw error;
      }
      return 'accepted';
    };
    const config = (name: string, more: object) => (files: Map<string, Uint8Array>) => {
      files.set(
        'config.json',
        new TextEncoder().encode(JSON.stringify({ ...json(`${name}/config.json`), ...more })),
      );
    };
    expect({
      'no config': said('clip', (files) => files.delete('config.json')),
      'another kind': said('clip', config('clip', { model_type: 'llama' })),
      'another width': said('vit', config('vit', { hidden_size: 30 })),
      'more layers': said('bert', config('bert', { num_hidden_layers: 3 })),
      'another epsilon': said('bert', config('bert', { layer_norm_eps: 0.1 })),
      'another activation': said('vit', config('vit', { hidden_act: 'relu' })),
      'no tokenizer': said('clip', (files) => files.delete('tokenizer.json')),
      'a larger tokenizer': said('bert', config('bert', { vocab_size: 50 })),
      'weights cut off': said('vit', (files) =>
        files.set('model.safetensors', (files.get('model.safetensors') ?? new Uint8Array()).slice(0, -9)),
      ),
      'a weight that is no number': said('vit', (files) => {
        const bytes = (files.get('model.safetensors') ?? new Uint8Array()).slice();
        bytes.fill(255, bytes.length - 4);
        files.set('model.safetensors', bytes);
      }),
    }).toMatchInlineSnapshot(`
      {
        "a larger tokenizer": "bundle-invalid: the tokenizer has 99 words, the model 50",
        "a weight that is no number": "bundle-invalid: tensor “layernorm.weight” holds NaN at place 23",
        "another activation": "bundle-invalid: config.json: hidden_act: Invalid type: Expected ("quick_gelu" | "gelu" | "gelu_pytorch_tanh" | "gelu_new") but received "relu"",
        "another epsilon": "bundle-invalid: config.json: layer_norm_eps: only 1e-12 is known",
        "another kind": "bundle-invalid: config.json: model_type “llama” is not one of clip, vit, bert",
        "another width": "shape-mismatch: axis 2: width 30 must split into 3 heads of a multiple of 4",
        "more layers": "safetensors-invalid: tensor “encoder.layer.2.attention.self.query.weight” is missing",
        "no config": "bundle-invalid: config.json: model_type is missing",
        "no tokenizer": "bundle-invalid: tokenizer.json is missing",
        "weights cut off": "safetensors-invalid: tensor “layernorm.weight” ends at byte 55136; the file has 55127 bytes of data",
      }
    `);
  });
});
