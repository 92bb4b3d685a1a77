"""
Late fusion of pooled vectors: weighted sum, perceptron over their concatenation, or the gated multimodal unit
(Arevalo et al. 2017).
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..layers.learned import Bias
from ..layers.tokens import gated
from ..layers.types import Encoded, Fused
from .parts import guarded, pooled_vector, presence


class Share(nn.Module):
    """Σ wₘ·Wₘzₘ: each modality's map, and its share before a softmax over what a sample has."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.share = nn.Parameter(torch.zeros(1))
        self.map = nn.Linear(width, width)


class LateFusion(nn.Module):
    #: Whether it gives fused tokens, and whether those of text keep their places among them.
    has_tokens = False
    keeps_text = False

    def __init__(self, token_widths: dict[str, int], *, width: int, combine: str) -> None:
        super().__init__()
        self.combine = combine
        self.names = list(token_widths)
        count = len(self.names)
        for name in self.names:
            if combine == "sum":
                part: nn.Module = Share(width)
            elif combine == "concat":
                part = nn.ModuleDict({"hidden": nn.Linear(width, width, bias=False)})
            else:
                part = nn.ModuleDict({"gate": nn.Linear(width, count, bias=False), "map": nn.Linear(width, width)})
            self.add_module(name, part)
        if combine == "concat":
            self.hidden = Bias(width)
            self.out = nn.Linear(width, width)
        elif combine == "gate":
            self.gate = Bias(count)

    def over_all(self, encoded: dict[str, Encoded], layer: str) -> Tensor:
        """A linear layer over the concatenation, as one product for each modality."""
        total = sum(getattr(self, name)[layer](pooled_vector(one)) for name, one in encoded.items())
        return getattr(self, layer)(total)

    def forward(self, encoded: dict[str, Encoded]) -> Fused:
        ways = {"sum": self.weighted_sum, "concat": self.perceptron, "gate": self.gated_unit}
        return Fused(guarded(ways[self.combine](encoded), encoded))

    def weighted_sum(self, encoded: dict[str, Encoded]) -> Tensor:
        shares = {name: presence(one) * getattr(self, name).share.exp() for name, one in encoded.items()}
        total = torch.stack(list(shares.values())).sum(0)
        values = [shares[name] * getattr(self, name).map(pooled_vector(one)) for name, one in encoded.items()]
        return torch.stack(values).sum(0) / torch.where(total == 0, torch.ones_like(total), total)

    def perceptron(self, encoded: dict[str, Encoded]) -> Tensor:
        return self.out(F.gelu(self.over_all(encoded, "hidden"), approximate="tanh"))

    def gated_unit(self, encoded: dict[str, Encoded]) -> Tensor:
        logits = self.over_all(encoded, "gate")
        none = logits.new_zeros(logits.shape[0], 1)
        counts = torch.cat([presence(encoded[name]) if name in encoded else none for name in self.names], 1)
        gates = gated(torch.softmax(logits + (counts.to(logits.dtype) - 1) * 1e9, 1), counts)
        parts = [
            gates[:, self.names.index(name), None] * torch.tanh(getattr(self, name)["map"](pooled_vector(one)))
            for name, one in encoded.items()
        ]
        return torch.stack(parts).sum(0)
