/** Text Transformers whose weights come from Hugging Face: CLIP's (causal, pooled at the end mark) and BERT's (norms after each sum, pooled at the first token). */

import { StudioError } from '../../core/errors.ts';
import type { Graph } from '../../engine/graph/graph.ts';
import type { Tensor } from '../../engine/graph/tensor.ts';
import { add, embedding, mul, reshape, slice, sum } from '../../engine/ops/functions.ts';
import type { EncoderDefinition } from '../definition.ts';
import { hubStack } from '../layers/hubStack.ts';
import { linear } from '../layers/linear.ts';
import { norm } from '../layers/norm.ts';
import { lastToken } from '../layers/tokens.ts';
import { hubFields, hubPositions } from './hubFields.ts';

/** Words by number and the first of the places. @throws StudioError `recipe-invalid` where captions are longer than the places */
function read(graph: Graph, tokens: Tensor, vocabulary: number, width: number, places: number) {
  const [, length] = tokens.shape;
  if (length > places)
    throw new StudioError('recipe-invalid', {
      path: 'data.textLength',
      message: `${length} tokens are more than the ${places} places of this encoder`,
    });
  const begin = { kind: 'normal', deviation: 0.02 } as const;
  const words = graph.scope('embedding', () =>
    embedding(graph.parameter('weight', [vocabulary, width], begin), tokens),
  );
  const positions = graph.scope('positions', () =>
    slice(graph.parameter('weight', [places, width], begin), 0, 0, length),
  );
  return { words, positions };
}

export const clipText: EncoderDefinition = {
  type: 'clip-text',
  modality: 'text',
  title: { en: 'CLIP text tower', zh: 'CLIP 文本塔' },
  summary: {
    en: 'CLIP’s causal text Transformer, for weights from Hugging Face.',
    zh: 'CLIP 的因果文本 Transformer，可载入 Hugging Face 权重。',
  },
  source: 'Radford et al. 2021, arXiv 2103.00020; transformers CLIPTextModel',
  fields: [...hubFields(512, 12, 8, 'quick_gelu'), hubPositions(77)],
  tokenWidth: ({ width }) => Number(width),
  build({ graph, inputs, fields, shape: { vocabulary }, width: shared, probe, enter }) {
    const width = Number(fields['width']);
    const { tokens, keep } = inputs;
    const epsilon = 1e-5;
    const { words, positions } = read(graph, tokens, vocabulary, width, Number(fields['places']));
    const x = add(enter?.('text', words) ?? words, positions);
    const out = hubStack(graph, x, fields, { epsilon, causal: true, keep, probe });
    const last = reshape(sum(mul(out, lastToken(keep)), [1]), [tokens.shape[0], width]);
    const pooled = linear(graph, 'projection', norm(graph, 'norm', last, epsilon), shared, { bias: false });
    return { pooled, tokens: out, keep };
  },
};

export const bert: EncoderDefinition = {
  type: 'bert',
  modality: 'text',
  title: { en: 'BERT', zh: 'BERT' },
  summary: {
    en: 'A text Transformer as transformers’ BERT has it, for its weights.',
    zh: '与 transformers 的 BERT 结构一致，可载入其权重。',
  },
  source: 'Devlin et al. 2018, arXiv 1810.04805; transformers BertModel',
  fields: [...hubFields(768, 12, 12, 'gelu'), hubPositions(512)],
  tokenWidth: ({ width }) => Number(width),
  build({ graph, inputs, fields, shape: { vocabulary }, width: shared, probe, enter }) {
    const width = Number(fields['width']);
    const { tokens, keep } = inputs;
    const epsilon = 1e-12;
    const { words, positions } = read(graph, tokens, vocabulary, width, Number(fields['places']));
    // A caption is one segment: the first row of BERT's token types.
    const segment = graph.scope('positions', () =>
      graph.parameter('segment', [width], { kind: 'normal', deviation: 0.02 }),
    );
    const x = add(add(enter?.('text', words) ?? words, positions), segment);
    const out = hubStack(graph, norm(graph, 'entry', x, epsilon), fields, {
      epsilon,
      after: true,
      keep,
      probe,
    });
    const first = reshape(slice(out, 1, 0, 1), [tokens.shape[0], width]);
    return { pooled: linear(graph, 'projection', first, shared, { bias: false }), tokens: out, keep };
  },
};
