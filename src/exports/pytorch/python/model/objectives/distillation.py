"""Distillation from a frozen model (Hinton et al. 2015; Tung & Mori 2019; CLIP-KD, Yang et al. 2023)."""

import torch
from torch import Tensor, nn

from ..layers.ranks import all_rows, mean_over
from .term import Extent, Run, Term, precise, unit


class Distillation(nn.Module):
    """Its teacher's answers softened by a temperature, its unit vectors, or how similar these are to each other."""

    def __init__(
        self, extent: Extent, teacher: nn.Module, *, what: str, temperature: float
    ) -> None:
        super().__init__()
        self.what, self.temperature = what, temperature
        self.teacher = teacher.requires_grad_(False)
        self.shared = [name for name in extent.modalities if name in teacher.extent.token_widths]
        goal = teacher.extent.width
        if what == "embeddings" and goal != extent.width:
            for name in self.shared:
                self.add_module(name, nn.ModuleDict({"projection": nn.Linear(extent.width, goal)}))

    def train(self, mode: bool = True) -> "Distillation":
        super().train(mode)
        self.teacher.eval()
        return self

    def forward(self, run: Run, earlier: list[Term]) -> Term:
        with torch.no_grad():
            taught = self.teacher.run(run.batch)
            if self.what == "logits":
                goal = next(term.logits for term in taught.terms().values() if term.logits is not None)
            else:
                goals = {name: taught.embedding(name) for name in self.shared}
        if self.what == "logits":
            own = next(term.logits for term in earlier if term.logits is not None)
            return Term(self.softened(own, precise(goal)))
        losses = [self.compared(run, name, goals[name]) for name in self.shared]
        return Term(torch.stack(losses).mean())

    def softened(self, own: Tensor, goal: Tensor) -> Tensor:
        """T²·KL(teacher ‖ student) over rows."""
        own, goal = (torch.log_softmax(x / self.temperature, 1) for x in (own, goal))
        return (goal.exp() * (goal - own)).sum() * self.temperature**2 / own.shape[0]

    def compared(self, run: Run, name: str, goal: Tensor) -> Tensor:
        own, present = run.embedding(name), run.encode(name).present
        known = own.new_ones(own.shape[0]) if present is None else present
        if self.what == "relation":
            own, goal, known = all_rows(own), all_rows(goal), all_rows(known)
            squares = (own @ own.t() - goal @ goal.t()).square() * known[:, None] * known
            return squares.sum() / known.sum().clamp(min=1).square()
        if hasattr(self, name):
            own = unit(getattr(self, name)["projection"](own))
        return mean_over((own - goal).square().sum(1), known)
