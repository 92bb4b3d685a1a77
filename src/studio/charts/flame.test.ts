import { expect, test } from 'vitest';
import { timeByBlock } from '../../core/profile.ts';
import { findCell, layoutFlame, neighbour, shownCells } from './flame.ts';

const kernel = (label: string, path: string, nanoseconds: number) => ({
  label,
  kind: label,
  path,
  nanoseconds,
});
const tree = layoutFlame(
  timeByBlock([
    kernel('b', 'image.blocks.0', 200),
    kernel('c', 'image.blocks.1', 100),
    kernel('a', 'text', 100),
    kernel('d', 'optimizer', 0),
  ]),
);
const at = (id: string) => findCell(tree, id)!;

test('widths are shares of the whole, and parts fill what is around them', () => {
  expect(tree.children?.map(({ data, x0, x1 }) => [data.name, x0, x1])).toEqual([
    ['image', 0, 0.75],
    ['text', 0.75, 1],
    ['optimizer', 1, 1],
  ]);
  expect(tree.children?.[0].children?.map(({ data, x0, x1 }) => [data.name, x0, x1])).toEqual([
    ['blocks.0', 0, 0.5],
    ['blocks.1', 0.5, 0.75],
  ]);
});

test('an enlarged cell and all around it fill the width; what lies beside it is gone', () => {
  const shown = shownCells(at('step › image'));
  expect(shown.map(({ cell, from, to }) => [cell.data.name, from, to])).toEqual([
    ['image', 0, 1],
    ['step', 0, 1],
    ['blocks.0', 0, 2 / 3],
    ['blocks.1', 2 / 3, 1],
    ['b', 0, 2 / 3],
    ['c', 2 / 3, 1],
  ]);
  // A part that took no time has nothing in it to show.
  expect(shownCells(at('step › optimizer')).map(({ cell }) => cell.data.name)).toEqual(['optimizer', 'step']);
});

test('arrow keys go to the cell around, inside and beside, and stop at the ends', () => {
  expect(neighbour(at('step › text'), 'ArrowLeft')).toBe(at('step › image'));
  expect(neighbour(at('step › image'), 'ArrowLeft')).toBeUndefined();
  expect(neighbour(at('step › image'), 'ArrowDown')).toBe(at('step › image › blocks.0'));
  expect(neighbour(at('step › image'), 'ArrowUp')).toBe(tree);
  expect(neighbour(tree, 'ArrowUp')).toBeUndefined();
  expect(neighbour(tree, 'ArrowRight')).toBeUndefined();
});
