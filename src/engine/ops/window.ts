/**
 * Windows that slide over pictures [B, H, W, C], for convolution and pooling: their geometry, and the kernel that gathers for each place of
 * the picture what the windows over it hold (so gradients need no atomics and add up in a fixed order).
 */
import type { KernelCall } from '../graph/kernel.ts';
import type { OpCase } from '../graph/op.ts';
import { type Attributes, type Shape, ShapeProblem, shapeText } from '../graph/tensor.ts';

/** Pairs are rows and columns: kernel, step from window to window, zeros (or nothing) around the picture. */
export interface WindowAttributes {
  kernel: readonly [number, number];
  stride: readonly [number, number];
  padding: readonly [number, number];
}

export interface Windows {
  batch: number;
  height: number;
  width: number;
  channels: number;
  kernelHeight: number;
  kernelWidth: number;
  strideHeight: number;
  strideWidth: number;
  paddingHeight: number;
  paddingWidth: number;
  /** Windows per column and per row of the picture. */
  rows: number;
  columns: number;
  /** Places in a window. */
  taps: number;
}

/** @throws ShapeProblem where the shape is no picture or a window does not fit */
export function windowsOf(shape: Shape, attributes: Attributes): Windows {
  if (shape.length !== 4)
    throw new ShapeProblem(`windows slide over [batch, height, width, channels], found ${shapeText(shape)}`);
  const [batch, height, width, channels] = shape;
  const [kernelHeight, kernelWidth] = attributes['kernel'] as readonly number[];
  const [strideHeight, strideWidth] = attributes['stride'] as readonly number[];
  const [paddingHeight, paddingWidth] = attributes['padding'] as readonly number[];
  const along = (axis: number, extent: number, kernel: number, stride: number, padding: number) => {
    if (kernel > extent + 2 * padding)
      throw new ShapeProblem(
        `axis ${axis}: a window of ${kernel} does not fit into ${extent} with ${padding} on either side (${shapeText(shape)})`,
      );
    return Math.floor((extent + 2 * padding - kernel) / stride) + 1;
  };
  return {
    batch,
    height,
    width,
    channels,
    kernelHeight,
    kernelWidth,
    strideHeight,
    strideWidth,
    paddingHeight,
    paddingWidth,
    rows: along(1, height, kernelHeight, strideHeight, paddingHeight),
    columns: along(2, width, kernelWidth, strideWidth, paddingWidth),
    taps: kernelHeight * kernelWidth,
  };
}

/** Numbers of a place are read four at a time where the channels allow. */
export const elementOf = ({ channels }: Windows) => (channels % 4 ? 'f32' : 'vec4f');

/** Sizes as uniforms, channels in elements. */
export function windowUniforms(w: Windows) {
  const { batch: _, ...sizes } = w;
  return { ...sizes, channels: elementOf(w) === 'f32' ? w.channels : w.channels / 4 };
}

/** Start of a kernel with a thread for each of `count` elements. */
export const threadPerElement = `
@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {
  let i = invocation(id);
  if (i >= u.count) { return; }
  let c = i % u.channels;`;

/**
 * A thread for every element of the picture sums over the windows that cover it. `add` is the statement for window `at` (counted over batch,
 * rows and columns) in which the place is tap `tap`.
 */
export function gatherCall(
  w: Windows,
  add: string,
  call: Pick<KernelCall, 'bindings' | 'prologue'>,
): KernelCall {
  const element = elementOf(w);
  const uniforms = windowUniforms(w);
  const count = w.batch * w.height * w.width * uniforms.channels;
  return {
    wgsl: `${threadPerElement}
  let x = (i / u.channels) % u.width;
  let y = (i / (u.channels * u.width)) % u.height;
  let b = i / (u.channels * u.width * u.height);
  var total = ${element}();
  for (var ky = 0u; ky < u.kernelHeight; ky++) {
    let down = i32(y + u.paddingHeight) - i32(ky);
    let row = u32(max(down, 0)) / u.strideHeight;
    if (down < 0 || row >= u.rows || row * u.strideHeight != u32(down)) { continue; }
    for (var kx = 0u; kx < u.kernelWidth; kx++) {
      let across = i32(x + u.paddingWidth) - i32(kx);
      let column = u32(max(across, 0)) / u.strideWidth;
      if (across < 0 || column >= u.columns || column * u.strideWidth != u32(across)) { continue; }
      let at = (b * u.rows + row) * u.columns + column;
      let tap = ky * u.kernelWidth + kx;
      ${add}
    }
  }
  store(i, total);
}`,
    ...call,
    uniforms: { count, ...uniforms },
    threads: count,
    workgroup: 64,
    epilogue: element,
  };
}

/** Calls `visit` for every place of every window that lies on the picture: both in elements, channel 0. */
export function eachTap(w: Windows, visit: (place: number, window: number, tap: number) => void): void {
  for (let b = 0; b < w.batch; b++)
    for (let row = 0; row < w.rows; row++)
      for (let column = 0; column < w.columns; column++)
        for (let tap = 0; tap < w.taps; tap++) {
          const y = row * w.strideHeight - w.paddingHeight + Math.floor(tap / w.kernelWidth);
          const x = column * w.strideWidth - w.paddingWidth + (tap % w.kernelWidth);
          if (y < 0 || y >= w.height || x < 0 || x >= w.width) continue;
          const place = ((b * w.height + y) * w.width + x) * w.channels;
          visit(place, (b * w.rows + row) * w.columns + column, tap);
        }
}

/** Windows of every kind: overlapping, apart, with and without padding, along one axis only. */
const windowCases: { shape: number[]; attributes: Attributes }[] = [
  { shape: [2, 5, 6, 3], attributes: { kernel: [3, 3], stride: [1, 1], padding: [1, 1] } },
  { shape: [2, 7, 8, 4], attributes: { kernel: [3, 3], stride: [2, 2], padding: [1, 1] } },
  { shape: [1, 6, 6, 8], attributes: { kernel: [2, 2], stride: [2, 2], padding: [0, 0] } },
  { shape: [2, 1, 9, 4], attributes: { kernel: [1, 3], stride: [1, 2], padding: [0, 1] } },
  { shape: [1, 5, 5, 4], attributes: { kernel: [1, 1], stride: [2, 2], padding: [0, 0] } },
  { shape: [1, 6, 5, 1], attributes: { kernel: [5, 5], stride: [1, 1], padding: [2, 2] } },
];

export const windowCase = (make: (shape: number[], attributes: Attributes) => OpCase): OpCase[] =>
  windowCases.map(({ shape, attributes }) => make(shape, attributes));
