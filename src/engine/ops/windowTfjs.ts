/** Windows on TensorFlow.js, in tensors of at most four axes, which every backend can slice, pad and join. */
import type { Tf, TfTensor } from '../graph/op.ts';
import type { Windows } from './window.ts';

type Four = [number, number, number, number];

/** What lies at each tap, [B, rows, columns, C] each; `outside` around the picture. */
export function tapsOf(tf: Tf, x: TfTensor, w: Windows, outside: number): TfTensor[] {
  const padded = tf.pad(
    x,
    [
      [0, 0],
      [w.paddingHeight, w.paddingHeight],
      [w.paddingWidth, w.paddingWidth],
      [0, 0],
    ],
    outside,
  );
  return Array.from({ length: w.taps }, (_, tap) => {
    const y = Math.floor(tap / w.kernelWidth);
    const x0 = tap % w.kernelWidth;
    const end: Four = [
      w.batch,
      y + (w.rows - 1) * w.strideHeight + 1,
      x0 + (w.columns - 1) * w.strideWidth + 1,
      w.channels,
    ];
    return tf.stridedSlice(padded, [0, y, x0, 0], end, [1, w.strideHeight, w.strideWidth, 1]);
  });
}

/** Sum over the taps: each [B, rows, columns, C] laid back onto the picture [B, H, W, C]. */
export function laidBack(tf: Tf, w: Windows, tapAt: (tap: number) => TfTensor): TfTensor {
  const height = w.height + 2 * w.paddingHeight;
  const width = w.width + 2 * w.paddingWidth;
  const down = (w.rows - 1) * w.strideHeight + 1;
  const across = (w.columns - 1) * w.strideWidth + 1;
  let total: TfTensor | undefined;
  for (let tap = 0; tap < w.taps; tap++) {
    const y = Math.floor(tap / w.kernelWidth);
    const x = tap % w.kernelWidth;
    const placed = tf.pad(spread(tf, tapAt(tap), w, down, across), [
      [0, 0],
      [y, height - y - down],
      [x, width - x - across],
      [0, 0],
    ]);
    total = total ? tf.add(total, placed) : placed;
  }
  return tf.slice(total!, [0, w.paddingHeight, w.paddingWidth, 0], [w.batch, w.height, w.width, w.channels]);
}

/** Zeros between windows, as many as the stride leaves. */
function spread(tf: Tf, x: TfTensor, w: Windows, down: number, across: number): TfTensor {
  const { batch, rows, columns, channels, strideHeight, strideWidth } = w;
  let wide: TfTensor = x;
  if (strideWidth > 1)
    wide = tf.concat(
      [
        tf.reshape(wide, [batch * rows, columns, 1, channels]),
        tf.zeros([batch * rows, columns, strideWidth - 1, channels]),
      ],
      2,
    );
  const long = columns * strideWidth * channels;
  let high: TfTensor = wide;
  if (strideHeight > 1)
    high = tf.concat(
      [tf.reshape(wide, [batch, rows, 1, long]), tf.zeros([batch, rows, strideHeight - 1, long])],
      2,
    );
  return tf.slice(
    tf.reshape(high, [batch, rows * strideHeight, columns * strideWidth, channels]),
    [0, 0, 0, 0],
    [batch, down, across, channels],
  );
}

/** Joins along the last axis, six at a time: backends with few storage buffers lose parts of longer lists. */
export function joined(tf: Tf, parts: TfTensor[]): TfTensor {
  let list = parts;
  while (list.length > 1)
    list = Array.from({ length: Math.ceil(list.length / 6) }, (_, k) => {
      const some = list.slice(6 * k, 6 * k + 6);
      return some.length > 1 ? tf.concat(some, 3) : some[0];
    });
  return list[0];
}
