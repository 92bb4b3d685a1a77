"""Batch normalization (Ioffe & Szegedy 2015) over the samples that have a picture, of all ranks."""

import torch
from torch import Tensor, nn

from .ranks import all_sum


class BatchNorm(nn.Module):
    """
    Over all axes of [B, C, H, W] but the channels, as torch.nn.SyncBatchNorm; samples that lack the modality count in
    nothing.
    """

    running_mean: Tensor
    running_var: Tensor

    def __init__(self, channels: int, eps: float = 1e-5, momentum: float = 0.1) -> None:
        super().__init__()
        self.eps, self.momentum = eps, momentum
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))

    def forward(self, x: Tensor, present: Tensor | None = None) -> Tensor:
        per_channel = (1, -1, 1, 1)
        if not self.training:
            factor = self.weight * torch.rsqrt(self.running_var + self.eps)
            return (x - self.running_mean.view(per_channel)) * factor.view(per_channel) + self.bias.view(per_channel)
        weights = x.new_ones(x.shape[0]) if present is None else present.to(x.dtype)
        mask = weights.view(-1, 1, 1, 1)
        count = all_sum(weights.sum().detach() * (x.shape[2] * x.shape[3]))
        total = count.clamp(min=1)
        mean = all_sum((x * mask).sum((0, 2, 3))) / total
        centred = x - mean.view(per_channel)
        variance = all_sum((centred.square() * mask).sum((0, 2, 3))) / total
        with torch.no_grad():
            share = self.momentum * (count > 0).to(x.dtype)
            self.running_mean.lerp_(mean.to(self.running_mean.dtype), share)
            unbiased = variance * (total / (total - 1).clamp(min=1))
            self.running_var.lerp_(unbiased.to(self.running_var.dtype), share)
        factor = torch.rsqrt(variance + self.eps)
        return centred * (factor * self.weight).view(per_channel) + self.bias.view(per_channel)
