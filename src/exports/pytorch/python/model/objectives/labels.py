"""Several labels, each by itself: binary cross-entropy."""

import torch
import torch.nn.functional as F
from torch import nn

from .term import Extent, Run, Term, precise


class SeveralLabels(nn.Module):
    def __init__(self, extent: Extent) -> None:
        super().__init__()
        self.head = nn.Linear(extent.width, extent.classes)

    def forward(self, run: Run) -> Term:
        logits, labels = precise(self.head(run.fuse().joint)), run.batch["target"]
        losses = F.binary_cross_entropy_with_logits(logits, labels.to(logits.dtype), reduction="none").mean(1)
        right = ((logits > 0) == (labels > 0.5)).to(logits.dtype).mean(1)
        ones = torch.ones_like(losses)
        exact = (right == 1).to(losses.dtype)
        return Term(losses.mean(), {"accuracy": (right, ones), "exact": (exact, ones), "loss": (losses, ones)})
