"""Twenty steps of PyTorch's AdamW and SGD in float64 on given gradients, two groups of parameters, written to optimizers.json.

python3 optimizers.py > optimizers.json; the formatter of the project then breaks its lines.
"""
import json
import torch

torch.manual_seed(0)
start = [torch.randn(3, 5, dtype=torch.float64).float(), torch.randn(7, dtype=torch.float64).float()]
gradients = [[torch.randn(p.shape).float() * (0.1 if step % 5 else 3.0) for p in start] for step in range(20)]


def follow(make):
    parameters = [torch.nn.Parameter(p.double()) for p in start]
    optimizer = make(parameters)
    path = []
    for step in gradients:
        for p, g in zip(parameters, step):
            p.grad = g.double()
        optimizer.step()
        path.append([p.detach().flatten().tolist() for p in parameters])
    # The fifth, tenth, fifteenth and twentieth are enough: an error in any step stays in the later ones.
    return [[[float(f"{x:.9g}") for x in p] for p in path[k]] for k in (4, 9, 14, 19)]


def groups(parameters, decay):
    return [{"params": parameters[:1], "weight_decay": decay}, {"params": parameters[1:], "weight_decay": 0.0}]


flat = lambda list_: [[float(f"{x:.9g}") for x in p.flatten().tolist()] for p in list_]
print(json.dumps({
    "torch": torch.__version__,
    "start": flat(start),
    "gradients": [flat(step) for step in gradients],
    "adamw": {
        "fields": {"rate": 0.01, "beta1": 0.9, "beta2": 0.98, "epsilon": 1e-6, "weightDecay": 0.1},
        "after": follow(lambda p: torch.optim.AdamW(groups(p, 0.1), lr=0.01, betas=(0.9, 0.98), eps=1e-6)),
    },
    "sgd": {
        "fields": {"rate": 0.02, "momentum": 0.9, "nesterov": True, "weightDecay": 0.05},
        "after": follow(lambda p: torch.optim.SGD(groups(p, 0.05), lr=0.02, momentum=0.9, nesterov=True)),
    },
    "sgd plain": {
        "fields": {"rate": 0.02, "momentum": 0.9, "nesterov": False, "weightDecay": 0.05},
        "after": follow(lambda p: torch.optim.SGD(groups(p, 0.05), lr=0.02, momentum=0.9)),
    },
}))
