"""
Dynamic fusion: the path follows what a sample has and how reliable it is (Zhang et al. 2023; Xue & Marculescu 2023).
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..layers.tokens import gated
from ..layers.types import Encoded, Fused
from .parts import Projected, guarded, joined_masks, pooled_vector, presence, spans_of, token_mask


class Voice(Projected):
    """One modality: how reliable it is, its features, its factors in the products of pairs."""

    def __init__(self, token_width: int, width: int) -> None:
        super().__init__(token_width, width)
        narrow = max(4, width // 4)
        self.reliability = nn.ModuleDict({"fc1": nn.Linear(width, narrow), "fc2": nn.Linear(narrow, 1)})
        self.map = nn.Linear(width, width)
        self.factors = nn.Linear(width, width, bias=False)

    def confidence(self, z: Tensor) -> Tensor:
        hidden = F.gelu(self.reliability["fc1"](z), approximate="tanh")
        return torch.sigmoid(self.reliability["fc2"](hidden))


class DynamicFusion(nn.Module):
    #: Whether it gives fused tokens, and whether those of text keep their places among them.
    has_tokens = True
    keeps_text = True

    def __init__(self, token_widths: dict[str, int], *, width: int, gate: str, threshold: float) -> None:
        super().__init__()
        self.hard, self.threshold = gate == "hard", threshold
        for name, token_width in token_widths.items():
            self.add_module(name, Voice(token_width, width))
        self.interaction = nn.Linear(width, width, bias=False)

    def forward(self, encoded: dict[str, Encoded]) -> Fused:
        counts = torch.cat([presence(one) for one in encoded.values()], 1)
        voices = {name: getattr(self, name) for name in encoded}
        vectors = {name: pooled_vector(one) for name, one in encoded.items()}
        confidence = gated(torch.cat([voices[name].confidence(z) for name, z in vectors.items()], 1), counts)
        opened = counts
        if self.hard:
            opened = gated((confidence > self.threshold).to(confidence.dtype), counts)
            opened = opened + counts * (opened.sum(1, keepdim=True) == 0)
        # Straight through: the gate as it is, its gradient as if it were the confidence.
        gate = opened + (confidence - confidence.detach()) if self.hard else opened
        raw = gated(gate * confidence, counts)
        total = raw.sum(1, keepdim=True)
        weights = raw / torch.where(total == 0, torch.ones_like(total), total)

        features, factors = [], []
        for place, (name, z) in enumerate(vectors.items()):
            own = F.gelu(voices[name].map(z), approximate="tanh")
            weight = weights[:, place, None]
            features.append(own * weight)
            factors.append(voices[name].factors(own) * weight)
        once, squares = sum(factors), sum(factor * factor for factor in factors)
        # Σ over pairs of their products (Rendle 2010).
        joint = sum(features) + self.interaction(0.5 * (once * once - squares))

        streams = {name: voices[name](one) for name, one in encoded.items()}
        masks = []
        for place, (name, one) in enumerate(encoded.items()):
            mask = token_mask(one)
            shown = opened[:, place, None].expand(streams[name].shape[:2])
            masks.append(shown if mask is None else shown * mask)
        keep = joined_masks(list(streams.values()), masks)
        return Fused(guarded(joint, encoded), torch.cat(list(streams.values()), 1), keep, spans_of(streams))
