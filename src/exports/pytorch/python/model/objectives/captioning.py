"""
Captioning: a causal decoder writes the caption while it attends to the other modalities (Xu et al. 2015; Vaswani et
al. 2017).
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..layers.attention import SelfAttention, attend
from ..layers.feed_forward import FeedForward
from ..layers.ranks import mean_over
from .classes import by_sample, right_rows
from .term import Extent, Run, Term, precise


class WordEmbedding(nn.Module):
    def __init__(self, vocabulary: int, length: int, width: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(0.02 * torch.randn(vocabulary, width))
        self.positions = nn.Parameter(0.01 * torch.randn(length, width))

    def forward(self, tokens: Tensor) -> Tensor:
        return F.embedding(tokens, self.weight) + self.positions


class NormedLinear(nn.Linear):
    """Tokens of an encoder, normed and brought to the shared width."""

    def __init__(self, inner: int, width: int) -> None:
        super().__init__(inner, width)
        self.norm = nn.LayerNorm(inner)

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(self.norm(x))


class MemoryAttention(nn.Module):
    def __init__(self, width: int, heads: int, memory: int) -> None:
        super().__init__()
        self.head_width = width // heads
        self.norm = nn.LayerNorm(width)
        self.q = nn.Linear(width, width)
        self.kv = nn.Linear(memory, 2 * width)
        self.out = nn.Linear(width, width)

    def forward(self, x: Tensor, memory: Tensor, keep: Tensor | None) -> Tensor:
        k, v = self.kv(memory).chunk(2, -1)
        return self.out(attend(self.q(self.norm(x)), k, v, self.head_width, keep))


class DecoderBlock(nn.Module):
    def __init__(self, width: int, heads: int, memory: int) -> None:
        super().__init__()
        self.attention = SelfAttention(width, heads, causal=True)
        self.cross = MemoryAttention(width, heads, memory)
        self.mlp = FeedForward(width, 4)

    def forward(self, x: Tensor, memory: Tensor, keep: Tensor | None) -> Tensor:
        x = x + self.attention(x)
        x = x + self.cross(x, memory, keep)
        return x + self.mlp(x)


class Captioning(nn.Module):
    """Its memory: the fused tokens of all modalities but text, or those of the encoders where the fusion has none."""

    def __init__(self, extent: Extent, fused: bool, *, width: int, depth: int, heads: int) -> None:
        super().__init__()
        self.others = [name for name in extent.modalities if name != "text"]
        if not fused:
            layers = {name: NormedLinear(extent.token_widths[name], extent.width) for name in self.others}
            self.memory = nn.ModuleDict(layers)
        self.embedding = WordEmbedding(extent.vocabulary, extent.length, width)
        self.blocks = nn.ModuleList(DecoderBlock(width, heads, extent.width) for _ in range(depth))
        self.norm = nn.LayerNorm(width)
        self.decoder = nn.Linear(width, extent.token_logits)

    def read(self, run: Run) -> tuple[Tensor, Tensor | None]:
        encoded = {name: run.encode(name) for name in self.others}
        fused = run.fuse(encoded)
        if fused.tokens is not None:
            return fused.tokens, fused.keep
        parts = [self.memory[name](one.tokens) for name, one in encoded.items()]
        if all(one.keep is None and one.present is None for one in encoded.values()):
            return torch.cat(parts, 1), None
        masks = []
        for one, part in zip(encoded.values(), parts):
            mask = part.new_ones(part.shape[:2]) if one.keep is None else one.keep.to(part.dtype)
            masks.append(mask if one.present is None else mask * one.present[:, None])
        return torch.cat(parts, 1), torch.cat(masks, 1)

    def logits(self, run: Run) -> Tensor:
        """Of the token after each place, [B, N, vocabulary]."""
        memory, keep = self.read(run)
        x = self.embedding(run.batch["tokens"])
        for block in self.blocks:
            x = block(x, memory, keep)
        return self.decoder(self.norm(x))

    def forward(self, run: Run) -> Term:
        logits = precise(self.logits(run)).flatten(0, 1)
        labels = run.drawn("captionLabels").flatten().long()
        asked = (labels >= 0).to(logits.dtype)
        losses = F.cross_entropy(logits, labels, ignore_index=-1, reduction="none")
        measures = by_sample(losses, right_rows(logits, labels), asked, run.batch["tokens"].shape[0])
        return Term(mean_over(losses, asked), measures)
