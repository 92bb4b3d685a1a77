"""Muon (Jordan et al. 2024) for the matrices of repeated blocks, AdamW for all else."""

import math
import re
from typing import Any

import torch
from torch import Tensor


def orthogonal(matrix: Tensor) -> Tensor:
    """Near the orthogonal matrix closest to it: rounds of X ← aX + (bXXᵀ + c(XXᵀ)²)X on its smaller side."""
    a, b, c = 3.4445, -4.775, 2.0315
    tall = matrix.shape[0] > matrix.shape[1]
    x = matrix.t() if tall else matrix
    x = x / x.norm().clamp(min=1e-7)
    for _ in range(5):
        gram = x @ x.t()
        x = a * x + (b * gram + c * gram @ gram) @ x
    return x.t() if tall else x


class Muon(torch.optim.Optimizer):
    """One class for both rules, so that a checkpoint holds one optimizer."""

    def __init__(self, groups: list[dict[str, Any]], fields: dict[str, Any]) -> None:
        rate = fields["rate"]
        share = fields["adamRate"] / rate if rate > 0 else 0.0
        super().__init__(groups, {"lr": rate, "weight_decay": 0.0, "share": share, "fields": fields, "names": []})

    @torch.no_grad()
    def step(self, closure: None = None) -> None:
        for group in self.param_groups:
            for name, parameter in zip(group["names"], group["params"]):
                if parameter.grad is None:
                    continue
                matrix = parameter.dim() == 2 and re.search(r"\.\d+\.", name) is not None
                (self._matrix if matrix else self._other)(parameter, group)

    def _matrix(self, parameter: Tensor, group: dict[str, Any]) -> None:
        fields, state, gradient = group["fields"], self.state[parameter], parameter.grad
        if not state:
            state["momentum"] = torch.zeros_like(parameter)
        kept = fields["momentum"]
        state["momentum"].lerp_(gradient, 1 - kept)
        ahead = gradient.lerp(state["momentum"], kept)
        rows, columns = parameter.shape
        matched = fields["scale"] == "match-rms"
        scale = 0.2 * math.sqrt(max(rows, columns)) if matched else math.sqrt(max(1, rows / columns))
        parameter.mul_(1 - group["lr"] * group["weight_decay"]).add_(orthogonal(ahead), alpha=-group["lr"] * scale)

    def _other(self, parameter: Tensor, group: dict[str, Any]) -> None:
        fields, state, gradient = group["fields"], self.state[parameter], parameter.grad
        if not state:
            state |= {"step": 0, "mean": torch.zeros_like(parameter), "square": torch.zeros_like(parameter)}
        state["step"] += 1
        rate, beta1, beta2 = group["lr"] * group["share"], fields["beta1"], fields["beta2"]
        state["mean"].lerp_(gradient, 1 - beta1)
        state["square"].lerp_(gradient.square(), 1 - beta2)
        mean = state["mean"] / (1 - beta1 ** state["step"])
        square = state["square"] / (1 - beta2 ** state["step"])
        parameter.mul_(1 - rate * group["weight_decay"]).sub_(rate * mean / (square.sqrt() + fields["epsilon"]))


def make_optimizer(groups: list[dict[str, Any]], fields: dict[str, Any]) -> torch.optim.Optimizer:
    return Muon(groups, fields)
