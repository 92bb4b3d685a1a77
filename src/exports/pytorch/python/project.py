"""The files of this project: recipe, facts of the data, weights; and a model zip that Amalgam opens again."""

import hashlib
import json
import pathlib
import zipfile
from typing import Any

import torch
from safetensors import safe_open
from safetensors.torch import load, load_file, save
from torch import Tensor

from model import Model

FOLDER = pathlib.Path(__file__).resolve().parent


def read_json(name: str) -> dict[str, Any]:
    return json.loads((FOLDER / name).read_text("utf-8"))


def read_model(weights: pathlib.Path | None = None) -> tuple[Model, dict[str, Any], dict[str, Any]]:
    """The model with its weights (a safetensors file, or a model zip), its recipe, and what it knows of its data."""
    recipe, facts = read_json("recipe.json"), read_json("data_facts.json")
    model = Model(recipe, facts)
    model.load_amalgam(read_weights(weights or FOLDER / "weights.safetensors"))
    return model, recipe, facts


def read_weights(path: pathlib.Path) -> dict[str, Tensor]:
    if path.suffix != ".zip":
        return load_file(path)
    with zipfile.ZipFile(path) as archive:
        return load(archive.read("model.safetensors"))


def hash_of(tensors: dict[str, Tensor]) -> str:
    """SHA-256 over names, shapes and values, in the order of names, as Amalgam checks it."""
    digest = hashlib.sha256()
    for name in sorted(tensors):
        value = tensors[name]
        digest.update((json.dumps([name, *value.shape], separators=(",", ":"), ensure_ascii=False) + "\n").encode())
        digest.update(value.contiguous().numpy().tobytes())
    return digest.hexdigest()


def write_zip(path: pathlib.Path, state: dict[str, Tensor], step: int) -> None:
    """
    A model zip that the studio's Export and Try screens open. What the model has and this code does not use (heads of
    balancing methods) is kept as it was.
    @param state by Amalgam's names @param step of this training
    """
    with safe_open(FOLDER / "weights.safetensors", "pt") as file:
        before = file.metadata() or {}
        kept = {name: file.get_tensor(name) for name in file.keys() if name not in state}
    tensors = {name: value.detach().to("cpu", torch.float32).contiguous() for name, value in (kept | state).items()}
    metadata = {
        "format": "pt",
        "step": str(int(before.get("step", "0")) + step),
        "dataset": before.get("dataset", ""),
        "fingerprint": before.get("fingerprint", ""),
        "weights_sha256": hash_of(tensors),
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("model.safetensors"), save(tensors, metadata))
        for name in ("recipe.json", "tokenizer.json", "preprocessor_config.json", "data_facts.json"):
            archive.writestr(name, (FOLDER / name).read_bytes())
