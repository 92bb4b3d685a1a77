import { expect, test } from 'vitest';
import { sideWords, synonymLists } from '../../../core/wordLists.ts';
import { addLists, listText, parseList } from './listText.ts';

test('lists are written a group a line, with commas of either script', () => {
  expect(parseList('left, right\n\n左，右\n上 、下', true)).toEqual({
    groups: [
      ['left', 'right'],
      ['左', '右'],
      ['上', '下'],
    ],
  });
  expect(parseList('', true)).toEqual({ groups: [] });
  for (const lists of [sideWords, synonymLists])
    for (const groups of Object.values(lists))
      expect(parseList(listText(groups), false).groups).toEqual(groups);
});

test('what is no list says where', () => {
  expect(parseList('left, right\nup', true)).toEqual({ wrong: { key: 'pair', params: { line: 2 } } });
  expect(parseList('left, right, top', true)).toEqual({ wrong: { key: 'pair', params: { line: 1 } } });
  expect(parseList('\nbig,', false)).toEqual({ wrong: { key: 'group', params: { line: 2 } } });
  expect(parseList('big, large\ngreat, Big', false)).toEqual({
    wrong: { key: 'twice', params: { word: 'Big' } },
  });
});

test('a list that is added leaves out what is there', () => {
  const added = addLists([['Left', 'starboard']], [...sideWords.en, ...sideWords.zh]);
  expect(added[0]).toEqual(['Left', 'starboard']);
  expect(added.flat()).not.toContain('left');
  expect(added.flat()).toContain('leftmost');
  expect(addLists(added, sideWords.zh)).toEqual(added);
});
