/**
 * Sound as a spectrogram [B, frames, bins] through two convolutions over time, the second halving the frames, then a Transformer (the encoder of
 * Whisper, Radford et al. 2022; convolutions before attention as in wav2vec 2.0, Baevski et al. 2020). Positions are learned. Frames of
 * padding are set to zero before each convolution, so they never change the result.
 */
import type { Tensor } from '../../engine/graph/tensor.ts';
import { gelu, pad, reshape, slice } from '../../engine/ops/functions.ts';
import type { EncoderDefinition } from '../definition.ts';
import { conv1d } from '../layers/conv.ts';
import { linear } from '../layers/linear.ts';
import { maskedMean, norm } from '../layers/norm.ts';
import { stack } from '../layers/stack.ts';
import { kept, positioned } from '../layers/tokens.ts';
import { transformerFields } from './fields.ts';

/** Of every second frame, the first of each two: [B, T] to [B, ⌈T/2⌉]. */
function halved(keep: Tensor): Tensor {
  const [batch, frames] = keep.shape;
  const half = Math.ceil(frames / 2);
  const even = frames % 2 ? pad(keep, 1, 0, 1) : keep;
  return reshape(slice(reshape(even, [batch, half, 2]), 2, 0, 1), [batch, half]);
}

export const audioTransformer: EncoderDefinition = {
  type: 'audio',
  modality: 'audio',
  title: { en: 'Audio Transformer', zh: '音频 Transformer' },
  summary: {
    en: 'Two convolutions over the spectrogram, then every moment attends to every other.',
    zh: '先用两层卷积处理频谱，再让每个时刻关注其他所有时刻。',
  },
  source: 'Radford et al. 2022, arXiv 2212.04356; Baevski et al. 2020, arXiv 2006.11477',
  fields: transformerFields(64, 2, 4),
  tokenWidth: ({ width }) => width as number,
  build({ graph, inputs, fields, width: shared, probe }) {
    const width = fields['width'] as number;
    const { sound, soundKeep } = inputs;
    const first = gelu(conv1d(graph, 'conv1', kept(sound, soundKeep), width, { kernel: 3 }));
    const second = gelu(conv1d(graph, 'conv2', kept(first, soundKeep), width, { kernel: 3, stride: 2 }));
    const keep = halved(soundKeep);
    const tokens = stack(graph, positioned(graph, second), fields, { keep, probe });
    const pooled = maskedMean(norm(graph, 'norm', tokens), keep);
    return { pooled: linear(graph, 'projection', pooled, shared, { bias: false }), tokens, keep };
  },
};
