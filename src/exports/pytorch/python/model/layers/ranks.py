"""
Rows of all ranks. Every rank computes the loss of the whole batch from what all of them have encoded; the mean of
gradients that DistributedDataParallel and FSDP take is then exactly the gradient of one big batch.
"""

import torch
import torch.distributed as dist
from torch import Tensor


class Ranks:
    """The processes among which the rows of a batch are divided; None for one process."""

    group: dist.ProcessGroup | None = None

    @classmethod
    def count(cls) -> int:
        return 1 if cls.group is None else dist.get_world_size(cls.group)

    @classmethod
    def own(cls) -> int:
        return 0 if cls.group is None else dist.get_rank(cls.group)


class _Gather(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x: Tensor) -> Tensor:
        ctx.rows = x.shape[0]
        parts = [torch.empty_like(x) for _ in range(Ranks.count())]
        dist.all_gather(parts, x.contiguous(), group=Ranks.group)
        return torch.cat(parts)

    @staticmethod
    def backward(ctx, gradient: Tensor) -> Tensor:
        total = gradient.contiguous().clone()
        dist.all_reduce(total, group=Ranks.group)
        start = Ranks.own() * ctx.rows
        return total[start : start + ctx.rows]


class _Sum(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x: Tensor) -> Tensor:
        total = x.clone()
        dist.all_reduce(total, group=Ranks.group)
        return total

    @staticmethod
    def backward(ctx, gradient: Tensor) -> Tensor:
        total = gradient.contiguous().clone()
        dist.all_reduce(total, group=Ranks.group)
        return total


def all_rows(x: Tensor) -> Tensor:
    """[B, …] of every rank, one after another, with gradients to the rank that each came from."""
    return x if Ranks.group is None else _Gather.apply(x)


def all_sum(x: Tensor) -> Tensor:
    """Sum over ranks, with gradients."""
    return x if Ranks.group is None else _Sum.apply(x)


def mean_over(rows: Tensor, known: Tensor) -> Tensor:
    """
    Σ rows · known / Σ known, where the count is that of all ranks: the mean over ranks of what this gives is the mean
    over the whole batch.
    0 where nothing is known.
    """
    known = known.to(rows.dtype)
    count = all_sum(known.sum().detach()) / Ranks.count()
    return (rows * known).sum() / torch.where(count == 0, torch.ones_like(count), count)
