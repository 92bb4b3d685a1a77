"""A number of each sample, standardized by the training split."""

from torch import nn

from ..layers.ranks import mean_over
from .term import Extent, Run, Term, precise


class Regression(nn.Module):
    def __init__(self, extent: Extent, *, loss: str) -> None:
        super().__init__()
        self.squared = loss == "squared"
        self.head = nn.Linear(extent.width, 1)

    def forward(self, run: Run) -> Term:
        value = precise(self.head(run.fuse().joint))[:, 0]
        known = run.batch["targetKnown"].to(value.dtype)
        difference = (value - run.batch["target"].to(value.dtype)) * known
        absolute = difference.abs()
        losses = difference.square() if self.squared else absolute
        return Term(mean_over(losses, known), {"absolute-error": (absolute, known), "loss": (losses, known)})
