"""
Hierarchical fusion: streams that exchange, shared gated layers, a query that reads all; each level by itself (Lu
2019, Joze 2020, Lee 2019).
"""

import torch
from torch import Tensor, nn

from ..layers.cross import CrossAttention
from ..layers.feed_forward import FeedForward
from ..layers.tokens import mean_of
from ..layers.types import Encoded, Fused
from .exchange import crossings, exchange
from .gated_layer import GatedLayer
from .parts import Typed, any_present, guarded, joined_masks, pooled_vector, presence, spans_of, token_mask


class QueryHead(nn.Module):
    """A learned query over all tokens: [B, width]."""

    def __init__(self, width: int, heads: int, mlp: int) -> None:
        super().__init__()
        self.query = nn.Parameter(torch.randn(width) * width**-0.5)
        self.cross = CrossAttention(width, heads)
        self.mlp = FeedForward(width, mlp)
        self.norm = nn.LayerNorm(width)

    def forward(self, tokens: Tensor, keep: Tensor | None, has: Tensor | None) -> Tensor:
        x = self.query.expand(tokens.shape[0], 1, -1)
        x = x + self.cross(x, tokens, keep, has)
        return self.norm(x + self.mlp(x))[:, 0]


class Hierarchical(nn.Module):
    #: Whether it gives fused tokens, and whether those of text keep their places among them.
    has_tokens = True
    keeps_text = True

    def __init__(
        self,
        token_widths: dict[str, int],
        *,
        width: int,
        low: bool,
        mid: bool,
        high: bool,
        depth: int,
        heads: int,
        mlp: int,
    ) -> None:
        super().__init__()
        self.any_level = low or mid or high
        self.has_tokens = self.keeps_text = self.any_level
        self.depth = depth
        if not self.any_level:
            return
        names = list(token_widths)
        for name, token_width in token_widths.items():
            self.add_module(name, Typed(token_width, width))
        pairs = [(source, target) for source in names for target in names if source != target]
        self.cross = crossings(pairs, width, heads, depth) if low else None
        self.blocks = nn.ModuleList(GatedLayer(names, width, heads, mlp) for _ in range(depth)) if mid else []
        self.norm = nn.LayerNorm(width)
        self.high = QueryHead(width, heads, mlp) if high else None

    def forward(self, encoded: dict[str, Encoded]) -> Fused:
        if not self.any_level:
            total = torch.stack([pooled_vector(one) for one in encoded.values()]).sum(0)
            count = torch.stack([presence(one) for one in encoded.values()]).sum(0).clamp(min=1)
            return Fused(guarded(total / count, encoded))
        streams = {name: getattr(self, name)(one) for name, one in encoded.items()}
        if self.cross is not None:
            for layer in range(self.depth):
                streams = exchange(self.cross, streams, encoded, layer)
        spans = spans_of(streams)
        x = torch.cat(list(streams.values()), 1)
        keep = joined_masks(list(streams.values()), [token_mask(one) for one in encoded.values()])
        for block in self.blocks:
            x = block(x, keep, spans)
        x = self.norm(x)
        joint = mean_of(x, keep) if self.high is None else self.high(x, keep, any_present(encoded))
        return Fused(guarded(joint, encoded), x, keep, spans)
