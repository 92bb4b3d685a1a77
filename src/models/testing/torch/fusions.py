"""
Every fusion, written in plain torch from its paper, with padding and absent samples: image (all samples), text (absent in the last), audio
(absent in the second). Writes fusions.json.
"""
import torch
import torch.nn.functional as F

from common import case, draw, write

BATCH, WIDTH = 4, 8
SIZES = {"image": (5, 12), "text": (4, 8), "audio": (3, 4)}
KEEP = {
    "image": torch.ones(4, 5),
    "text": torch.tensor([[1, 1, 1, 1], [1, 1, 0, 0], [1, 1, 1, 0], [1, 1, 1, 1]]).double(),
    "audio": torch.tensor([[1, 1, 1], [1, 1, 1], [1, 0, 0], [1, 1, 0]]).double(),
}
PRESENT = {
    "image": torch.ones(4),
    "text": torch.tensor([1, 1, 1, 0]).double(),
    "audio": torch.tensor([1, 0, 1, 1]).double(),
}


class Data:
    """What encoders hand on: pooled [B, D], tokens [B, N, D_m], and which tokens count (bool)."""

    def __init__(self, *names):
        self.names = names
        self.tokens = {m: draw(f"{m}.tokens", (BATCH, *SIZES[m])) for m in names}
        self.pooled = {m: draw(f"{m}.pooled", (BATCH, WIDTH)) for m in names}
        self.present = {m: PRESENT[m] > 0 for m in names}
        self.keep = {m: (KEEP[m] > 0) & (PRESENT[m] > 0)[:, None] for m in names}


def late_sum(p, d):
    joint = []
    for b in range(BATCH):
        here = [m for m in d.names if d.present[m][b]]
        weights = torch.softmax(torch.stack([p(f"fusion.{m}.share") for m in here]), 0)
        mapped = [p.linear(d.pooled[m][b], f"fusion.{m}.map", WIDTH) for m in here]
        joint.append(sum(w * v for w, v in zip(weights, mapped)))
    return {"joint": torch.stack(joint)}


def late_concat(p, d):
    x = torch.cat([d.pooled[m] * d.present[m][:, None] for m in d.names], 1)
    weight = torch.cat([p(f"fusion.{m}.hidden.weight", WIDTH, WIDTH) for m in d.names], 1)
    hidden = F.gelu(F.linear(x, weight, p("fusion.hidden.bias", WIDTH)), approximate="tanh")
    return {"joint": p.linear(hidden, "fusion.out", WIDTH)}


def late_gate(p, d):
    x = torch.cat([d.pooled[m] * d.present[m][:, None] for m in d.names], 1)
    count = len(d.names)
    weight = torch.cat([p(f"fusion.{m}.gate.weight", count, WIDTH) for m in d.names], 1)
    logits = F.linear(x, weight, p("fusion.gate.bias", count))
    has = torch.stack([d.present[m] for m in d.names], 1)
    gates = torch.softmax(logits.masked_fill(~has, -torch.inf), 1)
    features = [torch.tanh(p.linear(d.pooled[m], f"fusion.{m}.map", WIDTH)) for m in d.names]
    return {"joint": sum(gates[:, k : k + 1] * h for k, h in enumerate(features))}


CASES = [
    ("late sum", late_sum, ("image", "text", "audio"), {"combine": "sum"}),
    ("late concat", late_concat, ("image", "text", "audio"), {"combine": "concat"}),
    ("late gate", late_gate, ("image", "text", "audio"), {"combine": "gate"}),
]

if __name__ == "__main__":
    written = []
    for name, build, modalities, fields in CASES:
        data = Data(*modalities)
        one = case(name, lambda p: build(p, data))
        written.append({**one, "modalities": modalities, "fields": fields})
    write("fusions", written)
