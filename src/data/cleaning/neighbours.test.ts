import { expect, test } from 'vitest';
import { random } from '../../core/random.ts';
import { Neighbours } from './neighbours.ts';

const width = 64;

/** Unit vectors around fifty centres, as features of pictures are; the farther they stray, the harder to search. */
function vectors(count: number, seed: number, stray: number): Float32Array[] {
  const draw = random(seed, 'vectors');
  const centres = Array.from({ length: 50 }, () => Float32Array.from({ length: width }, () => draw.normal()));
  return Array.from({ length: count }, () => {
    const centre = centres[draw.integer(50)];
    const vector = centre.map((value) => value + stray * draw.normal());
    const length = Math.hypot(...vector);
    return vector.map((value) => value / length);
  });
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < width; i++) sum += a[i] * b[i];
  return sum;
}

/** Share of the true ten nearest that are found. */
function recall(index: Neighbours, all: readonly Float32Array[], queries: readonly Float32Array[]): number {
  let found = 0;
  for (const query of queries) {
    const true10 = all
      .map((vector, id) => ({ id, similarity: dot(query, vector) }))
      .sort((a, b) => b.similarity - a.similarity)
      .slice(0, 10);
    const ids = new Set(index.search(query, 10).map(({ id }) => id));
    found += true10.filter(({ id }) => ids.has(id)).length;
  }
  return found / (10 * queries.length);
}

const count = Number(process.env['NEIGHBOURS'] ?? 5000);

test.each([0.7, 3])(
  `finds 95 of 100 true neighbours among ${count} vectors that stray by %d, the same for the same seed`,
  (stray) => {
    const all = vectors(count, 1, stray);
    const build = (list: readonly Float32Array[]) => {
      const index = new Neighbours({ width, seed: 3 });
      for (const vector of list) index.add(vector);
      return index;
    };
    const began = performance.now();
    const index = build(all);
    const built = performance.now();
    const queries = vectors(count + 100, 1, stray).slice(count);
    const answers = queries.map((query) => index.search(query, 10));
    const searched = performance.now();
    const share = recall(index, all, queries);
    if (process.env['NEIGHBOURS'])
      process.stderr.write(
        `stray ${stray}: recall@10 ${share}, ${(built - began).toFixed(0)} ms to build, ${((searched - built) / queries.length).toFixed(3)} ms a search\n`,
      );
    expect(share).toBeGreaterThanOrEqual(0.95);
    for (const answer of answers)
      for (let i = 1; i < answer.length; i++)
        expect(answer[i].similarity).toBeLessThanOrEqual(answer[i - 1].similarity);
    const [once, again] = [build(all.slice(0, 1000)), build(all.slice(0, 1000))];
    for (const query of queries.slice(0, 50)) expect(again.search(query, 10)).toEqual(once.search(query, 10));
  },
  300_000,
);

test('few vectors, equal ones and none', () => {
  const index = new Neighbours({ width: 2 });
  expect(index.search(Float32Array.of(1, 0), 5)).toEqual([]);
  for (let i = 0; i < 10; i++) index.add(Float32Array.of(1, 0));
  index.add(Float32Array.of(0, 1));
  expect(index.size).toBe(11);
  // Equal vectors hide each other: not all are found, but one is.
  expect(index.search(Float32Array.of(1, 0), 1)).toMatchObject([{ similarity: 1 }]);
  expect(index.search(Float32Array.of(0, 1), 1)).toEqual([{ id: 10, similarity: 1 }]);
});
