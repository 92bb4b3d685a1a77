/**
 * Captioning: a causal decoder writes the caption token by token while it attends to the other modalities (Show, Attend and Tell, Xu et al. 2015;
 * the decoder is a Transformer's). Trained with teacher forcing; training/generate.ts writes captions with the same weights.
 */
import { StudioError } from '../../core/errors.ts';
import type { Tensor } from '../../engine/graph/tensor.ts';
import {
  add,
  affine,
  argMax,
  broadcast,
  concat,
  constant,
  crossEntropy,
  div,
  embedding,
  equal,
  mul,
  reshape,
  sum,
} from '../../engine/ops/functions.ts';
import type { ObjectiveContext, ObjectiveDefinition } from '../definition.ts';
import { decoderBlock, memoryKeys } from '../layers/decoderBlock.ts';
import { linear } from '../layers/linear.ts';
import { norm } from '../layers/norm.ts';
import { tokenLogits } from '../shape.ts';
import { meanOver } from './classification.ts';
import { weightField } from './fields.ts';

/** What the decoder attends to: the fused tokens of all modalities but text, or those of the encoders where the fusion has none. */
export function captionMemory(
  context: Pick<ObjectiveContext, 'graph' | 'modalities' | 'encode' | 'fuse' | 'width'>,
): {
  memory: Tensor;
  keep?: Tensor;
} {
  const { graph, modalities, encode, fuse, width } = context;
  const others = modalities.filter((modality) => modality !== 'text');
  if (others.length === 0)
    throw new StudioError('recipe-invalid', {
      path: 'encoders',
      message: 'captioning needs something to write about: an encoder that is not of text',
    });
  const encoded = others.map((modality) => [modality, encode(modality)] as const);
  const fused = fuse(Object.fromEntries(encoded));
  if (fused.tokens) return { memory: fused.tokens, keep: fused.keep };
  const parts = encoded.map(([modality, { tokens }]) =>
    graph.scope('memory', () => linear(graph, modality, norm(graph, `${modality}.norm`, tokens), width)),
  );
  const masks = encoded.map(([, { tokens, keep, present }]) => {
    const [batch, count] = tokens.shape;
    const ones = constant(graph, 1, [batch, count]);
    if (!present) return keep ?? ones;
    return mul(keep ?? ones, broadcast(reshape(present, [batch, 1]), [batch, count]));
  });
  const isMasked = encoded.some(([, { keep, present }]) => keep ?? present);
  return { memory: concat(parts, 1), keep: isMasked ? concat(masks, 1) : undefined };
}

/** Sizes of the decoder from the objective's fields. */
export const decoderSize = (fields: ObjectiveContext['fields']) => ({
  width: fields['width'] as number,
  depth: fields['depth'] as number,
  heads: fields['heads'] as number,
});

export const captioning: ObjectiveDefinition = {
  type: 'captioning',
  title: { en: 'Captioning', zh: '图像描述生成' },
  summary: {
    en: 'Learns to write the caption word by word from the other modalities.',
    zh: '学习根据其他模态逐词写出说明文字。',
  },
  source: 'Xu et al. 2015, arXiv 1502.03044; Vaswani et al. 2017, arXiv 1706.03762',
  fields: [
    {
      key: 'width',
      kind: 'integer',
      label: { en: 'Decoder width', zh: '解码器宽度' },
      help: {
        en: 'Numbers per token; a multiple of 4 × heads.',
        zh: '每个词元的维度，须为 4 × 头数的倍数。',
      },
      default: 64,
      min: 8,
      max: 2048,
      step: 8,
    },
    {
      key: 'depth',
      kind: 'integer',
      label: { en: 'Decoder blocks', zh: '解码器层数' },
      help: { en: 'Transformer blocks of the decoder.', zh: '解码器的 Transformer 层数。' },
      default: 2,
      min: 1,
      max: 24,
    },
    {
      key: 'heads',
      kind: 'integer',
      label: { en: 'Heads', zh: '注意力头' },
      help: { en: 'Attention heads per block.', zh: '每层的注意力头数。' },
      default: 4,
      min: 1,
      max: 32,
    },
    weightField,
  ],
  needs: {},
  draw({ batch, shape: { textLength }, tokens, keep }) {
    const labels = new Int32Array(tokens.length).fill(-1);
    for (let row = 0; row < batch; row++)
      for (let at = row * textLength; at < (row + 1) * textLength - 1; at++)
        if (keep[at + 1] === 1) labels[at] = tokens[at + 1];
    return { captionLabels: labels };
  },
  build(context) {
    const { graph, fields, shape, drawn, inputs, training, probe } = context;
    const { batch, textLength, vocabulary } = shape;
    const { absent = [] } = shape;
    const others = context.modalities.filter((modality) => modality !== 'text');
    if (absent.includes('text') || (absent.length > 0 && others.length === 0)) return undefined;
    const { memory, keep: memoryKeep } = captionMemory(context);
    const { width, depth, heads } = decoderSize(fields);
    let x = graph.scope('embedding', () => {
      const table = graph.parameter('weight', [vocabulary, width], { kind: 'normal', deviation: 0.02 });
      const positions = graph.parameter('positions', [textLength, width], {
        kind: 'normal',
        deviation: 0.01,
      });
      return add(embedding(table, inputs('text')['tokens']), positions);
    });
    for (let layer = 0; layer < depth; layer++)
      x = graph.scope('blocks', () => {
        const keys = memoryKeys(graph, String(layer), memory, width);
        return decoderBlock(graph, String(layer), x, { heads, depth, memory: keys, memoryKeep, probe }).x;
      });
    const flat = reshape(norm(graph, 'norm', x), [batch * textLength, width]);
    const logits = linear(graph, 'decoder', flat, tokenLogits(shape));
    const labels = reshape(drawn('captionLabels', [batch, textLength], 'i32'), [batch * textLength]);
    const [losses] = crossEntropy(logits, labels);
    const asked = affine(equal(labels, constant(graph, -1)), -1, 1);
    const right = mul(equal(argMax(logits), labels), asked);
    const loss = meanOver(losses, asked);
    if (training) return { loss, scalars: { 'caption.accuracy': meanOver(right, asked) } };
    const perSample = (values: Tensor) => reshape(sum(reshape(values, [batch, textLength]), [1]), [batch]);
    const count = perSample(asked);
    const least = add(count, equal(count, constant(graph, 0)));
    return {
      loss,
      measures: { loss: div(perSample(losses), least), accuracy: div(perSample(right), least) },
      weights: { loss: count, accuracy: count },
    };
  },
};
