"""What the fusions of fusions.py are made of: the data, attention by torch's own function, feed-forward, means over the tokens that count."""
import torch
import torch.nn.functional as F

from common import draw

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


HEADS = 2


def attend(p, name, x, source=None, keep=None, causal=False):
    """torch's own multi-head attention, sample by sample over the tokens that count; exactly 0 where a sample has none."""
    if source is None:
        source, weight, bias = x, p(f"{name}.qkv.weight", 3 * WIDTH, WIDTH), p(f"{name}.qkv.bias", 3 * WIDTH)
    else:
        weight = torch.cat([p(f"{name}.q.weight", WIDTH, WIDTH), p(f"{name}.kv.weight", 2 * WIDTH, WIDTH)])
        bias = torch.cat([p(f"{name}.q.bias", WIDTH), p(f"{name}.kv.bias", 2 * WIDTH)])
    out = p(f"{name}.out.weight", WIDTH, WIDTH), p(f"{name}.out.bias", WIDTH)
    results = []
    for b in range(BATCH):
        places = torch.arange(source.shape[1]) if keep is None else keep[b].nonzero()[:, 0]
        if len(places) == 0:
            results.append(torch.zeros(x.shape[1], WIDTH))
            continue
        keys = source[b, places][:, None]
        mask = places[None] > torch.arange(x.shape[1])[:, None] if causal else None
        y, _ = F.multi_head_attention_forward(
            x[b][:, None], keys, keys, WIDTH, HEADS, weight, bias, None, None, False, 0.0, *out,
            need_weights=False, attn_mask=mask,
        )
        results.append(y[:, 0])
    return torch.stack(results)


def perceptron(p, x, name):
    return p.linear(F.gelu(p.linear(x, f"{name}.fc1", 2 * WIDTH), approximate="tanh"), f"{name}.fc2", WIDTH)


def feed(p, x, name):
    return perceptron(p, p.norm(x, f"{name}.norm"), name)


def self_attend(p, x, name, keep, causal=False):
    return attend(p, name, p.norm(x, f"{name}.norm"), keep=keep, causal=causal)


def cross(p, x, source, name, keep):
    return attend(p, name, p.norm(x, f"{name}.norm"), p.norm(source, f"{name}.sourceNorm"), keep)


def block(p, x, name, keep, causal=False):
    x = x + self_attend(p, x, f"{name}.attention", keep, causal)
    return x + feed(p, x, f"{name}.mlp")


def mean(x, keep=None):
    if keep is None:
        return x.mean(1)
    return torch.stack([x[b, keep[b]].mean(0) if keep[b].any() else torch.zeros(WIDTH) for b in range(BATCH)])


def typed(p, d, m):
    return p.linear(d.tokens[m], f"fusion.{m}.tokens", WIDTH, bias=False) + p(f"fusion.{m}.type", WIDTH)


def sequence(p, d, names):
    return torch.cat([typed(p, d, m) for m in names], 1), torch.cat([d.keep[m] for m in names], 1)


def counted(x, keep):
    """Tokens that do not count as zeros, for comparing."""
    return x * keep[:, :, None]
