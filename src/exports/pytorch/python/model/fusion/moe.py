"""Sparse mixture of experts (Switch, Fedus et al. 2021; top 2 as in GShard, Lepikhin et al. 2020)."""

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..layers.attention import SelfAttention
from ..layers.tokens import gated, mean_of
from ..layers.types import Encoded, Fused
from .parts import Typed, guarded, sequence


class ExpertLinear(nn.Module):
    """A layer of each expert's own: x [E, C, in] to [E, C, out]."""

    #: Its weight decays, as that of a linear layer.
    decays = True

    def __init__(self, experts: int, inner: int, width: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(experts, width, inner) * inner**-0.5)
        self.bias = nn.Parameter(torch.zeros(experts, 1, width))

    def forward(self, x: Tensor) -> Tensor:
        return torch.baddbmm(self.bias, x, self.weight.transpose(1, 2))


class Experts(nn.Module):
    """
    A feed-forward chosen for each token by a router. An expert takes a limited number of tokens; the others pass by
    the residual.
    """

    def __init__(self, width: int, mlp: int, experts: int, top: int, capacity: float) -> None:
        super().__init__()
        self.experts, self.top, self.factor = experts, min(top, experts), capacity
        self.norm = nn.LayerNorm(width)
        self.router = nn.Linear(width, experts, bias=False)
        self.fc1 = ExpertLinear(experts, width, mlp * width)
        self.fc2 = ExpertLinear(experts, mlp * width, width)

    def forward(self, x: Tensor, keep: Tensor | None) -> tuple[Tensor, Tensor]:
        batch, length, width = x.shape
        flat = self.norm(x).flatten(0, 1)
        tokens = flat.shape[0]
        counts = flat.new_ones(tokens) if keep is None else keep.flatten().to(flat.dtype)
        probabilities = torch.softmax(self.router(flat), 1)
        places = torch.sort(probabilities, dim=1, descending=True, stable=True).indices[:, : self.top]

        slots, sources = self.route(places, counts)
        room = sources.shape[0] // self.experts
        taken = flat[sources].view(self.experts, room, width)
        made = self.fc2(F.gelu(self.fc1(taken), approximate="tanh")).flatten(0, 1)

        raw = probabilities.gather(1, places)
        weights = gated(raw / raw.sum(1, keepdim=True) if self.top > 1 else raw, (slots >= 0).to(raw.dtype))
        y = (made[slots.clamp(min=0)] * weights[:, :, None]).sum(1).view(batch, length, width)

        # f: share of first choices; P: mean probability; both over tokens that count.
        number = counts.sum().clamp(min=1)
        first = F.one_hot(places[:, 0], self.experts).to(flat.dtype)
        f = (first * counts[:, None]).sum(0) / number
        p = gated(probabilities, counts[:, None]).sum(0) / number
        return y, self.experts * (f * p).sum()

    def route(self, places: Tensor, counts: Tensor) -> tuple[Tensor, Tensor]:
        """
        First choices before second ones, earlier tokens before later ones. Slot of each choice [T, k] or −1, and
        token of each slot [E·C].
        """
        tokens, top = places.shape

        def capacity(count: Tensor | int) -> Tensor:
            return torch.ceil(torch.as_tensor(self.factor * top * count / self.experts - 1e-3))

        room = max(1, math.ceil(self.factor * top * tokens / self.experts - 1e-3))
        allowed = capacity(counts.sum()).clamp(max=room).to(places.device)
        choices = places.t().flatten()
        own = F.one_hot(choices, self.experts) * (counts.repeat(top) > 0.5)[:, None]
        position = own.cumsum(0).gather(1, choices[:, None])[:, 0] - 1
        fits = (own.sum(1) > 0) & (position < allowed)
        slot = torch.where(fits, choices * room + position, -1)
        token = torch.arange(tokens, device=places.device).repeat(top)
        sources = torch.zeros(self.experts * room + 1, dtype=torch.long, device=places.device)
        # What does not fit is written behind the last slot.
        sources = sources.scatter(0, torch.where(fits, slot, self.experts * room), token)[:-1]
        return slot.view(top, tokens).t(), sources


class MixtureLayer(nn.Module):
    def __init__(
        self, width: int, heads: int, mlp: int, experts: int, top: int, capacity: float
    ) -> None:
        super().__init__()
        self.attention = SelfAttention(width, heads)
        self.experts = Experts(width, mlp, experts, top, capacity)

    def forward(self, x: Tensor, keep: Tensor | None) -> tuple[Tensor, Tensor]:
        x = x + self.attention(x, keep)
        added, balance = self.experts(x, keep)
        return x + added, balance


class MixtureOfExperts(nn.Module):
    #: Whether it gives fused tokens, and whether those of text keep their places among them.
    has_tokens = True
    keeps_text = True

    def __init__(
        self,
        token_widths: dict[str, int],
        *,
        width: int,
        depth: int,
        heads: int,
        mlp: int,
        experts: int,
        top: str,
        capacity: float,
        balance: float,
    ) -> None:
        super().__init__()
        self.balance = balance
        for name, token_width in token_widths.items():
            self.add_module(name, Typed(token_width, width))
        self.blocks = nn.ModuleList(
            MixtureLayer(width, heads, mlp, experts, 2 if top == "two" else 1, capacity) for _ in range(depth)
        )
        self.norm = nn.LayerNorm(width)

    def forward(self, encoded: dict[str, Encoded]) -> Fused:
        x, keep, spans = sequence(self, encoded)
        total = x.new_zeros(())
        for block in self.blocks:
            x, balance = block(x, keep)
            total = total + balance
        x = self.norm(x)
        losses = {"balance": self.balance * total}
        return Fused(guarded(mean_of(x, keep), encoded), x, keep, spans, losses)
