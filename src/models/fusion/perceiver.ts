/** Perceiver resampler (Jaegle et al. 2021; Alayrac et al. 2022): a few learned latents read all tokens of all modalities; what follows costs the same whatever their number. */
import type { FusionDefinition } from '../definition.ts';
import { branchOf } from './attend.ts';
import { declaring } from './declare.ts';
import { attending, depth, latents, sharedWidth } from './fields.ts';
import { resample } from './resampler.ts';
import { guarded, meanOf, sequence } from './tokens.ts';

export const perceiver: FusionDefinition = {
  type: 'perceiver',
  title: { en: 'Perceiver resampler', zh: 'Perceiver 重采样器' },
  summary: {
    en: 'A few learned latents read all tokens of all modalities.',
    zh: '少量可学习潜向量读取所有模态的全部词元。',
  },
  source: 'Jaegle et al. 2021, arXiv 2103.03206; Alayrac et al. 2022, arXiv 2204.14198',
  arity: { least: 1, most: 4 },
  fields: [sharedWidth, latents(16), depth(2), ...attending],
  build: declaring((context) => {
    const { graph, encoded, fields, width, probe } = context;
    const { tokens: media } = sequence(context);
    const tokens = resample(graph, media, {
      ...branchOf(fields),
      batch: media.x.shape[0],
      latents: fields['latents'] as number,
      width,
      look: probe && ((layer, weights) => probe(`attention.${layer}`, weights)),
    });
    probe?.('latents', tokens);
    return { joint: guarded(meanOf({ x: tokens }), encoded), tokens };
  }),
};
