import fc from 'fast-check';
import { expect, test } from 'vitest';
import { random } from '../core/random.ts';
import { sideWords, synonymLists } from '../core/wordLists.ts';
import { swapsIn, synonymsIn } from './caption.ts';
import { dropWords, rewrite, saysSide } from './words.ts';

const pairs = [...sideWords.en, ...sideWords.zh];
const mirrored = (caption: string, list = pairs): string | undefined => {
  const swaps = swapsIn(caption, list);
  return swaps && rewrite(caption, swaps, []).text;
};

test.each([
  ['a red circle left of a blue square', 'a red circle right of a blue square'],
  ['in the top left corner', 'in the top right corner'],
  ['Left: a cat. RIGHT: a dog, right?', 'Right: a cat. LEFT: a dog, left?'],
  ['from left to right', 'from right to left'],
  ['the leftmost of three, on the left-hand side', 'the rightmost of three, on the right-hand side'],
  ['a left-handed man (left)', 'a right-handed man (right)'],
  ['turn right at the sign', 'turn left at the sign'],
  ['a bright cleft above', 'a bright cleft above'],
  ['猫在左边，狗在右侧', '猫在右边，狗在左侧'],
  ['向右转', '向左转'],
  ['a cat 在左边 on the right', 'a cat 在右边 on the left'],
])('“%s” becomes “%s”, and back', (caption, wanted) => {
  expect(mirrored(caption)).toBe(wanted);
  expect(mirrored(wanted)).toBe(caption);
});

test.each([
  'right now it rains',
  'that is right',
  'she has left the room',
  'food left over from lunch',
  'right behind the door',
  'a right angle',
  'all right',
  'a rightful heir',
  'leftovers on a plate',
  '大约五个左右',
  '左右两边各有一只猫',
])('“%s” says no side that can be swapped cleanly', (caption) => {
  expect(saysSide(caption)).toBe(true);
  expect(swapsIn(caption, pairs)).toBeUndefined();
});

test('what is in no pair is not swapped: the caption cannot be mirrored', () => {
  expect(mirrored('the leftmost one', [['left', 'right']])).toBeUndefined();
  expect(mirrored('在左边', sideWords.en)).toBeUndefined();
  expect(mirrored('east of the left house', [...pairs, ['east', 'west']])).toBe('west of the right house');
});

const words = fc.constantFrom(
  'Left',
  'right',
  'RIGHT',
  'left-hand',
  'cat',
  '左',
  '右边',
  '猫',
  ',',
  'of',
  'E.',
);

test('swapping twice gives the caption back, and changes nothing but the words of the list', () => {
  fc.assert(
    fc.property(fc.array(words, { maxLength: 12 }), (list) => {
      const caption = list.join(' ');
      const once = mirrored(caption);
      if (once === undefined) return;
      expect(mirrored(once)).toBe(caption);
      const without = (text: string) => text.replace(/left|right|[左右]/gi, '*');
      expect(without(once)).toBe(without(caption));
    }),
  );
});

const list = [
  ['big', 'large'],
  ['kid', 'child', 'youngster'],
  ['next to', 'beside'],
  ['漂亮', '美丽'],
];
const all = (caption: string, seed = 1) => rewrite(caption, [], synonymsIn(caption, list, 1, [seed])).text;

test('synonyms keep case and punctuation, go through Chinese, and leave parts of words alone', () => {
  expect(all('A Big dog, BIG!')).toBe('A Large dog, LARGE!');
  expect(all('Next to the box')).toBe('Beside the box');
  expect(all('漂亮的花')).toBe('美丽的花');
  expect(all('bigger, man-big, kidding')).toBe('bigger, man-big, kidding');
  expect(all("the kid's ball")).toMatch(/^the (child|youngster)'s ball$/);
});

test('each word of a group comes as often as the others, and as often as its share says', () => {
  const drawn = Array.from(
    { length: 3000 },
    (_, seed) => rewrite('kid', [], synonymsIn('kid', list, 0.6, [seed])).text,
  );
  const share = (text: string) => drawn.filter((one) => one === text).length / drawn.length;
  // Three deviations of a share of 3,000.
  expect(Math.abs(share('kid') - 0.4)).toBeLessThan(0.03);
  expect(Math.abs(share('child') - 0.3)).toBeLessThan(0.03);
  expect(Math.abs(share('youngster') - 0.3)).toBeLessThan(0.03);
});

test('a longer list or a higher share changes more words and none otherwise', () => {
  const caption = 'a big kid and a big kid next to a large child';
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const few = synonymsIn(caption, list.slice(1), 0.4, [seed]);
      const more = synonymsIn(caption, list, 0.8, [seed]);
      expect(more).toEqual(expect.arrayContaining(few));
    }),
  );
});

test('all changes are made in the caption as it is written', () => {
  const caption = 'a big cat left of a kid';
  const swaps = swapsIn(caption, pairs) ?? [];
  const synonyms = synonymsIn(caption, list, 1, [2]);
  const { text, parts } = rewrite(caption, swaps, synonyms, new Set([2, 4]));
  expect(text).toMatch(/^a large right a (child|youngster)$/);
  expect(parts.filter(({ how }) => how).map(({ was, how }) => `${how} ${was}`)).toEqual([
    'synonym big',
    'dropout cat',
    'swap left',
    'dropout of',
    'synonym kid',
  ]);
  expect(parts.map((part) => part.was ?? part.text).join('')).toBe(caption);
  // A word of two pieces goes only with both.
  const beside = 'x next to y';
  const found = synonymsIn(beside, list, 1, [0]);
  expect(rewrite(beside, [], found, new Set([1])).text).toBe('x beside y');
  expect(rewrite(beside, [], found, new Set([1, 2])).text).toBe('x y');
  // Where both want a word, the side goes first.
  const both = rewrite('left', swapsIn('left', pairs) ?? [], synonymsIn('left', [['left', 'port']], 1, [0]));
  expect(both.text).toBe('right');
});

test('words go, order stays, one always remains; Chinese goes by character', () => {
  const drop = (caption: string, share: number, seed: number) =>
    rewrite(caption, [], [], dropWords(caption, share, random(seed))).text;
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const caption = 'a small red circle above a big blue square'.split(' ');
      const kept = drop(caption.join(' '), 0.5, seed).split(' ');
      expect(kept.length).toBeGreaterThan(0);
      let from = 0;
      for (const word of kept) {
        const place = caption.indexOf(word, from);
        expect(place).toBeGreaterThanOrEqual(from);
        from = place + 1;
      }
    }),
  );
  expect(drop('circle', 0.5, 1)).toBe('circle');
  expect(drop('a  b', 0, 1)).toBe('a  b');
  const chinese = Array.from({ length: 20 }, (_, i) => drop('红色的圆', 0.5, i));
  expect(chinese.some((text) => text.length < 4 && text.length > 0)).toBe(true);
});

test('the lists that ship hold each word once', () => {
  for (const lists of [sideWords, synonymLists])
    for (const groups of Object.values(lists)) {
      const flat = groups.flat();
      expect(new Set(flat).size).toBe(flat.length);
    }
});
