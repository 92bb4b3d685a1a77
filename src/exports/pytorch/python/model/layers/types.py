"""What the parts of a model hand to each other."""

from dataclasses import dataclass, field

from torch import Tensor


@dataclass
class Encoded:
    """One modality after its encoder."""

    #: [B, shared width], not normalized.
    pooled: Tensor
    #: [B, N, token width], before pooling.
    tokens: Tensor
    #: [B, N], 1 for tokens that count; None where all do.
    keep: Tensor | None = None
    #: [B], 1 for samples that have the modality; None where all have it.
    present: Tensor | None = None


@dataclass
class Fused:
    """All modalities after their fusion."""

    #: [B, shared width]; two towers have none.
    joint: Tensor | None = None
    tokens: Tensor | None = None
    keep: Tensor | None = None
    #: Where the tokens of a modality lie: first and count.
    spans: dict[str, tuple[int, int]] = field(default_factory=dict)
    #: Losses of the fusion's own, weighted.
    losses: dict[str, Tensor] = field(default_factory=dict)
