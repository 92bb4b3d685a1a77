import { expect, test } from 'vitest';
import { moveItem, type PanelItem } from './layout.ts';

const items = ['a', 'b', 'c', 'd'].map(
  (id): PanelItem => ({ id, panel: id, columns: 4, rows: 6, settings: {} }),
);
const order = (list: PanelItem[]) => list.map((entry) => entry.id).join('');

test('a panel takes the place it is moved to, and no further than the ends', () => {
  expect(order(moveItem(items, 'a', 2))).toBe('bcad');
  expect(order(moveItem(items, 'd', 0))).toBe('dabc');
  expect(order(moveItem(items, 'b', 99))).toBe('acdb');
  expect(moveItem(items, 'b', 1)).toBe(items);
  expect(moveItem(items, 'x', 1)).toBe(items);
});
