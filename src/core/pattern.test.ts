/** Which names a pattern means. */
import { expect, test } from 'vitest';
import { matches } from './pattern.ts';

test.each([
  [
    'image',
    ['image', 'image.patch.weight', 'image.blocks.0.mlp.fc1'],
    ['text.image', 'images.patch', 'imag'],
  ],
  ['fusion', ['fusion.blocks.1.attention.qkv'], ['image.fusion']],
  [
    'image.blocks.1',
    ['image.blocks.1', 'image.blocks.1.mlp.fc2'],
    ['image.blocks.10.mlp.fc2', 'image.blocks'],
  ],
  ['*.qkv', ['image.blocks.0.attention.qkv', 'text.blocks.3.attention.qkv.weight'], ['image.qkvs', 'qkv']],
  ['image.blocks.*.mlp', ['image.blocks.11.mlp.fc1'], ['text.blocks.0.mlp.fc1', 'image.blocks.0.attention']],
  ['*', ['anything.at.all'], []],
  // A dot is a dot.
  ['image.patch', ['image.patch'], ['imageXpatch']],
])('%s', (pattern, yes, no) => {
  for (const name of yes) expect(matches(pattern, name), name).toBe(true);
  for (const name of no) expect(matches(pattern, name), name).toBe(false);
});
