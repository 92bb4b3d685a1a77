/**
 * What is done with a picture after it was read through its view (data/augment.ts), in this order: a Gaussian blur, its edge repeated outside; saturation,
 * bounded to 0 … 1; and cut-out, a square of the mean colour (DeVries & Taylor 2017, arXiv 1708.04552). The op of the same name does it on the device.
 */
import { type Augment, reachOf } from '../core/augment.ts';
import type { Random } from '../core/random.ts';

export interface Alteration {
  /** 0 is grey, 1 leaves the colours. */
  saturation: number;
  /** Standard deviation of the blur, in pixels. */
  sigma: number;
  /** Pixels on each side that the blur looks at; 0: none. */
  reach: number;
  /** The square that is cut out: its first column and row, which may lie outside, and its side; 0: none. */
  left: number;
  top: number;
  side: number;
}

/** Weights of red, green and blue in the grey that a picture fades to (ITU-R BT.601). */
const luma = [0.299, 0.587, 0.114] as const;

/**
 * Draws an alteration; always the same number of draws. The square's middle is a pixel of the picture, each with the same chance, so that some of it may lie
 * outside, as in the paper.
 */
export function drawAlteration(
  { saturation = 0, blur = 0, cutout = 0 }: Augment,
  size: number,
  stream: Random,
): Alteration {
  const colour = 1 + (stream.uniform() * 2 - 1) * saturation;
  const sigma = Math.fround(stream.uniform() * blur);
  const side = Math.round(cutout * size);
  const first = () => stream.integer(size) - Math.floor(side / 2);
  return {
    saturation: colour,
    sigma,
    reach: reachOf(sigma),
    left: first(),
    top: first(),
    side,
  };
}

/**
 * Changes a picture in place.
 * @param picture `size × size × 3`, normalized
 * @param scale,offset per channel: normalized = value × scale + offset, for values in 0 … 1
 */
export function alterPicture(
  picture: Float32Array,
  size: number,
  { saturation, sigma, reach, left, top, side }: Alteration,
  scale: readonly number[],
  offset: readonly number[],
): void {
  if (reach > 0) {
    blurLines(picture, size, 3, size * 3, sigma, reach);
    blurLines(picture, size, size * 3, 3, sigma, reach);
  }
  if (saturation !== 1) saturate(picture, saturation, scale, offset);
  for (let y = Math.max(0, top); y < Math.min(size, top + side); y++)
    picture.fill(
      0,
      (y * size + Math.max(0, left)) * 3,
      (y * size + Math.max(0, Math.min(size, left + side))) * 3,
    );
}

/** Blurs along lines of pixels `step` apart, whose first ones are `stride` apart. */
function blurLines(
  picture: Float32Array,
  size: number,
  step: number,
  stride: number,
  sigma: number,
  reach: number,
): void {
  const weights = Float64Array.from({ length: 2 * reach + 1 }, (_, k) =>
    Math.exp(-((k - reach) ** 2) / (2 * sigma * sigma)),
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const before = new Float32Array(size);
  for (let line = 0; line < size; line++)
    for (let channel = 0; channel < 3; channel++) {
      const from = line * stride + channel;
      for (let i = 0; i < size; i++) before[i] = picture[from + i * step];
      for (let i = 0; i < size; i++) {
        let sum = 0;
        for (let k = -reach; k <= reach; k++)
          sum += weights[k + reach] * before[Math.min(size - 1, Math.max(0, i + k))];
        picture[from + i * step] = sum / total;
      }
    }
}

function saturate(
  picture: Float32Array,
  saturation: number,
  scale: readonly number[],
  offset: readonly number[],
): void {
  for (let at = 0; at < picture.length; at += 3) {
    const value = (channel: number) => (picture[at + channel] - offset[channel]) / scale[channel];
    const grey = luma.reduce((sum, weight, channel) => sum + weight * value(channel), 0);
    for (let channel = 0; channel < 3; channel++) {
      const bounded = Math.min(1, Math.max(0, grey + (value(channel) - grey) * saturation));
      picture[at + channel] = bounded * scale[channel] + offset[channel];
    }
  }
}
