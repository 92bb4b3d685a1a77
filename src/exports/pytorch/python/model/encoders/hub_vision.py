"""Vision Transformers of Hugging Face's checkpoints: CLIP's and ViT's, pooled by the class token."""

import torch
from torch import Tensor, nn

from ..layers.hub_block import HubBlock
from ..layers.patches import patches
from ..layers.types import Encoded
from .vit import PatchPositions


class HubVision(nn.Module):
    bias, enters, epsilon = True, False, 1e-12

    def __init__(
        self,
        *,
        patch: int,
        width: int,
        depth: int,
        heads: int,
        inner: int,
        activation: str,
        size: int,
        shared: int,
    ) -> None:
        super().__init__()
        self.side = patch
        self.token_width = width
        self.patch = nn.Linear(3 * patch * patch, width, bias=self.bias)
        self.positions = PatchPositions((size // patch) ** 2, width, 1)
        if self.enters:
            self.entry = nn.LayerNorm(width, eps=self.epsilon)
        self.blocks = nn.ModuleList(HubBlock(width, heads, inner, activation, self.epsilon) for _ in range(depth))
        self.norm = nn.LayerNorm(width, eps=self.epsilon)
        self.projection = nn.Linear(width, shared, bias=False)

    def embed(self, images: Tensor, kept: Tensor | None = None) -> tuple[Tensor, None]:
        """What the blocks read, [B, N, width]; `kept` [B, n]: rows of all patches, the only ones to be seen."""
        x = self.positions(self.patch(patches(images, self.side)))
        if kept is not None:
            x = torch.cat([x[:, :1], x[:, 1:].flatten(0, 1)[kept]], 1)
        return (self.entry(x) if self.enters else x), None

    def forward(self, images: Tensor, kept: Tensor | None = None, present: Tensor | None = None) -> Encoded:
        x, _ = self.embed(images, kept)
        for block in self.blocks:
            x = block(x)
        return self.finish(x, None, present)

    def finish(self, x: Tensor, keep: None, present: Tensor | None) -> Encoded:
        return Encoded(self.projection(self.norm(x[:, 0])), x, present=present)


class ClipVision(HubVision):
    """transformers' CLIPVisionModel with its projection (Radford et al. 2021)."""

    bias, enters, epsilon = False, True, 1e-5


class HubViT(HubVision):
    """transformers' ViTModel (Dosovitskiy et al. 2020)."""
