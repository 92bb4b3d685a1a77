/** Pictures [B, H, W, C] cut into square patches: [B, (H/p)·(W/p), p·p·C], row-major, each patch as rows, columns, channels. */
import { StudioError } from '../../core/errors.ts';
import type { Tensor } from '../../engine/graph/tensor.ts';
import { permute, reshape } from '../../engine/ops/functions.ts';

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
