/**
 * A checkpoint of Hugging Face as a model of ours: CLIP whole, ViT and BERT as the tower of a recipe of one modality.
 * Continued on other data, its weights are frozen, adapted or trained like those of any run.
 */
import * as v from 'valibot';
import { StudioError } from '../core/errors.ts';
import type { FieldValues } from '../core/fields.ts';
import { parseRecipe, type Recipe } from '../core/recipe.ts';
import type { ModelFacts } from '../data/facts.ts';
import { trainBpe } from '../data/text/bpe.ts';
import { loadTokenizer } from '../data/text/tokenizer.ts';
import { readTokenizerFiles } from '../data/text/tokenizerFiles.ts';
import type { ModelBundle } from '../interchange/bundle.ts';
import { bertConfig, clipConfig, layerFields, vitConfig } from '../interchange/huggingFace/config.ts';
import { type Family, type Tensors, takeTower } from '../interchange/huggingFace/towers.ts';
import { readSafetensors } from '../interchange/safetensors.ts';
import { toFloat32 } from '../interchange/tensorTypes.ts';
import { initialize } from '../models/initialize.ts';
import { layoutOf } from './parameters.ts';

/** Files by name, without folders. */
export type HubFiles = ReadonlyMap<string, Uint8Array>;

/** What is read of a folder. */
export const hubFile =
  /^(config\.json|[^/]+\.safetensors|tokenizer\.json|vocab\.json|merges\.txt|preprocessor_config\.json)$/;

/** Whether these are files of Hugging Face rather than of ours. @param names without folders */
export const isHubModel = (names: ReadonlySet<string>): boolean =>
  names.has('config.json') &&
  !names.has('recipe.json') &&
  [...names].some((name) => name.endsWith('.safetensors'));

const parts = {
  training: {
    batch: 32,
    steps: 1000,
    optimizer: { type: 'adamw', rate: 0.00002 },
    schedule: { type: 'cosine', warmup: 50 },
    clip: 1,
    validateEvery: 50,
    validatePairs: 500,
    checkpointEvery: 250,
  },
  augment: { crop: 0, flip: false, color: 0, wordDropout: 0 },
  split: { by: 'random', validation: 0.1, test: 0, seed: 0 },
};

interface Shape {
  recipe: Recipe;
  towers: Record<string, { family: Family; depth: number }>;
  imageSize: number;
  vocabulary?: number;
}

/** What config.json says, as a recipe. */
function shapeOfConfig(json: unknown, name: string, fail: (message: string) => never): Shape {
  const kind = v.safeParse(v.looseObject({ model_type: v.string() }), json);
  if (!kind.success) return fail('config.json: model_type is missing');
  const checked = <T>(result: v.SafeParseResult<v.GenericSchema<unknown, T>>): T =>
    result.success
      ? result.output
      : fail(`config.json: ${v.getDotPath(result.issues[0]) ?? 'file'}: ${result.issues[0].message}`);
  const recipeOf = (
    data: { imageSize: number; textLength: number; vocabulary: number },
    encoders: Record<string, FieldValues>,
    fusion: FieldValues,
    objective: FieldValues,
  ): Recipe =>
    parseRecipe({
      format: 'amalgam-recipe/1',
      name,
      // What a tokenizer would learn at most; this one is given.
      data: {
        ...data,
        vocabulary: Math.max(260, data.vocabulary),
        augment: parts.augment,
        split: parts.split,
      },
      encoders,
      fusion,
      objectives: [objective],
      training: parts.training,
      seed: 0,
    });
  const { model_type: type } = kind.output;
  if (type === 'clip') {
    const config = checked(v.safeParse(clipConfig, json));
    const { vision_config: vision, text_config: text } = config;
    const places = text.max_position_embeddings;
    return {
      recipe: recipeOf(
        { imageSize: vision.image_size, textLength: places, vocabulary: text.vocab_size },
        {
          image: { type: 'clip-vision', ...layerFields(vision), patch: vision.patch_size },
          text: { type: 'clip-text', ...layerFields(text), places },
        },
        { type: 'two-tower', width: config.projection_dim },
        { type: 'infonce', direction: 'both', temperature: 0.07, learned: true },
      ),
      towers: {
        image: { family: 'clip-vision', depth: vision.num_hidden_layers },
        text: { family: 'clip-text', depth: text.num_hidden_layers },
      },
      imageSize: vision.image_size,
      vocabulary: text.vocab_size,
    };
  }
  if (type === 'vit') {
    const config = checked(v.safeParse(vitConfig, json));
    return {
      recipe: recipeOf(
        { imageSize: config.image_size, textLength: 32, vocabulary: 512 },
        { image: { type: 'hf-vit', ...layerFields(config), patch: config.patch_size } },
        { type: 'late', width: 64, combine: 'sum' },
        // All of a tower must be in its graph, its last norm too: something is predicted from its pooled vector.
        { type: 'regression' },
      ),
      towers: { image: { family: 'hf-vit', depth: config.num_hidden_layers } },
      imageSize: config.image_size,
    };
  }
  if (type === 'bert') {
    const config = checked(v.safeParse(bertConfig, json));
    const places = config.max_position_embeddings;
    return {
      recipe: recipeOf(
        { imageSize: 64, textLength: Math.min(places, 64), vocabulary: config.vocab_size },
        { text: { type: 'bert', ...layerFields(config), places } },
        { type: 'late', width: 64, combine: 'sum' },
        { type: 'mlm' },
      ),
      towers: { text: { family: 'bert', depth: config.num_hidden_layers } },
      imageSize: 0,
      vocabulary: config.vocab_size,
    };
  }
  return fail(`config.json: model_type “${type}” is not one of clip, vit, bert`);
}

function tensorsIn(files: HubFiles, name: string, fail: (message: string) => never): Tensors {
  const tensors = new Map<string, { shape: number[]; values: Float32Array }>();
  // A large model lies in several files.
  for (const [file, bytes] of files)
    if (file.endsWith('.safetensors'))
      for (const [tensor, stored] of readSafetensors(bytes, `${name} › ${file}`).tensors) {
        const values = toFloat32(stored);
        const at = values.findIndex((value) => !Number.isFinite(value));
        if (at >= 0) return fail(`tensor “${tensor}” holds ${values[at]} at place ${at}`);
        tensors.set(tensor, { shape: stored.shape, values });
      }
  return tensors;
}

const three = v.tuple([v.number(), v.number(), v.number()]);
const pictureSchema = v.looseObject({ image_mean: three, image_std: three });
const half: [number, number, number] = [0.5, 0.5, 0.5];

/**
 * @param name of the folder, for messages and as the model's
 * @throws StudioError `bundle-invalid` naming the file and the place, `safetensors-invalid` with the tensor, `tokenizer-invalid`
 */
export function readHubModel(name: string, files: HubFiles): ModelBundle {
  const fail = (message: string): never => {
    throw new StudioError('bundle-invalid', { file: name, message });
  };
  const json = (file: string): unknown => {
    const bytes = files.get(file);
    if (!bytes) return undefined;
    try {
      return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    } catch {
      return fail(`${file} is not JSON`);
    }
  };
  const { recipe, towers, imageSize, vocabulary } = shapeOfConfig(json('config.json'), name, fail);
  const tokenizerFiles = ['tokenizer.json', 'vocab.json', 'merges.txt'].flatMap((file) => {
    const bytes = files.get(file);
    return bytes ? [{ name: file, bytes }] : [];
  });
  if (vocabulary && tokenizerFiles.length === 0) return fail('tokenizer.json is missing');
  // A model of pictures alone reads no words; the least tokenizer stands in.
  const tokenizerJson = vocabulary ? readTokenizerFiles(tokenizerFiles).json : trainBpe([''], 260);
  const tokenizer = loadTokenizer(tokenizerJson);
  if (vocabulary && tokenizer.vocabularySize > vocabulary)
    return fail(`the tokenizer has ${tokenizer.vocabularySize} words, the model ${vocabulary}`);
  const picture = v.safeParse(pictureSchema, json('preprocessor_config.json'));
  const { image_mean: mean, image_std: deviation } = picture.success
    ? picture.output
    : { image_mean: half, image_std: half };
  const facts: ModelFacts = {
    vocabulary: vocabulary ?? tokenizer.vocabularySize,
    marks: {
      pad: tokenizer.padId,
      start: tokenizer.startId,
      end: tokenizer.endId,
      mask: tokenizer.maskId ?? -1,
    },
    size: imageSize,
    ...(recipe.objectives[0].type === 'regression' && {
      target: { name: 'value', kind: 'number', classes: [], mean: 0, deviation: 1 },
    }),
    ...(imageSize > 0 && { picture: { mean, deviation, fit: 'crop', background: '#ffffff' } }),
  };
  const layout = layoutOf(recipe, facts);
  const begun = initialize(layout, recipe.seed);
  const weights: ModelBundle['weights'] = new Map(
    layout.entries.map(({ name: own, tensor, offset, size }) => [
      own,
      { shape: [...tensor.shape], values: begun.slice(offset, offset + size) },
    ]),
  );
  const tensors = tensorsIn(files, name, fail);
  for (const [modality, { family, depth }] of Object.entries(towers))
    for (const [part, tensor] of takeTower(tensors, family, depth)) {
      const own = `${modality}.${part}`;
      const wanted = weights.get(own)?.shape.join(' × ');
      if (wanted !== tensor.shape.join(' × '))
        return fail(`“${own}” is ${tensor.shape.join(' × ')}; config.json asks for ${wanted}`);
      weights.set(own, tensor);
    }
  const scale = tensors.get('logit_scale');
  if (scale && weights.has('infonce.logit_scale'))
    weights.set('infonce.logit_scale', { shape: [], values: scale.values });
  return {
    recipe,
    tokenizerJson,
    weights,
    facts,
    preprocessing: {
      size: imageSize || recipe.data.imageSize,
      mean,
      deviation,
      fit: 'crop',
      background: '#ffffff',
    },
    datasetName: 'Hugging Face',
    fingerprint: '',
    step: 0,
  };
}
