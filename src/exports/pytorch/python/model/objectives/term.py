"""What objectives share: the extents of the model, and what they give."""

from dataclasses import dataclass, field
from typing import Protocol

import torch
from torch import Tensor

from ..layers.types import Encoded, Fused


@dataclass
class Extent:
    """What the data and the other parts decide of a model."""

    #: The shared width, and the widths of each encoder's tokens.
    width: int
    token_widths: dict[str, int]
    vocabulary: int
    length: int
    classes: int
    #: Side of pictures and of their patches.
    size: int
    patch: int

    @property
    def modalities(self) -> list[str]:
        return list(self.token_widths)

    @property
    def token_logits(self) -> int:
        """The vocabulary, up to a multiple of four; no label names the few more."""
        return 4 * -(-self.vocabulary // 4)


@dataclass
class Term:
    #: A scalar; its mean over ranks is the loss of the whole batch.
    loss: Tensor
    #: By name: the value of each sample [B], and how much it counts.
    measures: dict[str, tuple[Tensor, Tensor]] = field(default_factory=dict)
    #: What a classification says, [B, classes].
    logits: Tensor | None = None


class Run(Protocol):
    """One batch on its way through the model (Model.run)."""

    batch: dict[str, Tensor]
    modalities: list[str]

    def encode(self, modality: str, **replaced: Tensor) -> Encoded: ...

    def fuse(self, encoded: dict[str, Encoded] | None = None) -> Fused: ...

    def embedding(self, modality: str) -> Tensor: ...

    def drawn(self, name: str) -> Tensor: ...


def unit(x: Tensor) -> Tensor:
    """Vectors of length 1."""
    x = precise(x)
    return x * torch.rsqrt(x.square().sum(-1, keepdim=True) + 1e-12)


def precise(x: Tensor) -> Tensor:
    """At least float32: losses are not computed in less."""
    return x.float() if x.dtype in (torch.float16, torch.bfloat16) else x
