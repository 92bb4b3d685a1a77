/**
 * Gated cross-attention (Flamingo, Alayrac et al. 2022): a resampler turns the other modalities into latents; before each block over the text, its
 * tokens attend to the latents and pass a feed-forward, both scaled by tanh(α) with α = 0 at first, so that training begins from the
 * text path alone. Samples without text are represented by their latents.
 */
import type { Tensor } from '../../engine/graph/tensor.ts';
import { add, affine, concat, constant, masked, mul, tanh } from '../../engine/ops/functions.ts';
import type { FusionContext, FusionDefinition } from '../definition.ts';
import { block } from '../layers/block.ts';
import { norm } from '../layers/norm.ts';
import { branchOf, crossAttend, feedForward } from './attend.ts';
import { declaring } from './declare.ts';
import { attending, depth, latents, sharedWidth } from './fields.ts';
import { resample } from './resampler.ts';
import { anyPresent, guarded, meanOf, presence, projected, sequence, type Tokens } from './tokens.ts';

/** What the text may look at: latents [B, L, width], and which samples have any of the other modalities. */
function mediaOf(context: FusionContext): { latents: Tensor; has?: Tensor } | undefined {
  const { graph, encoded, fields, width, probe } = context;
  const { text: _, ...others } = encoded;
  const names = Object.keys(others);
  if (!names.length) return undefined;
  const { tokens } = sequence(context, names);
  const found = resample(graph, tokens, {
    ...branchOf(fields),
    batch: tokens.x.shape[0],
    latents: fields['latents'] as number,
    width,
    look: probe && ((layer, weights) => probe(`attention.resampler.${layer}`, weights)),
  });
  probe?.('latents', found);
  return { latents: found, has: anyPresent(others) };
}

/** tanh(α), 0 at first. */
const gate = ({ graph, probe }: FusionContext, name: string) => {
  const value = tanh(graph.parameter(name, [], { kind: 'constant', value: 0 }));
  probe?.(`gate.${name}`, value);
  return value;
};

function textPath(context: FusionContext, media: ReturnType<typeof mediaOf>): Tokens {
  const { graph, fields, probe } = context;
  const branch = branchOf(fields);
  const { x: start, keep } = projected(context, 'text');
  let x = start;
  for (let layer = 0; layer < branch.depth; layer++) {
    if (media) {
      const look = probe && ((weights: Tensor) => probe(`attention.cross.${layer}`, weights));
      const source = { x: media.latents };
      const added = graph.scope('cross', () =>
        crossAttend(graph, String(layer), x, source, branch, { has: media.has, look }),
      );
      x = add(x, mul(added, gate(context, `cross.${layer}.alpha`)));
    }
    const fed = graph.scope('gated', () => feedForward(graph, String(layer), x, branch));
    x = add(x, mul(fed, gate(context, `gated.${layer}.alpha`)));
    const look = probe && ((_: string, weights: Tensor) => probe(`attention.text.${layer}`, weights));
    x = graph.scope('text.blocks', () =>
      block(graph, String(layer), x, { ...branch, causal: fields['causal'] as boolean, keep, probe: look }),
    );
  }
  return { x: norm(graph, 'norm', x), keep };
}

export const flamingo: FusionDefinition = {
  type: 'flamingo',
  title: { en: 'Gated cross-attention (Flamingo)', zh: '门控交叉注意力 (Flamingo)' },
  summary: {
    en: 'Text looks at the other modalities through gates that start closed.',
    zh: '文本通过初始关闭的门控关注其他模态。',
  },
  source: 'Alayrac et al. 2022, arXiv 2204.14198',
  arity: { least: 1, most: 4 },
  needs: 'text',
  fields: [
    sharedWidth,
    latents(16),
    depth(2),
    ...attending,
    {
      key: 'causal',
      kind: 'switch',
      label: { en: 'Causal text', zh: '因果文本' },
      help: {
        en: 'A word sees only earlier words; needed where text is to be written.',
        zh: '每个词只能看到之前的词；需要生成文本时必须打开。',
      },
      default: true,
    },
  ],
  build: declaring((context) => {
    const { graph, encoded } = context;
    const media = mediaOf(context);
    if (!encoded['text']) {
      const { latents: x, has } = media!;
      return { joint: guarded(meanOf({ x }), encoded), tokens: x, keep: has && covering(has, x) };
    }
    const text = textPath(context, media);
    if (!encoded['text'].present || !media)
      return {
        joint: guarded(meanOf(text), encoded),
        tokens: text.x,
        keep: text.keep,
        spans: { text: [0, text.x.shape[1]] },
      };
    // Samples without text speak through their latents.
    const lacks = affine(presence(encoded['text']), -1, 1);
    const instead = masked(meanOf({ x: media.latents }), lacks);
    const latentsKeep = covering(media.has ? mul(lacks, media.has) : lacks, media.latents);
    return {
      joint: guarded(add(meanOf(text), instead), encoded),
      tokens: concat([text.x, media.latents], 1),
      keep: concat([text.keep ?? constant(graph, 1, text.x.shape.slice(0, 2)), latentsKeep], 1),
      spans: { text: [0, text.x.shape[1]] },
    };
  }),
};

/** [B, 1] for each of the tokens of x: [B, N]. */
function covering(has: Tensor, x: Tensor): Tensor {
  return mul(has, constant(x.graph, 1, x.shape.slice(0, 2)));
}
