"""Co-attention: one stream per modality, each reads the others layer by layer (Tsai et al. 2019; Lu et al. 2019)."""

import torch
from torch import nn

from ..layers.block import Block
from ..layers.learned import Bias
from ..layers.tokens import mean_of
from ..layers.types import Encoded, Fused
from .exchange import crossings, exchange
from .parts import Projected, guarded, joined_masks, spans_of, token_mask


class Stream(Projected):
    def __init__(self, token_width: int, width: int, depth: int, heads: int, mlp: int) -> None:
        super().__init__(token_width, width)
        self.blocks = nn.ModuleList(Block(width, heads, mlp) for _ in range(depth))
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, width, bias=False)


class CoAttention(nn.Module):
    #: Whether it gives fused tokens, and whether those of text keep their places among them.
    has_tokens = True
    keeps_text = True

    def __init__(
        self, token_widths: dict[str, int], *, width: int, depth: int, heads: int, mlp: int, direction: str
    ) -> None:
        super().__init__()
        self.depth = depth
        names = list(token_widths)
        first = names[0]
        pairs = [
            (source, target)
            for source in names
            for target in names
            if source != target
            and (direction == "both" or (target if direction == "into-first" else source) == first)
        ]
        for name, token_width in token_widths.items():
            self.add_module(name, Stream(token_width, width, depth, heads, mlp))
        self.cross = crossings(pairs, width, heads, depth)
        self.head = Bias(width)

    def forward(self, encoded: dict[str, Encoded]) -> Fused:
        masks = {name: token_mask(one) for name, one in encoded.items()}
        streams = {name: getattr(self, name)(one) for name, one in encoded.items()}
        for layer in range(self.depth):
            streams = exchange(self.cross, streams, encoded, layer)
            streams = {name: getattr(self, name).blocks[layer](x, masks[name]) for name, x in streams.items()}
        ends = {name: getattr(self, name).norm(x) for name, x in streams.items()}
        joint = self.head(sum(getattr(self, name).head(mean_of(x, masks[name])) for name, x in ends.items()))
        keep = joined_masks(list(ends.values()), list(masks.values()))
        return Fused(guarded(joint, encoded), torch.cat(list(ends.values()), 1), keep, spans_of(ends))
