"""Rows of numbers with cells missing (Gorishniy et al. 2021)."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..layers.block import Block
from ..layers.learned import Positions
from ..layers.tokens import mean_of
from ..layers.types import Encoded


class Columns(nn.Module):
    """FT-Transformer: the columns of a plain table as tokens, the class token first."""

    def __init__(self, count: int, width: int) -> None:
        super().__init__()
        initial = width**-0.5
        self.weight = nn.Parameter(torch.randn(count, width) * initial)
        self.bias = nn.Parameter(torch.randn(count, width) * initial)
        self.missing = nn.Parameter(torch.randn(count, width) * initial)
        self.class_ = nn.Parameter(torch.randn(width) * initial)

    def forward(self, cells: Tensor, there: Tensor) -> Tensor:
        cells, there = (cells * there)[:, 0, :, None], there[:, 0, :, None]
        x = cells * self.weight + there * self.bias + (1 - there) * self.missing
        return torch.cat([self.class_.expand(x.shape[0], 1, -1), x], 1)


class ResidualLayer(nn.Module):
    """Each row by itself."""

    def __init__(self, width: int, mlp: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.fc1 = nn.Linear(width, mlp * width)
        self.fc2 = nn.Linear(mlp * width, width)

    def forward(self, x: Tensor, keep: Tensor) -> Tensor:
        return x + self.fc2(F.gelu(self.fc1(self.norm(x)), approximate="tanh"))


class SeriesLayer(nn.Module):
    """A convolution along the steps of a series."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.conv = nn.Conv1d(width, width, 3, padding=1)

    def forward(self, x: Tensor, keep: Tensor) -> Tensor:
        inner = (self.norm(x) * keep[:, :, None]).transpose(1, 2)
        return x + F.gelu(self.conv(inner).transpose(1, 2), approximate="tanh")


class TableEncoder(nn.Module):
    """What lies under a missing cell is never read: 0 stands there, and beside it that the cell is missing."""

    def __init__(
        self,
        *,
        kind: str,
        width: int,
        depth: int,
        heads: int,
        mlp: int,
        steps: int,
        columns: int,
        shared: int,
    ) -> None:
        super().__init__()
        self.token_width = width
        self.kind = kind
        self.by_column = kind == "transformer" and steps == 1
        layers: dict[str, list[nn.Module]] = {
            "transformer": [Block(width, heads, mlp) for _ in range(depth)],
            "mlp": [ResidualLayer(width, mlp) for _ in range(depth)],
            "cnn": [SeriesLayer(width) for _ in range(depth)],
        }
        if self.by_column:
            self.columns = Columns(columns, width)
        else:
            self.rows = (
                nn.Conv1d(2 * columns, width, 3, padding=1) if kind == "cnn" else nn.Linear(2 * columns, width)
            )
            if kind == "transformer":
                self.positions = Positions(steps, width)
        self.blocks = nn.ModuleList(layers[kind])
        self.norm = nn.LayerNorm(width)
        self.projection = nn.Linear(width, shared, bias=False)

    def forward(self, cells: Tensor, cellKeep: Tensor, present: Tensor | None = None) -> Encoded:
        """cells and cellKeep [B, steps, columns]."""
        there = cellKeep.to(cells.dtype)
        if self.by_column:
            x = self.columns(cells, there)
            for block in self.blocks:
                x = block(x)
            return Encoded(self.projection(self.norm(x[:, 0])), x, present=present)
        keep = (there.sum(2) > 0).to(cells.dtype)
        x = torch.cat([cells * there, there], 2)
        x = self.rows(x.transpose(1, 2)).transpose(1, 2) if self.kind == "cnn" else self.rows(x)
        if self.kind == "transformer":
            x = self.positions(x)
        for block in self.blocks:
            x = block(x, keep)
        return Encoded(self.projection(mean_of(self.norm(x), keep)), x, keep, present)
