"""Vision Transformer (Dosovitskiy et al. 2020)."""

import torch
from torch import Tensor, nn

from ..layers.block import Block
from ..layers.patches import patches
from ..layers.types import Encoded


class PatchPositions(nn.Module):
    """A learned vector for each patch, and with `leading` a class token in front of them."""

    def __init__(self, count: int, width: int, leading: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(count + leading, width) * width**-0.5)
        self.class_ = nn.Parameter(torch.randn(width) * width**-0.5) if leading else None

    def forward(self, x: Tensor) -> Tensor:
        if self.class_ is not None:
            x = torch.cat([self.class_.expand(x.shape[0], 1, -1), x], 1)
        return x + self.weight


class VisionTransformer(nn.Module):
    """Patches, a linear embedding, learned positions, pre-norm blocks; pooled by the class token or the mean."""

    def __init__(
        self, *, patch: int, width: int, depth: int, heads: int, mlp: int, pool: str, size: int, shared: int
    ) -> None:
        super().__init__()
        self.side = patch
        self.leading = 1 if pool == "cls" else 0
        self.token_width = width
        self.patch = nn.Linear(3 * patch * patch, width)
        self.positions = PatchPositions((size // patch) ** 2, width, self.leading)
        self.blocks = nn.ModuleList(Block(width, heads, mlp) for _ in range(depth))
        self.norm = nn.LayerNorm(width)
        self.projection = nn.Linear(width, shared, bias=False)

    def embed(self, images: Tensor) -> tuple[Tensor, None]:
        """What the blocks read, [B, N, width]."""
        return self.positions(self.patch(patches(images, self.side))), None

    def forward(self, images: Tensor, kept: Tensor | None = None, present: Tensor | None = None) -> Encoded:
        """`kept` [B, n]: rows of all patches of the batch, the only ones to be seen (masked image modelling)."""
        x, _ = self.embed(images)
        if kept is not None:
            seen = x[:, self.leading :].flatten(0, 1)[kept]
            x = torch.cat([x[:, :1], seen], 1) if self.leading else seen
        for block in self.blocks:
            x = block(x)
        return self.finish(x, None, present)

    def finish(self, x: Tensor, keep: None, present: Tensor | None) -> Encoded:
        pooled = self.norm(x[:, 0]) if self.leading else self.norm(x).mean(1)
        return Encoded(self.projection(pooled), x, present=present)
