/** A part takes the place of its predecessor and leaves every other one alone. */
import { expect, test } from 'vitest';
import { insert } from './document.ts';
import type { Part } from './report.ts';

const part = (adapter: string, gigaflops: number): Part => ({
  kind: 'kernels',
  circumstances: {
    date: '2026-11-24',
    adapter,
    software: true,
    host: 'Node 20',
    cores: 2,
    load: [0, 0],
  },
  kernels: { peaks: { gigaflops, gigabytes: 2 }, workloads: [], squares: [] },
});

test('parts of two adapters stand side by side, and a later one replaces its own', () => {
  const once = [part('one', 111), part('two', 222)].reduce(insert, 'head\n<!-- /bench -->\ntail');
  expect(once).toMatch(/^head\n<!-- bench kernels, Node, one -->\n.*111.*222.*<!-- \/bench -->\ntail$/s);
  const again = insert(once, part('one', 333));
  expect(again).toContain('333 GFLOP/s');
  expect(again).not.toContain('111');
  expect(again.replace('333', '111')).toBe(once);
});

test('a page without the last marker is refused', () => {
  expect(() => insert('head', part('one', 1))).toThrow('has no <!-- /bench -->');
});
