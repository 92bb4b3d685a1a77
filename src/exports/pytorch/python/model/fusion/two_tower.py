"""Two towers (Radford et al. 2021): no interaction before the similarity."""

from torch import nn

from ..layers.types import Encoded, Fused


class TwoTower(nn.Module):
    #: Whether it gives fused tokens, and whether those of text keep their places among them.
    has_tokens = False
    keeps_text = False

    def __init__(self, token_widths: dict[str, int], *, width: int) -> None:
        super().__init__()

    def forward(self, encoded: dict[str, Encoded]) -> Fused:
        return Fused()
