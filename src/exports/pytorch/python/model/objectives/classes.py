"""Cross-entropy over logits of which some rows have no label."""

import torch
import torch.nn.functional as F
from torch import Tensor

from ..layers.ranks import mean_over
from .term import Term, precise


def classify(logits: Tensor, labels: Tensor) -> Term:
    """logits [B, C]; rows of label −1 count nothing."""
    logits = precise(logits)
    known = (labels >= 0).to(logits.dtype)
    losses = F.cross_entropy(logits, labels.long(), ignore_index=-1, reduction="none")
    right = (logits.argmax(1) == labels).to(logits.dtype)
    return Term(mean_over(losses, known), {"accuracy": (right, known), "loss": (losses, known)}, logits)


def by_sample(losses: Tensor, right: Tensor, asked: Tensor, samples: int) -> dict[str, tuple[Tensor, Tensor]]:
    """
    Measures over several rows of each sample, `losses` of any shape that divides by samples: mean of those asked.
    """
    shape = (samples, -1)
    count = asked.view(shape).sum(1)
    least = count.clamp(min=1)
    return {
        "accuracy": ((right * asked).view(shape).sum(1) / least, count),
        "loss": ((losses * asked).view(shape).sum(1) / least, count),
    }


def right_rows(logits: Tensor, labels: Tensor) -> Tensor:
    return (logits.argmax(1) == labels).to(torch.float32)
