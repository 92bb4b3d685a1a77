"""Pictures as patches."""

from torch import Tensor


def patches(images: Tensor, side: int) -> Tensor:
    """[B, H, W, 3] cut into squares: [B, (H/p)·(W/p), p·p·3], row by row."""
    x = images.unflatten(2, (-1, side)).unflatten(1, (-1, side))
    return x.transpose(2, 3).flatten(3).flatten(1, 2)
