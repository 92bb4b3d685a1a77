/**
 * Early fusion (OFA, Wang et al. 2022; ViLT, Kim et al. 2021): the tokens of all modalities, each with an embedding of its modality, go through
 * one Transformer in which every token can attend to every other from the first layer on.
 */
import { broadcast, concat, constant, reshape, slice } from '../../engine/ops/functions.ts';
import type { FusionDefinition } from '../definition.ts';
import { block } from '../layers/block.ts';
import { norm } from '../layers/norm.ts';
import { branchOf } from './attend.ts';
import { declaring } from './declare.ts';
import { attending, depth, sharedWidth } from './fields.ts';
import { guarded, meanOf, sequence, type Tokens } from './tokens.ts';

export const early: FusionDefinition = {
  type: 'early',
  title: { en: 'Early fusion (one Transformer)', zh: '早期融合（单一 Transformer）' },
  summary: {
    en: 'All tokens go through one Transformer together, so everything can attend to everything.',
    zh: '所有词元一起经过同一个 Transformer，彼此都能相互关注。',
  },
  source: 'Wang et al. 2022, arXiv 2202.03052; Kim et al. 2021, arXiv 2102.03334',
  arity: { least: 1, most: 4 },
  fields: [
    sharedWidth,
    depth(2),
    ...attending,
    {
      key: 'pool',
      kind: 'choice',
      label: { en: 'Pooling', zh: '汇聚方式' },
      help: { en: 'How tokens become one vector.', zh: '如何把所有词元合成一个向量。' },
      default: 'mean',
      choices: [
        { value: 'mean', label: { en: 'mean over tokens', zh: '词元平均' } },
        { value: 'cls', label: { en: 'class token', zh: '类别词元 (CLS)' } },
      ],
    },
  ],
  build: declaring((context) => {
    const { graph, encoded, fields, width, probe } = context;
    const { tokens, spans } = sequence(context);
    const [batch, count] = tokens.x.shape;
    const leading = fields['pool'] === 'cls' ? 1 : 0;
    let { x, keep }: Tokens = tokens;
    if (leading) {
      const cls = graph.parameter('class', [width], { kind: 'normal', deviation: width ** -0.5 });
      x = concat([broadcast(reshape(cls, [1, 1, width]), [batch, 1, width]), x], 1);
      if (keep) keep = concat([constant(graph, 1, [batch, 1]), keep], 1);
    }
    for (let layer = 0; layer < (fields['depth'] as number); layer++)
      x = graph.scope('blocks', () => block(graph, String(layer), x, { ...branchOf(fields), keep, probe }));
    x = norm(graph, 'norm', x);
    const fused = leading ? slice(x, 1, 1, count) : x;
    const joint = leading
      ? reshape(slice(x, 1, 0, 1), [batch, width])
      : meanOf({ x: fused, keep: tokens.keep });
    return { joint: guarded(joint, encoded), tokens: fused, keep: tokens.keep, spans };
  }),
};
