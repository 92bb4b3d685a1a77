"""Attention to another sequence, both normed."""

from torch import Tensor, nn

from .attention import attend
from .tokens import gated


class CrossAttention(nn.Module):
    """What tokens read of a source; exactly 0 for samples that do not have it."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.head_width = width // heads
        self.norm = nn.LayerNorm(width)
        self.sourceNorm = nn.LayerNorm(width)
        self.q = nn.Linear(width, width)
        self.kv = nn.Linear(width, 2 * width)
        self.out = nn.Linear(width, width)

    def forward(
        self, x: Tensor, source: Tensor, keep: Tensor | None = None, has: Tensor | None = None
    ) -> Tensor:
        k, v = self.kv(self.sourceNorm(source)).chunk(2, -1)
        y = self.out(attend(self.q(self.norm(x)), k, v, self.head_width, keep))
        return y if has is None else gated(y, has[:, None, None])
