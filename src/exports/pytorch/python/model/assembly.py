"""The whole model, as recipe.json says it."""

import re
from typing import Any

import torch
from torch import Tensor, nn

from .layers.types import Encoded, Fused
from .objectives.term import Extent, Term, precise, unit

#: Inputs of each modality, by their names in a batch.
INPUTS = {
    "image": ("images",),
    "text": ("tokens", "keep"),
    "audio": ("sound", "soundKeep"),
    "table": ("cells", "cellKeep"),
}


def fields_of(part: dict[str, Any], *without: str) -> dict[str, Any]:
    return {key: value for key, value in part.items() if key not in ("type", "weight", *without)}


def term_names(recipe: dict[str, Any]) -> list[str]:
    """The type of each objective, numbered where it occurs again."""
    names: list[str] = []
    for objective in recipe["objectives"]:
        kind = objective["type"]
        count = sum(name.split("-")[0] == kind for name in names) + 1
        names.append(kind if count == 1 else f"{kind}-{count}")
    return names


class Batch:
    """One batch on its way through a model: every part is computed when it is first asked for."""

    def __init__(self, model: "Model", batch: dict[str, Tensor], encoded: dict[str, Encoded] | None = None) -> None:
        self.model, self.batch = model, batch
        self.modalities = model.extent.modalities
        self.term = ""
        self.losses: dict[str, Tensor] | None = None
        self._encoded = encoded or {}
        self._fused: Fused | None = None

    def encode(self, modality: str, **replaced: Tensor) -> Encoded:
        """A modality through its encoder; with other inputs in place of the data's own, the same weights."""
        if not replaced and modality in self._encoded:
            return self._encoded[modality]
        inputs = {name: self.batch[name] for name in INPUTS[modality]} | replaced
        present = self.batch.get(f"present.{modality}")
        encoded = getattr(self.model, modality)(**inputs, present=present)
        if not replaced:
            self._encoded[modality] = encoded
        return encoded

    def fuse(self, encoded: dict[str, Encoded] | None = None) -> Fused:
        if encoded is None and self._fused is not None:
            return self._fused
        parts = {name: self.encode(name) for name in self.modalities} if encoded is None else encoded
        fused = self.model.fusion(parts)
        if encoded is None:
            self._fused = fused
        if self.losses is None:
            self.losses = fused.losses
        return fused

    def embedding(self, modality: str) -> Tensor:
        """Unit vectors [B, width] before fusion."""
        return unit(self.encode(modality).pooled)

    def drawn(self, name: str) -> Tensor:
        """What the present objective draws at random for a batch."""
        return self.batch[f"{self.term}.{name}"]

    def terms(self) -> dict[str, Term]:
        """Every objective, in the recipe's order."""
        terms: dict[str, Term] = {}
        for name in self.model.terms:
            self.term = name
            objective = getattr(self.model, name)
            needs_earlier = hasattr(objective, "teacher")
            terms[name] = objective(self, list(terms.values())) if needs_earlier else objective(self)
        return terms


class Model(nn.Module):
    """Encoders, fusion and objectives of a recipe. Parameters have Amalgam's names, but for those of `amalgam_name`."""

    def __init__(self, recipe: dict[str, Any], facts: dict[str, Any]) -> None:
        super().__init__()
        shared = recipe["fusion"]["width"]
        sound, table, target = facts.get("sound", {}), facts.get("table", {}), facts.get("target", {})
        extents = {
            "image": {"size": facts["size"]},
            "text": {"vocabulary": facts["vocabulary"], "length": recipe["data"]["textLength"]},
            "audio": {"frames": sound.get("frames"), "bins": sound.get("bins")},
            "table": {"steps": table.get("steps"), "columns": len(table.get("columns", []))},
        }
        widths = {}
        for name, part in recipe["encoders"].items():
            encoder = ENCODERS[part["type"]](**fields_of(part), **extents[name], shared=shared)
            self.add_module(name, encoder)
            widths[name] = encoder.token_width
        self.fusion = FUSIONS[recipe["fusion"]["type"]](widths, **fields_of(recipe["fusion"]))
        classes = 1 if target.get("kind") == "number" else len(target.get("classes", []))
        patch = recipe["encoders"].get("image", {}).get("patch", 0)
        self.extent = Extent(
            shared, widths, facts["vocabulary"], recipe["data"]["textLength"], classes, facts["size"], patch
        )
        self.terms = term_names(recipe)
        self.weights: dict[str, float] = {}
        for name, part in zip(self.terms, recipe["objectives"]):
            self.add_module(name, self.objective(part, facts))
            self.weights[name] = part.get("weight", 1)
        self.learned = recipe["training"].get("weighting") == "learned" and len(self.terms) > 1
        if self.learned:
            # s = log σ² of each term (Kendall et al. 2018).
            self.weighting = nn.ParameterDict({name: nn.Parameter(torch.zeros(1)) for name in self.terms})
        #: Parameters that the loss does not need; Amalgam keeps none of them.
        self.unused: set[str] = set()
        #: Amalgam's shapes of single numbers, which are vectors of one here: FSDP divides no scalars.
        self.scalars: set[str] = set()

    def objective(self, part: dict[str, Any], facts: dict[str, Any]) -> nn.Module:
        kind = part["type"]
        more: list[Any] = []
        if kind == "mlm":
            more = [self.fusion.keeps_text]
        elif kind == "captioning":
            more = [self.fusion.has_tokens]
        elif kind == "distillation":
            more = [Model(part["teacher"]["recipe"], facts)]
        return OBJECTIVES[kind](self.extent, *more, **fields_of(part, "teacher"))

    def run(self, batch: dict[str, Tensor], encoded: dict[str, Encoded] | None = None) -> Batch:
        """@param encoded: modalities that went through their encoders already"""
        return Batch(self, batch, encoded)

    def forward(self, batch: dict[str, Tensor]) -> dict[str, Tensor]:
        """
        `loss` and each of its terms, `loss.<term>`, before their weights; in evaluation also `<term>.<measure>` [B]
        and how much each sample counts.
        """
        return self.measured(self.run(batch))

    def measured(self, run: Batch) -> dict[str, Tensor]:
        results: dict[str, Tensor] = {}
        total = []
        for name, term in run.terms().items():
            results[f"loss.{name}"] = term.loss
            loss = self.weights[name] * term.loss
            if self.learned:
                s = self.weighting[name][0]
                loss = loss * torch.exp(-s) + 0.5 * s
            total.append(loss)
            if not self.training:
                for key, (values, weight) in term.measures.items():
                    results[f"{name}.{key}"] = values
                    results[f"{name}.{key}.weight"] = weight
        for name, loss in (run.losses or {}).items():
            results[f"loss.{name}"] = precise(loss)
            total.append(precise(loss))
        results["loss"] = torch.stack(total).sum()
        return results

    def embed(self, batch: dict[str, Tensor], modality: str) -> Tensor:
        """Unit vectors [B, width] of one modality."""
        return self.run(batch).embedding(modality)

    def blocks_of(self) -> list[nn.Module]:
        """The repeated blocks of encoders and fusion: what is divided, or computed again, by itself."""
        return [module for name, module in self.named_modules() if re.search(r"\bblocks\.\d+$", name)]

    def bounds(self) -> dict[str, tuple[float, float]]:
        """Parameters that are kept between two numbers."""
        found = {}
        for name in self.terms:
            for key, limits in getattr(getattr(self, name), "bounds", {}).items():
                if f"{name}.{key}" in dict(self.named_parameters()):
                    found[f"{name}.{key}"] = limits
        return found

    def load_amalgam(self, tensors: dict[str, Tensor]) -> None:
        """
        Weights by Amalgam's names; those that this model has beyond them are not needed by its loss, and are frozen.
        """
        own = self.state_dict()
        given = {name: tensors[amalgam_name(name)] for name in own if amalgam_name(name) in tensors}
        self.scalars = {name for name, value in given.items() if value.dim() == 0}
        self.load_state_dict(
            {name: value.reshape(1) if name in self.scalars else value for name, value in given.items()}, strict=False
        )
        self.unused = set(own) - set(given)
        for name, parameter in self.named_parameters():
            if name in self.unused:
                parameter.requires_grad_(False)

    def amalgam_state(self, state: dict[str, Tensor] | None = None) -> dict[str, Tensor]:
        """Weights by Amalgam's names, as `load_amalgam` takes them."""
        own = self.state_dict() if state is None else state
        return {
            amalgam_name(name): value.reshape(()) if name in self.scalars else value
            for name, value in own.items()
            if name not in self.unused
        }


def amalgam_name(name: str) -> str:
    """Names that Python or torch.nn.Module has taken end in `_` here: `fusion.image.type_`."""
    return ".".join(part.rstrip("_") for part in name.split("."))
