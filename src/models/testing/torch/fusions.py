"""
Every fusion, written in plain torch from its paper, with padding and absent samples: image (all samples), text (absent in the last), audio
(absent in the second). Writes fusions-streams.json, fusions-queries.json and fusions-others.json.
"""
import math

import torch
import torch.nn.functional as F

from common import case, write
from fusion_parts import (
    BATCH,
    HEADS,
    SIZES,
    WIDTH,
    Data,
    attend,
    block,
    counted,
    cross,
    feed,
    mean,
    perceptron,
    self_attend,
    sequence,
    typed,
)

def early(p, d, pool):
    x, keep = sequence(p, d, d.names)
    if pool == "cls":
        x = torch.cat([p("fusion.class", WIDTH).expand(BATCH, 1, WIDTH), x], 1)
        keep = torch.cat([torch.ones(BATCH, 1, dtype=torch.bool), keep], 1)
    x = p.norm(block(p, x, "fusion.blocks.0", keep), "fusion.norm")
    if pool == "cls":
        return {"joint": x[:, 0], "tokens": counted(x[:, 1:], keep[:, 1:])}
    return {"joint": mean(x, keep), "tokens": counted(x, keep)}


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


def exchange(p, streams, d, layer, pairs):
    return {
        t: x + sum(
            cross(p, x, streams[s], f"fusion.cross.{s}-{t}.{layer}", d.keep[s]) for s in streams if (s, t) in pairs
        )
        for t, x in streams.items()
    }


def all_pairs(d):
    return [(s, t) for s in d.names for t in d.names if s != t]


def co_attention(p, d, direction):
    first = d.names[0]
    pairs = [
        (s, t) for s, t in all_pairs(d)
        if direction == "both" or (t if direction == "into-first" else s) == first
    ]
    streams = {m: p.linear(d.tokens[m], f"fusion.{m}.tokens", WIDTH) for m in d.names}
    streams = exchange(p, streams, d, 0, pairs)
    streams = {m: block(p, x, f"fusion.{m}.blocks.0", d.keep[m]) for m, x in streams.items()}
    ends = {m: p.norm(x, f"fusion.{m}.norm") for m, x in streams.items()}
    means = torch.cat([mean(ends[m], d.keep[m]) for m in d.names], 1)
    weight = torch.cat([p(f"fusion.{m}.head.weight", WIDTH, WIDTH) for m in d.names], 1)
    return {
        "joint": F.linear(means, weight, p("fusion.head.bias", WIDTH)),
        "tokens": torch.cat([counted(ends[m], d.keep[m]) for m in d.names], 1),
    }


def resample(p, media, keep, latents, depth):
    x = p("fusion.resampler.latents", latents, WIDTH).expand(BATCH, latents, WIDTH)
    keep = torch.cat([keep, torch.ones(BATCH, latents, dtype=torch.bool)], 1)
    for layer in range(depth):
        name = f"fusion.resampler.layers.{layer}"
        queries = p.norm(x, f"{name}.attention.norm")
        keys = torch.cat([p.norm(media, f"{name}.attention.mediaNorm"), queries], 1)
        x = x + attend(p, f"{name}.attention", queries, keys, keep)
        x = x + feed(p, x, f"{name}.mlp")
    return p.norm(x, "fusion.resampler.norm")


def perceiver(p, d):
    x = resample(p, *sequence(p, d, d.names), 3, 2)
    return {"joint": mean(x), "tokens": x}


def flamingo(p, d, causal):
    others = [m for m in d.names if m != "text"]
    media = resample(p, *sequence(p, d, others), 3, 1)
    x, keep = p.linear(d.tokens["text"], "fusion.text.tokens", WIDTH), d.keep["text"]
    x = x + torch.tanh(p("fusion.cross.0.alpha")) * cross(p, x, media, "fusion.cross.0", None)
    x = x + torch.tanh(p("fusion.gated.0.alpha")) * feed(p, x, "fusion.gated.0")
    x = p.norm(block(p, x, "fusion.text.blocks.0", keep, causal), "fusion.norm")
    lacks = ~d.present["text"]
    joint = torch.where(lacks[:, None], mean(media), mean(x, keep))
    return {"joint": joint, "tokens": torch.cat([counted(x, keep), media * lacks[:, None, None]], 1)}


def q_former(p, d, mask):
    others = [m for m in d.names if m != "text"]
    media, media_keep = sequence(p, d, others)
    text, keep = p.linear(d.tokens["text"], "fusion.text.tokens", WIDTH), d.keep["text"]
    count = 3
    queries = p("fusion.queries", count, WIDTH).expand(BATCH, count, WIDTH)
    alone = torch.ones(BATCH, count, dtype=torch.bool)
    for layer in range(2):
        name = f"fusion.blocks.{layer}"
        both = p.norm(torch.cat([queries, text], 1), f"{name}.attention.norm")
        every = torch.cat([alone, keep], 1)
        if mask == "together":
            y = attend(p, f"{name}.attention", both, keep=every)
        else:
            own = attend(p, f"{name}.attention", both[:, :count], keep=alone)
            if mask == "apart":
                words = attend(p, f"{name}.attention", both[:, count:], keep=keep)
            else:
                words = attend(p, f"{name}.attention", both, keep=every, causal=True)[:, count:]
            y = torch.cat([own, words], 1)
        queries = queries + y[:, :count]
        if layer % 2 == 0:
            queries = queries + cross(p, queries, media, f"{name}.cross", media_keep)
        queries = queries + feed(p, queries, f"{name}.mlp")
        if layer == 0 or mask != "together":
            text = text + y[:, count:]
            text = text + feed(p, text, f"{name}.textMlp")
    found = p.norm(queries, "fusion.norm")
    if mask == "together":
        return {"joint": mean(found), "tokens": found}
    words = p.norm(text, "fusion.textNorm")
    has = d.present["text"][:, None].double()
    joint = (mean(found) + mean(words, keep)) / (1 + has)
    return {"joint": joint, "tokens": torch.cat([found, counted(words, keep)], 1)}


def gated_layer(p, x, keep, spans, layer):
    name = f"fusion.blocks.{layer}"
    x = x + self_attend(p, x, f"{name}.attention", keep)
    h = p.norm(x, f"{name}.mlp.norm")
    squeezed = torch.cat([mean(h[:, a:b], keep[:, a:b]) for a, b in spans.values()], 1)
    weight = torch.cat([p(f"{name}.mlp.{m}.squeeze.weight", 4, WIDTH) for m in spans], 1)
    z = F.relu(F.linear(squeezed, weight, p(f"{name}.mlp.squeeze.bias", 4)))
    y = perceptron(p, h, f"{name}.mlp")
    gated = [
        y[:, a:b] * 2 * torch.sigmoid(p.linear(z, f"{name}.mlp.{m}.excite", WIDTH))[:, None]
        for m, (a, b) in spans.items()
    ]
    return x + torch.cat(gated, 1)


def spans_of(d):
    result, first = {}, 0
    for m in d.names:
        result[m] = (first, first + SIZES[m][0])
        first += SIZES[m][0]
    return result


def mid_gated(p, d):
    x, keep = sequence(p, d, d.names)
    x = p.norm(gated_layer(p, x, keep, spans_of(d), 0), "fusion.norm")
    return {"joint": mean(x, keep), "tokens": counted(x, keep)}


def hierarchical(p, d, low, mid, high):
    if not (low or mid or high):
        rows = [torch.stack([d.pooled[m][b] for m in d.names if d.present[m][b]]).mean(0) for b in range(BATCH)]
        return {"joint": torch.stack(rows)}
    streams = {m: typed(p, d, m) for m in d.names}
    if low:
        streams = exchange(p, streams, d, 0, all_pairs(d))
    x, keep = torch.cat(list(streams.values()), 1), torch.cat([d.keep[m] for m in d.names], 1)
    if mid:
        x = gated_layer(p, x, keep, spans_of(d), 0)
    x = p.norm(x, "fusion.norm")
    if not high:
        return {"joint": mean(x, keep), "tokens": counted(x, keep)}
    query = p("fusion.high.query", WIDTH).expand(BATCH, 1, WIDTH)
    query = query + cross(p, query, x, "fusion.high.cross", keep)
    query = query + feed(p, query, "fusion.high.mlp")
    return {"joint": p.norm(query, "fusion.high.norm")[:, 0], "tokens": counted(x, keep)}


def moe(p, d, top, experts, factor, weight):
    x, keep = sequence(p, d, d.names)
    length = x.shape[1]
    x = x + self_attend(p, x, "fusion.blocks.0.attention", keep)
    name = "fusion.blocks.0.experts"
    h = p.norm(x, f"{name}.norm").reshape(-1, WIDTH)
    probabilities = torch.softmax(p.linear(h, f"{name}.router", experts, bias=False), 1)
    w1, b1 = p(f"{name}.fc1.weight", experts, 2 * WIDTH, WIDTH), p(f"{name}.fc1.bias", experts, 1, 2 * WIDTH)
    w2, b2 = p(f"{name}.fc2.weight", experts, WIDTH, 2 * WIDTH), p(f"{name}.fc2.bias", experts, 1, WIDTH)
    tokens = keep.reshape(-1).nonzero()[:, 0].tolist()
    limit = math.ceil(factor * top * len(tokens) / experts)
    best = probabilities.topk(top, 1).indices.tolist()
    load = [0] * experts
    rows = [torch.zeros(WIDTH) for _ in range(len(h))]
    for choice in range(top):
        for t in tokens:
            e = best[t][choice]
            load[e] += 1
            if load[e] > limit:
                continue
            share = probabilities[t, e] / probabilities[t, best[t]].sum() if top > 1 else probabilities[t, e]
            inner = F.gelu(F.linear(h[t], w1[e], b1[e, 0]), approximate="tanh")
            rows[t] = rows[t] + share * F.linear(inner, w2[e], b2[e, 0])
    x = p.norm(x + torch.stack(rows).reshape(BATCH, length, WIDTH), "fusion.norm")
    fractions = [sum(best[t][0] == e for t in tokens) / len(tokens) for e in range(experts)]
    means = probabilities[tokens].mean(0)
    balance = weight * experts * sum(f * m for f, m in zip(fractions, means))
    return {"joint": mean(x, keep), "tokens": counted(x, keep), "balance": balance}


def dynamic(p, d, hard, threshold):
    joint = []
    for b in range(BATCH):
        here = [m for m in d.names if d.present[m][b]]
        confidence = {}
        for m in here:
            hidden = F.gelu(p.linear(d.pooled[m][b], f"fusion.{m}.reliability.fc1", 4), approximate="tanh")
            confidence[m] = torch.sigmoid(p.linear(hidden, f"fusion.{m}.reliability.fc2", 1))[0]
        kept = [m for m in here if not hard or confidence[m] > threshold] or here
        # Straight through: every confidence moves its gate, open or not.
        gates = {m: float(m in kept) + confidence[m] - confidence[m].detach() if hard else 1.0 for m in here}
        raw = {m: gates[m] * confidence[m] for m in here}
        total = sum(raw.values())
        features = {
            m: F.gelu(p.linear(d.pooled[m][b], f"fusion.{m}.map", WIDTH), approximate="tanh") for m in here
        }
        factors = {m: raw[m] / total * p.linear(features[m], f"fusion.{m}.factors", WIDTH, bias=False) for m in here}
        y = sum(raw[m] / total * features[m] for m in here)
        pairs = torch.zeros(WIDTH)
        for i, m in enumerate(here):
            for n in here[i + 1 :]:
                pairs = pairs + factors[m] * factors[n]
        joint.append(y + p.linear(pairs, "fusion.interaction", WIDTH, bias=False))
    return {"joint": torch.stack(joint)}


def low_rank(p, d, rank):
    weights, bias = p("fusion.rank.weight", 1, rank), p("fusion.rank.bias", WIDTH)
    # [rank, out, in + 1]: the weight tensor is Σ over the rank of the outer products of its factors.
    factors = {
        m: torch.cat(
            [p(f"fusion.{m}.factor.weight", rank * WIDTH, WIDTH), p(f"fusion.{m}.factor.bias", rank * WIDTH)[:, None]], 1
        ).reshape(rank, WIDTH, WIDTH + 1)
        for m in d.names
    }
    joint = []
    for b in range(BATCH):
        here = [m for m in d.names if d.present[m][b]]
        letters = "ijl"[: len(here)]
        tensor = torch.einsum(
            "r," + ",".join(f"rk{c}" for c in letters) + f"->k{letters}", weights[0], *[factors[m] for m in here]
        )
        vectors = [torch.cat([d.pooled[m][b], torch.ones(1)]) for m in here]
        joint.append(torch.einsum(f"k{letters}," + ",".join(letters) + "->k", tensor, *vectors) + bias)
    return {"joint": torch.stack(joint)}


def tensor_fusion(p, d, narrow):
    weight = p("fusion.tensor.weight", WIDTH, *[narrow + 1] * len(d.names))
    bias = p("fusion.tensor.bias", WIDTH)
    joint = []
    for b in range(BATCH):
        vectors = [
            torch.cat([p.linear(d.pooled[m][b], f"fusion.{m}.narrow", narrow) * d.present[m][b], torch.ones(1)])
            for m in d.names
        ]
        joint.append(torch.einsum("kijl,i,j,l->k", weight, *vectors) + bias)
    return {"joint": torch.stack(joint)}


THREE, TWO = ("image", "text", "audio"), ("image", "text")
SMALL = {"heads": HEADS, "mlp": 2, "depth": 1}
CASES = [
    ("early mean", lambda p, d: early(p, d, "mean"), THREE, SMALL),
    ("early cls", lambda p, d: early(p, d, "cls"), TWO, {**SMALL, "pool": "cls"}),
    ("late sum", late_sum, THREE, {"combine": "sum"}),
    ("late concat", late_concat, THREE, {"combine": "concat"}),
    ("late gate", late_gate, THREE, {"combine": "gate"}),
    ("co-attention both", lambda p, d: co_attention(p, d, "both"), THREE, SMALL),
    ("co-attention into-first", lambda p, d: co_attention(p, d, "into-first"), TWO, {**SMALL, "direction": "into-first"}),
    ("co-attention from-first", lambda p, d: co_attention(p, d, "from-first"), TWO, {**SMALL, "direction": "from-first"}),
    ("flamingo causal", lambda p, d: flamingo(p, d, True), THREE, {**SMALL, "latents": 3}),
    ("flamingo bidirectional", lambda p, d: flamingo(p, d, False), TWO, {**SMALL, "latents": 3, "causal": False}),
    ("perceiver", perceiver, THREE, {**SMALL, "latents": 3, "depth": 2}),
    ("q-former together", lambda p, d: q_former(p, d, "together"), THREE, {**SMALL, "latents": 3, "depth": 2}),
    ("q-former apart", lambda p, d: q_former(p, d, "apart"), TWO, {**SMALL, "latents": 3, "depth": 2, "mask": "apart"}),
    ("q-former causal", lambda p, d: q_former(p, d, "causal"), TWO, {**SMALL, "latents": 3, "depth": 2, "mask": "causal"}),
    ("mid-gated", mid_gated, THREE, SMALL),
    ("hierarchical all", lambda p, d: hierarchical(p, d, True, True, True), THREE, SMALL),
    ("hierarchical low", lambda p, d: hierarchical(p, d, True, False, False), TWO, {**SMALL, "mid": False, "high": False}),
    ("moe one", lambda p, d: moe(p, d, 1, 3, 1.0, 0.5), THREE, {**SMALL, "experts": 3, "top": "one", "capacity": 1.0, "balance": 0.5}),
    ("moe two", lambda p, d: moe(p, d, 2, 4, 0.8, 0.1), TWO, {**SMALL, "experts": 4, "top": "two", "capacity": 0.8, "balance": 0.1}),
    ("dynamic hard", lambda p, d: dynamic(p, d, True, 0.508), THREE, {"gate": "hard", "threshold": 0.508}),
    ("dynamic soft", lambda p, d: dynamic(p, d, False, 0.0), THREE, {"gate": "soft"}),
    ("low-rank", lambda p, d: low_rank(p, d, 2), THREE, {"rank": 2}),
    ("low-rank tensor", lambda p, d: tensor_fusion(p, d, 3), THREE, {"kind": "tensor", "narrow": 3}),
]


GROUPS = {
    "streams": ("co-attention", "hierarchical"),
    "queries": ("flamingo", "perceiver", "q-former"),
    "others": ("early", "late", "mid-gated", "moe", "dynamic", "low-rank"),
}

if __name__ == "__main__":
    for group, types in GROUPS.items():
        written = []
        for name, build, modalities, fields in CASES:
            if name.split()[0] in types:
                data = Data(*modalities)
                one = case(name, lambda p: build(p, data))
                written.append({**one, "modalities": modalities, "fields": fields})
        write(f"fusions-{group}", written)
