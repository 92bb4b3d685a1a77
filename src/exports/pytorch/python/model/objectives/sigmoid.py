"""Sigmoid pairwise loss (SigLIP, Zhai et al. 2023)."""

import math

import torch
import torch.nn.functional as F
from torch import nn

from .contrast import all_positives, pairs_of
from .term import Extent, Run, Term


class SigmoidPairs(nn.Module):
    """−1/B Σᵢⱼ log σ(zᵢⱼ·(t·sᵢⱼ + b)), z = 1 for positives and −1 else."""

    bounds = {"logit_scale": (0.0, 5.0)}

    def __init__(self, extent: Extent) -> None:
        super().__init__()
        self.logit_scale = nn.Parameter(torch.tensor([math.log(10)]))
        self.logit_bias = nn.Parameter(torch.tensor([-10.0]))

    def forward(self, run: Run) -> Term:
        sign = 2 * all_positives(run) - 1
        losses = []
        for pair in pairs_of(run):
            logits = pair.first @ pair.second.t() * self.logit_scale.exp() + self.logit_bias
            terms = F.softplus(-sign.to(logits.dtype) * logits, threshold=60)
            terms = terms * pair.first_present[:, None] * pair.second_present
            losses.append(terms.sum() / pair.first_present.sum().clamp(min=1))
        return Term(torch.stack(losses).mean())
