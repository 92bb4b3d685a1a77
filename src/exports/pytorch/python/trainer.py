"""
The training itself: what a step is, what is kept, what is measured. `Trainer` computes in one process or in many that
divide rows, parameters or layers.
"""

import argparse
import json
import pathlib
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from functools import partial
from typing import Any

import torch
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.distributed.checkpoint.state_dict import (
    StateDictOptions,
    get_model_state_dict,
    get_state_dict,
    set_state_dict,
)
from torch.utils.checkpoint import checkpoint

from data import Data, of_rank, tensors
from evaluate import full, measure
from optimizer import make_optimizer
from parallel import Processes, divided, together
from project import FOLDER, read_model, write_zip
from schedule import factor, parameter_groups

#: Settings of a recipe that Amalgam's own training follows and this file does not.
NOT_HERE = {
    "stages": "its stages are not followed: the settings of the start hold throughout",
    "balance": "its balancing of modalities is not done",
    "sampling": "its sampling is not followed: samples come in turn",
    "replay": "no earlier data is replayed",
    "cached": "contrast is between the rows of a micro-batch, not of the whole step",
}
#: What of the augmentation is done here too (augment.py).
AUGMENTED = ("crop", "flip", "color", "wordDropout")


def settled(recipe: dict[str, Any], given: argparse.Namespace) -> dict[str, Any]:
    """The recipe with what the flags change."""
    training = recipe["training"]
    for flag, key in (
        ("steps", "steps"),
        ("batch", "batch"),
        ("accumulate", "accumulate"),
        ("checkpoint_every", "checkpointEvery"),
        ("validate_every", "validateEvery"),
    ):
        if getattr(given, flag) is not None:
            training[key] = getattr(given, flag)
    if given.rate is not None:
        training["optimizer"]["rate"] = given.rate
    return recipe


def left_out(recipe: dict[str, Any]) -> list[str]:
    """What the recipe says and this training does not do."""
    training, data = recipe["training"], recipe["data"]
    found = [words for key, words in NOT_HERE.items() if training.get(key) and training[key] != {"type": "none"}]
    more = [key for key, value in data["augment"].items() if value and key not in AUGMENTED]
    if more:
        found.append(f"of its augmentation these are off: {', '.join(more)}")
    if data.get("noise"):
        found.append("no noise is added to the data")
    if data.get("cleaning") or data.get("edits"):
        found.append("its cleaning and edits are not applied: export the set after them")
    return found


class Trainer:
    def __init__(self, given: argparse.Namespace) -> None:
        self.given = given
        self.processes = Processes(given.parallel, given.device)
        torch.manual_seed(0)
        self.model, recipe, facts = read_model()
        self.recipe = settled(recipe, given)
        self.training = self.recipe["training"]
        self.data = Data(given.data, FOLDER, self.recipe, facts)
        self.model.to(self.processes.device).train()
        if given.checkpointing:
            for block in self.model.blocks_of():
                block.forward = partial(checkpoint, block.forward, use_reentrant=False)
        if given.compile:
            self.model.compile()
        self.wrapped = self.divide()
        kind = self.training["optimizer"]["type"]
        if kind == "muon" and self.processes.count > 1 and given.parallel != "ddp":
            raise SystemExit("Muon needs whole matrices: use --parallel ddp, or another optimizer.")
        groups = parameter_groups(self.model, self.recipe)
        self.optimizer = make_optimizer(groups, self.training["optimizer"])
        if given.parallel == "tensor" and given.precision == "fp16":
            raise SystemExit("--precision fp16 is not for --parallel tensor; use bf16.")
        if given.parallel == "tensor":
            for group in self.optimizer.param_groups:
                group["foreach"] = False
        self.average: dict[str, Tensor] = {}
        kind = self.processes.device.type
        self.scaler = torch.amp.GradScaler(kind, enabled=given.precision == "fp16", init_scale=2.0**12)
        self.done = 0
        if given.resume:
            self.load()

    def divide(self) -> nn.Module:
        return divided(self.model, self.processes, self.given.hook, unused=bool(self.data.missing))

    # One step.

    def batch(self, number: int) -> dict[str, Tensor]:
        rows = of_rank(self.data.train_batch(number, self.model.terms), *self.processes.rows())
        return tensors(rows, self.processes.device)

    def autocast(self) -> Any:
        kinds = {"bf16": torch.bfloat16, "fp16": torch.float16}
        kind = kinds.get(self.given.precision)
        return nullcontext() if kind is None else torch.autocast(self.processes.device.type, kind)

    def clip(self, most: float) -> float:
        """Norm of all gradients; where it is above `most` they are scaled to it."""
        gradients = [p.grad for p in self.model.parameters() if p.grad is not None]
        squares: dict[bool, Tensor] = {}
        for sharded in (False, True):
            own = [grad for grad in gradients if hasattr(grad, "full_tensor") == sharded]
            if own:
                squares[sharded] = full(nn.utils.get_total_norm(own)).square()
        norm = torch.stack([square.cpu() for square in squares.values()]).sum().sqrt().item()
        if most > 0 and norm > most:
            for gradient in gradients:
                gradient.mul_(most / (norm + 1e-6))
        return norm

    @torch.no_grad()
    def settle(self) -> None:
        """Keeps bounded parameters in their bounds, and moves the running average."""
        parameters = dict(self.model.named_parameters())
        for name, (low, high) in self.model.bounds().items():
            parameters[name].clamp_(low, high)
        decay = self.training.get("average", 0)
        if decay:
            for name, value in self.model.state_dict().items():
                if name in self.average:
                    self.average[name].lerp_(value, 1 - decay)
                else:
                    self.average[name] = value.detach().clone()

    def gradients(self, batches: list[dict[str, Tensor]]) -> dict[str, Tensor]:
        """Computes the mean gradient of the micro-batches, and gives the mean of what they lost."""
        sums: dict[str, Tensor] = {}
        for place, batch in enumerate(batches):
            last = place == len(batches) - 1
            with self.quiet(last), self.autocast():
                results = self.wrapped(batch)
                self.scaler.scale(results["loss"] / len(batches)).backward()
            for name, value in results.items():
                sums[name] = sums.get(name, 0) + value.detach() / len(batches)
        return sums

    def step(self, batches: list[dict[str, Tensor]]) -> dict[str, float]:
        step, training = self.done + 1, self.training
        rate = training["optimizer"]["rate"] * factor(step, training["steps"], training["schedule"])
        for group in self.optimizer.param_groups:
            group["lr"] = rate * group["rate"]
        self.optimizer.zero_grad(set_to_none=True)
        sums = self.gradients(batches)
        self.scaler.unscale_(self.optimizer)
        norm = self.clip(training["clip"])
        self.scaler.step(self.optimizer)
        self.scaler.update()
        self.settle()
        self.done = step
        return self.processes.mean(sums) | {"grad.total": norm, "lr": rate}

    def quiet(self, last: bool) -> Any:
        """Gradients travel once a step, after the last micro-batch."""
        if self.processes.count == 1 or self.given.parallel == "tensor":
            return nullcontext()
        if self.given.parallel == "ddp":
            return nullcontext() if last else self.wrapped.no_sync()
        self.wrapped.set_requires_gradient_sync(last)
        return nullcontext()

    # What is kept.

    @property
    def file(self) -> pathlib.Path:
        return self.given.out / "checkpoint.pt"

    def save(self) -> None:
        options = StateDictOptions(full_state_dict=True, cpu_offload=True)
        model, optimizer = get_state_dict(self.model, self.optimizer, options=options)
        average = {name: full(value).cpu() for name, value in self.average.items()}
        if self.processes.first:
            kept = {
                "step": self.done,
                "model": model,
                "optimizer": optimizer,
                "average": average,
                "scaler": self.scaler.state_dict(),
            }
            torch.save(kept, self.file.with_suffix(".part"))
            self.file.with_suffix(".part").replace(self.file)

    def load(self) -> None:
        if not self.file.exists():
            raise SystemExit(f"There is no {self.file} to go on from.")
        kept = torch.load(self.file, map_location="cpu", weights_only=True)
        options = StateDictOptions(full_state_dict=True)
        set_state_dict(
            self.model,
            self.optimizer,
            model_state_dict=kept["model"],
            optim_state_dict=kept["optimizer"],
            options=options,
        )
        if kept["average"]:
            with torch.no_grad():
                self.average = {name: value.detach().clone() for name, value in self.model.state_dict().items()}
                for name, value in kept["average"].items():
                    copy_into(self.average[name], value)
        self.scaler.load_state_dict(kept["scaler"])
        self.done = kept["step"]

    def finish(self) -> None:
        """Writes the model for Amalgam, and its weights by Amalgam's names."""
        options = StateDictOptions(full_state_dict=True, cpu_offload=True)
        state = together(get_model_state_dict(self.model, options=options))
        average = together({name: full(value).cpu() for name, value in self.average.items()})
        if not self.processes.first:
            return
        write_zip(self.given.out / "model.zip", self.model.amalgam_state(state), self.done)
        if average:
            save_file(self.model.amalgam_state(average), self.given.out / "average.safetensors")

    def validate(self) -> dict[str, float]:
        with self.processes.alone():
            limit = self.training["validatePairs"]
            found = measure(self.model, self.data, "validation", limit, self.processes.device)
        return {f"val.{name}": value for name, value in found.items()}

    # The whole run.

    def run(self) -> None:
        given, training = self.given, self.training
        micro, end = training.get("accumulate", 1), given.stop or training["steps"]
        given.out.mkdir(parents=True, exist_ok=True)
        writer = tensorboard(given) if self.processes.first else None
        if self.processes.first:
            for words in left_out(self.recipe):
                print(f"not as in Amalgam: {words}", file=sys.stderr)
        lines = open(given.out / "metrics.jsonl", "a" if given.resume else "w") if self.processes.first else None
        # The next step's batches are read while this one computes.
        with ThreadPoolExecutor(1) as reader:
            ahead = partial(lambda step: [self.batch(step * micro + k) for k in range(micro)])
            coming = reader.submit(ahead, self.done) if self.done < end else None
            while self.done < end:
                began = time.perf_counter()
                batches = coming.result()
                coming = reader.submit(ahead, self.done + 1) if self.done + 1 < end else None
                row = self.step(batches)
                row["samplesPerSecond"] = training["batch"] * micro / (time.perf_counter() - began)
                every = training["validateEvery"] if len(self.data.pairs["validation"]) else 0
                if every and (self.done % every == 0 or self.done == training["steps"]):
                    row |= self.validate()
                if lines:
                    print(json.dumps({"step": self.done, **row}), file=lines, flush=True)
                    print(f"step {self.done} / {training['steps']}  loss {row['loss']:.5f}", file=sys.stderr)
                if writer:
                    for name, value in row.items():
                        writer.add_scalar(name, value, self.done)
                if self.done % training["checkpointEvery"] == 0 or self.done == end:
                    self.save()
        self.finish()
        if writer:
            writer.close()
        if self.processes.first:
            print(json.dumps({"steps": self.done, "loss": row["loss"] if end else None, "out": str(given.out)}))


def copy_into(target: Tensor, whole: Tensor) -> None:
    """A whole tensor into one that may be divided among processes."""
    if hasattr(target, "full_tensor"):
        from torch.distributed.tensor import distribute_tensor

        whole = distribute_tensor(whole.to(target.device), target.device_mesh, target.placements)
    target.copy_(whole)


def tensorboard(given: argparse.Namespace) -> Any:
    if not given.tensorboard:
        return None
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError:
        raise SystemExit("--tensorboard needs the package tensorboard: pip install tensorboard") from None
    return SummaryWriter(str(given.out / "tensorboard"))
