"""Transformer blocks as Hugging Face's checkpoints have them: norms before each branch (CLIP, ViT) or after each sum (BERT)."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .attention import attend

ACTIVATIONS = {
    "quick_gelu": lambda x: x * torch.sigmoid(1.702 * x),
    "gelu": F.gelu,
    "gelu_pytorch_tanh": lambda x: F.gelu(x, approximate="tanh"),
}


class HubAttention(nn.Module):
    def __init__(self, width: int, heads: int, causal: bool, epsilon: float, after: bool) -> None:
        super().__init__()
        self.head_width = width // heads
        self.causal, self.after = causal, after
        self.norm = nn.LayerNorm(width, eps=epsilon)
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)

    def forward(self, x: Tensor, keep: Tensor | None) -> Tensor:
        q, k, v = self.qkv(x if self.after else self.norm(x)).chunk(3, -1)
        y = x + self.out(attend(q, k, v, self.head_width, keep, self.causal))
        return self.norm(y) if self.after else y


class HubFeedForward(nn.Module):
    def __init__(self, width: int, inner: int, activation: str, epsilon: float, after: bool) -> None:
        super().__init__()
        self.activate, self.after = ACTIVATIONS[activation], after
        self.norm = nn.LayerNorm(width, eps=epsilon)
        self.fc1 = nn.Linear(width, inner)
        self.fc2 = nn.Linear(inner, width)

    def forward(self, x: Tensor) -> Tensor:
        y = x + self.fc2(self.activate(self.fc1(x if self.after else self.norm(x))))
        return self.norm(y) if self.after else y


class HubBlock(nn.Module):
    def __init__(
        self,
        width: int,
        heads: int,
        inner: int,
        activation: str,
        epsilon: float,
        causal: bool = False,
        after: bool = False,
    ) -> None:
        super().__init__()
        self.attention = HubAttention(width, heads, causal, epsilon, after)
        self.mlp = HubFeedForward(width, inner, activation, epsilon, after)

    def forward(self, x: Tensor, keep: Tensor | None = None) -> Tensor:
        return self.mlp(self.attention(x, keep))
