"""Scaled dot-product attention (Vaswani et al. 2017), and pre-norm self-attention around it."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


def attend(
    q: Tensor, k: Tensor, v: Tensor, head_width: int, keep: Tensor | None = None, causal: bool = False
) -> Tensor:
    """q [B, Nq, D], k and v [B, Nk, D]; keep [B, Nk]. A query without any key gives 0."""
    q, k, v = (x.unflatten(-1, (-1, head_width)).transpose(1, 2) for x in (q, k, v))
    if keep is None:
        y = F.scaled_dot_product_attention(q, k, v, is_causal=causal)
    else:
        mask = (keep > 0.5)[:, None, None, :]
        if causal:
            mask = mask & torch.ones(q.shape[2], k.shape[2], dtype=torch.bool, device=q.device).tril()
        nothing = ~mask.any(-1, keepdim=True)
        y = F.scaled_dot_product_attention(q, k, v, attn_mask=mask | nothing)
        y = y.masked_fill(nothing, 0.0)
    return y.transpose(1, 2).flatten(2)


class SelfAttention(nn.Module):
    """What pre-norm self-attention adds to the residual stream."""

    def __init__(self, width: int, heads: int, causal: bool = False) -> None:
        super().__init__()
        self.head_width = width // heads
        self.causal = causal
        self.norm = nn.LayerNorm(width)
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)

    def forward(self, x: Tensor, keep: Tensor | None = None) -> Tensor:
        q, k, v = self.qkv(self.norm(x)).chunk(3, -1)
        return self.out(attend(q, k, v, self.head_width, keep, self.causal))
