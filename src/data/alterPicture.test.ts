/** Blur, saturation and cut-out against their definitions, in float64 and pixel by pixel. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { random } from '../core/random.ts';
import { type Alteration, alterPicture, drawAlteration } from './alterPicture.ts';

const none: Alteration = { saturation: 1, sigma: 0, reach: 0, left: 0, top: 0, side: 0 };
const scale = [4, 5, 6];
const offset = [-2, -1, 0];

/** A picture of values in 0 … 1, and normalized. */
function picture(size: number, seed: number) {
  const draw = random(seed, 'picture');
  const values = Float64Array.from({ length: size * size * 3 }, () => draw.uniform());
  return {
    values,
    normalized: Float32Array.from(values, (value, i) => value * scale[i % 3] + offset[i % 3]),
  };
}

/** The definition: a sum over the whole square, nothing separated, then saturation, then the square. */
function plain(
  values: Float64Array,
  size: number,
  { saturation, sigma, reach, left, top, side }: Alteration,
) {
  const near = (place: number) => Math.min(size - 1, Math.max(0, place));
  const at = (x: number, y: number, channel: number) => values[(near(y) * size + near(x)) * 3 + channel];
  const result: number[] = [];
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++) {
      const colour = [0, 1, 2].map((channel) => {
        if (reach === 0) return at(x, y, channel);
        let [sum, total] = [0, 0];
        for (let v = -reach; v <= reach; v++)
          for (let h = -reach; h <= reach; h++) {
            const weight = Math.exp(-(h * h + v * v) / (2 * sigma ** 2));
            sum += weight * at(x + h, y + v, channel);
            total += weight;
          }
        return sum / total;
      });
      const grey = 0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2];
      const inside = x >= left && x < left + side && y >= top && y < top + side;
      for (const [channel, value] of colour.entries()) {
        const bounded = Math.min(1, Math.max(0, grey * (1 - saturation) + value * saturation));
        result.push(inside ? 0 : bounded * scale[channel] + offset[channel]);
      }
    }
  return result;
}

test('a picture is altered as defined', () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 2, max: 11 }), (seed, size) => {
      const { values, normalized } = picture(size, seed);
      const drawn = drawAlteration(
        { crop: 0, flip: false, color: 0, wordDropout: 0, saturation: 1, blur: 2, cutout: 0.5 },
        size,
        random(seed),
      );
      alterPicture(normalized, size, drawn, scale, offset);
      const wanted = plain(values, size, drawn);
      for (const [i, value] of wanted.entries()) expect(Math.abs(normalized[i] - value)).toBeLessThan(1e-5);
    }),
    { numRuns: 60 },
  );
});

test('the square is cut to the picture and takes the mean, which is 0; the rest stays to the bit', () => {
  const { normalized } = picture(6, 1);
  const before = normalized.slice();
  alterPicture(normalized, 6, { ...none, left: -1, top: 4, side: 3 }, scale, offset);
  for (const [i, value] of normalized.entries()) {
    const [x, y] = [Math.floor(i / 3) % 6, Math.floor(i / 18)];
    expect(value).toBe(x < 2 && y >= 4 ? 0 : before[i]);
  }
});

test('a blur keeps a flat picture and the mean of what is far from the edge; grey has equal channels', () => {
  const flat = new Float32Array(27).fill(0.25);
  alterPicture(flat, 3, { ...none, sigma: 1.5, reach: 5 }, [1, 1, 1], [0, 0, 0]);
  for (const value of flat) expect(value).toBeCloseTo(0.25, 6);
  const point = new Float32Array(15 * 15 * 3);
  point[(7 * 15 + 7) * 3] = 1;
  alterPicture(point, 15, { ...none, sigma: 1, reach: 3 }, [1, 1, 1], [0, 0, 0]);
  expect(point.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5);
  const { normalized } = picture(4, 2);
  alterPicture(normalized, 4, { ...none, saturation: 0 }, scale, offset);
  for (let at = 0; at < normalized.length; at += 3)
    expect((normalized[at] - offset[0]) / scale[0]).toBeCloseTo(
      (normalized[at + 2] - offset[2]) / scale[2],
      5,
    );
});

test('draws keep their bounds, and what one switch draws does not depend on the others', () => {
  const off = { crop: 0, flip: false, color: 0, wordDropout: 0 };
  const draw = (change: object, seed: number) => drawAlteration({ ...off, ...change }, 20, random(seed));
  const sides = new Set<number>();
  for (let seed = 0; seed < 400; seed++) {
    const all = draw({ saturation: 0.5, blur: 2, cutout: 0.3 }, seed);
    expect(draw({ blur: 2 }, seed)).toMatchObject({
      sigma: all.sigma,
      reach: all.reach,
      saturation: 1,
      side: 0,
    });
    expect(draw({ cutout: 0.3 }, seed)).toMatchObject({ left: all.left, top: all.top, side: 6, reach: 0 });
    expect(draw({ saturation: 0.5 }, seed).saturation).toBe(all.saturation);
    expect(Math.abs(all.saturation - 1)).toBeLessThanOrEqual(0.5);
    expect(all.sigma).toBeLessThan(2);
    expect(all.reach).toBeLessThanOrEqual(6);
    sides.add(all.left);
  }
  // The middle is any pixel: the square begins between 3 before the first and 3 before the last.
  expect([Math.min(...sides), Math.max(...sides)]).toEqual([-3, 16]);
});
