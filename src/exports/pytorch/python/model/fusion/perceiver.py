"""Perceiver resampler over all tokens of all modalities (Jaegle et al. 2021; Alayrac et al. 2022)."""

from torch import nn

from ..layers.types import Encoded, Fused
from .parts import Typed, guarded, sequence
from .resampler import Resampler


class Perceiver(nn.Module):
    #: Whether it gives fused tokens, and whether those of text keep their places among them.
    has_tokens = True
    keeps_text = False

    def __init__(
        self, token_widths: dict[str, int], *, width: int, latents: int, depth: int, heads: int, mlp: int
    ) -> None:
        super().__init__()
        for name, token_width in token_widths.items():
            self.add_module(name, Typed(token_width, width))
        self.resampler = Resampler(width, latents, depth, heads, mlp)

    def forward(self, encoded: dict[str, Encoded]) -> Fused:
        x, keep, _ = sequence(self, encoded)
        latents = self.resampler(x, keep)
        return Fused(guarded(latents.mean(1), encoded), latents)
