"""Image–text matching with hard negatives (ALBEF, Li et al. 2021). Negatives come from the rows of a process."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..layers.ranks import mean_over
from ..layers.types import Encoded
from .classes import right_rows
from .contrast import positives
from .term import Extent, Run, Term, precise


def rows_of(one: Encoded, rows: Tensor) -> Encoded:
    pick = lambda x: None if x is None else x[rows]  # noqa: E731
    return Encoded(one.pooled[rows], one.tokens[rows], pick(one.keep), pick(one.present))


def joined(parts: list[Encoded]) -> Encoded:
    """Batches one after another."""

    def join(values: list[Tensor | None]) -> Tensor | None:
        return None if values[0] is None else torch.cat([value for value in values if value is not None])

    return Encoded(
        torch.cat([one.pooled for one in parts]),
        torch.cat([one.tokens for one in parts]),
        join([one.keep for one in parts]),
        join([one.present for one in parts]),
    )


class Matching(nn.Module):
    """
    A wrong caption for each picture and a wrong picture for each caption, drawn by softmax of similarity: its largest
    plus Gumbel noise.
    """

    def __init__(self, extent: Extent, *, sharpness: float) -> None:
        super().__init__()
        self.sharpness = sharpness
        self.head = nn.Linear(extent.width, 2)

    def forward(self, run: Run) -> Term:
        image, text = run.encode("image"), run.encode("text")
        batch = text.pooled.shape[0]
        with torch.no_grad():
            similarity = run.embedding("image") @ run.embedding("text").t()
            wrong = 1 - positives(run.batch["sampleGroups"], run.batch["textGroups"]).to(similarity.dtype)
            ones = similarity.new_ones(batch)
            pictured = ones if image.present is None else image.present.to(similarity.dtype)
            worded = ones if text.present is None else text.present.to(similarity.dtype)
            texts, images = wrong * worded, wrong * pictured
            scores, noise = self.sharpness * similarity, run.drawn("matchingNoise")
            wrong_text = (scores + noise[0] + (texts - 1) * 1e6).argmax(1)
            wrong_image = (scores.t() + noise[1] + (images - 1) * 1e6).argmax(1)
            asked = torch.cat(
                [pictured * worded, pictured * (texts.sum(1) > 0), worded * (images.sum(1) > 0)]
            )
        parts = {}
        for name in run.modalities:
            own = run.encode(name)
            for_image = rows_of(own, wrong_text) if name == "text" else own
            # What goes with the caption of a wrong picture is that of the picture.
            for_text = own if name == "text" else rows_of(own, wrong_image)
            parts[name] = joined([own, for_image, for_text])
        logits = precise(self.head(run.fuse(parts).joint))
        labels = torch.zeros(3 * batch, dtype=torch.long, device=logits.device)
        labels[:batch] = 1
        losses = F.cross_entropy(logits, labels, reduction="none")
        right = right_rows(logits, labels).to(losses.dtype)
        measures = {}
        for name, values in (("accuracy", right), ("loss", losses)):
            count = asked.view(3, batch).sum(0)
            measures[name] = ((values * asked).view(3, batch).sum(0) / count.clamp(min=1), count)
        return Term(mean_over(losses, asked), measures)
