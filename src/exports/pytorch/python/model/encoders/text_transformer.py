"""Text Transformer: bidirectional (Devlin et al. 2018) or causal (Radford et al. 2021)."""

from torch import Tensor, nn

from ..layers.block import Block
from ..layers.learned import Positions
from ..layers.rotary import RotaryAttention
from ..layers.attention import SelfAttention
from ..layers.tokens import mean_of
from ..layers.types import Encoded


class TextTransformer(nn.Module):
    """Padding is masked in attention and pooling, so it never changes the result."""

    def __init__(
        self,
        *,
        width: int,
        depth: int,
        heads: int,
        mlp: int,
        causal: bool,
        positions: str,
        pool: str,
        vocabulary: int,
        length: int,
        shared: int,
    ) -> None:
        super().__init__()
        self.pool = pool
        self.token_width = width
        rotary = positions == "rotary"
        self.embedding = nn.Embedding(vocabulary, width)
        self.positions = nn.Identity() if rotary else Positions(length, width)
        attention = RotaryAttention if rotary else SelfAttention
        self.blocks = nn.ModuleList(Block(width, heads, mlp, causal, attention) for _ in range(depth))
        self.norm = nn.LayerNorm(width)
        self.projection = nn.Linear(width, shared, bias=False)

    def embed(self, tokens: Tensor, keep: Tensor) -> tuple[Tensor, Tensor]:
        """What the blocks read, [B, N, width], and which of it counts."""
        return self.positions(self.embedding(tokens)), keep

    def forward(self, tokens: Tensor, keep: Tensor, present: Tensor | None = None) -> Encoded:
        """tokens [B, N], keep [B, N]."""
        x, keep = self.embed(tokens, keep)
        for block in self.blocks:
            x = block(x, keep)
        return self.finish(x, keep, present)

    def finish(self, x: Tensor, keep: Tensor, present: Tensor | None) -> Encoded:
        if self.pool == "mean":
            pooled = mean_of(self.norm(x), keep)
        elif self.pool == "cls":
            pooled = self.norm(x[:, 0])
        else:
            last = keep - nn.functional.pad(keep[:, 1:], (0, 1))
            pooled = self.norm((x * last[:, :, None].to(x.dtype)).sum(1))
        return Encoded(self.projection(pooled), x, keep, present)
