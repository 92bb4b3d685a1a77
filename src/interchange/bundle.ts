/**
 * A trained model as one zip that other tools read too: `model.safetensors`, `tokenizer.json` and
 * `preprocessor_config.json` as Hugging Face's libraries expect them, the recipe that made it, and a model card.
 * Equal models give equal bytes. A zip that comes in is not trusted: only the wanted names are unpacked, up to limits
 * that are checked before anything is allocated, and a hash notices damaged weights.
 */
import { type Zippable, zipSync } from 'fflate';
import * as v from 'valibot';
import { StudioError } from '../core/errors.ts';
import { parseRecipe, type Recipe } from '../core/recipe.ts';
import { sha256 } from '../core/sha256.ts';
import type { ModelFacts } from '../data/facts.ts';
import { readFacts } from './facts.ts';
import { modelCard } from './modelCard.ts';
import { type Preprocessing, readPreprocessing, writePreprocessing } from './preprocessing.ts';
import { readSafetensors, writeSafetensors } from './safetensors.ts';
import { toFloat32 } from './tensorTypes.ts';
import { unpack } from './unpack.ts';

export interface ModelBundle {
  recipe: Recipe;
  tokenizerJson: unknown;
  weights: Map<string, { shape: number[]; values: Float32Array }>;
  preprocessing: Preprocessing;
  /** What the model remembers of its data; absent in bundles of older versions. */
  facts?: ModelFacts;
  metrics?: Record<string, number>;
  datasetName: string;
  /** Fingerprint of the data that it was trained on. */
  fingerprint: string;
  step: number;
}

const names = {
  weights: 'model.safetensors',
  recipe: 'recipe.json',
  tokenizer: 'tokenizer.json',
  preprocessing: 'preprocessor_config.json',
  facts: 'data_facts.json',
} as const;
/** Most bytes after unpacking: weights of half a billion numbers, texts far above what a vocabulary needs. */
const limits = { weights: 2_000_000_000, text: 64_000_000 };

const metadataSchema = v.object({
  step: v.pipe(v.string(), v.regex(/^\d{1,12}$/), v.transform(Number)),
  dataset: v.string(),
  fingerprint: v.string(),
  metrics: v.optional(v.string()),
  weights_sha256: v.string(),
});
const metricsSchema = v.record(v.string(), v.number());

export function writeBundle(bundle: ModelBundle): Uint8Array {
  const metadata: Record<string, string> = {
    format: 'pt',
    step: String(bundle.step),
    dataset: bundle.datasetName,
    fingerprint: bundle.fingerprint,
    weights_sha256: hashOf(bundle.weights),
  };
  const measured = Object.entries(bundle.metrics ?? {}).filter(([, value]) => Number.isFinite(value));
  if (bundle.metrics) metadata['metrics'] = JSON.stringify(Object.fromEntries(measured));
  const text = (value: unknown) => new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`);
  const files: Zippable = {
    // Trained weights are noise to a compressor.
    [names.weights]: [writeSafetensors(bundle.weights, metadata), { level: 0 }],
    [names.recipe]: text(bundle.recipe),
    [names.tokenizer]: text(bundle.tokenizerJson),
    [names.preprocessing]: text(writePreprocessing(bundle.preprocessing)),
    ...(bundle.facts && { [names.facts]: text(bundle.facts) }),
    'README.md': new TextEncoder().encode(cardOf(bundle)),
  };
  // The zip format's first day, in local time as fflate reads it.
  return zipSync(files, { mtime: new Date(1980, 0, 1), level: 6 });
}

const described = [
  [names.weights, 'the weights, float32'],
  [names.recipe, 'everything that made them; open it in the studio, or train again headless'],
  [names.tokenizer, 'for Hugging Face’s tokenizers'],
  [names.preprocessing, 'size, mean and deviation of the pictures'],
] as const;

const use = `\`\`\`python
from safetensors.numpy import load_file
from tokenizers import Tokenizer

weights = load_file("model.safetensors")
ids = Tokenizer.from_file("tokenizer.json").encode("a small red circle").ids
\`\`\`
`;

function cardOf(bundle: ModelBundle): string {
  const { size, fit } = bundle.preprocessing;
  const parameters = [...bundle.weights.values()].reduce((sum, { values }) => sum + values.length, 0);
  const picture = bundle.recipe.encoders['image'] ? `${size} × ${size}, ${fit}` : undefined;
  return modelCard({ ...bundle, parameters, picture }, described, use);
}

/**
 * @param name the file's name, for messages
 * @throws StudioError `bundle-invalid`; `safetensors-invalid` where only the weights are damaged
 */
export function readBundle(name: string, bytes: Uint8Array): ModelBundle {
  const fail = (message: string): never => {
    throw new StudioError('bundle-invalid', { file: name, message });
  };
  const wanted = new Set<string>(Object.values(names));
  const limitOf = (plain: string) => (plain === names.weights ? limits.weights : limits.text);
  const files = unpack(bytes, (plain) => (wanted.has(plain) ? limitOf(plain) : undefined), fail);
  const file = (part: keyof typeof names): Uint8Array =>
    files.get(names[part]) ?? fail(`${names[part]} is missing`);
  const json = (part: keyof typeof names): unknown => {
    try {
      return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(file(part)));
    } catch (error) {
      if (error instanceof StudioError) throw error;
      return fail(`${names[part]} is not JSON`);
    }
  };
  const { tensors, metadata } = readSafetensors(file('weights'), `${name} › ${names.weights}`);
  const known = v.safeParse(metadataSchema, metadata);
  if (!known.success) return fail(`${names.weights} does not say what it was trained on`);
  const weights: ModelBundle['weights'] = new Map();
  for (const [tensor, stored] of tensors)
    weights.set(tensor, { shape: stored.shape, values: toFloat32(stored) });
  for (const [tensor, { values }] of weights) {
    const at = values.findIndex((value) => !Number.isFinite(value));
    if (at >= 0) return fail(`tensor “${tensor}” holds ${values[at]} at place ${at}`);
  }
  if (hashOf(weights) !== known.output.weights_sha256)
    return fail(`the weights differ from those that were exported`);
  const tokenizerJson = json('tokenizer');
  if (!v.is(v.looseObject({ model: v.looseObject({}) }), tokenizerJson))
    return fail(`${names.tokenizer} is not a tokenizer`);
  const preprocessing = readPreprocessing(json('preprocessing'));
  if (typeof preprocessing === 'string') return fail(`${names.preprocessing}: ${preprocessing}`);
  return {
    recipe: recipeOf(json('recipe'), fail),
    tokenizerJson,
    weights,
    preprocessing,
    ...(files.has(names.facts) && {
      facts: readFacts(json('facts'), (message) => fail(`${names.facts}: ${message}`)),
    }),
    ...(known.output.metrics !== undefined && { metrics: metricsOf(known.output.metrics, fail) }),
    datasetName: known.output.dataset,
    fingerprint: known.output.fingerprint,
    step: known.output.step,
  };
}

type Fail = (message: string) => never;

function recipeOf(json: unknown, fail: Fail): Recipe {
  try {
    return parseRecipe(json);
  } catch (error) {
    if (!(error instanceof StudioError)) throw error;
    return fail(`${names.recipe}: ${error.params.path}: ${error.params.message}`);
  }
}

function metricsOf(text: string, fail: Fail): Record<string, number> {
  try {
    return v.parse(metricsSchema, JSON.parse(text));
  } catch {
    return fail(`${names.weights} holds metrics that are not numbers`);
  }
}

/** SHA-256 over names, shapes and values, in the order of names. */
function hashOf(weights: ModelBundle['weights']): string {
  const hash = sha256();
  for (const name of [...weights.keys()].sort()) {
    const entry = weights.get(name);
    if (!entry) continue;
    const { shape, values } = entry;
    hash.update(`${JSON.stringify([name, ...shape])}\n`);
    hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  }
  return hash.hex();
}
