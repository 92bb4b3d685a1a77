/**
 * Convolution as windows written out and one matmul, with PyTorch's weight layout ([out, in, kh, kw], in one dimension [out, in, k]), so that
 * exported weights load there as they are. A 1 × 1 kernel that skips nothing needs no windows. Starts as He et al. 2015.
 */
import type { Graph } from '../../engine/graph/graph.ts';
import type { Tensor } from '../../engine/graph/tensor.ts';
import { add, matmul, pad, permute, reshape, unfold } from '../../engine/ops/functions.ts';

export interface ConvOptions {
  kernel: number;
  stride?: number;
  /** Zeros around, half the kernel by default. */
  padding?: number;
  bias?: boolean;
}

/** [B, H, W, C] to [B, H', W', width]. */
export function conv2d(graph: Graph, name: string, x: Tensor, width: number, options: ConvOptions): Tensor {
  const { kernel, stride = 1, padding = kernel >> 1 } = options;
  return convolve(graph, name, x, width, [x.shape[3], kernel, kernel], options.bias, {
    kernel: [kernel, kernel],
    stride: [stride, stride],
    padding: [padding, padding],
  });
}

/** [B, T, C] to [B, T', width]. */
export function conv1d(graph: Graph, name: string, x: Tensor, width: number, options: ConvOptions): Tensor {
  const { kernel, stride = 1, padding = kernel >> 1 } = options;
  const [batch, steps, channels] = x.shape;
  const y = convolve(
    graph,
    name,
    reshape(x, [batch, 1, steps, channels]),
    width,
    [channels, kernel],
    options.bias,
    {
      kernel: [1, kernel],
      stride: [1, stride],
      padding: [0, padding],
    },
  );
  return reshape(y, [batch, y.shape[2], width]);
}

/** @param inner shape of a filter: channels, then the kernel's extents */
function convolve(
  graph: Graph,
  name: string,
  x: Tensor,
  width: number,
  inner: number[],
  bias = true,
  windows: Parameters<typeof unfold>[1],
): Tensor {
  return graph.scope(name, () => {
    const [kh, kw] = windows.kernel;
    const [batch, , , channels] = x.shape;
    const terms = kh * kw * channels;
    const weight = graph.parameter(
      'weight',
      [width, ...inner],
      { kind: 'normal', deviation: Math.sqrt(2 / terms) },
      { decay: true },
    );
    const single =
      kh * kw === 1 && windows.stride.every((step) => step === 1) && windows.padding.every((p) => !p);
    // Channels of nothing up to a multiple of four: kernels then read four numbers at once, and 3 colours are the common case.
    const spare = single ? 0 : (4 - (channels % 4)) % 4;
    const unfolded = single ? x : unfold(spare ? pad(x, 3, 0, spare) : x, windows);
    // Channels last within a filter, as the windows have them.
    const last = permute(reshape(weight, [width, channels, kh, kw]), [0, 2, 3, 1]);
    const length = kh * kw * (channels + spare);
    const filters = reshape(spare ? pad(last, 3, 0, spare) : last, [width, length]);
    const [, rows, columns] = unfolded.shape;
    const y = matmul(reshape(unfolded, [batch * rows * columns, length]), filters, { transposeB: true });
    const biased = bias ? add(y, graph.parameter('bias', [width], { kind: 'constant', value: 0 })) : y;
    return reshape(biased, [batch, rows, columns, width]);
  });
}
