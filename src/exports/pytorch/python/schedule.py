"""What the recipe says of each parameter and step: learning rate, decay, freezing."""

import math
import re
from typing import Any

from torch import nn

from model import Model, amalgam_name


def factor(step: int, steps: int, schedule: dict[str, Any]) -> float:
    """Of the peak rate at a step, 1-based: a linear warm-up, then what the schedule says."""
    warmup = schedule["warmup"]
    if step <= warmup:
        return schedule["start"] + (1 - schedule["start"]) * (step - 1) / warmup
    done = min(1.0, (step - 1 - warmup) / max(1, steps - warmup))
    kind = schedule["type"]
    if kind == "cosine":
        return schedule["floor"] + (1 - schedule["floor"]) * (1 + math.cos(math.pi * done)) / 2
    if kind == "linear":
        return 1 + (schedule["floor"] - 1) * done
    if kind == "step":
        return schedule["gamma"] ** ((step - 1 - warmup) // schedule["every"])
    if kind == "constant":
        return 1.0
    raise SystemExit(
        f"The schedule “{kind}” follows what is measured and is not written here; "
        "choose cosine, linear, step or constant in recipe.json."
    )


def decaying(model: nn.Module) -> set[str]:
    """
    Names of the parameters with weight decay: matrices of layers and filters, no biases, norms, tables or positions.
    """
    return {
        f"{path}.weight"
        for path, module in model.named_modules()
        if isinstance(module, (nn.Linear, nn.Conv1d, nn.Conv2d)) or getattr(module, "decays", False)
    }


def block_of(name: str) -> str:
    parts = name.split(".")
    return ".".join(parts[:3] if len(parts) > 1 and parts[1] == "blocks" else parts[:2])


def part_of(name: str, modalities: list[str]) -> str:
    """The modality, `fusion`, `heads`, or `other` for what is part of none."""
    first, _, second = block_of(name).partition(".")
    if first in modalities or first == "fusion":
        return first
    return "other" if first == "weighting" or second.startswith("logit_") else "heads"


def means(pattern: str, name: str, modalities: list[str]) -> bool:
    """Whether a group of the recipe means a parameter: itself, its block, its part, or a pattern with `*`."""
    spelled = ".*".join(map(re.escape, pattern.split("*")))
    return pattern == part_of(name, modalities) or re.fullmatch(rf"{spelled}(\..*)?", name) is not None


def layer_factors(names: list[str], modalities: list[str], decay: float) -> dict[str, float]:
    """Smaller rates for early layers of encoders (Clark et al. 2020), numbered as in timm."""
    factors: dict[str, float] = {}
    for modality in modalities if decay != 1 else []:
        own = [name for name in names if name.startswith(f"{modality}.")]
        numbers = [int(name.split(".")[2]) if name.split(".")[1] == "blocks" else None for name in own]
        blocks = len({number for number in numbers if number is not None})
        if blocks == 0:
            continue
        first = next(place for place, number in enumerate(numbers) if number is not None)
        for place, (name, number) in enumerate(zip(own, numbers)):
            layer = number + 1 if number is not None else 0 if place < first else blocks + 1
            factors[name] = decay ** (blocks + 1 - layer)
    return factors


def parameter_groups(model: Model, recipe: dict[str, Any]) -> list[dict[str, Any]]:
    """For an optimizer: parameters of equal rate and decay together. `rate` is times the step's."""
    training, modalities = recipe["training"], list(recipe["encoders"])
    settings, decays = training.get("groups", []), decaying(model)
    learned = [(name, p) for name, p in model.named_parameters() if p.requires_grad]
    factors = layer_factors([amalgam_name(name) for name, _ in learned], modalities, training.get("layerDecay", 1))
    groups: dict[tuple[float, float], dict[str, Any]] = {}
    for name, parameter in learned:
        own = amalgam_name(name)
        rate, decay = factors.get(own, 1.0), training["optimizer"]["weightDecay"] if name in decays else 0.0
        named = [group for group in settings if means(group["match"], own, modalities)]
        last = {key: value for group in named for key, value in group.items()}
        rate *= 0.0 if last.get("freeze") else last.get("rate", 1.0)
        if rate == 0:
            # Frozen, and no part of the gradient's norm.
            parameter.requires_grad_(False)
            continue
        if name in decays:
            decay = last.get("weightDecay", decay)
        group = groups.setdefault((rate, decay), {"params": [], "names": [], "weight_decay": decay, "rate": rate})
        group["params"].append(parameter)
        group["names"].append(own)
    return list(groups.values())
