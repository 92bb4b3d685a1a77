"""
What every parity script shares: numbers drawn from names, parameters by our names, and cases written as JSON.

Everything is float64 in plain torch, written from the papers. No numbers are stored: both sides draw each parameter and input from
its name by one formula (`draw`). A case holds the outputs, every parameter's gradient and the losses of twenty AdamW steps; the loss
is Σ output · draw("upstream.<output>"), or the objective's own. The TypeScript side is ../parity.ts. Run with a Python that has torch.
"""
import json
import math
import pathlib

import torch

torch.set_default_dtype(torch.float64)

STEPS = 20
RATE = 0.01
FIXTURES = pathlib.Path(__file__).resolve().parent


def draw(name, shape, scale=0.3):
    """scale · sin(seed + 12.9898 · (i + 1)) with the seed from the letters of the name."""
    seed = sum((k + 1) * ord(c) for k, c in enumerate(name)) % 1000
    places = torch.arange(1, math.prod(shape) + 1, dtype=torch.float64)
    return (scale * torch.sin(seed + 12.9898 * places)).reshape(shape)


class Parameters:
    """Parameters by name, made when first asked for. `initial` is the constant that ours start from (1 for the weight of a norm)."""

    def __init__(self):
        self.known = {}

    def __call__(self, name, *shape, initial=0.0):
        if name not in self.known:
            self.known[name] = (draw(name, shape) + initial).requires_grad_()
        assert tuple(self.known[name].shape) == shape, name
        return self.known[name]

    def linear(self, x, name, width, bias=True):
        """y = x·Wᵀ + b from `<name>.weight` [width, in] and `<name>.bias`."""
        weight = self(f"{name}.weight", width, x.shape[-1])
        return torch.nn.functional.linear(x, weight, self(f"{name}.bias", width) if bias else None)

    def norm(self, x, name):
        width = x.shape[-1]
        weight = self(f"{name}.weight", width, initial=1.0)
        return torch.nn.functional.layer_norm(x, (width,), weight, self(f"{name}.bias", width), 1e-5)


def numbers(tensor):
    return [float(f"{value:.10g}") for value in tensor.detach().reshape(-1).tolist()]


def thinned(values, limit):
    """Every n-th, so that no more than `limit` are left."""
    return values[:: math.ceil(len(values) / limit)] if limit else values


def case(name, build, steps=STEPS, rate=RATE, limit=None, parameters=None):
    """
    `build(parameters)` gives the outputs by name, or these and the objective's own loss. Of larger gradients than `limit` every n-th number
    is kept.
    """
    parameters = parameters or Parameters()

    def run():
        built = build(parameters)
        outputs, loss = built if isinstance(built, tuple) else (built, None)
        if loss is None:
            loss = sum((y * draw(f"upstream.{key}", y.shape)).sum() for key, y in outputs.items())
        return outputs, loss

    outputs, loss = run()
    loss.backward()
    result = {
        "name": name,
        "outputs": {key: numbers(y) for key, y in outputs.items()},
        "gradients": {
            key: thinned(numbers(p.grad), limit) for key, p in parameters.known.items() if p.grad is not None
        },
        **({"limit": limit} if limit else {}),
    }
    optimizer = torch.optim.AdamW(
        parameters.known.values(), lr=rate, betas=(0.9, 0.98), eps=1e-6, weight_decay=0.0
    )
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        _, loss = run()
        losses.append(loss)
        loss.backward()
        optimizer.step()
    result["losses"] = numbers(torch.stack(losses)) if losses else []
    return result


def write(group, cases):
    """Writes the cases of one group beside the scripts; `npm run format` puts the file in shape."""
    lines = ",\n".join(json.dumps(one, separators=(",", ":")) for one in cases)
    path = FIXTURES / f"{group}.json"
    path.write_text(f"[\n{lines}\n]\n")
    print(f"{path.name}: {len(cases)} cases, {path.stat().st_size / 1000:.0f} kB")
