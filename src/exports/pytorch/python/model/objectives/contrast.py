"""Which rows contrastive terms compare: those of all ranks, with gradients."""

from dataclasses import dataclass

import torch
from torch import Tensor

from ..layers.ranks import all_rows
from .term import Run


@dataclass
class Pair:
    """Unit vectors of two modalities [rows, width], and which rows have them [rows]."""

    first: Tensor
    second: Tensor
    first_present: Tensor
    second_present: Tensor


def pairs_of(run: Run) -> list[Pair]:
    """Every two modalities."""
    vectors, present = {}, {}
    for name in run.modalities:
        vectors[name] = all_rows(run.embedding(name))
        own = run.encode(name).present
        present[name] = vectors[name].new_ones(vectors[name].shape[0]) if own is None else all_rows(own)
    names = list(run.modalities)
    return [
        Pair(vectors[first], vectors[second], present[first], present[second])
        for place, first in enumerate(names)
        for second in names[place + 1 :]
    ]


def positives(sample_groups: Tensor, text_groups: Tensor) -> Tensor:
    """[rows, rows], 1 where row and column are the same sample or have the same caption: never false negatives."""
    same = sample_groups[:, None] == sample_groups
    return (same | (text_groups[:, None] == text_groups)).to(torch.float32)


def all_positives(run: Run) -> Tensor:
    return positives(all_rows(run.batch["sampleGroups"]), all_rows(run.batch["textGroups"]))
