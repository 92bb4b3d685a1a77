import fc from 'fast-check';
import { strToU8, unzipSync, type Zippable, zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { StudioError } from '../core/errors.ts';
import { trainBpe } from '../data/text/bpe.ts';
import { loadTokenizer } from '../data/text/tokenizer.ts';
import { type ModelBundle, readBundle, writeBundle } from './bundle.ts';

const bundle: ModelBundle = {
  recipe: {
    format: 'amalgam-recipe/1',
    name: 'Shapes | small',
    data: {
      imageSize: 32,
      textLength: 24,
      vocabulary: 512,
      split: { by: 'files', validation: 0.1, test: 0, seed: 0 },
      augment: { crop: 0.1, flip: false, color: 0.2, wordDropout: 0 },
    },
    encoders: { image: { type: 'vit', width: 64 }, text: { type: 'transformer', width: 64 } },
    fusion: { type: 'two-towers' },
    objectives: [{ type: 'contrastive' }],
    training: {
      batch: 64,
      steps: 1500,
      optimizer: { type: 'adamw' },
      schedule: { type: 'cosine' },
      clip: 1,
      validateEvery: 100,
      validatePairs: 100,
      checkpointEvery: 500,
    },
    seed: 1,
  },
  tokenizerJson: trainBpe(['a small red circle', 'a big red circle'], 280),
  weights: new Map([
    ['image.patch.weight', { shape: [2, 3], values: Float32Array.of(1, -2, 3.5, 4, -5, 6) }],
    ['logitScale', { shape: [], values: Float32Array.of(2.6592) }],
  ]),
  preprocessing: {
    size: 32,
    mean: [0.9, 0.8, 0.7],
    deviation: [0.2, 0.25, 0.3],
    fit: 'pad',
    background: '#ffffff',
  },
  metrics: { 'val.r1': 0.71, loss: 0.25 },
  datasetName: 'Shapes',
  fingerprint: 'f'.repeat(64),
  step: 1500,
};
const bytes = writeBundle(bundle);

/** The bundle with some of its files changed or left out. */
function changed(change: Record<string, Uint8Array | undefined>): Uint8Array {
  const files: Zippable = { ...unzipSync(bytes) };
  for (const [name, content] of Object.entries(change)) {
    if (content) files[name] = content;
    else delete files[name];
  }
  return zipSync(files);
}

function verdict(zip: Uint8Array): string {
  try {
    readBundle('model.zip', zip);
  } catch (error) {
    if (error instanceof StudioError && /^(bundle|safetensors)-invalid$/.test(error.code))
      return String(error.params.message);
    throw error;
  }
  return 'accepted';
}

test('what is written is read again; equal models give equal bytes', () => {
  expect(readBundle('model.zip', bytes)).toEqual(bundle);
  expect(writeBundle(readBundle('model.zip', bytes))).toEqual(bytes);
  const { metrics: _, ...unmeasured } = bundle;
  expect(readBundle('model.zip', writeBundle(unmeasured))).toEqual(unmeasured);
});

test('the tokenizer still works after the way through the zip', () => {
  const again = loadTokenizer(readBundle('model.zip', bytes).tokenizerJson);
  expect(again.encode('a red circle', 10)).toEqual(
    loadTokenizer(bundle.tokenizerJson).encode('a red circle', 10),
  );
});

test('the model card says what is inside', () => {
  const card = new TextDecoder().decode(unzipSync(bytes)['README.md']);
  expect(card).toContain('# Shapes \\| small');
  expect(card).toContain('| val.r1 | 0.71 |');
  expect(card).toContain('| parameters | 7 |');
});

test('packed again as a folder, with a Mac’s extra files, it still opens', () => {
  const files = Object.fromEntries(
    Object.entries(unzipSync(bytes)).flatMap(([name, content]) => [
      [`my model/${name}`, content],
      [`__MACOSX/${name}`, strToU8('x')],
    ]),
  );
  expect(readBundle('model.zip', zipSync(files))).toEqual(bundle);
});

test('what is not a bundle is refused with a reason', () => {
  const weights = unzipSync(bytes)['model.safetensors'];
  const damaged = weights.slice();
  damaged[damaged.length - 1] ^= 1;
  const claim = bytes.slice();
  // The claimed size of the first entry of the central directory, far above what it holds.
  const directory = new DataView(claim.buffer).getUint32(claim.length - 6, true);
  new DataView(claim.buffer).setUint32(directory + 24, 1_900_000_000, true);
  expect({
    'not a zip': verdict(strToU8('hello')),
    'cut off': verdict(bytes.subarray(0, bytes.length / 2)),
    'no weights': verdict(changed({ 'model.safetensors': undefined })),
    'no recipe': verdict(changed({ 'recipe.json': undefined })),
    'recipe not JSON': verdict(changed({ 'recipe.json': strToU8('{') })),
    'recipe of another format': verdict(changed({ 'recipe.json': strToU8('{"format":"x"}') })),
    'tokenizer a list': verdict(changed({ 'tokenizer.json': strToU8('[]') })),
    'deviation 0': verdict(
      changed({
        'preprocessor_config.json': strToU8(
          '{"size":{"height":32,"width":32},"image_mean":[0,0,0],"image_std":[1,1,0],"fit":"pad","background":"#ffffff"}',
        ),
      }),
    ),
    'weights not safetensors': verdict(changed({ 'model.safetensors': strToU8('x') })),
    'one bit of a weight': verdict(changed({ 'model.safetensors': damaged })),
    'a weight that is no number': verdict(
      writeBundle({
        ...bundle,
        weights: new Map([['image.bias', { shape: [2], values: Float32Array.of(1, Number.NaN) }]]),
      }),
    ),
    twice: verdict(changed({ 'a/recipe.json': strToU8('{}') })),
    'false claim of size': verdict(claim),
    'many files': verdict(
      zipSync(Object.fromEntries(Array.from({ length: 1100 }, (_, i) => [`${i}`, new Uint8Array(0)]))),
    ),
    bomb: verdict(changed({ 'tokenizer.json': new Uint8Array(80_000_000) })),
  }).toMatchInlineSnapshot(`
    {
      "a weight that is no number": "tensor “image.bias” holds NaN at place 1",
      "bomb": "tokenizer.json unpacks to more than 64000000 bytes",
      "cut off": "not a zip: invalid zip data",
      "deviation 0": "preprocessor_config.json: image_std: a deviation of 0",
      "false claim of size": "model.safetensors claims 1900000000 bytes, more than it can hold",
      "many files": "more than 1000 files",
      "no recipe": "recipe.json is missing",
      "no weights": "model.safetensors is missing",
      "not a zip": "not a zip: invalid zip data",
      "one bit of a weight": "the weights differ from those that were exported",
      "recipe not JSON": "recipe.json is not JSON",
      "recipe of another format": "recipe.json: format: Invalid type: Expected "amalgam-recipe/1" but received "x"",
      "tokenizer a list": "tokenizer.json is not a tokenizer",
      "twice": "recipe.json is there twice",
      "weights not safetensors": "1 bytes are too few for the length of the header",
    }
  `);
});

test('a damaged zip never gives anything but its own error', () => {
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.nat(255), (at, byte) => {
      const damaged = bytes.slice();
      damaged[at] = byte;
      verdict(damaged);
    }),
    { numRuns: 300 },
  );
});
