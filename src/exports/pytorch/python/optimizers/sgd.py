"""Stochastic gradient descent with momentum."""

from typing import Any

import torch


def make_optimizer(groups: list[dict[str, Any]], fields: dict[str, Any]) -> torch.optim.Optimizer:
    momentum = fields["momentum"]
    return torch.optim.SGD(groups, momentum=momentum, nesterov=fields["nesterov"] and momentum > 0)
