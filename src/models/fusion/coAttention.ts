/**
 * Co-attention (MulT, Tsai et al. 2019; ViLBERT, Lu et al. 2019): one stream per modality. In each layer every stream attends to each other stream,
 * a branch of its own for each ordered pair, then to itself. A sample without the source adds exactly nothing.
 */
import type { Tensor } from '../../engine/graph/tensor.ts';
import { add } from '../../engine/ops/functions.ts';
import type { FusionContext, FusionDefinition } from '../definition.ts';
import { block } from '../layers/block.ts';
import { linear } from '../layers/linear.ts';
import { norm } from '../layers/norm.ts';
import { branchOf, crossAttend } from './attend.ts';
import { declaring } from './declare.ts';
import { attending, depth, sharedWidth } from './fields.ts';
import { guarded, joined, meanOf, presence, projected, spansOf, type Tokens } from './tokens.ts';

type Streams = Record<string, Tokens>;

/** All streams attend to each other at once: the sources are those before the layer. */
export function exchange(
  context: FusionContext,
  streams: Streams,
  layer: number,
  allowed: (source: string, target: string) => boolean = () => true,
): Streams {
  const { graph, encoded, fields, probe } = context;
  return Object.fromEntries(
    Object.entries(streams).map(([target, { x, keep }]) => {
      let y = x;
      for (const [source, tokens] of Object.entries(streams)) {
        if (source === target || !allowed(source, target)) continue;
        const added = graph.scope('cross', () =>
          crossAttend(graph, `${source}-${target}.${layer}`, x, tokens, branchOf(fields), {
            has: encoded[source].present && presence(encoded[source]),
            look: probe && ((weights) => probe(`attention.cross.${source}-${target}.${layer}`, weights)),
          }),
        );
        y = add(y, added);
      }
      return [target, { x: y, keep }];
    }),
  );
}

export const coAttention: FusionDefinition = {
  type: 'co-attention',
  title: { en: 'Co-attention (MulT, ViLBERT)', zh: '协同注意力 (MulT, ViLBERT)' },
  summary: {
    en: 'Each modality keeps its own stream and looks into the others layer by layer.',
    zh: '每种模态保留自己的流，并逐层关注其他模态。',
  },
  source: 'Tsai et al. 2019, arXiv 1906.00295; Lu et al. 2019, arXiv 1908.02265',
  arity: { least: 1, most: 4 },
  fields: [
    sharedWidth,
    depth(1),
    ...attending,
    {
      key: 'direction',
      kind: 'choice',
      label: { en: 'Direction', zh: '方向' },
      help: {
        en: 'One way costs less: only the first modality looks, or is looked at.',
        zh: '单向更省计算：仅第一个模态关注其他模态，或仅被关注。',
      },
      default: 'both',
      choices: [
        { value: 'both', label: { en: 'every modality to every other', zh: '各模态互相关注' } },
        { value: 'into-first', label: { en: 'the first looks at the others', zh: '第一个关注其他' } },
        { value: 'from-first', label: { en: 'the others look at the first', zh: '其他关注第一个' } },
      ],
    },
  ],
  build: declaring((context) => {
    const { graph, encoded, modalities, fields, width, probe } = context;
    const [first] = Object.keys(modalities);
    const { direction } = fields;
    const allowed = (source: string, target: string) =>
      direction === 'both' || (direction === 'into-first' ? target : source) === first;
    const names = Object.keys(encoded);
    let streams: Streams = Object.fromEntries(names.map((name) => [name, projected(context, name)]));
    for (let layer = 0; layer < (fields['depth'] as number); layer++) {
      streams = exchange(context, streams, layer, allowed);
      for (const name of names) {
        const { x, keep } = streams[name];
        const look = probe && ((_: string, weights: Tensor) => probe(`attention.${name}.${layer}`, weights));
        const y = graph.scope(`${name}.blocks`, () =>
          block(graph, String(layer), x, { ...branchOf(fields), keep, probe: look }),
        );
        streams = { ...streams, [name]: { x: y, keep } };
      }
    }
    // A linear layer over the concatenated means, as one product for each modality; an absent one adds nothing.
    const ends: Streams = {};
    const heads: Tensor[] = [];
    for (const name of names)
      graph.scope(name, () => {
        ends[name] = { x: norm(graph, 'norm', streams[name].x), keep: streams[name].keep };
        heads.push(linear(graph, 'head', meanOf(ends[name]), width, { bias: false }));
      });
    const bias = graph.parameter('head.bias', [width], { kind: 'constant', value: 0 });
    const joint = heads.reduce((a, b) => add(a, b), bias);
    const all = joined(graph, Object.values(ends));
    return { joint: guarded(joint, encoded), tokens: all.x, keep: all.keep, spans: spansOf(ends) };
  }),
};
