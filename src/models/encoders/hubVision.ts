/** Vision Transformers whose weights come from Hugging Face: CLIP's (a norm before the blocks, patches without bias) and ViT's. Pooled by the class token. */
import type { Graph } from '../../engine/graph/graph.ts';
import type { Tensor } from '../../engine/graph/tensor.ts';
import { add, broadcast, concat, reshape, slice } from '../../engine/ops/functions.ts';
import type { EncoderDefinition } from '../definition.ts';
import { hubStack } from '../layers/hubStack.ts';
import { linear } from '../layers/linear.ts';
import { norm } from '../layers/norm.ts';
import { patches, seenOnly } from '../layers/patches.ts';
import { hubFields, hubPatch } from './hubFields.ts';

function embedded(graph: Graph, images: Tensor, patch: number, width: number, bias: boolean): Tensor {
  const cut = graph.scope('patch', () => patches(images, patch));
  const x = linear(graph, 'patch', cut, width, { bias });
  const [batch, count] = x.shape;
  return graph.scope('positions', () => {
    const begin = { kind: 'normal', deviation: 0.02 } as const;
    const positions = graph.parameter('weight', [count + 1, width], begin);
    const first = broadcast(reshape(graph.parameter('class', [width], begin), [1, 1, width]), [
      batch,
      1,
      width,
    ]);
    return add(concat([first, x], 1), positions);
  });
}

const build =
  ({
    bias,
    entry,
    epsilon,
  }: {
    bias: boolean;
    entry: boolean;
    epsilon: number;
  }): EncoderDefinition['build'] =>
  ({ graph, inputs, fields, width: shared, probe }) => {
    const width = Number(fields['width']);
    const whole = embedded(graph, inputs['images'], Number(fields['patch']), width, bias);
    const read = inputs['kept'] ? seenOnly(whole, inputs['kept'], 1) : whole;
    const entered = entry ? norm(graph, 'entry', read, epsilon) : read;
    const tokens = hubStack(graph, entered, fields, { epsilon, probe });
    const first = reshape(slice(tokens, 1, 0, 1), [tokens.shape[0], width]);
    const pooled = norm(graph, 'norm', first, epsilon);
    return { pooled: linear(graph, 'projection', pooled, shared, { bias: false }), tokens };
  };

export const clipVision: EncoderDefinition = {
  type: 'clip-vision',
  modality: 'image',
  title: { en: 'CLIP vision tower', zh: 'CLIP 视觉塔' },
  summary: {
    en: 'CLIP’s Vision Transformer, for weights from Hugging Face.',
    zh: 'CLIP 的视觉 Transformer，可载入 Hugging Face 权重。',
  },
  source: 'Radford et al. 2021, arXiv 2103.00020; transformers CLIPVisionModel',
  fields: [hubPatch, ...hubFields(768, 12, 12, 'quick_gelu')],
  tokenWidth: ({ width }) => Number(width),
  patch: ({ patch }) => Number(patch),
  build: build({ bias: false, entry: true, epsilon: 1e-5 }),
};

export const hubVit: EncoderDefinition = {
  type: 'hf-vit',
  modality: 'image',
  title: { en: 'ViT from Hugging Face', zh: 'Hugging Face 的 ViT' },
  summary: {
    en: 'A Vision Transformer as transformers’ ViT has it, for its weights.',
    zh: '与 transformers 的 ViT 结构一致，可载入其权重。',
  },
  source: 'Dosovitskiy et al. 2020, arXiv 2010.11929; transformers ViTModel',
  fields: [hubPatch, ...hubFields(768, 12, 12, 'gelu')],
  tokenWidth: ({ width }) => Number(width),
  patch: ({ patch }) => Number(patch),
  build: build({ bias: true, entry: false, epsilon: 1e-12 }),
};
