"""
Masked language modelling (Devlin et al. 2018); where the fusion keeps the places of text tokens, the other modalities
help.
"""

import torch.nn.functional as F
from torch import nn

from ..layers.ranks import mean_over
from .classes import by_sample, right_rows
from .term import Extent, Run, Term, precise


class MaskedWords(nn.Module):
    def __init__(self, extent: Extent, fused: bool, *, share: float) -> None:
        super().__init__()
        width = extent.width if fused else extent.token_widths["text"]
        self.dense = nn.Linear(width, width)
        self.norm = nn.LayerNorm(width)
        self.decoder = nn.Linear(width, extent.token_logits)

    def forward(self, run: Run) -> Term:
        text = run.encode("text", tokens=run.drawn("maskedTokens"))
        fused = run.fuse({name: text if name == "text" else run.encode(name) for name in run.modalities})
        states = text.tokens
        if fused.tokens is not None and "text" in fused.spans:
            first, count = fused.spans["text"]
            states = fused.tokens[:, first : first + count]
        hidden = self.norm(F.gelu(self.dense(states.flatten(0, 1)), approximate="tanh"))
        logits, labels = precise(self.decoder(hidden)), run.drawn("maskedLabels").flatten().long()
        asked = (labels >= 0).to(logits.dtype)
        losses = F.cross_entropy(logits, labels, ignore_index=-1, reduction="none")
        measures = by_sample(losses, right_rows(logits, labels), asked, states.shape[0])
        return Term(mean_over(losses, asked), measures)
