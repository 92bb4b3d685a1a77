"""Question answering: one of the data's answers, by an MLP head (Antol et al. 2015)."""

import torch.nn.functional as F
from torch import nn

from .classes import classify
from .term import Extent, Run, Term


class QuestionAnswering(nn.Module):
    def __init__(self, extent: Extent, *, hidden: int) -> None:
        super().__init__()
        self.hidden = nn.Linear(extent.width, hidden)
        self.head = nn.Linear(hidden, extent.classes)

    def forward(self, run: Run) -> Term:
        hidden = F.gelu(self.hidden(run.fuse().joint), approximate="tanh")
        return classify(self.head(hidden), run.batch["target"])
