import { expect, test } from 'vitest';
import { meant, partsOf } from './parts.ts';

const parameters = [
  ['image.patch.weight', 12],
  ['image.blocks.0.mlp.fc1.weight', 100],
  ['image.blocks.0.mlp.fc1.bias', 10],
  ['image.blocks.1.mlp.fc1.weight', 100],
  ['fusion.image.weight', 30],
  ['classification.head.weight', 5],
  ['infonce.logit_scale', 1],
].map(([name, size]) => ({ name: String(name), size: Number(size), trained: true }));

test('each modality stands before its blocks, with the numbers of all of them', () => {
  expect(partsOf(parameters, ['image']).map(({ id, of, parameters: count }) => [id, of, count])).toEqual([
    ['image', undefined, 222],
    ['image.patch', 'image', 12],
    ['image.blocks.0', 'image', 110],
    ['image.blocks.1', 'image', 100],
    ['fusion', undefined, 30],
    ['fusion.image', 'fusion', 30],
    ['heads', undefined, 5],
    ['classification.head', 'heads', 5],
    ['other', undefined, 1],
    ['infonce.logit_scale', 'other', 1],
  ]);
});

test('a pattern means a part, a block, or what it spells', () => {
  const count = (pattern: string) => meant(pattern, parameters, ['image']);
  expect(['image', 'image.blocks.0', '*.bias', 'heads', 'nothing'].map(count)).toEqual([222, 110, 10, 5, 0]);
});
