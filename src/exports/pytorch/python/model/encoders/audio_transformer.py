"""Audio Transformer: two convolutions over time, then attention (Radford et al. 2022; Baevski et al. 2020)."""

import torch.nn.functional as F
from torch import Tensor, nn

from ..layers.block import Block
from ..layers.learned import Positions
from ..layers.tokens import mean_of
from ..layers.types import Encoded


class AudioTransformer(nn.Module):
    """Reads a spectrogram [B, frames, bins]; the second convolution halves the frames."""

    def __init__(
        self, *, width: int, depth: int, heads: int, mlp: int, frames: int, bins: int, shared: int
    ) -> None:
        super().__init__()
        self.token_width = width
        self.conv1 = nn.Conv1d(bins, width, 3, padding=1)
        self.conv2 = nn.Conv1d(width, width, 3, stride=2, padding=1)
        self.positions = Positions((frames + 1) // 2, width)
        self.blocks = nn.ModuleList(Block(width, heads, mlp) for _ in range(depth))
        self.norm = nn.LayerNorm(width)
        self.projection = nn.Linear(width, shared, bias=False)

    def embed(self, sound: Tensor, soundKeep: Tensor) -> tuple[Tensor, Tensor]:
        """What the blocks read, and which of it counts; frames that do not are 0 before each convolution."""
        mask = soundKeep[:, None].to(sound.dtype)
        x = F.gelu(self.conv1(sound.transpose(1, 2) * mask), approximate="tanh")
        x = F.gelu(self.conv2(x * mask), approximate="tanh")
        return self.positions(x.transpose(1, 2)), soundKeep[:, ::2]

    def forward(self, sound: Tensor, soundKeep: Tensor, present: Tensor | None = None) -> Encoded:
        x, keep = self.embed(sound, soundKeep)
        for block in self.blocks:
            x = block(x, keep)
        return self.finish(x, keep, present)

    def finish(self, x: Tensor, keep: Tensor, present: Tensor | None) -> Encoded:
        return Encoded(self.projection(mean_of(self.norm(x), keep)), x, keep, present)
