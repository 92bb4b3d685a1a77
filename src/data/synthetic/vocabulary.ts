/**
 * The things that the built-in pictures are made of: eight colours, eight shapes and the pairs of them that training
 * never shows. Outlines are rounded to 1e-6 so that a last-bit difference of `Math.cos` between browsers cannot
 * reach the bytes.
 */
import type { Colour, Outline } from './rasterise.ts';

export const colours: readonly { name: string; rgb: Colour }[] = [
  { name: 'red', rgb: [214, 40, 40] },
  { name: 'orange', rgb: [247, 140, 20] },
  { name: 'yellow', rgb: [240, 205, 20] },
  { name: 'green', rgb: [40, 155, 70] },
  { name: 'blue', rgb: [35, 90, 215] },
  { name: 'purple', rgb: [135, 55, 175] },
  { name: 'pink', rgb: [245, 130, 185] },
  { name: 'black', rgb: [30, 30, 34] },
];

/** Backgrounds are light and never mentioned: something for the model to ignore. */
export const backgrounds: readonly Colour[] = [
  [255, 255, 255],
  [246, 244, 238],
  [236, 242, 248],
  [238, 246, 238],
  [248, 240, 244],
  [236, 236, 238],
];

const rounded = (value: number) => Math.round(value * 1e6) / 1e6;

/** Points at the given radii, evenly around the centre, the first one on top. */
function around(radii: readonly number[]): Outline {
  return radii.flatMap((radius, i) => {
    const angle = (2 * Math.PI * i) / radii.length;
    return [rounded(radius * Math.sin(angle)), rounded(-radius * Math.cos(angle))];
  });
}

const disc = (radius: number) => around(Array.from({ length: 48 }, () => radius));

/** The heart curve x = 16 sin³ t, y = 13 cos t − 5 cos 2t − 2 cos 3t − cos 4t, fitted to the unit square. */
function heart(): Outline {
  return Array.from({ length: 48 }, (_, i) => (2 * Math.PI * i) / 48).flatMap((t) => {
    const x = 16 * Math.sin(t) ** 3;
    const y = 13 * Math.cos(t) - 5 * Math.cos(2 * t) - 2 * Math.cos(3 * t) - Math.cos(4 * t);
    return [rounded(x / 16.5), rounded(-(y + 2.5) / 15)];
  });
}

const arm = 0.34;

export const shapes: readonly { name: string; plural: string; outlines: readonly Outline[] }[] = [
  { name: 'circle', plural: 'circles', outlines: [disc(0.95)] },
  { name: 'square', plural: 'squares', outlines: [[-0.85, -0.85, 0.85, -0.85, 0.85, 0.85, -0.85, 0.85]] },
  { name: 'triangle', plural: 'triangles', outlines: [[0, -0.95, 1, 0.85, -1, 0.85]] },
  {
    name: 'star',
    plural: 'stars',
    outlines: [around(Array.from({ length: 10 }, (_, i) => (i % 2 === 0 ? 1 : 0.42)))],
  },
  { name: 'diamond', plural: 'diamonds', outlines: [[0, -1, 0.72, 0, 0, 1, -0.72, 0]] },
  {
    name: 'cross',
    plural: 'crosses',
    outlines: [
      [
        -arm,
        -1,
        arm,
        -1,
        arm,
        -arm,
        1,
        -arm,
        1,
        arm,
        arm,
        arm,
        arm,
        1,
        -arm,
        1,
        -arm,
        arm,
        -1,
        arm,
        -1,
        -arm,
      ].concat([-arm, -arm]),
    ],
  },
  { name: 'ring', plural: 'rings', outlines: [disc(1), disc(0.56)] },
  { name: 'heart', plural: 'hearts', outlines: [heart()] },
];

/**
 * Pairs of colour and shape (indices) that no training picture contains. Two of the eight shapes per colour and two
 * of the eight colours per shape, so that every part of an unseen pair has been seen in six other pairs.
 */
export function isHeldOut(colour: number, shape: number): boolean {
  return shape === (3 * colour + 1) % 8 || shape === (3 * colour + 4) % 8;
}
