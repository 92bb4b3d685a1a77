"""Masks and means over tokens."""

import torch
from torch import Tensor


def gated(x: Tensor, mask: Tensor) -> Tensor:
    """x where the mask is 1 and exactly 0 elsewhere, whatever stands there."""
    return torch.where(mask > 0.5, x, torch.zeros((), dtype=x.dtype, device=x.device))


def mean_of(x: Tensor, keep: Tensor | None) -> Tensor:
    """Mean of tokens [B, N, D] that count: [B, D], 0 where none does."""
    if keep is None:
        return x.mean(1)
    total = gated(x, keep[:, :, None]).sum(1)
    return total / keep.sum(1, keepdim=True).clamp(min=1).to(x.dtype)
