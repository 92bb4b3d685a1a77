"""The resampler of Flamingo (Alayrac et al. 2022), after Perceiver (Jaegle et al. 2021)."""

import torch
from torch import Tensor, nn

from ..layers.attention import attend
from ..layers.feed_forward import FeedForward


class LatentAttention(nn.Module):
    """Latents read the tokens and themselves, keys of both side by side."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.head_width = width // heads
        self.norm = nn.LayerNorm(width)
        self.mediaNorm = nn.LayerNorm(width)
        self.q = nn.Linear(width, width)
        self.kv = nn.Linear(width, 2 * width)
        self.out = nn.Linear(width, width)

    def forward(self, x: Tensor, media: Tensor, keep: Tensor | None) -> Tensor:
        queries = self.norm(x)
        k, v = self.kv(torch.cat([self.mediaNorm(media), queries], 1)).chunk(2, -1)
        return self.out(attend(self.q(queries), k, v, self.head_width, keep))


class ResamplerLayer(nn.Module):
    def __init__(self, width: int, heads: int, mlp: int) -> None:
        super().__init__()
        self.attention = LatentAttention(width, heads)
        self.mlp = FeedForward(width, mlp)

    def forward(self, x: Tensor, media: Tensor, keep: Tensor | None) -> Tensor:
        x = x + self.attention(x, media, keep)
        return x + self.mlp(x)


class Resampler(nn.Module):
    """Any number of tokens [B, N, width] to as many as there are latents."""

    def __init__(self, width: int, latents: int, depth: int, heads: int, mlp: int) -> None:
        super().__init__()
        self.latents = nn.Parameter(torch.randn(latents, width) * width**-0.5)
        self.layers = nn.ModuleList(ResamplerLayer(width, heads, mlp) for _ in range(depth))
        self.norm = nn.LayerNorm(width)

    def forward(self, media: Tensor, keep: Tensor | None) -> Tensor:
        x = self.latents.expand(media.shape[0], -1, -1)
        if keep is not None:
            keep = nn.functional.pad(keep, (0, x.shape[1]), value=1.0)
        for layer in self.layers:
            x = layer(x, media, keep)
        return self.norm(x)
