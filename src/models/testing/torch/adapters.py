"""
LoRA in plain torch from its paper (Hu et al. 2021, arXiv 2106.09685): a layer's own weight and bias are constants, to which (alpha / rank)·B·A is
added; only A and B are trained, beside all that carries no adapter. Writes adapters.json.
"""
import math

import torch
import torch.nn.functional as F

from common import Parameters, case, draw, write
from objectives_parts import BATCH, CAPTIONS, LENGTH, PAD, WIDTH, image, joints, padded, text, unit

SMALL = {"width": WIDTH, "depth": 1, "heads": 2, "mlp": 2}
ENCODERS = {"image": {"type": "vit", "patch": 4, **SMALL}, "text": {"type": "transformer", **SMALL}}
LABELS = [2, 0, 1, 2]
IMAGE = ["image.patch", "image.projection", "image.blocks.0.attention.qkv", "image.blocks.0.attention.out"]


class Adapted(Parameters):
    def __init__(self, layers):
        super().__init__()
        self.layers = layers

    def __call__(self, name, *shape, initial=0.0):
        layer, _, part = name.rpartition(".")
        if layer not in self.layers:
            return super().__call__(name, *shape, initial=initial)
        own = draw(name, shape)
        if part == "bias":
            return own
        rank, alpha = self.layers[layer]
        a = super().__call__(f"{layer}.adapter.a", rank, shape[1])
        b = super().__call__(f"{layer}.adapter.b", shape[0], rank)
        return own + alpha / rank * (b @ a)


def contrast(p):
    pictures = torch.stack([unit(image(p, b)[1]) for b in range(BATCH)])
    words = torch.stack([unit(text(p, ids)[1]) for ids in CAPTIONS])
    logits = p("infonce.logit_scale", initial=math.log(1 / 0.2)).exp() * pictures @ words.T
    right = torch.arange(BATCH)
    loss = (F.cross_entropy(logits, right) + F.cross_entropy(logits.T, right)) / 2
    return {"loss": loss}, loss


def classify(p):
    loss = F.cross_entropy(p.linear(joints(p), "classification.head", 3), torch.tensor(LABELS))
    return {"loss": loss}, loss


def add(name, build, layers, adapters, objective, fusion, **more):
    given = {
        "tokens": sum(padded(CAPTIONS, PAD), []),
        "keep": sum(padded([[1] * len(ids) for ids in CAPTIONS], 0), []),
        "sampleGroups": list(range(BATCH)),
        "textGroups": list(range(BATCH)),
    }
    recipe = {"encoders": ENCODERS, "fusion": fusion, "objectives": [{"type": objective}]}
    built = case(name, build, parameters=Adapted(layers))
    CASES.append({**built, "recipe": recipe, "adapters": adapters, "inputs": {**given, **more.pop("inputs", {})}, **more})


CASES = []
add("a tower, another rank for feed-forward layers", contrast,
    {**{name: (2, 4) for name in IMAGE},
     **{f"{m}.blocks.0.mlp.{fc}": (3, 1.5) for m in ("image", "text") for fc in ("fc1", "fc2")}},
    [{"match": "image", "rank": 2, "alpha": 4}, {"match": "*.mlp", "rank": 3, "alpha": 1.5}],
    "infonce", {"type": "two-tower", "width": WIDTH})  # fmt: skip
add("fusion, heads and one block", classify,
    {**{f"fusion.{name}": (4, 8) for name in ("out", "image.hidden", "text.hidden")}, "classification.head": (1, 1),
     **{f"text.blocks.0.{name}": (2, 2) for name in ("attention.qkv", "attention.out", "mlp.fc1", "mlp.fc2")}},
    [{"match": "fusion", "rank": 4, "alpha": 8}, {"match": "heads", "rank": 1, "alpha": 1},
     {"match": "text.blocks.0", "rank": 2, "alpha": 2}],
    "classification", {"type": "late", "width": WIDTH, "combine": "concat"},
    inputs={"target": LABELS}, target={"kind": "class", "classes": 3})  # fmt: skip

if __name__ == "__main__":
    write("adapters", CASES)
