"""What fusions see of a modality."""

import torch
from torch import Tensor, nn

from ..layers.tokens import gated
from ..layers.types import Encoded


def token_mask(one: Encoded) -> Tensor | None:
    """Which tokens count, [B, N]: neither padding nor of a sample that lacks the modality."""
    if one.present is None:
        return one.keep
    has = one.present[:, None].expand(one.tokens.shape[:2])
    return has if one.keep is None else one.keep * has


def clean_tokens(one: Encoded) -> Tensor:
    mask = token_mask(one)
    return one.tokens if mask is None else gated(one.tokens, mask[:, :, None])


def pooled_vector(one: Encoded) -> Tensor:
    """[B, width], zeros for samples without the modality."""
    return one.pooled if one.present is None else gated(one.pooled, one.present[:, None])


def presence(one: Encoded) -> Tensor:
    """[B, 1], 1 for samples that have the modality."""
    return one.pooled.new_ones(one.pooled.shape[0], 1) if one.present is None else one.present[:, None]


def any_present(encoded: dict[str, Encoded]) -> Tensor | None:
    """[B], 1 for samples that have any; None where every sample has one, or none are given."""
    masks = [one.present for one in encoded.values()]
    if not masks or any(mask is None for mask in masks):
        return None
    return (torch.stack(masks).sum(0) > 0.5).to(masks[0].dtype)


def guarded(joint: Tensor, encoded: dict[str, Encoded]) -> Tensor:
    """Zero for samples without any modality."""
    has = any_present(encoded)
    return joint if has is None else gated(joint, has[:, None])


def joined_masks(xs: list[Tensor], keeps: list[Tensor | None]) -> Tensor | None:
    if all(keep is None for keep in keeps):
        return None
    return torch.cat([x.new_ones(x.shape[:2]) if keep is None else keep.to(x.dtype) for x, keep in zip(xs, keeps)], 1)


def spans_of(streams: dict[str, Tensor]) -> dict[str, tuple[int, int]]:
    """Where each stream lies in their concatenation: first and count."""
    spans, first = {}, 0
    for name, x in streams.items():
        spans[name] = (first, x.shape[1])
        first += x.shape[1]
    return spans


class Projected(nn.Module):
    """The tokens of one modality at the shared width."""

    def __init__(self, token_width: int, width: int) -> None:
        super().__init__()
        self.tokens = nn.Linear(token_width, width)

    def forward(self, one: Encoded) -> Tensor:
        return self.tokens(clean_tokens(one))


class Typed(nn.Module):
    """The tokens of one modality at the shared width, with an embedding of the modality in place of a bias."""

    def __init__(self, token_width: int, width: int) -> None:
        super().__init__()
        self.tokens = nn.Linear(token_width, width, bias=False)
        self.type_ = nn.Parameter(0.02 * torch.randn(width))

    def forward(self, one: Encoded) -> Tensor:
        return self.tokens(clean_tokens(one)) + self.type_


def sequence(
    fusion: nn.Module, encoded: dict[str, Encoded]
) -> tuple[Tensor, Tensor | None, dict[str, tuple[int, int]]]:
    """All tokens side by side, which of them count, and where each modality lies."""
    streams = {name: getattr(fusion, name)(one) for name, one in encoded.items()}
    keep = joined_masks(list(streams.values()), [token_mask(one) for one in encoded.values()])
    return torch.cat(list(streams.values()), 1), keep, spans_of(streams)
