"""Masked image modelling (MAE, He et al. 2021)."""

import torch
from torch import Tensor, nn

from ..layers.block import Block
from ..layers.patches import patches
from ..layers.ranks import mean_over
from .term import Extent, Run, Term, precise


def heads_for(width: int) -> int:
    """Heads of 16 numbers where the width allows, and always a multiple of 4 each."""
    return next((heads for heads in range(max(1, width // 16), 1, -1) if width % (4 * heads) == 0), 1)


class MaskedPatches(nn.Module):
    """Most patches are hidden from the encoder; a small decoder draws them from the rest."""

    def __init__(self, extent: Extent, *, share: float, depth: int, normalize: bool) -> None:
        super().__init__()
        self.side, self.normalize = extent.patch, normalize
        width, count = extent.token_widths["image"], (extent.size // extent.patch) ** 2
        self.norm = nn.LayerNorm(width)
        self.embed = nn.Linear(width, width)
        self.mask = nn.Parameter(0.02 * torch.randn(width))
        self.positions = nn.Parameter(torch.randn(count, width) * width**-0.5)
        self.blocks = nn.ModuleList(Block(width, heads_for(width), 4) for _ in range(depth))
        self.last = nn.ModuleDict({"norm": nn.LayerNorm(width)})
        self.decoder = nn.Linear(width, 3 * extent.patch**2)

    def forward(self, run: Run) -> Term:
        kept, restore = run.drawn("keptPatches").long(), run.drawn("restorePatches").long()
        batch, count = restore.shape
        seen = run.encode("image", kept=kept)
        tokens = seen.tokens[:, -kept.shape[1] :]
        encoded = self.embed(self.norm(tokens)).flatten(0, 1)
        # The row after the last is the mask token.
        x = torch.cat([encoded, self.mask[None].to(encoded.dtype)])[restore] + self.positions
        for block in self.blocks:
            x = block(x)
        drawn = precise(self.decoder(self.last["norm"](x)))
        goal = self.goal(run.batch["images"])
        error = (drawn - goal).square().mean(2)
        hidden = (restore == batch * kept.shape[1]).to(error.dtype)
        losses = (error * hidden).sum(1) / (count - kept.shape[1])
        known = torch.ones_like(losses) if seen.present is None else seen.present.to(losses.dtype)
        return Term(mean_over(losses, known), {"loss": (losses, known)})

    def goal(self, images: Tensor) -> Tensor:
        goal = patches(images, self.side)
        if not self.normalize:
            return goal
        centred = goal - goal.mean(2, keepdim=True)
        return centred * torch.rsqrt(centred.square().mean(2, keepdim=True) + 1e-6)
