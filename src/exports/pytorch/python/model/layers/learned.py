"""Learned tensors that are no layer."""

import torch
from torch import Tensor, nn


class Bias(nn.Module):
    """A bias that several products share."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(width))

    def forward(self, x: Tensor) -> Tensor:
        return x + self.bias


class Positions(nn.Module):
    """A learned vector for each place."""

    def __init__(self, count: int, width: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(0.01 * torch.randn(count, width))

    def forward(self, x: Tensor) -> Tensor:
        return x + self.weight
