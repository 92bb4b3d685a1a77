"""AdamW with decoupled decay, as Amalgam's."""

from typing import Any

import torch


def make_optimizer(groups: list[dict[str, Any]], fields: dict[str, Any]) -> torch.optim.Optimizer:
    return torch.optim.AdamW(groups, betas=(fields["beta1"], fields["beta2"]), eps=fields["epsilon"])
