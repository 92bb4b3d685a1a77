"""
Pipeline parallelism (GPipe, Huang et al. 2019): the blocks of all encoders divided by depth among the processes. The
micro-batches of a step, `--accumulate`, follow each other through the stages; their mean gradient is what one process
has.
"""

import argparse
from typing import Any

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.distributed.pipelining import PipelineStage, ScheduleGPipe

from model import INPUTS, Model
from project import write_zip
from trainer import Trainer


class Depth(nn.Module):
    """
    One stage: its share of the blocks of every encoder; the first embeds, the last pools, fuses and asks the
    objectives.
    """

    def __init__(self, model: Model, place: int, count: int) -> None:
        super().__init__()
        self.model, self.first, self.last = model, place == 0, place == count - 1
        self.names = model.extent.modalities
        self.shares: dict[str, range] = {}
        for name in self.names:
            blocks = len(getattr(model, name).blocks)
            self.shares[name] = range(blocks * place // count, blocks * (place + 1) // count)
        #: What each micro-batch of a step lost, on the last stage.
        self.found: list[dict[str, Tensor]] = []

    def owns(self, parameter: str) -> bool:
        """Whether a parameter is of this stage."""
        name, _, rest = parameter.partition(".")
        if name not in self.names:
            return self.last
        kind, _, more = rest.partition(".")
        if kind == "blocks":
            return int(more.partition(".")[0]) in self.shares[name]
        return self.last if kind in ("norm", "projection") else self.first

    def forward(self, *states: Tensor, **batch: Tensor) -> Any:
        if "goals" in batch:
            batch["target"] = batch.pop("goals")
        encoders = {name: getattr(self.model, name) for name in self.names}
        keeps = {"text": batch.get("keep"), "audio": batch["soundKeep"][:, ::2] if "soundKeep" in batch else None}
        if self.first:
            states = tuple(encoders[name].embed(*(batch[key] for key in INPUTS[name]))[0] for name in self.names)
        after = []
        for name, x in zip(self.names, states):
            keep = keeps.get(name)
            for layer in self.shares[name]:
                x = encoders[name].blocks[layer](x) if keep is None else encoders[name].blocks[layer](x, keep)
            after.append(x)
        if not self.last:
            return tuple(after)
        encoded = {
            name: encoders[name].finish(x, keeps.get(name), batch.get(f"present.{name}"))
            for name, x in zip(self.names, after)
        }
        results = self.model.measured(self.model.run(batch, encoded))
        self.found.append({name: value.detach() for name, value in results.items()})
        return results["loss"].reshape(1)


class PipelineTrainer(Trainer):
    def __init__(self, given: argparse.Namespace) -> None:
        flags = {
            "--resume": given.resume,
            "--compile": given.compile,
            "--precision fp16": given.precision == "fp16",
        }
        for flag, refused in flags.items():
            if refused:
                raise SystemExit(f"{flag} is not for --parallel pipeline.")
        super().__init__(given)
        self.training["validateEvery"] = 0
        self.training.pop("average", None)

    def divide(self) -> nn.Module:
        place, count = self.processes.rank, self.processes.count
        least = min(len(getattr(self.model, name).blocks) for name in self.model.extent.modalities)
        if least < count:
            raise SystemExit(
                f"An encoder has {least} blocks, which are too few for {count} stages. Use fewer processes, or ddp."
            )
        self.depth = Depth(self.model, place, count)
        for name, parameter in self.model.named_parameters():
            if not self.depth.owns(name):
                parameter.requires_grad_(False)
        stage = PipelineStage(self.depth, place, count, self.processes.device)
        self.micro = self.training.get("accumulate", 1)
        self.gpipe = ScheduleGPipe(stage, self.micro, loss_fn=lambda output, target: output.sum())
        return self.model

    def gradients(self, batches: list[dict[str, Tensor]]) -> dict[str, Tensor]:
        whole = {name: torch.cat([batch[name] for batch in batches]) for name in batches[0]}
        count = len(whole["tokens"])
        self.depth.found.clear()
        first = (whole[INPUTS[self.depth.names[0]][0]],) if self.depth.first else ()
        goal = {"target": torch.zeros(count, device=self.processes.device)} if self.depth.last else {}
        if "target" in whole:
            # The schedule has a `target` of its own.
            whole["goals"] = whole.pop("target")
        with self.autocast():
            self.gpipe.step(*first, **goal, **whole)
        found = self.depth.found[-self.micro :]
        sums = {name: torch.stack([one[name] for one in found]).mean().item() for name in found[0]} if found else {}
        told = [sums]
        dist.broadcast_object_list(told, src=self.processes.count - 1)
        return {name: torch.tensor(value) for name, value in told[0].items()}

    def clip(self, most: float) -> float:
        gradients = [p.grad for p in self.model.parameters() if p.grad is not None]
        total = torch.stack([gradient.norm().square() for gradient in gradients]).sum()
        dist.all_reduce(total)
        norm = total.sqrt().item()
        if most > 0 and norm > most:
            for gradient in gradients:
                gradient.mul_(most / (norm + 1e-6))
        return norm

    def save(self) -> None:
        """No checkpoint: each process has weights and moments of its own stage."""

    def finish(self) -> None:
        state = self.model.state_dict()
        places = range(self.processes.count)
        stages = [Depth(self.model, place, self.processes.count) for place in places]
        for name, value in state.items():
            dist.broadcast(value, next(place for place in places if stages[place].owns(name)))
        if self.processes.first:
            write_zip(self.given.out / "model.zip", self.model.amalgam_state(state), self.done)
