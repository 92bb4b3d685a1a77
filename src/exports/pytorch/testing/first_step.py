"""
Loss, terms and every gradient of the first step of each given project, against what the float64 graph gave. One JSON
line: largest relative differences.
"""

import importlib.util
import json
import pathlib
import sys

import torch
from safetensors.torch import load_file


def relative(actual, expected, least=1e-4):
    """Largest difference over the largest number, at least `least`."""
    return ((actual - expected).abs().max() / max(least, expected.abs().max().item())).item()


def model_of(folder):
    spec = importlib.util.spec_from_file_location(f"model_{folder.name}".replace("-", "_"), folder / "model.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    read = lambda name: json.loads((folder / name).read_text())
    model = module.Model(read("recipe.json"), read("data_facts.json"))
    model.load_amalgam(load_file(folder / "weights.safetensors"))
    return module, model


def check(folder, dtype):
    module, model = model_of(folder)
    model = model.to(dtype).train()
    stored = load_file(folder / "batch.safetensors").items()
    batch = {key: value.to(dtype) if value.is_floating_point() else value.long() for key, value in stored}
    expected = load_file(folder / "expected.safetensors")
    results = model(batch)
    results["loss"].backward()
    found = {name: value.detach().double() for name, value in results.items() if name in expected}
    errors = {name: relative(value, expected[name]) for name, value in found.items()}
    named = {module.amalgam_name(name): p for name, p in model.named_parameters()}
    wanted = {name.removeprefix("gradient.") for name in expected if name.startswith("gradient.")}
    # Float32 loses digits where large numbers cancel: what is a hundredth of the largest gradient is measured by
    # that.
    gradients = [value.abs().max().item() for name, value in expected.items() if name.startswith("gradient.")]
    least = 1e-4 if dtype == torch.float64 else 0.01 * max(gradients)
    learned = {name for name, p in named.items() if p.requires_grad and p.grad is not None}
    for name in sorted(wanted | learned):
        gradient, goal = named[name].grad if name in named else None, expected.get(f"gradient.{name}")
        if gradient is None or goal is None:
            lone = gradient if goal is None else goal
            errors[f"gradient.{name}"] = lone.abs().max().item()
        else:
            errors[f"gradient.{name}"] = relative(gradient.double(), goal, least)
    worst = sorted(errors, key=lambda name: -errors[name])[:3]
    return {"loss": results["loss"].item(), "gradients": len(wanted), "worst": {name: errors[name] for name in worst}}


if __name__ == "__main__":
    # PyTorch 2.13's oneDNN was seen to give other gradients of narrow float32 convolutions (4 filters) than its plain
    # kernels, and with two threads to damage the heap.
    torch.backends.mkldnn.enabled = False
    torch.set_num_threads(1)
    results = {}
    for path in map(pathlib.Path, sys.argv[1:]):
        try:
            kinds = {"float64": torch.float64, "float32": torch.float32}
            results[path.name] = {name: check(path, dtype) for name, dtype in kinds.items()}
        except Exception as error:
            results[path.name] = {"error": f"{type(error).__name__}: {error}"}
            import traceback
            traceback.print_exc()
    print(json.dumps(results))
