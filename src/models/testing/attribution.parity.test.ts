/** Integrated gradients and Grad-CAM against PyTorch's autograd (torch/attribution.py), in float64; and completeness. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { Recipe } from '../../core/recipe.ts';
import { interpret } from '../../engine/graph/interpret.ts';
import { gaussLegendre } from '../../evaluation/gaussLegendre.ts';
import { gradCam } from '../../evaluation/gradCam.ts';
import { recipes } from '../../training/recipes.ts';
import { attributionGraph } from '../attribution.ts';
import { draw, drawn } from './parity.ts';

interface Sample {
  value: number;
  nothing: number;
  image: number[];
  text: number[];
  maps: Record<string, number[]>;
}
const expected: Record<string, Sample[]> = JSON.parse(
  readFileSync(fileURLToPath(new URL('torch/attribution.json', import.meta.url)), 'utf8'),
);

const batch = 4;
const steps = 32;
const lengths = [5, 2, 3, 0];
const tokens = [3, 7, 1, 9, 4, 5, 2, 0, 0, 0, 8, 8, 6, 0, 0, 0, 0, 0, 0, 0];
const keep = lengths.flatMap((length) => Array.from({ length: 5 }, (_, at) => (at < length ? 1 : 0)));
const { recipe: plain } = recipes()[0];
const image = {
  vit: { type: 'vit', patch: 4, width: 8, depth: 2, heads: 2, mlp: 2, pool: 'cls' },
  lenet: { type: 'cnn', shape: 'lenet', width: 4, stem: '1' },
};

test.each(['vit', 'lenet'] as const)('%s and text: credits and maps', (tower) => {
  const recipe: Recipe = {
    ...plain,
    encoders: {
      image: image[tower],
      text: { type: 'transformer', width: 8, depth: 2, heads: 2, mlp: 2, pool: 'mean' },
    },
    fusion: { type: 'two-tower', width: 8 },
  };
  const {
    graph,
    value,
    entered,
    tokens: last,
  } = attributionGraph(
    recipe,
    { batch, imageSize: 8, textLength: 5, vocabulary: 10 },
    { kind: 'similarity', between: ['image', 'text'] },
  );
  const values = drawn(graph, { images: draw('images', batch * 8 * 8 * 3, 1), tokens, keep });
  const names = ['image', 'text'] as const;
  const wanted = [
    value,
    ...names.flatMap((name) => [entered.get(name)!.read, entered.get(name)!.gradient]),
    ...names.flatMap((name) => [last.get(name)!.read, last.get(name)!.gradient]),
  ];
  const run = (scale: number) => {
    values.set('scale', new Float64Array(batch).fill(scale));
    return interpret(graph, wanted, (name) => values.get(name)!);
  };
  const [now, pictures, , words, , ...maps] = run(1);
  const [nothing] = run(0);
  const { nodes, weights } = gaussLegendre(steps);
  const sums = { image: new Float64Array(pictures.length), text: new Float64Array(words.length) };
  for (const [k, node] of nodes.entries()) {
    const found = run(node);
    for (const [i, name] of names.entries())
      for (const [at, gradient] of found[2 + 2 * i].entries()) sums[name][at] += weights[k] * gradient;
  }
  for (const [b, sample] of expected[tower].entries()) {
    expect(now[b]).toBeCloseTo(sample.value, 9);
    expect(nothing[b]).toBeCloseTo(sample.nothing, 9);
    let [total, moved] = [0, 0];
    for (const [name, read] of [
      ['image', pictures],
      ['text', words],
    ] as const) {
      const width = name === 'image' ? 3 : 8;
      for (const [place, credit] of sample[name].entries()) {
        const from = (b * (read.length / batch / width) + place) * width;
        let own = 0;
        for (let at = from; at < from + width; at++) own += sums[name][at] * read[at];
        expect(own, `${name} ${place}`).toBeCloseTo(credit, 8);
        total += own;
        moved += Math.abs(own);
      }
    }
    // Of what the credits move: the two ends may lie close together.
    expect(Math.abs(total - (now[b] - nothing[b]))).toBeLessThan(0.01 * moved);
    for (const [i, name] of names.entries()) {
      const [read, gradient] = [maps[2 * i], maps[2 * i + 1]];
      const size = read.length / batch;
      // A class token is no place, padding neither.
      const from = b * size + (name === 'image' && tower === 'vit' ? 8 : 0);
      const to = name === 'text' ? from + lengths[b] * 8 : (b + 1) * size;
      const map = gradCam(read.slice(from, to), gradient.slice(from, to), 8);
      expect(map).toHaveLength(sample.maps[name].length);
      for (const [place, one] of sample.maps[name].entries()) expect(map[place], name).toBeCloseTo(one, 8);
    }
  }
});
