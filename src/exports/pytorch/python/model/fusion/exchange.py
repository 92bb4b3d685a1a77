"""Streams that attend to each other."""

from torch import Tensor, nn

from ..layers.cross import CrossAttention
from ..layers.types import Encoded
from .parts import token_mask


def crossings(pairs: list[tuple[str, str]], width: int, heads: int, depth: int) -> nn.ModuleDict:
    """A branch for each ordered pair and layer: `cross.<source>-<target>.<layer>`."""
    return nn.ModuleDict(
        {
            f"{source}-{target}": nn.ModuleList(CrossAttention(width, heads) for _ in range(depth))
            for source, target in pairs
        }
    )


def exchange(
    cross: nn.ModuleDict, streams: dict[str, Tensor], encoded: dict[str, Encoded], layer: int
) -> dict[str, Tensor]:
    """All streams at once: the sources are those before the layer."""
    result = {}
    for target, x in streams.items():
        y = x
        for source, read in streams.items():
            if f"{source}-{target}" in cross:
                one = encoded[source]
                y = y + cross[f"{source}-{target}"][layer](x, read, token_mask(one), one.present)
        result[target] = y
    return result
