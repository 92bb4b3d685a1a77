/**
 * What an embedding map stands on, against numpy's float64: the rows are unit(sin(s + 0.7 i + 1.3 j + 0.1 i j)), the numbers come from np.linalg.eigh of np.cov, the
 * formulas written out, and np.linalg.svd; and UMAP keeps the neighbours of handwritten digits.
 */
import { expect, test } from 'vitest';
import { decodeInNode } from '../data/image/decode.node.ts';
import { importDataset, planImport } from '../data/import.ts';
import { openPath } from '../data/sources/folder.node.ts';
import { describeShared, sharedData } from '../data/testing/shared.ts';
import { alignment, modalityGap, uniformity } from './hypersphere.ts';
import { nearest, neighbourMap } from './neighbourMap.ts';
import { principalComponents } from './pca.ts';
import { procrustes } from './procrustes.ts';
import { trustworthiness } from './trustworthiness.ts';

const wave = (rows: number, width: number, s: number) =>
  Float64Array.from({ length: rows * width }, (_, at) => {
    const [i, j] = [Math.floor(at / width), at % width];
    return Math.sin(s + 0.7 * i + 1.3 * j + 0.1 * i * j);
  });
function unit(vectors: Float64Array, width: number): Float64Array {
  return vectors.map((value, at) => {
    const row = Math.floor(at / width) * width;
    return value / Math.hypot(...vectors.subarray(row, row + width));
  });
}
const [x, y] = [unit(wave(12, 5, 1), 5), unit(wave(12, 5, 2), 5)];
const near = (found: ArrayLike<number>, expected: readonly number[], digits: number) => {
  for (const [i, value] of expected.entries()) expect(found[i], `${i}`).toBeCloseTo(value, digits);
};

test('principal components and their shares of the variance', () => {
  const { points, explained } = principalComponents(wave(12, 5, 1), 12, 5);
  near(
    points.map(Math.abs),
    [0.997232177415, 0.227095569072, 1.18889414382, 0.768663845751, 0.323013040723, 1.179665545948],
    9,
  );
  near(explained, [0.44453934881085666, 0.38091342512012805], 12);
});

test('components of wide, of flat and of no data', () => {
  // As many directions as there are rows, less one: the two shares of a triangle are all.
  const { explained } = principalComponents(wave(3, 40, 1), 3, 40);
  expect(explained[0] + explained[1]).toBeCloseTo(1, 9);
  const line = Float64Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? i : 2 * (i - 1)));
  expect(principalComponents(line, 10, 2).explained[0]).toBeCloseTo(1, 12);
  const still = principalComponents(new Float64Array(12).fill(3), 4, 3);
  expect([...still.explained, ...still.points]).toEqual(new Array(10).fill(0));
  expect([...principalComponents([1, 2, 3], 3, 1).explained]).toEqual([1, 0]);
});

test('modality gap, alignment, uniformity', () => {
  expect(modalityGap(x, y, 5)).toBeCloseTo(0.14635580260764944, 12);
  expect(alignment(x, y, 5)).toBeCloseTo(0.9250324534433357, 12);
  expect(uniformity(x, 5)).toBeCloseTo(-2.6445776872623066, 12);
  expect([modalityGap(x, x, 5), alignment(x, x, 5)]).toEqual([0, 0]);
});

test('a map is laid on another by a turn, a reflection where it fits better, and a shift', () => {
  const expected = [
    -0.9276762510948223, 0.2755677600598613, -0.6717363592729333, 0.8958660946569218, 0.0018550707493450586,
    1.0655618894868497,
  ];
  const map = wave(12, 2, 3);
  const onto = wave(12, 2, 5);
  near(procrustes(map, onto), expected, 10);
  near(
    procrustes(
      map.map((value, i) => (i % 2 ? -value : value)),
      onto,
    ),
    expected,
    10,
  );
  // Points that are new do not count.
  const partly = onto.map((value, i) => (i < 20 ? value : Number.NaN));
  near(procrustes(onto, partly), [...onto], 10);
});

test('trustworthiness', () => {
  expect(trustworthiness(x, wave(12, 2, 3), 12, 5, 3)).toBeCloseTo(0.873015873015873, 12);
  expect(trustworthiness(wave(12, 2, 3), wave(12, 2, 3), 12, 2, 3)).toBe(1);
});

test('the nearest by cosine are found exactly', () => {
  const { indices, distances } = nearest(x, 12, 5, 4);
  for (const [row, own] of indices.entries()) {
    expect(own[0]).toBe(row);
    const least = Math.max(...distances[row]);
    for (let j = 0; j < 12; j++) {
      const cosine = Array.from({ length: 5 }, (_, i) => x[row * 5 + i] * x[j * 5 + i]).reduce(
        (a, b) => a + b,
      );
      if (!own.includes(j)) expect(1 - cosine).toBeGreaterThanOrEqual(least - 1e-12);
    }
  }
});

describeShared('handwritten digits', () => {
  test('UMAP keeps 12 neighbours with a trustworthiness of 0.9 and more, the same each time, and stays where the map before was', async () => {
    const tree = await openPath(sharedData('digits-av/digits-av.zip'));
    const [{ reader, options }] = await planImport(tree);
    const store = { name: 'digits', size: 28, fit: 'crop', background: '#ffffff' } as const;
    const { dataset } = await importDataset(tree, reader, options, store, { decode: decodeInNode });
    const [rows, size] = [300, 28 * 28];
    // Every second one, and one channel: the digits are grey.
    const bytes = dataset.pixels.subarray(0, 2 * rows * size * 3);
    const grey = Float64Array.from({ length: rows * size }, (_, i) => {
      const [row, pixel] = [Math.floor(i / size), i % size];
      return bytes[(2 * row * size + pixel) * 3] / 255;
    });
    const vectors = unit(grey, size);
    const start = principalComponents(vectors, rows, size).points;
    const settings = { neighbours: 12, least: 0.1, seed: 0, start };
    const map = await neighbourMap(vectors, rows, size, settings);
    const trust = trustworthiness(vectors, map, rows, size, 12);
    expect(trust).toBeGreaterThan(0.9);
    // Far better than the plane of the principal components.
    expect(trust).toBeGreaterThan(trustworthiness(vectors, start, rows, size, 12) + 0.05);
    expect(await neighbourMap(vectors, rows, size, settings)).toEqual(map);
    const turned = map.map((_, i) => (i % 2 === 0 ? -map[i + 1] : map[i - 1]));
    const onto = await neighbourMap(vectors, rows, size, { ...settings, start: turned, onto: turned });
    const away = (a: Float64Array) =>
      Math.sqrt(a.reduce((sum, v, i) => sum + (v - turned[i]) ** 2, 0) / rows);
    expect(away(onto)).toBeLessThan(0.5 * away(map));
  }, 180_000);
});
