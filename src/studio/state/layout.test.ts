import { expect, test } from 'vitest';
import { defaultLayout, moveItem, type PanelItem, withNew } from './layout.ts';

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

test('a layout kept by an earlier page is not lost: new panels are added once, at its end', () => {
  const kept = defaultLayout.filter(({ id }) => id !== 'contribution').reverse();
  const added = withNew(kept, ['contribution', 'balance']);
  expect(added.slice(0, -1)).toEqual(kept);
  expect(added.at(-1)?.panel).toBe('contribution');
});
