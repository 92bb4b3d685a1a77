import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { describeShared, sharedData } from '../data/testing/shared.ts';
import { retrieval } from './retrieval.ts';
import { averagePrecisions } from './retrievalPrecision.ts';

interface Case {
  images: number;
  captions_per_image: number;
  similarity: number[][];
  image_to_text: Record<string, number>;
  text_to_image: Record<string, number>;
}

/** Embeddings whose dot products are the given matrix: its rows against unit vectors. */
function fromSimilarity(similarity: number[][], imageOfText: number[]) {
  const width = imageOfText.length;
  const texts = new Float64Array(width * width);
  for (let i = 0; i < width; i++) texts[i * width + i] = 1;
  return { images: Float64Array.from(similarity.flat()), texts, width, imageOfText };
}

describeShared('retrieval against the reference', () => {
  const file = readFileSync(sharedData('references/metrics/retrieval.json'), 'utf8');
  const { cases } = JSON.parse(file) as { cases: Case[] };
  test.each(cases.map((entry, i) => [i, entry] as const))('case %i', (_, entry) => {
    const imageOfText = entry.similarity[0].map((_, text) => Math.floor(text / entry.captions_per_image));
    const embeddings = fromSimilarity(entry.similarity, imageOfText);
    const ours = retrieval(embeddings);
    const precisions = averagePrecisions(embeddings);
    const map = precisions.reduce((sum, value) => sum + value, 0) / precisions.length;
    expect(map).toBeCloseTo(entry.image_to_text['mAP'], 9);
    for (const [actual, expected] of [
      [ours.imageToText, entry.image_to_text],
      [ours.textToImage, entry.text_to_image],
    ] as const) {
      expect(actual.r1 * 100).toBeCloseTo(expected['R@1'], 9);
      expect(actual.r5 * 100).toBeCloseTo(expected['R@5'], 9);
      expect(actual.r10 * 100).toBeCloseTo(expected['R@10'], 9);
      expect(actual.medianRank).toBe(expected.median_rank);
      expect(actual.meanRank).toBeCloseTo(expected.mean_rank, 9);
      expect(actual.mrr).toBeCloseTo(expected.MRR, 9);
    }
  });
});

test('a collapsed model does not look perfect', () => {
  const flat = new Float32Array(100 * 4).fill(0.5);
  const { imageToText, textToImage } = retrieval({
    images: flat,
    texts: flat,
    width: 4,
    imageOfText: Array.from({ length: 100 }, (_, i) => i),
  });
  expect(imageToText.r10).toBe(0);
  expect(textToImage.medianRank).toBe(50.5);
});

test('NaN counts as wrong', () => {
  const nan = new Float32Array(3 * 2).fill(Number.NaN);
  expect(retrieval({ images: nan, texts: nan, width: 2, imageOfText: [0, 1, 2] }).imageToText.r1).toBe(0);
});

test('a model that tells all pictures apart is perfect; ranks stay between 1 and the count', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 12 }), fc.integer({ min: 1, max: 3 }), (images, captions) => {
      const imageOfText = Array.from({ length: images * captions }, (_, text) => Math.floor(text / captions));
      const similarity = Array.from({ length: images }, (_, i) => imageOfText.map((image) => +(image === i)));
      const { imageToText, textToImage } = retrieval(fromSimilarity(similarity, imageOfText));
      expect([imageToText.r1, textToImage.r1, imageToText.medianRank]).toEqual([1, 1, 1]);
      const opposite = similarity.map((row) => row.map((value) => -value));
      const worst = retrieval(fromSimilarity(opposite, imageOfText));
      expect(worst.textToImage.medianRank).toBe(images);
      expect(worst.imageToText.medianRank).toBe((images - 1) * captions + 1);
    }),
  );
});
