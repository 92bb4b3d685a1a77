"""
Every encoder, written in plain torch from its paper. Samples are encoded one by one, cut to what they have, so that no mask is needed
where ours masks; what they do not have is 0 in the outputs. Writes encoders.json.
"""
import torch
import torch.nn.functional as F

from common import case, draw, write

SHARED, WIDTH, HEADS, DEPTH, MLP = 8, 8, 2, 2, 2
LIMIT = 150


def gelu(x):
    return F.gelu(x, approximate="tanh")


def rotated(x):
    """Each pair (i, i + w/2) of a head as a complex number, turned by position · 10000^(−2i/w). x is [heads, N, w]."""
    _, length, width = x.shape
    rates = 10000.0 ** (-2 * torch.arange(width // 2) / width)
    turns = torch.polar(torch.ones(length, width // 2), torch.arange(length)[:, None] * rates)
    turned = torch.complex(x[..., : width // 2], x[..., width // 2 :]) * turns
    return torch.cat([turned.real, turned.imag], -1)


def attend(p, x, name, causal=False, rotary=False):
    """Self-attention of one sample [N, D]."""
    length, width = x.shape
    weight, bias = p(f"{name}.qkv.weight", 3 * width, width), p(f"{name}.qkv.bias", 3 * width)
    out = p(f"{name}.out.weight", width, width), p(f"{name}.out.bias", width)
    if not rotary:
        mask = torch.ones(length, length).triu(1).bool() if causal else None
        return F.multi_head_attention_forward(
            x, x, x, width, HEADS, weight, bias, None, None, False, 0.0, *out, need_weights=False, attn_mask=mask
        )[0]
    q, k, v = (
        part.reshape(length, HEADS, width // HEADS).transpose(0, 1) for part in F.linear(x, weight, bias).chunk(3, -1)
    )
    y = F.scaled_dot_product_attention(rotated(q), rotated(k), v, is_causal=causal)
    return F.linear(y.transpose(0, 1).reshape(length, width), *out)


def stack(p, x, name, **options):
    for layer in range(DEPTH):
        own = f"{name}.blocks.{layer}"
        x = x + attend(p, p.norm(x, f"{own}.attention.norm"), f"{own}.attention", **options)
        inner = gelu(p.linear(p.norm(x, f"{own}.mlp.norm"), f"{own}.mlp.fc1", MLP * x.shape[-1]))
        x = x + p.linear(inner, f"{own}.mlp.fc2", x.shape[-1])
    return x


def padded(x, length):
    return F.pad(x, (0, 0, 0, length - x.shape[0]))


def project(p, pooled, name):
    return p.linear(pooled, f"{name}.projection", SHARED, bias=False)


# Pictures: [B, 8, 8, 3], channels last as ours, and as torch wants them.
BATCH, SIDE = 4, 8
IMAGES = draw("images", (BATCH, SIDE, SIDE, 3), 1.0)
PICTURES = IMAGES.permute(0, 3, 1, 2)


def vit(pool):
    def build(p):
        patch = 4
        count = (SIDE // patch) ** 2
        weight = p("image.patch.weight", WIDTH, patch * patch * 3).reshape(WIDTH, patch, patch, 3)
        x = F.conv2d(PICTURES, weight.permute(0, 3, 1, 2), p("image.patch.bias", WIDTH), stride=patch)
        x = x.flatten(2).transpose(1, 2)
        positions = p("image.positions.weight", count + (pool == "cls"), WIDTH)
        if pool == "cls":
            x = torch.cat([p("image.positions.class", WIDTH).expand(BATCH, 1, WIDTH), x], 1)
        tokens = torch.stack([stack(p, one + positions, "image") for one in x])
        norm = p.norm(tokens, "image.norm")
        pooled = norm[:, 0] if pool == "cls" else norm.mean(1)
        return {"pooled": project(p, pooled, "image"), "tokens": tokens}

    return build


TOKENS = torch.tensor([[3, 7, 1, 9, 4], [5, 2, 0, 0, 0], [8, 8, 6, 0, 0], [0, 0, 0, 0, 0]])
LENGTHS = [5, 2, 3, 0]


def text(pool, causal, rotary):
    def build(p):
        table = p("text.embedding.weight", 10, WIDTH)
        positions = None if rotary else p("text.positions.weight", 5, WIDTH)
        pooled, tokens = [], []
        for ids, length in zip(TOKENS, LENGTHS):
            if length == 0:
                pooled.append(torch.zeros(SHARED))
                tokens.append(torch.zeros(5, WIDTH))
                continue
            x = F.embedding(ids[:length], table)
            x = stack(p, x if rotary else x + positions[:length], "text", causal=causal, rotary=rotary)
            norm = p.norm(x, "text.norm")
            picked = {"mean": norm.mean(0), "last": norm[-1], "cls": norm[0]}[pool]
            pooled.append(project(p, picked, "text"))
            tokens.append(padded(x, 5))
        return {"pooled": torch.stack(pooled), "tokens": torch.stack(tokens)}

    return build


def cnn(shape, training, stem=1, present=None):
    """`present`: samples that have a picture; the others are no part of the batch."""
    width = 4
    here = list(range(BATCH)) if present is None else [b for b in range(BATCH) if present[b]]

    def build(p):
        def convolve(name, x, out, kernel, stride=1):
            x = F.conv2d(x, p(f"{name}.weight", out, x.shape[1], kernel, kernel), stride=stride, padding=kernel // 2)
            own = f"{name}_norm"
            weight, bias = p(f"{own}.weight", out, initial=1.0), p(f"{own}.bias", out)
            mean, variance = draw(f"{own}.running_mean", (out,)), draw(f"{own}.running_var", (out,)) + 1
            return F.batch_norm(x, mean.clone(), variance.clone(), weight, bias, training=training)

        def block(name, x, out, stride):
            inner = F.relu(convolve(f"{name}.conv1", x, out, 3, stride))
            outer = convolve(f"{name}.conv2", inner, out, 3)
            changes = stride != 1 or out != x.shape[1]
            return F.relu(outer + (convolve(f"{name}.shortcut", x, out, 1, stride) if changes else x))

        x = PICTURES[here]
        if shape == "lenet":
            for k in range(2):
                x = F.relu(convolve(f"image.blocks.{k}.conv", x, width * (k + 1), 5, stem if k == 0 else 1))
                x = F.max_pool2d(x, 2)
        else:
            x = F.relu(convolve("image.stem.conv", x, width, 3 if stem == 1 else 7, 1 if stem == 1 else 2))
            if stem == 4:
                x = F.max_pool2d(x, 3, stride=2, padding=1)
            for k in range(8):
                x = block(f"image.blocks.{k}", x, width * 2 ** (k // 2), 2 if k % 2 == 0 and k > 0 else 1)
        places = x if shape == "lenet" else F.adaptive_avg_pool2d(x, 1)
        pooled = project(p, places.flatten(1), "image")
        tokens = x.flatten(2).transpose(1, 2)
        whole = lambda y: torch.zeros(BATCH, *y.shape[1:]).index_copy(0, torch.tensor(here), y)
        return {"pooled": whole(pooled), "tokens": whole(tokens)}

    return build


FRAMES, BINS = 9, 5
SOUND = draw("sound", (4, FRAMES, BINS), 1.0)
CLIPS = [9, 4, 0, 5]


def audio(p):
    half = (FRAMES + 1) // 2
    positions = p("audio.positions.weight", half, WIDTH)
    pooled, tokens = [], []
    for clip, length in zip(SOUND, CLIPS):
        if length == 0:
            pooled.append(torch.zeros(SHARED))
            tokens.append(torch.zeros(half, WIDTH))
            continue
        x = clip[:length].T[None]
        for name, stride in (("conv1", 1), ("conv2", 2)):
            weight = p(f"audio.{name}.weight", WIDTH, x.shape[1], 3)
            x = gelu(F.conv1d(x, weight, p(f"audio.{name}.bias", WIDTH), stride=stride, padding=1))
        x = x[0].T
        x = stack(p, x + positions[: len(x)], "audio")
        pooled.append(project(p, p.norm(x, "audio.norm").mean(0), "audio"))
        tokens.append(padded(x, half))
    return {"pooled": torch.stack(pooled), "tokens": torch.stack(tokens)}


COLUMNS, STEPS = 3, 6
# Which cells are there: a row gone in the middle, a series that ends early, a sample without any.
THERE = torch.ones(4, STEPS, COLUMNS, dtype=torch.bool)
THERE[0, 2] = False
THERE[0, 4, 1] = False
THERE[1, 3:] = False
THERE[1, 0, 0] = False
THERE[2] = False


def rows(there):
    """Cells by name, with missing ones 0, beside 1 and 0 for there and missing."""
    cells = draw("cells", tuple(there.shape), 1.0)
    return torch.cat([cells.masked_fill(~there, 0.0), there.double()], -1)


def series(kind):
    def build(p):
        pooled, tokens = [], []
        if kind == "transformer":
            positions = p("table.positions.weight", STEPS, WIDTH)
        for sample, there in zip(rows(THERE), THERE.any(-1)):
            if not there.any():
                pooled.append(torch.zeros(SHARED))
                tokens.append(torch.zeros(STEPS, WIDTH))
                continue
            full = torch.zeros(STEPS, WIDTH)
            if kind == "cnn":
                conv = lambda x, name: F.conv1d(
                    x.T[None], p(f"{name}.weight", WIDTH, x.shape[1], 3), p(f"{name}.bias", WIDTH), padding=1
                )[0].T
                x = conv(sample, "table.rows")
                for layer in range(DEPTH):
                    own = f"table.blocks.{layer}"
                    x = x + gelu(conv(p.norm(x, f"{own}.norm").masked_fill(~there[:, None], 0.0), f"{own}.conv"))
                x = x[there]
            else:
                x = p.linear(sample[there], "table.rows", WIDTH)
                if kind == "transformer":
                    x = stack(p, x + positions[there], "table")
                else:
                    for layer in range(DEPTH):
                        own = f"table.blocks.{layer}"
                        inner = gelu(p.linear(p.norm(x, f"{own}.norm"), f"{own}.fc1", MLP * WIDTH))
                        x = x + p.linear(inner, f"{own}.fc2", WIDTH)
            pooled.append(project(p, p.norm(x, "table.norm").mean(0), "table"))
            tokens.append(full.index_copy(0, there.nonzero()[:, 0], x))
        return {"pooled": torch.stack(pooled), "tokens": torch.stack(tokens)}

    return build


def plain(p):
    """FT-Transformer: a token for each column, the class token first."""
    there = THERE[:, :1][:, 0]
    cells = draw("cells", (4, 1, COLUMNS), 1.0)[:, 0]
    weight, bias, missing = (p(f"table.columns.{name}", COLUMNS, WIDTH) for name in ("weight", "bias", "missing"))
    known = cells[..., None] * weight + bias
    x = torch.where(there[..., None], known, missing.expand_as(known))
    x = torch.cat([p("table.columns.class", WIDTH).expand(4, 1, WIDTH), x], 1)
    tokens = torch.stack([stack(p, one, "table") for one in x])
    return {"pooled": project(p, p.norm(tokens[:, 0], "table.norm"), "table"), "tokens": tokens}


SIZES = {"width": WIDTH, "depth": DEPTH, "heads": HEADS, "mlp": MLP}


def written(kind, name, build, fields, inputs=None, training=True):
    """`inputs`: those that are not drawn by their names."""
    made = case(f"{kind}: {name}", build, limit=LIMIT)
    return {**made, "type": kind, "fields": fields, "inputs": inputs or {}, "training": training}


def flat(tensor):
    return tensor.reshape(-1).int().tolist()


def prefix(lengths, most):
    return flat(torch.arange(most)[None] < torch.tensor(lengths)[:, None])


if __name__ == "__main__":
    CASES = [
        written("vit", "class token", vit("cls"), {**SIZES, "patch": 4, "pool": "cls"}),
        written("vit", "mean", vit("mean"), {**SIZES, "patch": 4, "pool": "mean"}),
    ]
    for pool, causal, positions in (
        ("last", True, "rotary"),
        ("cls", False, "learned"),
        ("mean", False, "rotary"),
        ("mean", True, "learned"),
    ):
        CASES.append(
            written(
                "transformer",
                f"{'causal' if causal else 'both ways'}, {positions}, {pool}",
                text(pool, causal, positions == "rotary"),
                {**SIZES, "pool": pool, "causal": causal, "positions": positions},
                {"tokens": flat(TOKENS), "keep": prefix(LENGTHS, 5), "present": [int(n > 0) for n in LENGTHS]},
            )
        )
    PRESENT = [1, 0, 1, 1]
    for shape, stem, training, present in (
        ("lenet", 1, True, None),
        ("lenet", 2, False, None),
        ("lenet", 1, True, PRESENT),
        ("resnet", 1, True, None),
        ("resnet", 4, False, PRESENT),
    ):
        CASES.append(
            written(
                "cnn",
                f"{shape}, stem {stem}, {'training' if training else 'evaluation'}{', some absent' if present else ''}",
                cnn(shape, training, stem, present),
                {"shape": shape, "width": 4, "stem": str(stem)},
                {"present": present} if present else None,
                training,
            )
        )
    CASES.append(
        written(
            "audio", "clips of any length", audio, SIZES,
            {"soundKeep": prefix(CLIPS, FRAMES), "present": [int(n > 0) for n in CLIPS]},
        )
    )
    for kind in ("mlp", "cnn", "transformer"):
        inputs = {"cellKeep": flat(THERE), "present": flat(THERE.any(-1).any(-1))}
        CASES.append(written("table", f"series, {kind}", series(kind), {**SIZES, "kind": kind}, inputs))
    CASES.append(written("table", "plain, transformer", plain, {**SIZES, "kind": "transformer"}, {"cellKeep": flat(THERE[:, 0])}))

    write("encoders", CASES)
