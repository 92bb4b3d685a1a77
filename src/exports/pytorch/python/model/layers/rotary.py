"""Rotary positions (Su et al. 2021), in the halves form of GPT-NeoX."""

import torch
from torch import Tensor

from .attention import SelfAttention, attend


def turned(x: Tensor, head_width: int) -> Tensor:
    """Each pair (i, i + w/2) of a head turned by position · 10000^(−2i/w). x is [B, N, D]."""
    half = head_width // 2
    place = torch.arange(x.shape[1], device=x.device, dtype=x.dtype)
    rate = 10000.0 ** (-torch.arange(half, device=x.device, dtype=x.dtype) / half)
    angle = (place[:, None] * rate)[:, None]
    a, b = x.unflatten(-1, (-1, head_width)).split(half, -1)
    cos, sin = angle.cos(), angle.sin()
    return torch.cat([a * cos - b * sin, a * sin + b * cos], -1).flatten(2)


class RotaryAttention(SelfAttention):
    def forward(self, x: Tensor, keep: Tensor | None = None) -> Tensor:
        q, k, v = self.qkv(self.norm(x)).chunk(3, -1)
        q, k = turned(q, self.head_width), turned(k, self.head_width)
        return self.out(attend(q, k, v, self.head_width, keep, self.causal))
