"""
What the models of objectives.py are made of: a small ViT, a text Transformer, early and late fusion. Each sample goes through by itself, cut to
what it has, so that no mask is needed where ours masks.
"""
import torch
import torch.nn.functional as F

from common import Parameters, draw

BATCH, SIDE, PATCH, WIDTH, HEADS, LENGTH, VOCABULARY = 4, 8, 4, 8, 2, 6, 12
PATCHES = (SIDE // PATCH) ** 2
PAD, START, END, MASK = 0, 1, 2, 3
IMAGES = draw("images", (BATCH, SIDE, SIDE, 3), 1.0)
CAPTIONS = [[1, 7, 9, 4, 5, 2], [1, 8, 6, 2], [1, 7, 11, 10, 2], [1, 5, 2]]
ALL = [1, 1, 1, 1]


class Frozen(Parameters):
    """The parameters of a teacher: the same numbers by a longer name, which nothing trains."""

    def __init__(self, prefix):
        super().__init__()
        self.prefix = prefix

    def __call__(self, name, *shape, initial=0.0):
        return draw(self.prefix + name, shape) + initial


def gelu(x):
    return F.gelu(x, approximate="tanh")


def attend(p, name, x, source=None, causal=False, heads=HEADS):
    """torch's multi-head attention of one sample: x [N, D] to itself or to `source`."""
    width = x.shape[-1]
    if source is None:
        source = x
        weight, bias = p(f"{name}.qkv.weight", 3 * width, width), p(f"{name}.qkv.bias", 3 * width)
        weights = {"in_proj_weight": weight}
    else:
        kv = p(f"{name}.kv.weight", 2 * width, source.shape[-1])
        bias = torch.cat([p(f"{name}.q.bias", width), p(f"{name}.kv.bias", 2 * width)])
        weights = {
            "in_proj_weight": None,
            "use_separate_proj_weight": True,
            "q_proj_weight": p(f"{name}.q.weight", width, width),
            "k_proj_weight": kv[:width],
            "v_proj_weight": kv[width:],
        }
    mask = torch.ones(len(x), len(x)).triu(1).bool() if causal else None
    return F.multi_head_attention_forward(
        x, source, source, width, heads, in_proj_bias=bias, bias_k=None, bias_v=None, add_zero_attn=False,
        dropout_p=0.0, out_proj_weight=p(f"{name}.out.weight", width, width), out_proj_bias=p(f"{name}.out.bias", width),
        need_weights=False, attn_mask=mask, **weights,
    )[0]


def feed(p, x, name, times=2):
    width = x.shape[-1]
    inner = gelu(p.linear(p.norm(x, f"{name}.norm"), f"{name}.fc1", times * width))
    return p.linear(inner, f"{name}.fc2", width)


def block(p, x, name, times=2, heads=HEADS):
    x = x + attend(p, f"{name}.attention", p.norm(x, f"{name}.attention.norm"), heads=heads)
    return x + feed(p, x, f"{name}.mlp", times)


def cut(picture):
    """[side, side, 3] into rows of patches."""
    n = SIDE // PATCH
    return picture.reshape(n, PATCH, n, PATCH, 3).transpose(1, 2).reshape(n * n, -1)


def image(p, b, kept=None, shared=WIDTH):
    """Class token and patches (only those `kept`) of sample b, and its pooled vector."""
    x = p.linear(cut(IMAGES[b]), "image.patch", WIDTH)
    positions = p("image.positions.weight", PATCHES + 1, WIDTH)
    first = p("image.positions.class", WIDTH) + positions[0]
    x = x + positions[1:]
    x = torch.cat([first[None], x if kept is None else x[kept]])
    x = block(p, x, "image.blocks.0")
    return x, p.linear(p.norm(x[0], "image.norm"), "image.projection", shared, bias=False)


def text(p, ids, shared=WIDTH):
    x = F.embedding(torch.tensor(ids), p("text.embedding.weight", VOCABULARY, WIDTH))
    x = block(p, x + p("text.positions.weight", LENGTH, WIDTH)[: len(ids)], "text.blocks.0")
    return x, p.linear(p.norm(x, "text.norm").mean(0), "text.projection", shared, bias=False)


def early(p, tokens):
    """One Transformer over all tokens of a sample, by modality: the fused ones, and their mean."""
    parts = [
        p.linear(x, f"fusion.{m}.tokens", WIDTH, bias=False) + p(f"fusion.{m}.type", WIDTH) for m, x in tokens.items()
    ]
    x = p.norm(block(p, torch.cat(parts), "fusion.blocks.0"), "fusion.norm")
    return x, x.mean(0)


def late(p, pooled):
    """A perceptron over the pooled vectors of a sample, zeros for what it lacks."""
    x = p("fusion.hidden.bias", WIDTH)
    for m in ("image", "text"):
        weight = p(f"fusion.{m}.hidden.weight", WIDTH, WIDTH)
        if m in pooled:
            x = x + weight @ pooled[m]
    return p.linear(gelu(x), "fusion.out", WIDTH)


def joints(p, pictured=ALL, worded=ALL):
    """Late fusion of every sample, [B, D]."""
    rows = []
    for b in range(BATCH):
        pooled = {}
        if pictured[b]:
            pooled["image"] = image(p, b)[1]
        if worded[b]:
            pooled["text"] = text(p, CAPTIONS[b])[1]
        rows.append(late(p, pooled))
    return torch.stack(rows)


def unit(x):
    return x / x.norm()


def padded(rows, value):
    return [row + [value] * (LENGTH - len(row)) for row in rows]
