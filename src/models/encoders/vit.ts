/**
 * Vision Transformer (Dosovitskiy et al. 2020): patches, a linear embedding, a class token, learned positions, pre-norm blocks, a final norm,
 * then a projection without bias to the shared width. Pooled by the class token or by the mean over patches.
 */
import { add, affine, broadcast, concat, reshape, slice, sum } from '../../engine/ops/functions.ts';
import type { EncoderDefinition } from '../definition.ts';
import { linear } from '../layers/linear.ts';
import { norm } from '../layers/norm.ts';
import { patches, seenOnly } from '../layers/patches.ts';
import { stack } from '../layers/stack.ts';
import { transformerFields } from './fields.ts';

export const vit: EncoderDefinition = {
  type: 'vit',
  modality: 'image',
  title: { en: 'Vision Transformer (ViT)', zh: '视觉 Transformer (ViT)' },
  summary: {
    en: 'Cuts a picture into patches and lets every patch attend to every other.',
    zh: '把图片切成小块，每个小块可以关注其他所有小块。',
  },
  source: 'Dosovitskiy et al. 2020, arXiv 2010.11929',
  fields: [
    {
      key: 'patch',
      kind: 'integer',
      label: { en: 'Patch', zh: '图块' },
      help: {
        en: 'Side of a patch in pixels; the picture side must divide by it. Smaller sees more and costs more.',
        zh: '图块边长（像素）；图片边长须能被整除。越小看得越细，计算越多。',
      },
      default: 8,
      min: 2,
      max: 64,
    },
    ...transformerFields(64, 2, 4),
    {
      key: 'pool',
      kind: 'choice',
      label: { en: 'Pooling', zh: '汇聚方式' },
      help: { en: 'How tokens become one vector.', zh: '如何把所有词元合成一个向量。' },
      default: 'cls',
      choices: [
        { value: 'cls', label: { en: 'class token', zh: '类别词元 (CLS)' } },
        { value: 'mean', label: { en: 'mean over patches', zh: '图块平均' } },
      ],
    },
  ],
  tokenWidth: ({ width }) => width as number,
  patch: ({ patch }) => patch as number,
  build({ graph, inputs, fields, width: shared, probe }) {
    const width = fields['width'] as number;
    const cut = graph.scope('patch', () => patches(inputs['images'], fields['patch'] as number));
    const embedded = linear(graph, 'patch', cut, width);
    const [batch, count] = embedded.shape;
    const leading = fields['pool'] === 'cls' ? 1 : 0;
    let x = graph.scope('positions', () => {
      const deviation = width ** -0.5;
      const positions = graph.parameter('weight', [count + leading, width], { kind: 'normal', deviation });
      if (!leading) return add(embedded, positions);
      const cls = graph.parameter('class', [width], { kind: 'normal', deviation });
      return add(concat([broadcast(reshape(cls, [1, 1, width]), [batch, 1, width]), embedded], 1), positions);
    });
    const { kept } = inputs;
    if (kept) x = seenOnly(x, kept, leading);
    x = stack(graph, x, fields, { probe });
    // Only what is pooled needs the last norm.
    const pooled = leading
      ? norm(graph, 'norm', reshape(slice(x, 1, 0, 1), [batch, width]))
      : affine(reshape(sum(norm(graph, 'norm', x), [1]), [batch, width]), 1 / (kept?.shape[1] ?? count));
    return { pooled: linear(graph, 'projection', pooled, shared, { bias: false }), tokens: x };
  },
};
