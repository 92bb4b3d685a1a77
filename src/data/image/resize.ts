/**
 * Resizes a decoded picture to the stored square. Our own, so that Node and browsers store the same bytes: canvas and
 * sharp scale differently. A triangle filter widened by the scale when shrinking, as Pillow's BILINEAR does: every
 * source pixel counts, so nothing aliases. Transparent pixels are composited before filtering, in sRGB values as
 * Pillow and torchvision do.
 */
export type Fit = 'crop' | 'pad' | 'stretch';

export interface PictureOptions {
  /** Side of the stored picture, pixels. */
  size: number;
  /** `crop`: centre square; `pad`: whole picture on the background; `stretch`. */
  fit: Fit;
  /** Behind transparent pixels and padding, `#rrggbb`. */
  background: string;
  /** The part of the picture that is meant, in its own pixels once it is the right way up; all of it where absent. */
  box?: Frame;
}

/** A decoded picture: RGBA bytes, not premultiplied. */
export interface Picture {
  width: number;
  height: number;
  data: Uint8Array | Uint8ClampedArray;
}

/** RGB bytes, `size × size × 3`, row-major. */
export function resize(picture: Picture, { size, fit, background, box }: PictureOptions): Uint8Array {
  const colour = parseColour(background);
  const { source, target } = frames(partOf(picture, box), size, fit);
  const across = filterTaps(source.x, source.width, target.width, picture.width);
  const down = filterTaps(source.y, source.height, target.height, picture.height);
  const rows = filterRows(picture, across, down.first, down.end, colour);

  const out = new Uint8Array(size * size * 3);
  for (let i = 0; i < out.length; i++) out[i] = colour[i % 3];
  const stride = target.width * 3;
  for (let y = 0; y < target.height; y++) {
    const to = ((target.y + y) * size + target.x) * 3;
    for (let i = 0; i < stride; i++) {
      let sum = 0;
      for (let t = down.start[y]; t < down.start[y + 1]; t++)
        sum += down.weight[t] * rows[(down.pixel[t] - down.first) * stride + i];
      out[to + i] = Math.max(0, Math.min(255, Math.round(sum)));
    }
  }
  return out;
}

export interface Frame {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** The box where it lies in the picture: at least one pixel of it. */
function partOf({ width, height }: Picture, box: Frame = { x: 0, y: 0, width, height }): Frame {
  const x = Math.max(0, Math.min(width - 1, box.x));
  const y = Math.max(0, Math.min(height - 1, box.y));
  return {
    x,
    y,
    width: Math.max(1, Math.min(width, box.x + box.width) - x),
    height: Math.max(1, Math.min(height, box.y + box.height) - y),
  };
}

/** Which part of the picture goes to which part of the square. @param whole what is to be seen of the picture */
function frames(whole: Frame, size: number, fit: Fit): { source: Frame; target: Frame } {
  const { width, height } = whole;
  const square = { x: 0, y: 0, width: size, height: size };
  if (fit === 'stretch') return { source: whole, target: square };
  if (fit === 'crop') {
    const side = Math.min(width, height);
    const source = {
      x: whole.x + (width - side) / 2,
      y: whole.y + (height - side) / 2,
      width: side,
      height: side,
    };
    return { source, target: square };
  }
  const scale = size / Math.max(width, height);
  const inner = {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  };
  const x = Math.floor((size - inner.width) / 2);
  const y = Math.floor((size - inner.height) / 2);
  return { source: whole, target: { x, y, ...inner } };
}

/** For each output pixel its source pixels and their weights, flattened: those of `o` are `start[o] … start[o + 1]`. */
interface Taps {
  start: Int32Array;
  pixel: Int32Array;
  weight: Float32Array;
  /** Source pixels that are used at all. */
  first: number;
  end: number;
}

function filterTaps(offset: number, length: number, count: number, limit: number): Taps {
  const scale = length / count;
  const support = Math.max(1, scale);
  const start = new Int32Array(count + 1);
  const pixel: number[] = [];
  const weight: number[] = [];
  // A crop reads nothing outside its frame, so that its edges do not depend on what was cut away.
  const low = Math.max(0, Math.floor(offset));
  const high = Math.min(limit, Math.ceil(offset + length));
  for (let o = 0; o < count; o++) {
    const centre = offset + (o + 0.5) * scale;
    const from = Math.max(low, Math.floor(centre - support));
    const to = Math.min(high, Math.ceil(centre + support));
    let sum = 0;
    const begin = pixel.length;
    for (let p = from; p < to; p++) {
      const value = 1 - Math.abs(p + 0.5 - centre) / support;
      if (value <= 0) continue;
      pixel.push(p);
      weight.push(value);
      sum += value;
    }
    for (let t = begin; t < weight.length; t++) weight[t] /= sum;
    start[o + 1] = pixel.length;
  }
  return { start, pixel: Int32Array.from(pixel), weight: Float32Array.from(weight), first: low, end: high };
}

/** The horizontal pass over the rows that the vertical one needs, composited on the background. */
function filterRows(
  { width, data }: Picture,
  taps: Taps,
  first: number,
  end: number,
  colour: readonly number[],
): Float32Array {
  const count = taps.start.length - 1;
  const rows = new Float32Array((end - first) * count * 3);
  const line = new Float32Array(width * 3);
  const { start, pixel, weight } = taps;
  const [red, green, blue] = colour;
  for (let y = first; y < end; y++) {
    let from = (y * width + taps.first) * 4;
    for (let at = taps.first * 3; at < taps.end * 3; at += 3, from += 4) {
      if (data[from + 3] === 255) {
        // What most pictures are made of; it shows nothing of the background.
        line[at] = data[from];
        line[at + 1] = data[from + 1];
        line[at + 2] = data[from + 2];
        continue;
      }
      const alpha = data[from + 3] / 255;
      line[at] = red + (data[from] - red) * alpha;
      line[at + 1] = green + (data[from + 1] - green) * alpha;
      line[at + 2] = blue + (data[from + 2] - blue) * alpha;
    }
    let to = (y - first) * count * 3;
    for (let o = 0; o < count; o++) {
      let r = 0;
      let g = 0;
      let b = 0;
      const last = start[o + 1];
      for (let t = start[o]; t < last; t++) {
        const at = pixel[t] * 3;
        const w = weight[t];
        r += w * line[at];
        g += w * line[at + 1];
        b += w * line[at + 2];
      }
      rows[to++] = r;
      rows[to++] = g;
      rows[to++] = b;
    }
  }
  return rows;
}

/** `#rrggbb` as three bytes; white where it is nothing of the kind. */
export function parseColour(text: string): [number, number, number] {
  const value = /^#[0-9a-f]{6}$/i.test(text) ? Number.parseInt(text.slice(1), 16) : 0xffffff;
  return [value >> 16, (value >> 8) & 255, value & 255];
}
