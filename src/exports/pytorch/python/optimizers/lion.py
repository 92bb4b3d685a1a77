"""Lion (Chen et al. 2023, algorithm 2)."""

from typing import Any

import torch


class Lion(torch.optim.Optimizer):
    def __init__(self, groups: list[dict[str, Any]], beta1: float, beta2: float) -> None:
        super().__init__(groups, {"lr": 1e-4, "weight_decay": 0.0, "beta1": beta1, "beta2": beta2})

    @torch.no_grad()
    def step(self, closure: None = None) -> None:
        for group in self.param_groups:
            for parameter in group["params"]:
                if parameter.grad is None:
                    continue
                state = self.state[parameter]
                if not state:
                    state["momentum"] = torch.zeros_like(parameter)
                momentum, gradient = state["momentum"], parameter.grad
                direction = momentum.lerp(gradient, 1 - group["beta1"]).sign()
                momentum.lerp_(gradient, 1 - group["beta2"])
                parameter.mul_(1 - group["lr"] * group["weight_decay"]).add_(direction, alpha=-group["lr"])


def make_optimizer(groups: list[dict[str, Any]], fields: dict[str, Any]) -> torch.optim.Optimizer:
    return Lion(groups, fields["beta1"], fields["beta2"])
