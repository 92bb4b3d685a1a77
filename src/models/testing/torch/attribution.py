"""
Integrated gradients and Grad-CAM of the cosine of a picture and a text, by torch's autograd over the towers of encoders.py. Writes attribution.json: per case
and sample the cosine, its value for nothing, the credit of every input number and word, and the map over the places.
"""
import json
import pathlib

import numpy
import torch
import torch.nn.functional as F

from common import Parameters, draw, numbers
from encoders import BATCH, DEPTH, IMAGES, LENGTHS, SIDE, TOKENS, WIDTH, attend, gelu, project

STEPS = 32


def blocks(p, x, name, keep):
    """The blocks of encoders.stack; `keep` takes what the last one reads."""
    for layer in range(DEPTH):
        own = f"{name}.blocks.{layer}"
        if layer == DEPTH - 1:
            keep[name] = x
            x.retain_grad()
        x = x + attend(p, p.norm(x, f"{own}.attention.norm"), f"{own}.attention")
        inner = gelu(p.linear(p.norm(x, f"{own}.mlp.norm"), f"{own}.mlp.fc1", 2 * x.shape[-1]))
        x = x + p.linear(inner, f"{own}.mlp.fc2", x.shape[-1])
    return x


def vit(p, image, keep):
    patch = 4
    weight = p("image.patch.weight", WIDTH, patch * patch * 3).reshape(WIDTH, patch, patch, 3)
    x = F.conv2d(image.permute(2, 0, 1)[None], weight.permute(0, 3, 1, 2), p("image.patch.bias", WIDTH), stride=patch)
    x = x[0].flatten(1).T
    x = torch.cat([p("image.positions.class", WIDTH)[None], x]) + p("image.positions.weight", len(x) + 1, WIDTH)
    return project(p, p.norm(blocks(p, x, "image", keep), "image.norm")[0], "image")


def lenet(p, image, keep):
    x = image.permute(2, 0, 1)[None]
    for k in range(2):
        name = f"image.blocks.{k}.conv"
        x = F.conv2d(x, p(f"{name}.weight", 4 * (k + 1), x.shape[1], 5, 5), padding=2)
        width = x.shape[1]
        mean = draw(f"{name}_norm.running_mean", (width,))
        variance = draw(f"{name}_norm.running_var", (width,)) + 1
        weight, bias = p(f"{name}_norm.weight", width, initial=1.0), p(f"{name}_norm.bias", width)
        x = F.max_pool2d(F.relu(F.batch_norm(x, mean, variance, weight, bias)), 2)
    keep["image"] = x
    x.retain_grad()
    return project(p, x.flatten(), "image")


def text(p, embedded, keep):
    x = embedded + p("text.positions.weight", 5, WIDTH)[: len(embedded)]
    return project(p, p.norm(blocks(p, x, "text", keep), "text.norm").mean(0), "text")


def cosine(p, tower, image, embedded, keep):
    return F.cosine_similarity(tower(p, image, keep), text(p, embedded, keep), dim=0)


def sample(p, tower, b):
    image = IMAGES[b]
    embedded = F.embedding(TOKENS[b][: LENGTHS[b]], p("text.embedding.weight", 10, WIDTH)).detach()
    keep = {}
    value = cosine(p, tower, image.clone().requires_grad_(), embedded.clone().requires_grad_(), keep)
    value.backward()
    maps = {}
    for name, x in keep.items():
        # Places × channels: torch's pictures have their channels first; a class token is no place.
        places, slopes = (y[0].flatten(1).T if y.dim() == 4 else y for y in (x.detach(), x.grad))
        if name == "image" and tower is vit:
            places, slopes = places[1:], slopes[1:]
        maps[name] = F.relu((places * slopes.mean(0)).sum(-1))
    at, weights = numpy.polynomial.legendre.leggauss(STEPS)
    credits = [torch.zeros_like(image), torch.zeros_like(embedded)]
    for node, weight in zip((at + 1) / 2, weights / 2):
        inputs = [(node * x).clone().requires_grad_() for x in (image, embedded)]
        cosine(p, tower, *inputs, {}).backward()
        for credit, x, given in zip(credits, inputs, (image, embedded)):
            credit += weight * x.grad * given
    nothing = cosine(p, tower, torch.zeros_like(image), torch.zeros_like(embedded), {})
    return {
        "value": value.item(),
        "nothing": nothing.item(),
        "image": numbers(credits[0].sum(-1)),
        "text": numbers(credits[1].sum(-1)),
        "maps": {name: numbers(found) for name, found in maps.items()},
    }


if __name__ == "__main__":
    cases = {
        name: [sample(Parameters(), tower, b) for b in range(BATCH - 1)]
        for name, tower in (("vit", vit), ("lenet", lenet))
    }
    path = pathlib.Path(__file__).resolve().parent / "attribution.json"
    path.write_text(json.dumps(cases, separators=(",", ":")) + "\n")
    print(f"{path.name}: {path.stat().st_size / 1000:.0f} kB, pictures of {SIDE}")
