/**
 * Q-Former (BLIP-2, Li et al. 2023): learned queries and text share self-attention, each with a feed-forward of its own; every second block the queries
 * also attend to the other modalities. The mask is the paper's for its three objectives: queries and text see each other, or not, or
 * text is causal behind the queries. Pre-norm, where the paper starts from a post-norm BERT.
 */
import type { Graph } from '../../engine/graph/graph.ts';
import type { Tensor } from '../../engine/graph/tensor.ts';
import {
  add,
  affine,
  attention,
  attentionWeights,
  broadcast,
  concat,
  constant,
  div,
  reshape,
  slice,
} from '../../engine/ops/functions.ts';
import type { FusionDefinition, Probe } from '../definition.ts';
import { linear } from '../layers/linear.ts';
import { norm } from '../layers/norm.ts';
import { branchOf, crossAttend, feedForward } from './attend.ts';
import { declaring } from './declare.ts';
import { attending, depth, latents, sharedWidth } from './fields.ts';
import { anyPresent, guarded, joined, meanOf, presence, projected, sequence, type Tokens } from './tokens.ts';

interface Shared {
  heads: number;
  depth: number;
  mask: string;
  probe?: Probe;
  layer: number;
}

/** Self-attention over queries and text with one set of weights; gives what is added to each. */
function shared(graph: Graph, queries: Tensor, text: Tokens | undefined, options: Shared): [Tensor, Tensor?] {
  const { heads, mask, probe, layer } = options;
  const [, count, width] = queries.shape;
  const all = joined(graph, text ? [{ x: queries }, text] : [{ x: queries }]);
  const qkv = linear(graph, 'qkv', norm(graph, 'norm', all.x), 3 * width);
  const attend = (x: Tensor, keep: Tensor | undefined, causal: boolean, name?: string) => {
    if (name) probe?.(`attention.${name}.${layer}`, attentionWeights([x], keep, { heads, causal }));
    return attention([x], keep, { heads, causal })[0];
  };
  const out = (x: Tensor) =>
    linear(graph, 'out', x, width, { deviation: width ** -0.5 * (2 * options.depth) ** -0.5 });
  if (!text) return [out(attend(qkv, undefined, false, 'self'))];
  const rest = text.x.shape[1];
  const part = (x: Tensor, first: boolean) => (first ? slice(x, 1, 0, count) : slice(x, 1, count, rest));
  if (mask === 'together') {
    const y = out(attend(qkv, all.keep, false, 'self'));
    return [part(y, true), part(y, false)];
  }
  const own = attend(part(qkv, true), undefined, false, 'self');
  // Behind the queries, causal order lets text see all of them and earlier text.
  const words =
    mask === 'apart'
      ? attend(part(qkv, false), text.keep, false, 'text')
      : part(attend(qkv, all.keep, true), false);
  const y = out(concat([own, words], 1));
  return [part(y, true), part(y, false)];
}

export const qFormer: FusionDefinition = {
  type: 'q-former',
  title: { en: 'Q-Former (BLIP-2)', zh: 'Q-Former (BLIP-2)' },
  summary: {
    en: 'Learned queries share self-attention with the text and look at the other modalities every second block.',
    zh: '可学习查询与文本共享自注意力，并每隔一层关注其他模态。',
  },
  source: 'Li et al. 2023, arXiv 2301.12597',
  arity: { least: 1, most: 4 },
  fields: [
    sharedWidth,
    latents(16),
    depth(2),
    ...attending,
    {
      key: 'mask',
      kind: 'choice',
      label: { en: 'Queries and text', zh: '查询与文本' },
      help: {
        en: 'Together for matching and answering, apart for contrast, causal for writing text.',
        zh: '匹配与问答用“互见”，对比学习用“分开”，生成文本用“因果”。',
      },
      default: 'together',
      choices: [
        { value: 'together', label: { en: 'see each other', zh: '互见' } },
        { value: 'apart', label: { en: 'apart', zh: '分开' } },
        {
          value: 'causal',
          label: { en: 'text sees queries and earlier text', zh: '因果：文本可见查询与之前的文本' },
        },
      ],
    },
  ],
  build: declaring((context) => {
    const { graph, encoded, fields, width, probe } = context;
    const branch = branchOf(fields);
    const count = fields['latents'] as number;
    const mask = fields['mask'] as string;
    const { text: written, ...others } = encoded;
    const [batch] = Object.values(encoded)[0].pooled.shape;
    const media = Object.keys(others).length ? sequence(context, Object.keys(others)).tokens : undefined;
    const has = anyPresent(others);
    let text = written && projected(context, 'text');
    const start = graph.parameter('queries', [count, width], { kind: 'normal', deviation: width ** -0.5 });
    let queries = broadcast(reshape(start, [1, count, width]), [batch, count, width]);
    for (let layer = 0; layer < branch.depth; layer++)
      graph.scope(`blocks.${layer}`, () => {
        const options = { heads: branch.heads, depth: branch.depth, mask, probe, layer };
        const [own, words] = graph.scope('attention', () => shared(graph, queries, text, options));
        queries = add(queries, own);
        if (media && layer % 2 === 0) {
          const look = probe && ((weights: Tensor) => probe(`attention.cross.${layer}`, weights));
          queries = add(queries, crossAttend(graph, 'cross', queries, media, branch, { has, look }));
        }
        queries = add(queries, feedForward(graph, 'mlp', queries, branch));
        if (text && words) {
          const x = add(text.x, words);
          text = { x: add(x, feedForward(graph, 'textMlp', x, branch)), keep: text.keep };
        }
      });
    const found = norm(graph, 'norm', queries);
    probe?.('latents', found);
    const mean = meanOf({ x: found });
    if (!text || mask === 'together') return { joint: guarded(mean, encoded), tokens: found };
    // The queries have not seen the text: it speaks for itself, as one half where a sample has it.
    const words = { x: norm(graph, 'textNorm', text.x), keep: text.keep };
    const joint = div(add(mean, meanOf(words)), affine(presence(written), 1, 1));
    const all = joined(graph, [{ x: found }, words]);
    return {
      joint: guarded(joint, encoded),
      tokens: all.x,
      keep: all.keep ?? constant(graph, 1, all.x.shape.slice(0, 2)),
      spans: { text: [count, words.x.shape[1]] },
    };
  }),
};
