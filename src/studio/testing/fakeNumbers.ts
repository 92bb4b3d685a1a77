/** Plausible metrics, similarities and attention for the stand-in engine. */
import { random } from '../../core/random.ts';
import type { Recipe } from '../../core/recipe.ts';
import type { AttentionProbe, SimilarityProbe } from '../../workers/api.ts';
import { captionsOf } from './fakeShapes.ts';

export function fakeRow(step: number, recipe: Recipe): Record<string, number> {
  const r = random('row', step, recipe.seed);
  const t = step / 250;
  const loss = 0.35 + 3.1 * Math.exp(-t) + 0.18 * r.normal() * Math.exp(-t / 3);
  const { validateEvery, steps } = recipe.training;
  const learned = 1 - Math.exp(-t);
  const row: Record<string, number> = {
    step,
    time: step * 0.031,
    loss,
    'loss.clip': loss,
    lr: 0.001 * Math.min(1, step / 50) * 0.5 * (1 + Math.cos((Math.PI * step) / steps)),
    temperature: 0.07 * Math.exp(-t / 4),
    margin: 0.6 * learned + 0.02 * r.normal(),
    'grad.total': 1.4 * Math.exp(-t / 2) + 0.2 * r.uniform() + 0.15,
    'grad.image': 1.1 * Math.exp(-t / 2) + 0.15 * r.uniform() + 0.1,
    'grad.text': 0.6 * Math.exp(-t / 1.5) + 0.1 * r.uniform() + 0.03,
    'grad.other': 0.1 + 0.05 * r.uniform(),
    'ratio.image': 0.0012 + 0.0003 * r.uniform(),
    'ratio.text': 0.0009 + 0.0003 * r.uniform(),
    samplesPerSecond: 1020 + 60 * r.normal(),
    stepMs: 31 + 2 * r.normal(),
  };
  for (const modality of ['image', 'text'])
    for (const block of [0, 1])
      row[`grad.block/${modality}.blocks.${block}`] =
        (0.3 + 0.2 * block) * Math.exp(-t / 2) + 0.05 * r.uniform();
  if (step % validateEvery === 0) {
    row['val.loss'] = 0.5 + 3 * Math.exp(-t) + 0.05 * r.normal();
    for (const way of ['i2t', 't2i']) {
      row[`val.${way}.r1`] = 0.55 * learned;
      row[`val.${way}.r5`] = 0.88 * learned;
      row[`val.${way}.r10`] = 0.97 * learned;
      row[`val.${way}.medianRank`] = 1 + 40 * Math.exp(-t);
    }
  }
  return row;
}

export function fakeSimilarity(step: number): SimilarityProbe {
  const size = 32;
  const learned = 1 - Math.exp(-step / 250);
  const r = random('similarity', step);
  const images = Array.from({ length: size }, (_, i) => i * 7 + (step % 90));
  const captions = images.map((image) => captionsOf(image)[0]);
  const values = new Float32Array(size * size);
  for (let i = 0; i < size; i++)
    for (let j = 0; j < size; j++) {
      const words = captions[i].split(' ');
      const shared = captions[j].split(' ').filter((word) => words.includes(word)).length / 4;
      values[i * size + j] = learned * (i === j ? 0.85 : shared * 1.3 - 0.65) + 0.08 * r.normal();
    }
  return { step, size, values, scale: 14.3, images, captions };
}

function softmaxRows(values: Float32Array, tokens: number): void {
  for (let row = 0; row < values.length; row += tokens) {
    let sum = 0;
    for (let i = row; i < row + tokens; i++) {
      values[i] = Math.exp(values[i]);
      sum += values[i];
    }
    for (let i = row; i < row + tokens; i++) values[i] /= sum;
  }
}

export function fakeAttention(step: number, image: number, caption: number): AttentionProbe {
  const learned = 1 - Math.exp(-step / 250);
  const map = (modality: string, labels: string[], grid?: number): AttentionProbe['maps'][number] => {
    const [layers, heads, tokens] = [2, 4, labels.length];
    const values = new Float32Array(layers * heads * tokens * tokens);
    for (let layer = 0; layer < layers; layer++)
      for (let head = 0; head < heads; head++) {
        const r = random('attention', image, modality, layer, head);
        const focus = Array.from({ length: tokens }, () => 2.4 * learned * r.normal());
        for (let q = 0; q < tokens; q++)
          for (let k = 0; k < tokens; k++)
            values[((layer * heads + head) * tokens + q) * tokens + k] = focus[k] + 0.7 * r.normal();
      }
    softmaxRows(values, tokens);
    return { modality, layers, heads, tokens, values, labels, grid, leading: grid ? 1 : undefined };
  };
  const patches = Array.from({ length: 16 }, (_, i) => `${Math.floor(i / 4) + 1},${(i % 4) + 1}`);
  return {
    step,
    image,
    caption,
    maps: [
      map('image', ['[CLS]', ...patches], 4),
      map('text', [...captionsOf(image)[caption].split(' '), '[END]']),
    ],
  };
}
