"""A pre-norm Transformer block (Vaswani et al. 2017; pre-norm as in Xiong et al. 2020)."""

from torch import Tensor, nn

from .attention import SelfAttention
from .feed_forward import FeedForward


class Block(nn.Module):
    def __init__(
        self,
        width: int,
        heads: int,
        mlp: int,
        causal: bool = False,
        attention: type[SelfAttention] = SelfAttention,
    ) -> None:
        super().__init__()
        self.attention = attention(width, heads, causal)
        self.mlp = FeedForward(width, mlp)

    def forward(self, x: Tensor, keep: Tensor | None = None) -> Tensor:
        x = x + self.attention(x, keep)
        return x + self.mlp(x)
