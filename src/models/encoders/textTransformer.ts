/**
 * Text Transformer: bidirectional as in BERT (Devlin et al. 2018) or causal as in GPT and CLIP's text tower, with learned or rotary positions.
 * Padding is masked in attention and in pooling, so it never changes the result.
 */

import type { Tensor } from '../../engine/graph/tensor.ts';
import { embedding, mul, reshape, slice, sum } from '../../engine/ops/functions.ts';
import type { EncoderDefinition } from '../definition.ts';
import { linear } from '../layers/linear.ts';
import { maskedMean, norm } from '../layers/norm.ts';
import { stack } from '../layers/stack.ts';
import { lastToken, positioned } from '../layers/tokens.ts';
import { transformerFields } from './fields.ts';

export const textTransformer: EncoderDefinition = {
  type: 'transformer',
  modality: 'text',
  title: { en: 'Text Transformer', zh: '文本 Transformer' },
  summary: {
    en: 'Reads a caption as tokens; every token attends to the others, or only to earlier ones.',
    zh: '把说明文字读成词元；每个词元可关注其他词元，或只关注前面的词元。',
  },
  source: 'Devlin et al. 2018, arXiv 1810.04805; Radford et al. 2021, arXiv 2103.00020',
  fields: [
    ...transformerFields(64, 2, 4),
    {
      key: 'causal',
      kind: 'switch',
      label: { en: 'Causal', zh: '因果注意力' },
      help: { en: 'Each word sees only earlier words, as in GPT.', zh: '每个词只能看到前面的词，如 GPT。' },
      default: false,
    },
    {
      key: 'positions',
      kind: 'choice',
      label: { en: 'Positions', zh: '位置编码' },
      help: { en: 'How the model knows the order of words.', zh: '模型如何得知词序。' },
      default: 'learned',
      choices: [
        { value: 'learned', label: { en: 'learned', zh: '可学习' } },
        { value: 'rotary', label: { en: 'rotary', zh: '旋转位置编码 (rotary)' } },
      ],
    },
    {
      key: 'pool',
      kind: 'choice',
      label: { en: 'Pooling', zh: '汇聚方式' },
      help: {
        en: 'How tokens become one vector. Causal models need the last token.',
        zh: '如何把词元合成一个向量。因果模型应取末词元。',
      },
      default: 'mean',
      choices: [
        { value: 'mean', label: { en: 'mean of tokens', zh: '词元平均' } },
        { value: 'last', label: { en: 'last token', zh: '末词元' } },
        { value: 'cls', label: { en: 'first token', zh: '首词元 (CLS)' } },
      ],
    },
  ],
  tokenWidth: ({ width }) => width as number,
  build({ graph, inputs, fields, shape: { vocabulary }, width: shared, probe, enter }) {
    const width = fields['width'] as number;
    const { tokens, keep } = inputs;
    const [batch] = tokens.shape;
    const rotary = fields['positions'] === 'rotary';
    let x = graph.scope('embedding', () =>
      embedding(graph.parameter('weight', [vocabulary, width], { kind: 'normal', deviation: 0.02 }), tokens),
    );
    x = enter?.('text', x) ?? x;
    if (!rotary) x = positioned(graph, x);
    x = stack(graph, x, fields, { causal: fields['causal'] as boolean, rotary, keep, probe });
    let pooled: Tensor;
    if (fields['pool'] === 'mean') pooled = maskedMean(norm(graph, 'norm', x), keep);
    else {
      const picked = fields['pool'] === 'cls' ? slice(x, 1, 0, 1) : sum(mul(x, lastToken(keep)), [1]);
      pooled = norm(graph, 'norm', reshape(picked, [batch, width]));
    }
    return { pooled: linear(graph, 'projection', pooled, shared, { bias: false }), tokens: x, keep };
  },
};
