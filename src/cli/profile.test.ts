import { expect, test } from 'vitest';
import { profileText } from './profile.ts';

const memory = {
  parameters: 2 ** 20,
  gradients: 2 ** 20,
  moments: 2 ** 21,
  activations: 2 ** 22,
  resident: 2 ** 19,
  inputs: 2 ** 18,
  records: 0,
};
const kernels = [
  { label: 'matmul plain', kind: 'matmul plain', path: 'image.blocks.0', nanoseconds: 3e6 },
  { label: 'mul', kind: 'pointwise', path: 'image', nanoseconds: 1e6 },
];

test('tables of kernels, blocks, memory and the split, each with what it adds up to', () => {
  const split = { data: 1, encode: 0.25, wait: 12.5 };
  expect(profileText({ step: 15, steps: 5, kernels, resolution: 65_536 }, memory, split)).toBe(
    `profile of steps 11 to 15: 4.000 ms in 2 kernels a step, timestamps to 65.536 µs

  kernel           ms   share  count
  matmul plain  3.000  75.0 %      1
  pointwise     1.000  25.0 %      1

  block            ms    share  count
  step          4.000  100.0 %      2
    image       4.000  100.0 %      2
      blocks.0  3.000   75.0 %      1

  memory        MiB
  parameters   1.00
  gradients    1.00
  moments      2.00
  activations  4.00
  resident     0.50
  inputs       0.25
  records      0.00
  in all       8.75

  a step of the run           ms
  making the batch          1.00
  encoding and submitting   0.25
  waiting for the device   12.50`,
  );
});

test('without timestamps it says why, and memory is still shown', () => {
  const text = profileText({ step: 1, steps: 1, untimed: 'no-timestamps' }, memory, undefined);
  expect(text).toMatch(/^profile of step 1: its kernels cannot be timed, because this adapter has no/);
  expect(text).toMatch(/in all +8\.75$/);
});
