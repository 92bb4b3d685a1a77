/**
 * Which tensor of a Hugging Face checkpoint is which of ours, for CLIP's two towers, ViT and BERT. One table serves both ways. Names are those that
 * transformers writes; a model's own prefix (`vit.`, `bert.`) may stand in front, and `gamma` and `beta` of old files are weights and biases.
 */
import { StudioError } from '../../core/errors.ts';

interface Values {
  shape: number[];
  values: Float32Array;
}
export type Tensors = ReadonlyMap<string, Values>;

/** Ours from theirs: rows one below the other; `patch` a convolution [D, 3, p, p] as [D, p·p·3]; `flat` without leading axes of 1; `first` its first row. */
interface Piece {
  ours: string;
  hub: string[];
  as?: 'patch' | 'flat' | 'first';
}

export const families = ['clip-vision', 'clip-text', 'hf-vit', 'bert'] as const;
export type Family = (typeof families)[number];

const both = (ours: string, hub: string): Piece[] =>
  ['weight', 'bias'].map((part) => ({ ours: `${ours}.${part}`, hub: [`${hub}.${part}`] }));
const joined = (ours: string, hubs: string[]): Piece[] =>
  ['weight', 'bias'].map((part) => ({ ours: `${ours}.${part}`, hub: hubs.map((hub) => `${hub}.${part}`) }));

interface BlockNames {
  prefix: string;
  qkv: string[];
  out: string;
  attentionNorm: string;
  fc1: string;
  fc2: string;
  mlpNorm: string;
}

const blockPieces = (depth: number, { prefix, qkv, ...names }: BlockNames): Piece[] =>
  Array.from({ length: depth }, (_, layer) => {
    const ours = `blocks.${layer}`;
    const at = (name: string) => `${prefix}.${layer}.${name}`;
    return [
      ...joined(`${ours}.attention.qkv`, qkv.map(at)),
      ...both(`${ours}.attention.out`, at(names.out)),
      ...both(`${ours}.attention.norm`, at(names.attentionNorm)),
      ...both(`${ours}.mlp.fc1`, at(names.fc1)),
      ...both(`${ours}.mlp.fc2`, at(names.fc2)),
      ...both(`${ours}.mlp.norm`, at(names.mlpNorm)),
    ];
  }).flat();

const clipBlock = (prefix: string): BlockNames => ({
  prefix: `${prefix}.encoder.layers`,
  qkv: ['self_attn.q_proj', 'self_attn.k_proj', 'self_attn.v_proj'],
  out: 'self_attn.out_proj',
  attentionNorm: 'layer_norm1',
  fc1: 'mlp.fc1',
  fc2: 'mlp.fc2',
  mlpNorm: 'layer_norm2',
});
const one = (ours: string, hub: string, as?: Piece['as']): Piece => ({ ours, hub: [hub], ...(as && { as }) });

const table: Record<Family, (depth: number) => Piece[]> = {
  'clip-vision': (depth) => [
    one('patch.weight', 'vision_model.embeddings.patch_embedding.weight', 'patch'),
    one('positions.class', 'vision_model.embeddings.class_embedding'),
    one('positions.weight', 'vision_model.embeddings.position_embedding.weight'),
    ...both('entry', 'vision_model.pre_layrnorm'),
    ...blockPieces(depth, clipBlock('vision_model')),
    ...both('norm', 'vision_model.post_layernorm'),
    one('projection.weight', 'visual_projection.weight'),
  ],
  'clip-text': (depth) => [
    one('embedding.weight', 'text_model.embeddings.token_embedding.weight'),
    one('positions.weight', 'text_model.embeddings.position_embedding.weight'),
    ...blockPieces(depth, clipBlock('text_model')),
    ...both('norm', 'text_model.final_layer_norm'),
    one('projection.weight', 'text_projection.weight'),
  ],
  'hf-vit': (depth) => [
    one('patch.weight', 'embeddings.patch_embeddings.projection.weight', 'patch'),
    one('patch.bias', 'embeddings.patch_embeddings.projection.bias'),
    one('positions.class', 'embeddings.cls_token', 'flat'),
    one('positions.weight', 'embeddings.position_embeddings', 'flat'),
    ...blockPieces(depth, {
      prefix: 'encoder.layer',
      qkv: ['query', 'key', 'value'].map((name) => `attention.attention.${name}`),
      out: 'attention.output.dense',
      attentionNorm: 'layernorm_before',
      fc1: 'intermediate.dense',
      fc2: 'output.dense',
      mlpNorm: 'layernorm_after',
    }),
    ...both('norm', 'layernorm'),
  ],
  bert: (depth) => [
    one('embedding.weight', 'embeddings.word_embeddings.weight'),
    one('positions.weight', 'embeddings.position_embeddings.weight'),
    one('positions.segment', 'embeddings.token_type_embeddings.weight', 'first'),
    ...both('entry', 'embeddings.LayerNorm'),
    ...blockPieces(depth, {
      prefix: 'encoder.layer',
      qkv: ['query', 'key', 'value'].map((name) => `attention.self.${name}`),
      out: 'attention.output.dense',
      attentionNorm: 'attention.output.LayerNorm',
      fc1: 'intermediate.dense',
      fc2: 'output.dense',
      mlpNorm: 'output.LayerNorm',
    }),
  ],
};

const invalid = (message: string): never => {
  throw new StudioError('safetensors-invalid', { file: 'model.safetensors', message });
};

/** By the names of the table, whatever prefix and age the file has. */
function plainNames(tensors: Tensors): Tensors {
  const plain = (name: string) =>
    name
      .replace(/^(?:vit|bert)\./, '')
      .replace(/LayerNorm\.gamma$/, 'LayerNorm.weight')
      .replace(/LayerNorm\.beta$/, 'LayerNorm.bias');
  return new Map([...tensors].map(([name, tensor]) => [plain(name), tensor]));
}

/** [D, 3, p, p] as [D, p·p·3]: our patches are rows, columns, channels. */
function fromPatch({ shape, values }: Values): Values {
  const [width, channels = 0, side = 0, columns = 0] = shape;
  if (shape.length !== 4 || channels !== 3 || side !== columns)
    return invalid(`the patch embedding is ${shape.join(' × ')}; width × 3 × side × side is needed`);
  const area = side * side;
  const moved = new Float32Array(values.length);
  for (let row = 0; row < width; row++)
    for (let channel = 0; channel < 3; channel++)
      for (let at = 0; at < area; at++)
        moved[(row * area + at) * 3 + channel] = values[(row * 3 + channel) * area + at];
  return { shape: [width, area * 3], values: moved };
}

function toPatch({ shape, values }: Values): Values {
  const [width, inner] = shape;
  const area = inner / 3;
  const side = Math.round(Math.sqrt(area));
  const moved = new Float32Array(values.length);
  for (let row = 0; row < width; row++)
    for (let channel = 0; channel < 3; channel++)
      for (let at = 0; at < area; at++)
        moved[(row * 3 + channel) * area + at] = values[(row * area + at) * 3 + channel];
  return { shape: [width, 3, side, side], values: moved };
}

function below(parts: readonly Values[]): Values {
  const [first] = parts;
  if (parts.length === 1) return first;
  const tail = first.shape.slice(1);
  const values = new Float32Array(parts.reduce((sum, part) => sum + part.values.length, 0));
  let at = 0;
  for (const part of parts) {
    values.set(part.values, at);
    at += part.values.length;
  }
  return { shape: [parts.reduce((sum, { shape }) => sum + shape[0], 0), ...tail], values };
}

/**
 * A tower's weights by our names, without the encoder's own path.
 * @throws StudioError `safetensors-invalid` naming the tensor that is missing
 */
export function takeTower(tensors: Tensors, family: Family, depth: number): Map<string, Values> {
  const named = plainNames(tensors);
  const found = (name: string): Values => named.get(name) ?? invalid(`tensor “${name}” is missing`);
  return new Map(
    table[family](depth).map(({ ours, hub, as }) => {
      const whole = below(hub.map(found));
      if (as === 'patch') return [ours, fromPatch(whole)];
      if (as === 'flat') {
        const from = whole.shape.findIndex((size) => size !== 1);
        return [ours, { ...whole, shape: whole.shape.slice(Math.max(0, from)) }];
      }
      if (as === 'first') {
        const width = whole.shape[1];
        return [ours, { shape: [width], values: whole.values.slice(0, width) }];
      }
      return [ours, whole];
    }),
  );
}

/** CLIP's towers by their names on the hub. @param tensors by our names, without the encoder's own path */
export function giveTower(
  tensors: Tensors,
  family: 'clip-vision' | 'clip-text',
  depth: number,
): Map<string, Values> {
  const given = new Map<string, Values>();
  for (const { ours, hub, as } of table[family](depth)) {
    const whole = tensors.get(ours) ?? invalid(`tensor “${ours}” is missing`);
    if (as === 'patch') given.set(hub[0], toPatch(whole));
    else {
      const size = whole.values.length / hub.length;
      const shape = [whole.shape[0] / hub.length, ...whole.shape.slice(1)];
      for (const [index, name] of hub.entries())
        given.set(name, { shape, values: whole.values.slice(index * size, (index + 1) * size) });
    }
  }
  return given;
}
