"""
Q-Former (BLIP-2, Li et al. 2023): learned queries and text share self-attention; every second block the queries read
the other modalities.
"""

import torch
from torch import Tensor, nn

from ..layers.attention import SelfAttention, attend
from ..layers.cross import CrossAttention
from ..layers.feed_forward import FeedForward
from ..layers.tokens import mean_of
from ..layers.types import Encoded, Fused
from .parts import Projected, Typed, any_present, guarded, presence, sequence, token_mask


class SharedAttention(SelfAttention):
    """Gives what is added to the queries, and to the text where there is one."""

    def shared(
        self, queries: Tensor, text: Tensor | None, keep: Tensor | None, mask: str
    ) -> tuple[Tensor, Tensor | None]:
        count = queries.shape[1]
        x = queries if text is None else torch.cat([queries, text], 1)
        qkv = self.qkv(self.norm(x))

        def attended(part: Tensor, kept: Tensor | None = None, causal: bool = False) -> Tensor:
            return attend(*part.chunk(3, -1), self.head_width, kept, causal)

        if text is None:
            return self.out(attended(qkv)), None
        everything = None if keep is None else nn.functional.pad(keep, (count, 0), value=1.0)
        if mask == "together":
            y = self.out(attended(qkv, everything))
        else:
            own = attended(qkv[:, :count])
            words = (
                attended(qkv[:, count:], keep) if mask == "apart" else attended(qkv, everything, True)[:, count:]
            )
            y = self.out(torch.cat([own, words], 1))
        return y[:, :count], y[:, count:]


class QBlock(nn.Module):
    def __init__(self, width: int, heads: int, mlp: int, reads: bool, text: bool) -> None:
        super().__init__()
        self.attention = SharedAttention(width, heads)
        self.cross = CrossAttention(width, heads) if reads else None
        self.mlp = FeedForward(width, mlp)
        self.textMlp = FeedForward(width, mlp) if text else None

    def forward(
        self,
        queries: Tensor,
        text: Tensor | None,
        keep: Tensor | None,
        media: tuple[Tensor, Tensor | None, Tensor | None] | None,
        mask: str,
    ) -> tuple[Tensor, Tensor | None]:
        own, words = self.attention.shared(queries, text, keep, mask)
        queries = queries + own
        if media is not None and self.cross is not None:
            queries = queries + self.cross(queries, *media)
        queries = queries + self.mlp(queries)
        if text is not None and words is not None:
            text = text + words
            text = text + self.textMlp(text)
        return queries, text


class QFormer(nn.Module):
    #: Whether it gives fused tokens, and whether those of text keep their places among them.
    has_tokens = True
    keeps_text = True

    def __init__(
        self,
        token_widths: dict[str, int],
        *,
        width: int,
        latents: int,
        depth: int,
        heads: int,
        mlp: int,
        mask: str,
    ) -> None:
        super().__init__()
        self.mask = mask
        self.keeps_text = mask != "together"
        for name, token_width in token_widths.items():
            self.add_module(name, (Projected if name == "text" else Typed)(token_width, width))
        reads, text = any(name != "text" for name in token_widths), "text" in token_widths
        self.queries = nn.Parameter(torch.randn(latents, width) * width**-0.5)
        self.blocks = nn.ModuleList(
            QBlock(width, heads, mlp, reads and layer % 2 == 0, text) for layer in range(depth)
        )
        self.norm = nn.LayerNorm(width)
        self.textNorm = nn.LayerNorm(width) if text and mask != "together" else None

    def forward(self, encoded: dict[str, Encoded]) -> Fused:
        others = {name: one for name, one in encoded.items() if name != "text"}
        media = None
        if others:
            x, kept, _ = sequence(self, others)
            media = (x, kept, any_present(others))
        written = encoded.get("text")
        text = None if written is None else self.text(written)
        keep = None if written is None else token_mask(written)
        batch = next(iter(encoded.values())).pooled.shape[0]
        queries = self.queries.expand(batch, -1, -1)
        for block in self.blocks:
            queries, text = block(queries, text, keep, media, self.mask)
        found = self.norm(queries)
        if written is None or self.mask == "together":
            return Fused(guarded(found.mean(1), encoded), found)
        # The queries have not seen the text: it speaks for itself, as one half where a sample has it.
        words = self.textNorm(text)
        joint = (found.mean(1) + mean_of(words, keep)) / (1 + presence(written))
        both = torch.cat(
            [found.new_ones(found.shape[:2]), words.new_ones(words.shape[:2]) if keep is None else keep], 1
        )
        spans = {"text": (found.shape[1], words.shape[1])}
        return Fused(guarded(joint, encoded), torch.cat([found, words], 1), both, spans)
