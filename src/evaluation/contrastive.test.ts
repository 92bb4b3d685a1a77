import { expect, test } from 'vitest';
import { random } from '../core/random.ts';
import { diagonalMargin, infoNce, type PairEmbeddings, validationLoss } from './contrastive.ts';

function unit(rows: number, width: number, seed: number): Float64Array {
  const stream = random(seed, 'embeddings');
  const values = Float64Array.from({ length: rows * width }, () => stream.normal());
  for (let row = 0; row < rows; row++) {
    const line = values.subarray(row * width, (row + 1) * width);
    const length = Math.hypot(...line);
    for (let k = 0; k < width; k++) line[k] /= length;
  }
  return values;
}

function pairs(rows: number, width: number): PairEmbeddings {
  const own = Array.from({ length: rows }, (_, i) => i);
  return {
    images: unit(rows, width, 1),
    texts: unit(rows, width, 2),
    width,
    sampleGroups: own,
    textGroups: own,
  };
}

test('no knowledge costs ln B', () => {
  const flat = new Float32Array(32 * 4).fill(0.5);
  const own = Array.from({ length: 32 }, (_, i) => i);
  const loss = infoNce({ images: flat, texts: flat, width: 4, sampleGroups: own, textGroups: own }, 14);
  expect(loss).toBeCloseTo(Math.log(32), 12);
  expect(infoNce(pairs(64, 256), 1)).toBeCloseTo(Math.log(64), 1);
});

test('by hand: two pairs, one of them turned', () => {
  // cos = [[1, 0], [0, −1]]; rows: −log(e/(e+1)), −log(e⁻¹/(1+e⁻¹)); columns the same.
  const loss = infoNce(
    {
      images: Float64Array.of(1, 0, 0, 1),
      texts: Float64Array.of(1, 0, 0, -1),
      width: 2,
      sampleGroups: [0, 1],
      textGroups: [0, 1],
    },
    1,
  );
  const expected = (Math.log(1 + Math.exp(-1)) + Math.log(1 + Math.E)) / 2;
  expect(loss).toBeCloseTo(expected, 12);
});

test('all rows of one picture: the loss is the mean over all of them as positives', () => {
  const base = pairs(6, 8);
  const together = infoNce({ ...base, sampleGroups: [0, 0, 0, 0, 0, 0] }, 5);
  // Every j is a positive of every i, so the mean of the log softmax is that over whole rows and columns.
  let expected = 0;
  for (let i = 0; i < 6; i++) {
    for (const at of [(j: number) => [i, j], (j: number) => [j, i]]) {
      const logits = Array.from({ length: 6 }, (_, j) => {
        const [a, b] = at(j);
        return (
          5 *
          Array.from({ length: 8 }, (_, k) => base.images[a * 8 + k] * base.texts[b * 8 + k]).reduce(
            (s, v) => s + v,
          )
        );
      });
      const total = Math.log(logits.reduce((sum, value) => sum + Math.exp(value), 0));
      expected += logits.reduce((sum, value) => sum + total - value, 0) / 6 / 12;
    }
  }
  expect(together).toBeCloseTo(expected, 12);
});

test('batches are averaged, an incomplete last one is left out', () => {
  const all = pairs(10, 8);
  const part = (from: number, to: number): PairEmbeddings => ({
    ...all,
    images: all.images.slice(from * 8, to * 8),
    texts: all.texts.slice(from * 8, to * 8),
  });
  expect(validationLoss(all, 3, 4)).toBeCloseTo((infoNce(part(0, 4), 3) + infoNce(part(4, 8), 3)) / 2, 12);
  expect(validationLoss(all, 3, 64)).toBeCloseTo(infoNce(all, 3), 12);
});

test('the margin is 1 where own pairs agree and others are orthogonal', () => {
  const eye = Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1);
  const groups = [0, 1, 2];
  expect(
    diagonalMargin({ images: eye, texts: eye, width: 3, sampleGroups: groups, textGroups: groups }),
  ).toBe(1);
});
