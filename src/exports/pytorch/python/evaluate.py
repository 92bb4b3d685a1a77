"""
Scores of a split, as Amalgam measures them: retrieval between two modalities, accuracy and losses. Prints one line of
JSON.
"""

import argparse
import json
import pathlib
from typing import Any

import numpy as np
import torch
from torch import Tensor

from data import Data, tensors
from model import Model
from project import read_model

#: Objectives whose loss lies between samples.
CONTRASTS = ("infonce", "sigmoid")


def chunks(pairs: np.ndarray, size: int) -> list[np.ndarray]:
    return [pairs[start : start + size] for start in range(0, len(pairs), size)]


def embeddings(model: Model, data: Data, modality: str, pairs: np.ndarray, device: torch.device) -> Tensor:
    """Unit vectors of a modality of these pairs, [pairs, width]."""
    size = min(data.recipe["training"]["batch"], 64)
    found = []
    for rows in chunks(pairs, size):
        filled = np.concatenate([rows, np.repeat(rows[:1], size - len(rows))])
        found.append(model.embed(tensors(data.rows(filled), device), modality)[: len(rows)].cpu())
    return torch.cat(found).double()


def recall(wrong: Tensor, right: Tensor) -> dict[str, float]:
    """
    Of ranks: 1 + better wrong answers + equal ones / 2. wrong [queries, answers] with −∞ where an answer is right,
    right [queries].
    """
    ranks = 1 + (wrong > right[:, None]).sum(1) + 0.5 * (wrong == right[:, None]).sum(1)
    found = {f"r{k}": (ranks <= k).double().mean().item() for k in (1, 5, 10)}
    return found | {"medianRank": float(np.median(ranks.numpy()))}


def contrastive_loss(
    first: Tensor, second: Tensor, scale: float, samples: np.ndarray, texts: np.ndarray, batch: int
) -> float:
    """
    InfoNCE in batches as large as in training; rows that do not fill a last one are left out, unless there is only
    that one.
    """
    losses = []
    for k in range(max(1, len(first) // batch)):
        rows = slice(k * batch, (k + 1) * batch)
        logits = scale * first[rows] @ second[rows].t()
        same = (samples[rows, None] == samples[rows]) | (texts[rows, None] == texts[rows])
        positive = torch.from_numpy(same).double()
        shares = [-(positive * torch.log_softmax(x, 1)).sum(1) / positive.sum(1) for x in (logits, logits.t())]
        losses.append((sum(shares) / 2).mean().item())
    return sum(losses) / len(losses)


def contrast(
    model: Model, data: Data, pairs: np.ndarray, between: list[str], device: torch.device
) -> dict[str, float]:
    """Retrieval both ways and the loss between two modalities, over the pairs that have both."""
    for name in between:
        if name in data.present:
            pairs = pairs[data.present[name][data.sample[pairs]] == 1]
    if len(pairs) == 0:
        return {}
    samples = data.sample[pairs]
    # One vector for each sample of the first modality, however many captions it has.
    _, first_rows, picture_of = np.unique(samples, return_index=True, return_inverse=True)
    order = np.argsort(first_rows)
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    picture_of = place[picture_of]
    first = embeddings(model, data, between[0], pairs[np.sort(first_rows)], device)
    second = embeddings(model, data, between[1], pairs, device)
    scores = first @ second.t()
    own = torch.from_numpy(picture_of)
    mine = torch.arange(len(first))[:, None] == own
    wrong = scores.masked_fill(mine, -torch.inf)
    best = scores.masked_fill(~mine, -torch.inf).max(1).values
    ways = recall(wrong, best), recall(wrong.t(), scores[own, torch.arange(len(second))])
    found = {name: (ways[0][name] + ways[1][name]) / 2 for name in ("r1", "r5", "r10")}
    if between == ["image", "text"]:
        found |= {f"{key}.{name}": value for key, way in zip(("i2t", "t2i"), ways) for name, value in way.items()}
    objective = next(name for name in model.terms if name.split("-")[0] in CONTRASTS)
    scale = full(getattr(model, objective).logit_scale).double().exp().item()
    batch = data.recipe["training"]["batch"]
    return found | {"contrast": contrastive_loss(first[own], second, scale, samples, data.text_group[pairs], batch)}


def full(value: Tensor) -> Tensor:
    """The whole of a tensor that may be divided among processes."""
    return value.full_tensor() if hasattr(value, "full_tensor") else value


@torch.no_grad()
def measure(model: Any, data: Data, split: str, limit: int | None, device: torch.device) -> dict[str, float]:
    """The first `limit` pairs of a split; every measure by the name that it has in Amalgam's metrics."""
    training = model.training
    model.eval()
    pairs = data.pairs[split][:limit]
    if len(pairs) == 0:
        raise SystemExit(f"The {split} split has no pairs.")
    sums: dict[str, list[float]] = {}
    size = min(data.recipe["training"]["batch"], 64)
    for number, rows in enumerate(chunks(pairs, size)):
        results = model(tensors(data.evaluation_batch(rows, number, model.terms, size), device))
        for name, values in results.items():
            if values.dim() == 1 and not name.endswith(".weight"):
                value, weight = values[: len(rows)].double(), results[f"{name}.weight"][: len(rows)].double()
                total = sums.setdefault(name, [0.0, 0.0])
                total[0] += (value * weight).sum().item()
                total[1] += weight.sum().item()
    measures = {name: total / weight for name, (total, weight) in sums.items() if weight > 0}
    names = list(data.recipe["encoders"])
    contrasts = any(part["type"] in CONTRASTS for part in data.recipe["objectives"])
    between = ["image", "text"] if {"image", "text"} <= set(names) else names[:2]
    found = contrast(model, data, pairs, between, device) if contrasts and len(between) == 2 else {}
    between_loss = found.pop("contrast", 0.0)
    loss = 0.0
    for name, part in zip(model.terms, data.recipe["objectives"]):
        own = measures.get(f"{name}.loss", between_loss if part["type"] in CONTRASTS else 0.0)
        loss += part.get("weight", 1) * own
    main = [value for key, value in measures.items() if key.endswith(".accuracy") and not key.startswith("unimodal")]
    model.train(training)
    return {"loss": loss, **found, **measures, **({"accuracy": main[0]} if main else {})}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    flag = parser.add_argument
    flag("--data", required=True, help="a folder that Amalgam wrote (Data screen, Export)")
    flag("--split", default="validation", choices=["train", "validation", "test"])
    flag("--limit", type=int, help="only the first so many pairs")
    flag("--weights", type=pathlib.Path, help="instead of weights.safetensors: a file of the same names, or a model zip")
    flag("--device", help="cpu or cuda; cuda where there is one")
    given = parser.parse_args()
    where = torch.device(given.device or ("cuda" if torch.cuda.is_available() else "cpu"))
    made, recipe, facts = read_model(given.weights)
    folder = Data(given.data, pathlib.Path(__file__).resolve().parent, recipe, facts)
    print(json.dumps(measure(made.to(where), folder, given.split, given.limit, where)))
