"""Ten steps of PyTorch in float64 on a small network with a mean squared error: each step adds the gradients of three micro-batches,
clips them and updates with AdamW. Written to accumulate.json.

python3 accumulate.py > accumulate.json; the formatter of the project then breaks its lines.
"""
import json
import torch

steps, micro, rows, width_in, width, width_out = 10, 3, 4, 3, 6, 2
rate, decay, clip = 0.02, 0.1, 3.0
torch.manual_seed(0)
draw = lambda *shape: torch.randn(*shape).float()
start = {
    "fc1.weight": draw(width, width_in),
    "fc1.bias": draw(width) * 0.1,
    "fc2.weight": draw(width_out, width),
    "fc2.bias": draw(width_out) * 0.1,
}
x = draw(steps, micro * rows, width_in)
y = draw(steps, micro * rows, width_out)

p = {name: torch.nn.Parameter(value.double()) for name, value in start.items()}
weights = [value for name, value in p.items() if name.endswith("weight")]
biases = [value for name, value in p.items() if name.endswith("bias")]
optimizer = torch.optim.AdamW(
    [{"params": weights, "weight_decay": decay}, {"params": biases, "weight_decay": 0.0}],
    lr=rate, betas=(0.9, 0.98), eps=1e-6,
)
losses, norms = [], []
for step in range(steps):
    optimizer.zero_grad()
    total = 0.0
    for k in range(micro):
        at = slice(k * rows, (k + 1) * rows)
        hidden = torch.tanh(torch.nn.functional.linear(x[step, at].double(), p["fc1.weight"], p["fc1.bias"]))
        made = torch.nn.functional.linear(hidden, p["fc2.weight"], p["fc2.bias"])
        loss = torch.nn.functional.mse_loss(made, y[step, at].double()) / micro
        loss.backward()
        total += loss.item()
    losses.append(total)
    norms.append(torch.nn.utils.clip_grad_norm_([*weights, *biases], clip).item())
    optimizer.step()

flat = lambda values: [float(f"{v:.9g}") for v in values]
flatten = lambda tensors: {name: flat(value.detach().flatten().tolist()) for name, value in tensors.items()}
print(json.dumps({
    "torch": torch.__version__,
    "micro": micro,
    "rows": rows,
    "widths": [width_in, width, width_out],
    "fields": {"rate": rate, "beta1": 0.9, "beta2": 0.98, "epsilon": 1e-6, "weightDecay": decay},
    "clip": clip,
    "start": flatten(start),
    "x": [flat(step.flatten().tolist()) for step in x],
    "y": [flat(step.flatten().tolist()) for step in y],
    "losses": flat(losses),
    "norms": flat(norms),
    "after": flatten(p),
}))
