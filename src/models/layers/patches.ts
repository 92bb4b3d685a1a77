/** Pictures [B, H, W, C] cut into square patches: [B, (H/p)·(W/p), p·p·C], row-major, each patch as rows, columns, channels. */
import { StudioError } from '../../core/errors.ts';
import type { Tensor } from '../../engine/graph/tensor.ts';
import { concat, embedding, permute, reshape, slice } from '../../engine/ops/functions.ts';

/** @throws StudioError `shape-mismatch` when the side is not a multiple of the patch */
export function patches(images: Tensor, patch: number): Tensor {
  const [batch, height, width, channels] = images.shape;
  if (height % patch || width % patch)
    throw new StudioError('shape-mismatch', {
      path: 'model › image › patch',
      message: `axes 1 and 2: a picture of ${height} × ${width} does not divide into patches of ${patch} × ${patch}`,
    });
  const [rows, columns] = [height / patch, width / patch];
  const cut = permute(reshape(images, [batch, rows, patch, columns, patch, channels]), [0, 1, 3, 2, 4, 5]);
  return reshape(cut, [batch, rows * columns, patch * patch * channels]);
}

/**
 * Of tokens [B, leading + N, D] the leading ones and some patches, for masked image modelling.
 * @param kept i32 [B, n]: rows of all patches of the batch
 */
export function seenOnly(x: Tensor, kept: Tensor, leading: 0 | 1): Tensor {
  const [batch, all, width] = x.shape;
  const count = all - leading;
  const seen = embedding(reshape(slice(x, 1, leading, count), [batch * count, width]), kept);
  return leading ? concat([slice(x, 1, 0, 1), seen], 1) : seen;
}
