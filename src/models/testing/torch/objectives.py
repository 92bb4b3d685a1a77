"""
Every objective as a whole small model with its own loss, in plain torch from its paper; and their sum with learned uncertainty. Writes
objectives.json. A case carries the recipe's parts and the inputs that ours is built from.
"""
import math

import torch
import torch.nn.functional as F

from common import case, draw, write
from objectives_parts import (
    ALL, BATCH, CAPTIONS, IMAGES, LENGTH, MASK, PAD, PATCHES, VOCABULARY, WIDTH, Frozen,
    attend, block, cut, early, feed, gelu, image, joints, late, padded, text, unit,
)  # fmt: skip

SMALL = {"width": WIDTH, "depth": 1, "heads": 2, "mlp": 2}
ENCODERS = {"image": {"type": "vit", "patch": 4, **SMALL}, "text": {"type": "transformer", **SMALL}}
TWO_TOWER = {"type": "two-tower", "width": WIDTH}
LATE = {"type": "late", "width": WIDTH, "combine": "concat"}
EARLY = {"type": "early", **SMALL}
CLASSES = 3


def entropy(logits, label):
    return torch.logsumexp(logits, 0) - logits[label]


def mean(values):
    return torch.stack(values).mean()


def positive(groups, i, j):
    samples, texts = groups
    return samples[i] == samples[j] or texts[i] == texts[j]


def infonce(p, direction, groups, learned=True, pictured=ALL, worded=ALL):
    start = math.log(1 / 0.2)
    scale = (p("infonce.logit_scale", initial=start) if learned else torch.tensor(start)).exp()
    pictures = {b: unit(image(p, b)[1]) for b in range(BATCH) if pictured[b]}
    words = {b: unit(text(p, CAPTIONS[b])[1]) for b in range(BATCH) if worded[b]}

    def one_way(asks, answers):
        losses = []
        for i, x in asks.items():
            shares = torch.log_softmax(torch.stack([scale * (x @ y) for y in answers.values()]), 0)
            right = [share for share, j in zip(shares, answers) if positive(groups, i, j)]
            if right:
                losses.append(-mean(right))
        return mean(losses)

    there, back = one_way(pictures, words), one_way(words, pictures)
    return {"both": (there + back) / 2, "image-to-text": there, "text-to-image": back}[direction]


def sigmoid(p, groups, pictured=ALL, worded=ALL):
    scale, bias = p("sigmoid.logit_scale", initial=math.log(10)).exp(), p("sigmoid.logit_bias", initial=-10.0)
    pictures = {b: unit(image(p, b)[1]) for b in range(BATCH) if pictured[b]}
    words = {b: unit(text(p, CAPTIONS[b])[1]) for b in range(BATCH) if worded[b]}
    total = 0.0
    for i, x in pictures.items():
        for j, y in words.items():
            z = 1.0 if positive(groups, i, j) else -1.0
            total = total - F.logsigmoid(z * (scale * (x @ y) + bias))
    return total / len(pictures)


MASKED = [[1, 3, 9, 4, 3, 2], [1, 8, 10, 2], [1, 7, 11, 10, 2], [1, 3, 2]]
HIDDEN = [{1: 7, 4: 5}, {2: 6}, {3: 10}, {1: 5}]


def mlm(p, fused, worded=ALL):
    losses = []
    for b in range(BATCH):
        if not worded[b]:
            continue
        states = text(p, MASKED[b])[0]
        if fused:
            states = early(p, {"image": image(p, b)[0], "text": states})[0][PATCHES + 1 :]
        for place, label in HIDDEN[b].items():
            hidden = p.norm(gelu(p.linear(states[place], "mlm.dense", WIDTH)), "mlm.norm")
            losses.append(entropy(p.linear(hidden, "mlm.decoder", VOCABULARY), label))
    return mean(losses)


# Patches that the encoder sees, in the order that was drawn.
KEPT = [[2, 0], [1, 3], [3, 2], [0, 1]]


def mim(p, normalize, pictured=ALL):
    losses = []
    for b in range(BATCH):
        if not pictured[b]:
            continue
        seen = image(p, b, KEPT[b])[0][1:]
        seen = p.linear(p.norm(seen, "mim.norm"), "mim.embed", WIDTH)
        rows = [p("mim.mask", WIDTH)] * PATCHES
        for row, patch in zip(seen, KEPT[b]):
            rows[patch] = row
        x = block(p, torch.stack(rows) + p("mim.positions", PATCHES, WIDTH), "mim.blocks.0", 4, heads=1)
        patches = cut(IMAGES[b])
        drawn = p.linear(p.norm(x, "mim.last.norm"), "mim.decoder", patches.shape[1])
        if normalize:
            patches = (patches - patches.mean(1, keepdim=True)) / (patches.var(1, correction=0, keepdim=True) + 1e-6).sqrt()
        losses += [F.mse_loss(drawn[n], patches[n]) for n in range(PATCHES) if n not in KEPT[b]]
    return mean(losses)


NOISE = draw("noise", (2, BATCH, BATCH), 2.0)


def itm(p, groups, pictured=ALL, worded=ALL):
    pictures = {b: image(p, b)[1] for b in range(BATCH) if pictured[b]}
    words = {b: text(p, CAPTIONS[b])[1] for b in range(BATCH) if worded[b]}

    def loss(i, j, label):
        return entropy(p.linear(late(p, {"image": pictures[i], "text": words[j]}), "itm.head", 2), label)

    def hardest(own, others, noise, b):
        """The sample whose noisy similarity is the largest, of those that are no positive."""
        scores = {
            j: (10 * unit(own) @ unit(y) + noise[b, j]).item() for j, y in others.items() if not positive(groups, b, j)
        }
        return max(scores, key=scores.get) if scores else None

    losses = [loss(b, b, 1) for b in range(BATCH) if b in pictures and b in words]
    for b, x in pictures.items():
        j = hardest(x, words, NOISE[0], b)
        losses += [loss(b, j, 0)] if j is not None else []
    for b, y in words.items():
        j = hardest(y, pictures, NOISE[1], b)
        losses += [loss(j, b, 0)] if j is not None else []
    return mean(losses)


def captioning(p, fused, worded=ALL):
    losses = []
    for b in range(BATCH):
        if not worded[b]:
            continue
        memory = image(p, b)[0]
        if fused:
            memory = early(p, {"image": memory})[0]
        else:
            memory = p.linear(p.norm(memory, "captioning.memory.image.norm"), "captioning.memory.image", WIDTH)
        ids = CAPTIONS[b]
        x = F.embedding(torch.tensor(ids), p("captioning.embedding.weight", VOCABULARY, WIDTH))
        x = x + p("captioning.embedding.positions", LENGTH, WIDTH)[: len(ids)]
        name = "captioning.blocks.0"
        x = x + attend(p, f"{name}.attention", p.norm(x, f"{name}.attention.norm"), causal=True)
        x = x + attend(p, f"{name}.cross", p.norm(x, f"{name}.cross.norm"), memory)
        x = x + feed(p, x, f"{name}.mlp", 4)
        logits = p.linear(p.norm(x, "captioning.norm"), "captioning.decoder", VOCABULARY)
        losses += [entropy(logits[k], ids[k + 1]) for k in range(len(ids) - 1)]
    return mean(losses)


LABELS = [2, -1, 0, 1]
MANY = [[1, 0, 1], [0, 0, 0], [0, 1, 1], [1, 1, 1]]
NUMBERS, KNOWN = [0.7, -0.4, 0.0, 1.3], [1, 1, 0, 1]


def classes(p, vectors, term):
    logits = p.linear(vectors, f"{term}.head", CLASSES)
    loss = F.cross_entropy(logits, torch.tensor(LABELS), ignore_index=-1)
    right = [float(row.argmax() == label) for row, label in zip(logits, LABELS) if label >= 0]
    return {"loss": loss, "accuracy": torch.tensor(sum(right) / len(right))}, logits


def regression(p, kind):
    values = p.linear(joints(p), "regression.head", 1)[:, 0]
    known = torch.tensor(KNOWN) > 0
    off = (values - torch.tensor(NUMBERS))[known].abs()
    return {"loss": off.mean() if kind == "absolute" else (off**2).mean(), "absolute-error": off.mean()}


def distillation(p, what, shared=WIDTH, present=ALL):
    teacher = Frozen("distillation.teacher.")
    if what == "logits":
        own, logits = classes(p, joints(p), "classification")
        goal = classes(teacher, joints(teacher), "classification")[1]
        loss = 2.0**2 * F.kl_div(
            F.log_softmax(logits / 2, 1), F.log_softmax(goal / 2, 1), reduction="batchmean", log_target=True
        )
        return {"loss": own["loss"] + loss, "loss.classification": own["loss"], "loss.distillation": loss}
    here = [b for b in range(BATCH) if present[b]]
    losses = []
    for m in ("image", "text"):
        rows = here if m == "text" else range(BATCH)
        encode = (lambda q, b, w: image(q, b, None, w)[1]) if m == "image" else (lambda q, b, w: text(q, CAPTIONS[b], w)[1])
        own = torch.stack([unit(encode(p, b, WIDTH)) for b in rows])
        goal = torch.stack([unit(encode(teacher, b, shared)) for b in rows])
        if what == "relation":
            losses.append(F.mse_loss(own @ own.T, goal @ goal.T))
        else:
            if shared != WIDTH:
                own = F.normalize(p.linear(own, f"distillation.{m}.projection", shared))
            losses.append((own - goal).square().sum(1).mean())
    return {"loss": mean(losses)}


def uncertain(p, groups):
    parts = {
        "infonce": infonce(p, "both", groups),
        "classification": 0.5 * classes(p, joints(p), "classification")[0]["loss"],
        "mlm": mlm(p, False),
    }
    variances = {name: p(f"weighting.{name}") for name in parts}
    # L/σ² + log σ with s = log σ².
    loss = sum(part / variances[k].exp() + variances[k].exp().sqrt().log() for k, part in parts.items())
    plain = {f"loss.{k}": part / (0.5 if k == "classification" else 1) for k, part in parts.items()}
    return {"loss": loss, **plain, **{f"weight.{k}": 1 / s.exp() for k, s in variances.items()}}


def vectors(p, pictured=ALL, worded=ALL):
    """The pooled vectors of each modality, and the samples that have it and a class."""
    return {
        "image": ([image(p, b)[1] for b in range(BATCH)], [b for b in range(BATCH) if pictured[b] and LABELS[b] >= 0]),
        "text": (
            [text(p, CAPTIONS[b])[1] if worded[b] else torch.zeros(WIDTH) for b in range(BATCH)],
            [b for b in range(BATCH) if worded[b] and LABELS[b] >= 0],
        ),
    }


def heads(p, prefix, read=lambda v: v, present=(ALL, ALL)):
    """Cross-entropy of a head on each modality, by sample."""
    losses = {}
    for m, (rows, known) in vectors(p, *present).items():
        logits = p.linear(torch.stack([read(rows[b]) for b in known]), f"{prefix}.{m}.head", CLASSES)
        losses[m] = F.cross_entropy(logits, torch.tensor([LABELS[b] for b in known]), reduction="none")
    return losses


def unimodal(p, present=(ALL, ALL)):
    losses = heads(p, "unimodal", present=present)
    return {"loss": mean([one.mean() for one in losses.values()])}


ALPHA = 0.7
HOOKS = []


def ogm(p):
    """Peng et al. 2022 without the noise: gradients of an encoder's matrices are multiplied by its coefficient."""
    own = classes(p, joints(p), "classification")[0]["loss"]
    losses = heads(p, "balance", lambda v: v.detach())
    scores = {m: (-one).exp().mean().item() for m, one in losses.items()}
    total = own + sum(one.mean() for one in losses.values())
    coefficients = {}
    for m, other in (("image", "text"), ("text", "image")):
        ratio = scores[m] / (scores[other] + 1e-8)
        coefficients[m] = 1 - math.tanh(ALPHA * ratio) if ratio > 1 else 1.0
    while HOOKS:
        HOOKS.pop().remove()
    for name, parameter in p.known.items():
        k = coefficients.get(name.split(".")[0])
        if k is not None and parameter.dim() >= 2:
            HOOKS.append(parameter.register_hook(lambda g, k=k: g * k))
    return {"loss": total, **{f"balance.{m}": torch.tensor(k) for m, k in coefficients.items()}}


BLEND = [0.8, 1.5, 0.4]


def blending(p):
    own = classes(p, joints(p), "classification")[0]["loss"]
    losses = heads(p, "balance")
    return {"loss": BLEND[0] * own + BLEND[1] * losses["image"].mean() + BLEND[2] * losses["text"].mean()}


APART = ([0, 1, 2, 3], [0, 1, 2, 3])
TOGETHER = ([0, 1, 0, 3], [0, 1, 2, 1])
PICTURED, WORDED = [1, 0, 1, 1], [1, 1, 0, 1]
CASES = []


def add(name, build, objectives, fusion=TWO_TOWER, groups=APART, inputs=None, present=None, **more):
    built = case(name, lambda p: (lambda found: (found, found["loss"]))(as_outputs(build(p))), limit=20)
    samples, texts = groups
    pictured, worded = present or (ALL, ALL)
    captions = padded([ids if worded[b] else [] for b, ids in enumerate(CAPTIONS)], PAD)
    keep = padded([[1] * len(ids) if worded[b] else [] for b, ids in enumerate(CAPTIONS)], 0)
    given = {"tokens": sum(captions, []), "keep": sum(keep, []), "sampleGroups": samples, "textGroups": texts}
    if present:
        given |= {"present.image": pictured, "present.text": worded}
    missing = ["image", "text"] if present else []
    recipe = {"encoders": ENCODERS, "fusion": fusion, "objectives": objectives}
    CASES.append({**built, "recipe": recipe, "missing": missing, "inputs": {**given, **(inputs or {})}, **more})


def as_outputs(found):
    return found if isinstance(found, dict) else {"loss": found}


def class_of(name):
    return {"kind": name, "classes": 1 if name == "number" else CLASSES}


SOME = (PICTURED, WORDED)
for direction in ("both", "image-to-text", "text-to-image"):
    for groups, where in ((APART, ""), (TOGETHER, ", several positives")):
        add(f"infonce {direction}{where}", lambda p: infonce(p, direction, groups),
            [{"type": "infonce", "direction": direction}], groups=groups)  # fmt: skip
add("infonce fixed temperature", lambda p: infonce(p, "both", TOGETHER, False),
    [{"type": "infonce", "learned": False}], groups=TOGETHER)  # fmt: skip
add("infonce some absent", lambda p: infonce(p, "both", TOGETHER, True, *SOME),
    [{"type": "infonce"}], groups=TOGETHER, present=SOME)  # fmt: skip
add("sigmoid", lambda p: sigmoid(p, TOGETHER), [{"type": "sigmoid"}], groups=TOGETHER)
add("sigmoid some absent", lambda p: sigmoid(p, TOGETHER, *SOME), [{"type": "sigmoid"}], groups=TOGETHER, present=SOME)

WORDS = {
    "mlm.maskedTokens": sum(padded(MASKED, PAD), []),
    "mlm.maskedLabels": [HIDDEN[b].get(n, -1) for b in range(BATCH) for n in range(LENGTH)],
}
NONE = {"mlm.maskedLabels": [HIDDEN[b].get(n, -1) if WORDED[b] else -1 for b in range(BATCH) for n in range(LENGTH)]}
add("mlm with the picture", lambda p: mlm(p, True), [{"type": "mlm"}], EARLY, inputs=WORDS)
add("mlm alone, some absent", lambda p: mlm(p, False, WORDED), [{"type": "mlm"}], LATE, inputs=WORDS | NONE, present=SOME)

PLACES = {
    "mim.keptPatches": [b * PATCHES + n for b in range(BATCH) for n in KEPT[b]],
    "mim.restorePatches": [
        2 * b + KEPT[b].index(n) if n in KEPT[b] else 2 * BATCH for b in range(BATCH) for n in range(PATCHES)
    ],
}
for normalize in (False, True):
    add(f"mim {'patches normalized' if normalize else 'as they are'}", lambda p: mim(p, normalize),
        [{"type": "mim", "share": 0.5, "normalize": normalize}], inputs=PLACES)  # fmt: skip
add("mim some absent", lambda p: mim(p, False, PICTURED), [{"type": "mim", "share": 0.5}], inputs=PLACES, present=SOME)

PAIRS = {"itm.matchingNoise": NOISE.reshape(-1).tolist(), "itm.matchingLabels": [1] * BATCH + [0] * (2 * BATCH)}
add("itm", lambda p: itm(p, TOGETHER), [{"type": "itm"}], LATE, groups=TOGETHER, inputs=PAIRS)
add("itm some absent", lambda p: itm(p, TOGETHER, *SOME), [{"type": "itm"}], LATE,
    groups=TOGETHER, inputs=PAIRS, present=SOME)  # fmt: skip

NEXT = {"captioning.captionLabels": sum(padded([ids[1:] for ids in CAPTIONS], -1), [])}
SAYS = [{"type": "captioning", **{k: SMALL[k] for k in ("width", "depth", "heads")}}]
add("captioning", lambda p: captioning(p, False), SAYS, inputs=NEXT)
add("captioning from fused tokens", lambda p: captioning(p, True), SAYS, EARLY, inputs=NEXT)

add("classification", lambda p: classes(p, joints(p), "classification")[0], [{"type": "classification"}], LATE,
    inputs={"target": LABELS}, target=class_of("class"))  # fmt: skip
add("classification some absent", lambda p: classes(p, joints(p, *SOME), "classification")[0], [{"type": "classification"}],
    LATE, inputs={"target": LABELS}, target=class_of("class"), present=SOME)  # fmt: skip
add("labels", lambda p: F.binary_cross_entropy_with_logits(
    p.linear(joints(p), "labels.head", CLASSES), torch.tensor(MANY).double()),
    [{"type": "labels"}], LATE, inputs={"target": sum(MANY, [])}, target=class_of("labels"))  # fmt: skip
for kind in ("squared", "absolute"):
    add(f"regression {kind}", lambda p: regression(p, kind), [{"type": "regression", "loss": kind}], LATE,
        inputs={"target": NUMBERS, "targetKnown": KNOWN}, target=class_of("number"))  # fmt: skip
add("vqa", lambda p: classes(p, gelu(p.linear(joints(p), "vqa.hidden", 8)), "vqa")[0], [{"type": "vqa", "hidden": 8}], LATE,
    inputs={"target": LABELS}, target=class_of("class"))  # fmt: skip


CLASSED = {"inputs": {"target": LABELS}, "target": class_of("class")}
add("unimodal", unimodal, [{"type": "unimodal"}], LATE, **CLASSED)
add("unimodal some absent", lambda p: unimodal(p, SOME), [{"type": "unimodal"}], LATE, present=SOME, **CLASSED)
add("balance ogm-ge", ogm, [{"type": "classification"}], LATE,
    balance={"type": "ogm-ge", "alpha": ALPHA, "noise": False}, **CLASSED)  # fmt: skip
add("balance blending", blending, [{"type": "classification"}], LATE,
    inputs={"target": LABELS, "balance.weights": BLEND}, target=class_of("class"), balance={"type": "blending"})  # fmt: skip


def teaches(what, **more):
    return {"type": "distillation", "what": what, **more}


TEACHER = {"encoders": ENCODERS, "fusion": {**TWO_TOWER, "width": 12}, "objectives": [{"type": "infonce"}]}
ANSWERS = {"encoders": ENCODERS, "fusion": LATE, "objectives": [{"type": "classification"}]}
add("distillation answers", lambda p: distillation(p, "logits"), [{"type": "classification"}, teaches("logits")], LATE,
    inputs={"target": LABELS}, target=class_of("class"), teacher=ANSWERS)  # fmt: skip
add("distillation vectors", lambda p: distillation(p, "embeddings", 12), [teaches("embeddings")], teacher=TEACHER)
add("distillation relations", lambda p: distillation(p, "relation", 12), [teaches("relation")], teacher=TEACHER)
add("distillation some absent", lambda p: distillation(p, "relation", 12, WORDED), [teaches("relation")],
    teacher=TEACHER, present=(ALL, WORDED))  # fmt: skip
add("learned weights", lambda p: uncertain(p, TOGETHER),
    [{"type": "infonce"}, {"type": "classification", "weight": 0.5}, {"type": "mlm"}], LATE, groups=TOGETHER,
    inputs={**WORDS, "target": LABELS}, target=class_of("class"), weighting="learned")  # fmt: skip

if __name__ == "__main__":
    write("objectives", CASES)
