/**
 * Masked language modelling (BERT): 15 % of the tokens are to be found again, of which 80 % are masked, 10 % replaced by any token and 10 %
 * left as they are. Where the fusion keeps the places of text tokens the picture helps (as in VisualBERT, Li et al. 2019); else the text alone.
 */
import { StudioError } from '../../core/errors.ts';
import {
  add,
  affine,
  argMax,
  constant,
  crossEntropy,
  div,
  equal,
  exp,
  gelu,
  mul,
  reshape,
  slice,
  sum,
} from '../../engine/ops/functions.ts';
import type { Encoded, ObjectiveDefinition } from '../definition.ts';
import { linear } from '../layers/linear.ts';
import { norm } from '../layers/norm.ts';
import { tokenLogits } from '../shape.ts';
import { meanOver } from './classification.ts';
import { shareField, weightField } from './fields.ts';

export const maskedLanguage: ObjectiveDefinition = {
  type: 'mlm',
  title: { en: 'Masked words (MLM)', zh: '掩码语言建模 (MLM)' },
  summary: {
    en: 'Hides some words of a caption and finds them again, with the help of the other modalities.',
    zh: '遮住说明文字中的部分词，借助其他模态还原。',
  },
  source: 'Devlin et al. 2018, arXiv 1810.04805',
  fields: [
    shareField(
      0.15,
      'Tokens that are to be found again; BERT takes 15 %.',
      '需还原的词元比例；BERT 为 15%。',
    ),
    weightField,
  ],
  needs: { modalities: ['text'] },
  draw({ batch, shape, fields, random, tokens, keep }) {
    const marks = shape.tokens!;
    const masked = tokens.slice();
    const labels = new Int32Array(tokens.length).fill(-1);
    const share = fields['share'] as number;
    const { textLength } = shape;
    for (let row = 0; row < batch; row++) {
      const places: number[] = [];
      for (let at = row * textLength; at < (row + 1) * textLength; at++)
        if (keep[at] === 1 && tokens[at] !== marks.start && tokens[at] !== marks.end) places.push(at);
      // At least one, else short captions would teach nothing.
      const count = Math.min(places.length, Math.max(1, Math.round(places.length * share)));
      for (const pick of random.permutation(places.length).subarray(0, count)) {
        const at = places[pick];
        labels[at] = tokens[at];
        const kind = random.uniform();
        if (kind < 0.8) masked[at] = marks.mask;
        else if (kind < 0.9) masked[at] = random.integer(shape.vocabulary);
      }
    }
    return { maskedTokens: masked, maskedLabels: labels };
  },
  build(context) {
    const { graph, shape, drawn, encode, fuse, modalities, training } = context;
    const { batch, textLength, tokens: marks } = shape;
    if (marks && marks.mask < 0)
      throw new StudioError('recipe-invalid', {
        path: 'objectives',
        message: 'the tokenizer has no mask token; masked words need one',
      });
    const text = encode('text', { tokens: drawn('maskedTokens', [batch, textLength], 'i32') });
    const others = modalities.filter((name) => name !== 'text').map((name) => [name, encode(name)] as const);
    const all: Record<string, Encoded> = { ...Object.fromEntries(others), text };
    // In the recipe's order, which is also that of parameters.
    const fused = fuse(Object.fromEntries(modalities.map((name) => [name, all[name]])));
    const span = fused.spans?.['text'];
    const states = fused.tokens && span ? slice(fused.tokens, 1, span[0], span[1]) : text.tokens;
    const width = states.shape[2];
    const flat = reshape(states, [batch * textLength, width]);
    const hidden = norm(graph, 'norm', gelu(linear(graph, 'dense', flat, width)));
    const logits = linear(graph, 'decoder', hidden, tokenLogits(shape));
    const labels = reshape(drawn('maskedLabels', [batch, textLength], 'i32'), [batch * textLength]);
    const [losses] = crossEntropy(logits, labels);
    const asked = equal(equal(labels, constant(graph, -1)), constant(graph, 0));
    const guess = argMax(logits);
    const right = mul(equal(guess, labels), asked);
    const loss = meanOver(losses, asked);
    if (training) return { loss, scalars: { 'mlm.accuracy': meanOver(right, asked) } };
    const perSample = (x: typeof losses) => reshape(sum(reshape(x, [batch, textLength]), [1]), [batch]);
    const count = perSample(asked);
    const least = add(count, equal(count, constant(graph, 0)));
    return {
      loss,
      measures: { loss: div(perSample(losses), least), accuracy: div(perSample(right), least) },
      weights: { loss: count, accuracy: count },
      // [B·L] each: the likeliest token of each place with its share, and the share of the token that was hidden there.
      outputs: {
        guess,
        share: exp(affine(crossEntropy(logits, guess)[0], -1)),
        truth: exp(affine(losses, -1)),
      },
    };
  },
};
