"""Gated cross-attention (Flamingo, Alayrac et al. 2022)."""

import torch
from torch import Tensor, nn

from ..layers.block import Block
from ..layers.cross import CrossAttention
from ..layers.feed_forward import FeedForward
from ..layers.tokens import gated, mean_of
from ..layers.types import Encoded, Fused
from .parts import Projected, Typed, any_present, guarded, presence, sequence, token_mask
from .resampler import Resampler


class GatedCross(CrossAttention):
    def __init__(self, width: int, heads: int) -> None:
        super().__init__(width, heads)
        self.alpha = nn.Parameter(torch.zeros(1))


class GatedFeedForward(FeedForward):
    def __init__(self, width: int, factor: int) -> None:
        super().__init__(width, factor)
        self.alpha = nn.Parameter(torch.zeros(1))


class TextPath(Projected):
    def __init__(self, token_width: int, width: int, depth: int, heads: int, mlp: int, causal: bool) -> None:
        super().__init__(token_width, width)
        self.blocks = nn.ModuleList(Block(width, heads, mlp, causal) for _ in range(depth))


class Flamingo(nn.Module):
    """Text looks at latents of the other modalities through gates tanh(α) that start closed."""

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
        causal: bool,
    ) -> None:
        super().__init__()
        self.depth = depth
        for name, token_width in token_widths.items():
            if name == "text":
                self.add_module(name, TextPath(token_width, width, depth, heads, mlp, causal))
            else:
                self.add_module(name, Typed(token_width, width))
        self.others = [name for name in token_widths if name != "text"]
        if self.others:
            self.resampler = Resampler(width, latents, depth, heads, mlp)
            self.cross = nn.ModuleList(GatedCross(width, heads) for _ in range(depth))
        self.gated = nn.ModuleList(GatedFeedForward(width, mlp) for _ in range(depth))
        self.norm = nn.LayerNorm(width)

    def forward(self, encoded: dict[str, Encoded]) -> Fused:
        others = {name: one for name, one in encoded.items() if name != "text"}
        media = has = None
        if others:
            x, keep, _ = sequence(self, others)
            media, has = self.resampler(x, keep), any_present(others)
        if "text" not in encoded:
            return Fused(guarded(media.mean(1), encoded), media, self.covering(has, media))
        text = encoded["text"]
        keep = token_mask(text)
        x = self.text_path(text, keep, media, has)
        joint, spans = mean_of(x, keep), {"text": (0, x.shape[1])}
        if text.present is None or media is None:
            return Fused(guarded(joint, encoded), x, keep, spans)
        # Samples without text speak through their latents.
        lacks = 1 - presence(text)
        joint = joint + gated(media.mean(1), lacks)
        speaks = lacks[:, 0] if has is None else lacks[:, 0] * has
        both = torch.cat([x.new_ones(x.shape[:2]) if keep is None else keep, self.covering(speaks, media)], 1)
        return Fused(guarded(joint, encoded), torch.cat([x, media], 1), both, spans)

    def covering(self, has: Tensor | None, x: Tensor) -> Tensor | None:
        return None if has is None else has[:, None].expand(x.shape[:2])

    def text_path(self, text: Encoded, keep: Tensor | None, media: Tensor | None, has: Tensor | None) -> Tensor:
        x = self.text(text)
        for layer in range(self.depth):
            if media is not None:
                cross = self.cross[layer]
                x = x + cross(x, media, None, has) * torch.tanh(cross.alpha)
            x = x + self.gated[layer](x) * torch.tanh(self.gated[layer].alpha)
            x = self.text.blocks[layer](x, keep)
        return self.norm(x)
