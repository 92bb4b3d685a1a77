"""Which class a sample is, from each modality by itself (Wang et al. 2020)."""

import torch
from torch import nn

from ..layers.ranks import mean_over
from .classes import classify
from .term import Extent, Run, Term


class EachAlone(nn.Module):
    def __init__(self, extent: Extent) -> None:
        super().__init__()
        for name in extent.modalities:
            self.add_module(name, nn.ModuleDict({"head": nn.Linear(extent.width, extent.classes)}))

    def forward(self, run: Run) -> Term:
        losses, measures = [], {}
        for name in run.modalities:
            one = run.encode(name)
            own = classify(getattr(self, name)["head"](one.pooled), run.batch["target"])
            for key, (values, known) in own.measures.items():
                counted = known if one.present is None else known * one.present
                measures[f"{name}.{key}"] = (values, counted)
            losses.append(mean_over(*measures[f"{name}.loss"]))
        return Term(torch.stack(losses).mean(), measures)
