"""
One process or many: rows divided (DistributedDataParallel), parameters divided (FSDP2), or layers divided (tensor
parallelism). All of them train the same batches, and the contrastive losses compare the rows of all processes.
"""

import os
from contextlib import contextmanager
from collections.abc import Iterator

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel

from model import Model, Ranks

WAYS = ("ddp", "fsdp", "tensor", "pipeline")
#: In these every process has the whole batch.
WHOLE = ("tensor", "pipeline")


class Processes:
    """Which process this is, where it computes, and how the work is divided."""

    def __init__(self, way: str, device: str | None = None) -> None:
        self.count = int(os.environ.get("WORLD_SIZE", "1"))
        self.rank = int(os.environ.get("RANK", "0"))
        local = int(os.environ.get("LOCAL_RANK", "0"))
        kind = device or ("cuda" if torch.cuda.is_available() else "cpu")
        self.device = torch.device(kind, local) if kind == "cuda" else torch.device(kind)
        self.way = way
        self.started = False
        if self.count == 1:
            if way in WHOLE:
                raise SystemExit(
                    f"--parallel {way} needs several processes: torchrun --standalone --nproc_per_node 2 train.py …"
                )
            return
        if kind == "cuda":
            torch.cuda.set_device(self.device)
        self.started = not dist.is_initialized()
        if self.started:
            dist.init_process_group("nccl" if kind == "cuda" else "gloo")
        if way not in WHOLE:
            Ranks.group = dist.group.WORLD

    @property
    def first(self) -> bool:
        return self.rank == 0

    def rows(self) -> tuple[int, int]:
        """Which part of each batch is this process's, and of how many."""
        return (0, 1) if self.way in WHOLE else (self.rank, self.count)

    def mean(self, values: dict[str, Tensor]) -> dict[str, float]:
        """Of numbers that each process has of its rows."""
        stacked = torch.stack([value.detach().double() for value in values.values()])
        if self.count > 1 and self.way not in WHOLE:
            dist.all_reduce(stacked)
            stacked /= self.count
        return dict(zip(values, stacked.tolist()))

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Every process computes the same rows: for measuring."""
        group, Ranks.group = Ranks.group, None
        try:
            yield
        finally:
            Ranks.group = group

    def end(self) -> None:
        Ranks.group = None
        if self.started:
            dist.destroy_process_group()


def divided(model: Model, processes: Processes, hook: str | None, unused: bool) -> nn.Module:
    """
    The model as it trains. @param hook how gradients are compressed on their way, with ddp. @param unused whether
    parts may get no gradient
    """
    if hook and (processes.count == 1 or processes.way != "ddp"):
        raise SystemExit("Compressed gradients are for --parallel ddp with several processes.")
    if processes.count == 1:
        return model
    if processes.way == "fsdp":
        return fully_sharded(model)
    if processes.way == "tensor":
        return tensor_parallel(model, processes)
    wrapped = DistributedDataParallel(
        model,
        device_ids=[processes.device.index] if processes.device.type == "cuda" else None,

        find_unused_parameters=unused,
    )
    if hook == "fp16":
        from torch.distributed.algorithms.ddp_comm_hooks.default_hooks import fp16_compress_hook

        wrapped.register_comm_hook(None, fp16_compress_hook)
    elif hook == "powersgd":
        from torch.distributed.algorithms.ddp_comm_hooks import powerSGD_hook as power

        state = power.PowerSGDState(None, matrix_approximation_rank=4, start_powerSGD_iter=2)
        wrapped.register_comm_hook(state, power.powerSGD_hook)
    return wrapped


def fully_sharded(model: Model) -> nn.Module:
    from torch.distributed.fsdp import fully_shard, register_fsdp_forward_method

    for block in model.blocks_of():
        fully_shard(block)
    fully_shard(model)
    register_fsdp_forward_method(model, "embed")
    return model


class Apart(nn.Module):
    """
    Queries, keys and values by layers of their own, so that each can be divided by heads; their outputs side by side,
    as of one layer.
    """

    def __init__(self, packed: nn.Linear, names: tuple[str, ...]) -> None:
        super().__init__()
        self.names = names
        for name, weight, bias in zip(names, packed.weight.chunk(len(names)), packed.bias.chunk(len(names))):
            layer = nn.Linear(weight.shape[1], weight.shape[0], device=weight.device)
            layer.weight.data.copy_(weight)
            layer.bias.data.copy_(bias)
            self.add_module(name, layer)

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat([getattr(self, name)(x) for name in self.names], -1)


def together(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """The state of a model with layers apart, as that of the model as it was."""
    result: dict[str, Tensor] = {}
    for name, value in state.items():
        path, _, last = name.rpartition(".")
        owner, _, part = path.rpartition(".")
        kind = owner.rpartition(".")[2]
        if kind in ("qkv", "kv") and part in ("q", "k", "v"):
            key = f"{owner}.{last}"
            result[key] = torch.cat([result[key], value]) if key in result else value
        else:
            result[name] = value
    return result


def tensor_parallel(model: Model, processes: Processes) -> nn.Module:
    """
    Attention divided by heads, the inner layer of feed-forwards by columns; all else is the same everywhere (Shoeybi
    et al. 2019, Megatron-LM).
    """
    from torch.distributed.device_mesh import init_device_mesh
    from torch.distributed.tensor.parallel import ColwiseParallel, RowwiseParallel, parallelize_module

    mesh = init_device_mesh(processes.device.type, (processes.count,))
    shared = 0
    for module in list(model.modules()):
        plan: dict[str, ColwiseParallel | RowwiseParallel] = {}
        packed = next((name for name in ("qkv", "kv") if isinstance(getattr(module, name, None), nn.Linear)), None)
        if packed and hasattr(module, "head_width"):
            if (module.out.in_features // module.head_width) % processes.count:
                continue
            names = ("q", "k", "v")[-(3 if packed == "qkv" else 2) :]
            setattr(module, packed, Apart(getattr(module, packed), names))
            plan |= {f"{packed}.{name}": ColwiseParallel() for name in names}
            if packed == "kv":
                plan["q"] = ColwiseParallel()
            plan["out"] = RowwiseParallel()
        elif all(isinstance(getattr(module, name, None), nn.Linear) for name in ("fc1", "fc2")):
            if module.fc1.out_features % processes.count:
                continue
            plan = {"fc1": ColwiseParallel(), "fc2": RowwiseParallel()}
        if plan:
            shared += 1
            parallelize_module(module, mesh, plan)
    if not shared:
        raise SystemExit(
            f"Nothing of this model divides among {processes.count} processes: heads and inner widths do not divide by "
            "it. Use ddp or fsdp."
        )
    return model
