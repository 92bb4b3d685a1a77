"""Early fusion: the tokens of all modalities through one Transformer (Wang et al. 2022; Kim et al. 2021)."""

import torch
from torch import nn

from ..layers.block import Block
from ..layers.tokens import mean_of
from ..layers.types import Encoded, Fused
from .parts import Typed, guarded, sequence


class EarlyFusion(nn.Module):
    #: Whether it gives fused tokens, and whether those of text keep their places among them.
    has_tokens = True
    keeps_text = True

    def __init__(
        self, token_widths: dict[str, int], *, width: int, depth: int, heads: int, mlp: int, pool: str
    ) -> None:
        super().__init__()
        for name, token_width in token_widths.items():
            self.add_module(name, Typed(token_width, width))
        self.class_ = nn.Parameter(torch.randn(width) * width**-0.5) if pool == "cls" else None
        self.blocks = nn.ModuleList(Block(width, heads, mlp) for _ in range(depth))
        self.norm = nn.LayerNorm(width)

    def forward(self, encoded: dict[str, Encoded]) -> Fused:
        x, keep, spans = sequence(self, encoded)
        mask = keep
        if self.class_ is not None:
            x = torch.cat([self.class_.expand(x.shape[0], 1, -1), x], 1)
            mask = None if keep is None else nn.functional.pad(keep, (1, 0), value=1.0)
        for block in self.blocks:
            x = block(x, mask)
        x = self.norm(x)
        tokens = x if self.class_ is None else x[:, 1:]
        joint = mean_of(tokens, keep) if self.class_ is None else x[:, 0]
        return Fused(guarded(joint, encoded), tokens, keep, spans)
