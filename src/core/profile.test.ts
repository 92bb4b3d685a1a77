import { expect, test } from 'vitest';
import {
  type BlockTime,
  blockNames,
  type KernelTime,
  meanOfSteps,
  timeByBlock,
  timeByKind,
  totalTime,
} from './profile.ts';

const kernel = (label: string, kind: string, path: string, nanoseconds: number): KernelTime => ({
  label,
  kind,
  path,
  nanoseconds,
});

const step = [
  kernel('matmul registers + add', 'matmul registers', 'image.blocks.0.attention', 400),
  kernel('matmul registers + gelu', 'matmul registers', 'image.blocks.0.mlp', 300),
  kernel('matmul registers + gelu', 'matmul registers', 'image.blocks.1.mlp', 200),
  kernel('mul', 'pointwise', 'image', 50),
  kernel('mul', 'pointwise', 'image', 30),
  kernel('mul', 'pointwise', '', 20),
  kernel('adamw update', 'adamw update', 'optimizer', 100),
];

test('kinds add up to the step, the largest first', () => {
  expect(timeByKind(step)).toEqual([
    { kind: 'matmul registers', nanoseconds: 900, dispatches: 3 },
    { kind: 'pointwise', nanoseconds: 100, dispatches: 3 },
    { kind: 'adamw update', nanoseconds: 100, dispatches: 1 },
  ]);
  expect(totalTime(step)).toBe(1100);
});

test('a number belongs to the list before it', () => {
  expect(blockNames('image.blocks.0.attention')).toEqual(['image', 'blocks.0', 'attention']);
  expect(blockNames('')).toEqual([]);
});

test('every block is the sum of what lies in it, and equal kernels of a block are one leaf', () => {
  const tree = timeByBlock(step);
  expect(tree).toMatchObject({ name: 'step', nanoseconds: 1100, dispatches: 7 });
  const check = (block: BlockTime) => {
    if (block.children.length === 0) return;
    const sum = (pick: (one: BlockTime) => number) => block.children.reduce((all, one) => all + pick(one), 0);
    expect(sum((one) => one.nanoseconds)).toBe(block.nanoseconds);
    expect(sum((one) => one.dispatches)).toBe(block.dispatches);
    block.children.forEach(check);
  };
  check(tree);
  expect(tree.children.map(({ name }) => name)).toEqual(['image', 'optimizer', 'mul']);
  const image = tree.children[0];
  expect(image.children.map(({ name, dispatches }) => [name, dispatches])).toEqual([
    ['blocks.0', 2],
    ['blocks.1', 1],
    ['mul', 2],
  ]);
  expect(image.children[0].children[1].children[0]).toEqual({
    id: 'step › image › blocks.0 › mlp · matmul registers + gelu',
    name: 'matmul registers + gelu',
    nanoseconds: 300,
    dispatches: 1,
    children: [],
  });
});

test('steps are averaged kernel by kernel; the resolution is the finest that all of them show', () => {
  const one = { kernels: [kernel('a', 'a', '', 0), kernel('b', 'b', '', 200_000)], resolution: 200_000 };
  const two = {
    kernels: [kernel('a', 'a', '', 100_000), kernel('b', 'b', '', 300_000)],
    resolution: 100_000,
  };
  const mean = meanOfSteps([one, two]);
  expect(mean?.kernels.map(({ nanoseconds }) => nanoseconds)).toEqual([50_000, 250_000]);
  expect(mean?.resolution).toBe(100_000);
  expect(meanOfSteps([])).toBeUndefined();
});
