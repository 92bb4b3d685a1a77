"""
Learning rates of PyTorch's schedules, as factors of the peak, for 60 steps, written to schedules.json. ReduceLROnPlateau is told a loss after
every second step. Run with a Python that has torch.
"""
import json
import math
import pathlib

import torch
from torch.optim import lr_scheduler as schedules

STEPS = 60


def rates(make, losses=None):
    """@param losses what is measured after each step; None where nothing is"""
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1, dtype=torch.float64))], lr=1.0)
    schedule = make(optimizer)
    found = []
    for step in range(STEPS):
        found.append(float(f"{optimizer.param_groups[0]['lr']:.12g}"))
        optimizer.step()
        if not losses:
            schedule.step()
        elif losses[step] is not None:
            schedule.step(losses[step])
    return found


def after_warmup(length, begin, make):
    def both(optimizer):
        rise = schedules.LinearLR(optimizer, begin, total_iters=length)
        return schedules.SequentialLR(optimizer, [rise, make(optimizer)], [length])

    return both


def loss(step):
    """Falls, wavers, falls again and stays."""
    return round(1 + 2 * math.exp(-step / 6) + 0.02 * math.sin(3 * step) - (0.4 if step > 35 else 0), 6)


def plateau(fields):
    losses = [loss(step) if step % 2 else None for step in range(STEPS)]
    mode = "rel" if fields["relative"] else "abs"
    make = lambda optimizer: schedules.ReduceLROnPlateau(
        optimizer,
        factor=fields["factor"],
        patience=fields["patience"],
        threshold=fields["threshold"],
        threshold_mode=mode,
        cooldown=fields["cooldown"],
        min_lr=fields["floor"],
        eps=0,
    )
    return {"type": "plateau", "fields": {"warmup": 0, "start": 0, **fields}, "losses": losses, "rates": rates(make, losses)}


rise = {"warmup": 7, "start": 0.02}
cases = [
    {"type": "constant", "fields": rise, "rates": rates(after_warmup(7, 0.02, lambda o: schedules.ConstantLR(o, 1.0)))},
    {
        "type": "cosine",
        "fields": {**rise, "floor": 0.1},
        "rates": rates(after_warmup(7, 0.02, lambda o: schedules.CosineAnnealingLR(o, STEPS - 7, eta_min=0.1))),
    },
    {
        "type": "linear",
        "fields": {**rise, "floor": 0.1},
        "rates": rates(after_warmup(7, 0.02, lambda o: schedules.LinearLR(o, 1.0, 0.1, total_iters=STEPS - 7))),
    },
    {
        "type": "step",
        "fields": {**rise, "every": 9, "gamma": 0.3},
        "rates": rates(after_warmup(7, 0.02, lambda o: schedules.StepLR(o, 9, gamma=0.3))),
    },
    plateau({"factor": 0.5, "patience": 2, "threshold": 0.01, "relative": True, "cooldown": 0, "floor": 0.05}),
    plateau({"factor": 0.3, "patience": 0, "threshold": 0.005, "relative": False, "cooldown": 3, "floor": 0.0}),
]
path = pathlib.Path(__file__).resolve().parent / "schedules.json"
path.write_text(json.dumps({"torch": torch.__version__.split("+")[0], "steps": STEPS, "cases": cases}) + "\n")
for one in cases:
    print(one["type"], [round(rate, 3) for rate in one["rates"]])
