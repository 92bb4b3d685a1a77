"""A Transformer layer whose feed-forward is gated per modality (MMTM, Joze et al. 2020)."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..layers.attention import SelfAttention
from ..layers.feed_forward import FeedForward
from ..layers.learned import Bias
from ..layers.tokens import mean_of


class GatedMlp(FeedForward):
    """What is added to a modality's tokens is scaled by 2·σ(…) of the means of all modalities."""

    def __init__(self, names: list[str], width: int, factor: int) -> None:
        super().__init__(width, factor)
        narrow = max(4, width // 4)
        self.squeeze = Bias(narrow)
        for name in names:
            gate = {"squeeze": nn.Linear(width, narrow, bias=False), "excite": nn.Linear(narrow, width)}
            self.add_module(name, nn.ModuleDict(gate))

    def gate(self, x: Tensor, keep: Tensor | None, spans: dict[str, tuple[int, int]]) -> Tensor:
        h = self.norm(x)
        means = {
            name: mean_of(h[:, first : first + count], None if keep is None else keep[:, first : first + count])
            for name, (first, count) in spans.items()
        }
        z = F.relu(self.squeeze(sum(getattr(self, name)["squeeze"](mean) for name, mean in means.items())))
        gates = [
            2 * torch.sigmoid(getattr(self, name)["excite"](z))[:, None].expand(-1, count, -1)
            for name, (_, count) in spans.items()
        ]
        return self.fc2(F.gelu(self.fc1(h), approximate="tanh")) * torch.cat(gates, 1)


class GatedLayer(nn.Module):
    def __init__(self, names: list[str], width: int, heads: int, mlp: int) -> None:
        super().__init__()
        self.attention = SelfAttention(width, heads)
        self.mlp = GatedMlp(names, width, mlp)

    def forward(self, x: Tensor, keep: Tensor | None, spans: dict[str, tuple[int, int]]) -> Tensor:
        x = x + self.attention(x, keep)
        return x + self.mlp.gate(x, keep, spans)
