"""Classification from the joint vector."""

from torch import nn

from .classes import classify
from .term import Extent, Run, Term


class Classification(nn.Module):
    def __init__(self, extent: Extent) -> None:
        super().__init__()
        self.head = nn.Linear(extent.width, extent.classes)

    def forward(self, run: Run) -> Term:
        return classify(self.head(run.fuse().joint), run.batch["target"])
