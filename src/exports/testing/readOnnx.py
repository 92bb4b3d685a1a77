"""Reads every exported ONNX model as its readers will: the checker of the ONNX project with full shape inference, and onnxruntime.

plan.json: {"programs": [{"file", "cases": [safetensors with in.<name> and out.<name>]}], "snippets": [{"folder", "code", "wanted": {variable: file}}]}
Prints {"programs": {file: largest relative difference}, "snippets": {folder: {variable: difference}}}.
"""
import contextlib
import io
import json
import os
import sys

import numpy as np
import onnx
import onnxruntime as ort
from safetensors.numpy import load_file


def difference(got, expected):
    got, expected = np.asarray(got, np.float64), np.asarray(expected, np.float64)
    if got.shape != expected.shape or not np.isfinite(got).all():
        return float("inf") if got.shape == expected.shape else f"shape {got.shape}, not {expected.shape}"
    return float(np.abs(got - expected).max() / max(1e-3, np.abs(expected).max()))


def check(file, cases):
    onnx.checker.check_model(onnx.load(file), full_check=True)
    session = ort.InferenceSession(file, providers=["CPUExecutionProvider"])
    worst = 0.0
    for case in cases:
        tensors = load_file(case)
        feeds = {name[3:]: value for name, value in tensors.items() if name.startswith("in.")}
        names = [output.name for output in session.get_outputs()]
        for name, value in zip(names, session.run(names, feeds)):
            found = difference(value, tensors["out." + name])
            if isinstance(found, str):
                return f"{name}: {found}"
            worst = max(worst, found)
    return worst


def follow(folder, code, wanted):
    """Runs what a person is told to begin with, in the folder that they have."""
    before = os.getcwd()
    os.chdir(folder)
    try:
        space = {}
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile(code, folder, "exec"), space)
        return {name: difference(eval(name, space), value) for name, value in load_file(wanted).items()}
    finally:
        os.chdir(before)


plan = json.load(open(sys.argv[1]))
json.dump(
    {
        "programs": {one["file"]: check(one["file"], one["cases"]) for one in plan["programs"]},
        "snippets": {one["folder"]: follow(**one) for one in plan["snippets"]},
    },
    sys.stdout,
)
