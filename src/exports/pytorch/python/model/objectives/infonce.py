"""InfoNCE between every two modalities (van den Oord et al. 2018; Radford et al. 2021)."""

import math

import torch
from torch import Tensor, nn

from .contrast import all_positives, pairs_of
from .term import Extent, Run, Term


def one_way(logits: Tensor, positive: Tensor, asks: Tensor, answers: Tensor) -> Tensor:
    """Mean over the rows that ask of −log of what they give their positives; what a sample lacks is no answer."""
    shares = torch.log_softmax(logits + (answers.to(logits.dtype) - 1) * 1e9, 1)
    valid = positive.to(logits.dtype) * answers
    right = valid.sum(1)
    rows = (valid * shares).sum(1) / right.clamp(min=1)
    weight = asks * (right > 0)
    return -(rows * weight).sum() / weight.sum().clamp(min=1)


class InfoNCE(nn.Module):
    """The temperature is learned as logit scale s = ln(1/τ), kept between 0 and ln 100."""

    #: Where train.py keeps parameters after each step.
    bounds = {"logit_scale": (0.0, math.log(100))}

    def __init__(self, extent: Extent, *, direction: str, temperature: float, learned: bool) -> None:
        super().__init__()
        start = torch.tensor([math.log(1 / temperature)])
        self.forward_share = {"both": 0.5, "image-to-text": 1.0, "text-to-image": 0.0}[direction]
        if learned:
            self.logit_scale = nn.Parameter(start)
        else:
            self.register_buffer("logit_scale", start, persistent=False)

    def forward(self, run: Run) -> Term:
        positive, scale = all_positives(run), self.logit_scale.exp()
        losses = []
        for pair in pairs_of(run):
            logits = pair.first @ pair.second.t() * scale
            there = one_way(logits, positive, pair.first_present, pair.second_present)
            back = one_way(logits.t(), positive, pair.second_present, pair.first_present)
            losses.append(self.forward_share * there + (1 - self.forward_share) * back)
        return Term(torch.stack(losses).mean())
