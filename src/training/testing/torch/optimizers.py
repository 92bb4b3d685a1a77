"""
Twenty steps of every optimizer in float64 on a small network, written to optimizers.json: losses, gradient norms, and the parameters and their
running average at the end. Three parameter groups, clipping and a schedule take part in all of them.

AdamW, SGD, Muon, clipping, schedules and the average are PyTorch's own; Lion, which PyTorch has not, is written from its paper. PyTorch's Muon
rounds to bfloat16 before it orthogonalizes; here that rounding is left out. Numbers are drawn from names, as in ../../../models/testing/torch.
Run with a Python that has torch.
"""
import json
import pathlib
import sys

import torch

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[2] / "models" / "testing" / "torch"))
from common import draw, numbers  # noqa: E402

STEPS, ROWS, CLIP, AVERAGE = 20, 8, 0.4, 0.9
WARMUP, START = 4, 0.1
LAYERS = {
    "net.blocks.0.fc1": (12, 6),
    "net.blocks.0.square": (12, 12),
    "net.blocks.1.square": (12, 12),
    "net.blocks.1.fc2": (4, 12),
    "net.head": (3, 4),
}

torch.Tensor.bfloat16 = torch.Tensor.clone


class Lion(torch.optim.Optimizer):
    """Algorithm 2 of arXiv 2302.06675."""

    def __init__(self, groups, lr, betas):
        super().__init__(groups, {"lr": lr, "betas": betas, "weight_decay": 0.0})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for theta in group["params"]:
                g = theta.grad
                m = self.state[theta].setdefault("m", torch.zeros_like(theta))
                c = beta1 * m + (1 - beta1) * g
                theta -= group["lr"] * (torch.sign(c) + group["weight_decay"] * theta)
                self.state[theta]["m"] = beta2 * m + (1 - beta2) * g


class Network(torch.nn.Module):
    def __init__(self, frozen):
        super().__init__()
        self.names = [f"{layer}.{part}" for layer in LAYERS for part in ("weight", "bias")]
        shape = lambda name: LAYERS[name.rpartition(".")[0]][: 2 if name.endswith("weight") else 1]
        self.list = torch.nn.ParameterList(torch.nn.Parameter(draw(name, shape(name))) for name in self.names)
        for name, parameter in self.named().items():
            parameter.requires_grad_(name not in frozen)

    def named(self):
        return dict(zip(self.names, self.list))

    def forward(self, x):
        parameters = self.named()
        for layer in LAYERS:
            x = torch.nn.functional.linear(x, parameters[f"{layer}.weight"], parameters[f"{layer}.bias"])
            x = x if layer == "net.head" else torch.tanh(x)
        return x


def factor_of(name):
    """Of the learning rate."""
    return (0.5 if name.endswith("bias") else 1.0) * (0.25 if ".1." in name else 1.0)


def groups(parameters, rate, decay):
    return [
        {"params": [p], "lr": rate * factor_of(name), "weight_decay": decay if name.endswith("weight") else 0.0}
        for name, p in parameters.items()
    ]


def make(kind, fields, parameters):
    rate, decay = fields["rate"], fields["weightDecay"]
    if kind == "sgd":
        return [torch.optim.SGD(groups(parameters, rate, decay), momentum=fields["momentum"], nesterov=fields["nesterov"])]
    betas = (fields["beta1"], fields["beta2"])
    if kind == "lion":
        return [Lion(groups(parameters, rate, decay), rate, betas)]
    adamw = lambda part, own: torch.optim.AdamW(groups(part, own, decay), betas=betas, eps=fields["epsilon"])
    if kind == "adamw":
        return [adamw(parameters, rate)]
    matrix = lambda name: ".blocks." in name and name.endswith("weight")
    scale = {"match-rms": "match_rms_adamw", "original": "original"}[fields["scale"]]
    return [
        torch.optim.Muon(
            groups({k: p for k, p in parameters.items() if matrix(k)}, rate, decay),
            momentum=fields["momentum"],
            nesterov=True,
            adjust_lr_fn=scale,
        ),
        adamw({k: p for k, p in parameters.items() if not matrix(k)}, fields["adamRate"]),
    ]


def case(name, kind, fields, frozen=(), accumulate=1):
    network = Network(frozen)
    average = torch.optim.swa_utils.AveragedModel(
        network, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(AVERAGE)
    )
    trained = {key: p for key, p in network.named().items() if p.requires_grad}
    optimizers = make(kind, fields, trained)
    schedules = [
        torch.optim.lr_scheduler.SequentialLR(
            optimizer,
            [
                torch.optim.lr_scheduler.LinearLR(optimizer, START, total_iters=WARMUP),
                torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, STEPS - WARMUP),
            ],
            [WARMUP],
        )
        for optimizer in optimizers
    ]
    losses, norms = [], []
    for step in range(1, STEPS + 1):
        x, y = draw(f"x.{step}", (ROWS, 6), 1.0), draw(f"y.{step}", (ROWS, 3), 1.0)
        total = 0
        for xs, ys in zip(x.chunk(accumulate), y.chunk(accumulate)):
            loss = torch.nn.functional.mse_loss(network(xs), ys) / accumulate
            loss.backward()
            total += loss.detach()
        losses.append(total)
        norms.append(torch.nn.utils.clip_grad_norm_(trained.values(), CLIP))
        for optimizer in optimizers:
            optimizer.step()
            optimizer.zero_grad()
        for schedule in schedules:
            schedule.step()
        average.update_parameters(network)
    return {
        "name": name,
        "type": kind,
        "fields": fields,
        "frozen": list(frozen),
        "accumulate": accumulate,
        "losses": numbers(torch.stack(losses)),
        "norms": numbers(torch.stack(norms)),
        "parameters": {key: numbers(p) for key, p in network.named().items()},
        "average": {key: numbers(p) for key, p in average.module.named().items()},
    }


def sgd(momentum, nesterov):
    return {"rate": 0.2, "momentum": momentum, "nesterov": nesterov, "weightDecay": 0.05}


ADAMW = {"rate": 0.02, "beta1": 0.9, "beta2": 0.98, "epsilon": 1e-6, "weightDecay": 0.1}
LION = {"rate": 0.003, "beta1": 0.9, "beta2": 0.99, "weightDecay": 0.5}
MUON = {**ADAMW, "momentum": 0.95, "adamRate": 0.01}
CASES = [
    case("SGD", "sgd", sgd(0.0, False)),
    case("SGD with momentum", "sgd", sgd(0.9, False)),
    case("SGD, Nesterov", "sgd", sgd(0.9, True)),
    case("AdamW", "adamw", ADAMW),
    case("AdamW, one matrix frozen", "adamw", ADAMW, frozen=("net.blocks.0.square.weight",)),
    case("AdamW, four micro-batches", "adamw", ADAMW, accumulate=4),
    case("Lion", "lion", LION),
    case("Muon", "muon", {**MUON, "scale": "match-rms"}),
    case("Muon, original scale", "muon", {**MUON, "scale": "original"}),
]
settings = {
    "torch": torch.__version__.split("+")[0],
    "steps": STEPS,
    "rows": ROWS,
    "clip": CLIP,
    "average": AVERAGE,
    "warmup": WARMUP,
    "start": START,
    "layers": LAYERS,
}
path = HERE / "optimizers.json"
path.write_text(json.dumps({**settings, "cases": CASES}, separators=(",", ":")) + "\n")
for one in CASES:
    print(one["name"], one["losses"][0], one["losses"][-1], min(one["norms"]), max(one["norms"]))
print(f"{path.name}: {path.stat().st_size / 1000:.0f} kB")
