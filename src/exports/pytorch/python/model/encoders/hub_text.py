"""Text Transformers of Hugging Face's checkpoints: CLIP's and BERT's."""

import torch
from torch import Tensor, nn

from ..layers.hub_block import HubBlock
from ..layers.types import Encoded


class Places(nn.Module):
    """Positions of which captions take the first; with `segment` also BERT's one token type."""

    def __init__(self, places: int, width: int, segment: bool) -> None:
        super().__init__()
        self.weight = nn.Parameter(0.02 * torch.randn(places, width))
        self.segment = nn.Parameter(0.02 * torch.randn(width)) if segment else None

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.weight[: x.shape[1]]
        return x if self.segment is None else x + self.segment


class HubText(nn.Module):
    bert, epsilon = False, 1e-5

    def __init__(
        self,
        *,
        width: int,
        depth: int,
        heads: int,
        inner: int,
        activation: str,
        places: int,
        vocabulary: int,
        length: int,
        shared: int,
    ) -> None:
        super().__init__()
        self.token_width = width
        self.embedding = nn.Embedding(vocabulary, width)
        self.positions = Places(places, width, self.bert)
        if self.bert:
            self.entry = nn.LayerNorm(width, eps=self.epsilon)
        else:
            self.norm = nn.LayerNorm(width, eps=self.epsilon)
        self.blocks = nn.ModuleList(
            HubBlock(width, heads, inner, activation, self.epsilon, causal=not self.bert, after=self.bert)
            for _ in range(depth)
        )
        self.projection = nn.Linear(width, shared, bias=False)

    def embed(self, tokens: Tensor, keep: Tensor) -> tuple[Tensor, Tensor]:
        """What the blocks read, [B, N, width], and which of it counts."""
        x = self.positions(self.embedding(tokens))
        return (self.entry(x) if self.bert else x), keep

    def forward(self, tokens: Tensor, keep: Tensor, present: Tensor | None = None) -> Encoded:
        """tokens [B, N], keep [B, N]."""
        x, keep = self.embed(tokens, keep)
        for block in self.blocks:
            x = block(x, keep)
        return self.finish(x, keep, present)

    def finish(self, x: Tensor, keep: Tensor, present: Tensor | None) -> Encoded:
        if self.bert:
            pooled = x[:, 0]
        else:
            last = keep - nn.functional.pad(keep[:, 1:], (0, 1))
            pooled = self.norm((x * last[:, :, None].to(x.dtype)).sum(1))
        return Encoded(self.projection(pooled), x, keep, present)


class ClipText(HubText):
    """transformers' CLIPTextModel with its projection (Radford et al. 2021): causal, pooled at the end mark."""


class Bert(HubText):
    """transformers' BertModel (Devlin et al. 2018), pooled at the first token."""

    bert, epsilon = True, 1e-12
