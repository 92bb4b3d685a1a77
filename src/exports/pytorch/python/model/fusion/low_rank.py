"""Multiplicative fusion: low-rank (Liu et al. 2018) or the full tensor (Zadeh et al. 2017)."""

import torch
from torch import Tensor, nn

from ..layers.tokens import gated
from ..layers.types import Encoded, Fused
from .parts import guarded, pooled_vector, presence


class Weighted(nn.Module):
    """A weight and a bias of any shape."""

    def __init__(self, shape: list[int], width: int, deviation: float, decays: bool = False) -> None:
        super().__init__()
        self.decays = decays
        self.weight = nn.Parameter(torch.randn(shape) * deviation)
        self.bias = nn.Parameter(torch.zeros(width))


class Multiplicative(nn.Module):
    """A modality that a sample lacks is the factor 1 (low rank), or [0; 1] (tensor)."""

    #: Whether it gives fused tokens, and whether those of text keep their places among them.
    has_tokens = False
    keeps_text = False

    def __init__(
        self, token_widths: dict[str, int], *, width: int, kind: str, rank: int, narrow: int
    ) -> None:
        super().__init__()
        self.names = list(token_widths)
        self.of_low_rank = kind == "low-rank"
        self.width, self.narrow = width, narrow
        for name in self.names:
            layer = (
                {"factor": nn.Linear(width, rank * width)}
                if self.of_low_rank
                else {"narrow": nn.Linear(width, narrow)}
            )
            self.add_module(name, nn.ModuleDict(layer))
        if self.of_low_rank:
            self.rank = Weighted([1, rank], width, rank**-0.5)
        else:
            shape = [width, *[narrow + 1] * len(self.names)]
            self.tensor = Weighted(shape, width, (narrow + 1) ** (-len(self.names) / 2), decays=True)

    def forward(self, encoded: dict[str, Encoded]) -> Fused:
        joint = self.factors(encoded) if self.of_low_rank else self.outer(encoded)
        return Fused(guarded(joint, encoded))

    def factors(self, encoded: dict[str, Encoded]) -> Tensor:
        product = None
        for name, one in encoded.items():
            factor = getattr(self, name)["factor"](pooled_vector(one))
            if one.present is not None:
                factor = gated(factor, presence(one)) + (1 - presence(one))
            product = factor if product is None else product * factor
        return torch.matmul(self.rank.weight, product.unflatten(1, (-1, self.width)))[:, 0] + self.rank.bias

    def outer(self, encoded: dict[str, Encoded]) -> Tensor:
        product, weight = None, self.tensor.weight
        for axis, name in enumerate(self.names):
            one = encoded.get(name)
            if one is None:
                weight = weight.narrow(axis + 1, self.narrow, 1)
                continue
            z = getattr(self, name)["narrow"](pooled_vector(one))
            z = z if one.present is None else gated(z, presence(one))
            vector = torch.cat([z, z.new_ones(z.shape[0], 1)], 1)
            product = vector if product is None else (product[:, :, None] * vector[:, None]).flatten(1)
        return product @ weight.reshape(self.width, -1).t() + self.tensor.bias
