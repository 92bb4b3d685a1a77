"""Three steps of PyTorch in float64 through one BatchNorm with running statistics: the loss is the sum of output times fixed numbers, gradients
are clipped, and SGD with momentum and weight decay updates. Once over all samples, once over those that are present. Written to
batchNorm.json.

python3 batchNorm.py > batchNorm.json; the formatter of the project then breaks its lines.
"""
import json
import math
import torch

batch, places, channels, steps = 6, 4, 3, 3
rate, momentum, decay, clip = 0.1, 0.9, 0.1, 0.5
present = [1, 0, 1, 1, 0, 1]


def draw(name, size, scale=0.3):
    seed = sum((k + 1) * ord(c) for k, c in enumerate(name)) % 1000
    return torch.tensor([scale * math.sin(seed + 12.9898 * (i + 1)) for i in range(size)], dtype=torch.float64)


flat = lambda tensor: [float(f"{v:.10g}") for v in tensor.detach().flatten().tolist()]


def train(rows):
    layer = torch.nn.BatchNorm1d(channels, dtype=torch.float64)
    optimizer = torch.optim.SGD(layer.parameters(), lr=rate, momentum=momentum, weight_decay=decay)
    after = []
    for step in range(steps):
        x = draw(f"x.{step}", batch * places * channels, 1.0).reshape(batch, places, channels)[rows]
        u = draw(f"u.{step}", batch * places * channels).reshape(batch, places, channels)[rows]
        optimizer.zero_grad()
        loss = (layer(x.reshape(-1, channels)) * u.reshape(-1, channels)).sum()
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(layer.parameters(), clip)
        optimizer.step()
        after.append({
            "loss": float(f"{loss.item():.10g}"),
            "norm": float(f"{norm.item():.10g}"),
            **{name: flat(value) for name, value in layer.state_dict().items() if name != "num_batches_tracked"},
        })
    layer.eval()
    x = draw("x.0", batch * places * channels, 1.0).reshape(-1, channels)
    return {"after": after, "evaluated": flat(layer(x))}


print(json.dumps({
    "torch": torch.__version__,
    "shape": [batch, places, channels],
    "present": present,
    "fields": {"rate": rate, "momentum": momentum, "nesterov": False, "weightDecay": decay},
    "clip": clip,
    "all": train(slice(None)),
    "some": train([index for index, is_there in enumerate(present) if is_there]),
}))
