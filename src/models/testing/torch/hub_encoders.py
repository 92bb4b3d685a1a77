"""
The towers of Hugging Face's checkpoints in plain torch, sample by sample as in encoders.py. That they are transformers' own is shown elsewhere (hub.py);
here are their gradients. Writes hub_encoders.json.
"""
import torch
import torch.nn.functional as F

from common import write
from encoders import DEPTH, HEADS, LENGTHS, PICTURES, SHARED, TOKENS, WIDTH, attend, flat, padded, prefix, project, written

INNER, PLACES = 12, 7
ACTIVATIONS = {
    "quick_gelu": lambda x: x * torch.sigmoid(1.702 * x),
    "gelu": F.gelu,
    "gelu_pytorch_tanh": lambda x: F.gelu(x, approximate="tanh"),
}


def norm(p, x, name, epsilon):
    width = x.shape[-1]
    return F.layer_norm(x, (width,), p(f"{name}.weight", width, initial=1.0), p(f"{name}.bias", width), epsilon)


def stack(p, x, name, activation, epsilon, after=False, causal=False):
    for layer in range(DEPTH):
        own = f"{name}.blocks.{layer}"

        def fed(y):
            inner = ACTIVATIONS[activation](p.linear(y, f"{own}.mlp.fc1", INNER))
            return p.linear(inner, f"{own}.mlp.fc2", WIDTH)

        for part, branch in (("attention", lambda y: attend(p, y, f"{own}.attention", causal)), ("mlp", fed)):
            if after:
                x = norm(p, x + branch(x), f"{own}.{part}.norm", epsilon)
            else:
                x = x + branch(norm(p, x, f"{own}.{part}.norm", epsilon))
    return x


def vision(activation, bias, entry, epsilon):
    def build(p):
        patch, batch = 4, PICTURES.shape[0]
        weight = p("image.patch.weight", WIDTH, patch * patch * 3).reshape(WIDTH, patch, patch, 3)
        x = F.conv2d(PICTURES, weight.permute(0, 3, 1, 2), p("image.patch.bias", WIDTH) if bias else None, stride=patch)
        x = x.flatten(2).transpose(1, 2)
        x = torch.cat([p("image.positions.class", WIDTH).expand(batch, 1, WIDTH), x], 1)
        x = x + p("image.positions.weight", x.shape[1], WIDTH)
        if entry:
            x = norm(p, x, "image.entry", epsilon)
        tokens = torch.stack([stack(p, one, "image", activation, epsilon) for one in x])
        return {"pooled": project(p, norm(p, tokens[:, 0], "image.norm", epsilon), "image"), "tokens": tokens}

    return build


def text(activation, epsilon, bert):
    def build(p):
        table, places = p("text.embedding.weight", 10, WIDTH), p("text.positions.weight", PLACES, WIDTH)
        pooled, tokens = [], []
        for ids, length in zip(TOKENS, LENGTHS):
            if length == 0:
                pooled.append(torch.zeros(SHARED))
                tokens.append(torch.zeros(5, WIDTH))
                continue
            x = F.embedding(ids[:length], table) + places[:length]
            if bert:
                x = norm(p, x + p("text.positions.segment", WIDTH), "text.entry", epsilon)
            x = stack(p, x, "text", activation, epsilon, after=bert, causal=not bert)
            picked = x[0] if bert else norm(p, x[-1], "text.norm", epsilon)
            pooled.append(project(p, picked, "text"))
            tokens.append(padded(x, 5))
        return {"pooled": torch.stack(pooled), "tokens": torch.stack(tokens)}

    return build


if __name__ == "__main__":
    SIZES = {"width": WIDTH, "depth": DEPTH, "heads": HEADS, "inner": INNER}
    WORDS = {"tokens": flat(TOKENS), "keep": prefix(LENGTHS, 5), "present": [int(n > 0) for n in LENGTHS]}

    def fields(activation, **more):
        return {**SIZES, "activation": activation, **more}

    write(
        "hub_encoders",
        [
            written("clip-vision", "quick", vision("quick_gelu", False, True, 1e-5), fields("quick_gelu", patch=4)),
            written("clip-vision", "by tanh", vision("gelu_pytorch_tanh", False, True, 1e-5), fields("gelu_pytorch_tanh", patch=4)),
            written("hf-vit", "exact", vision("gelu", True, False, 1e-12), fields("gelu", patch=4)),
            written("clip-text", "quick", text("quick_gelu", 1e-5, False), fields("quick_gelu", places=PLACES), WORDS),
            written("bert", "exact", text("gelu", 1e-12, True), fields("gelu", places=PLACES), WORDS),
        ],
    )
