"""Mid fusion with modality gates (MMTM, Joze et al. 2020)."""

from torch import nn

from ..layers.tokens import mean_of
from ..layers.types import Encoded, Fused
from .gated_layer import GatedLayer
from .parts import Typed, guarded, sequence


class MidGated(nn.Module):
    #: Whether it gives fused tokens, and whether those of text keep their places among them.
    has_tokens = True
    keeps_text = True

    def __init__(self, token_widths: dict[str, int], *, width: int, depth: int, heads: int, mlp: int) -> None:
        super().__init__()
        for name, token_width in token_widths.items():
            self.add_module(name, Typed(token_width, width))
        self.blocks = nn.ModuleList(GatedLayer(list(token_widths), width, heads, mlp) for _ in range(depth))
        self.norm = nn.LayerNorm(width)

    def forward(self, encoded: dict[str, Encoded]) -> Fused:
        x, keep, spans = sequence(self, encoded)
        for block in self.blocks:
            x = block(x, keep, spans)
        x = self.norm(x)
        return Fused(guarded(mean_of(x, keep), encoded), x, keep, spans)
