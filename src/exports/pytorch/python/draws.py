"""
Seeded random numbers, and what is drawn with them: the same streams as in Amalgam, so that a seed and the number of a
batch mean the same rows, masks and negatives there and here. The generator is sfc32 (Chris Doty-Humphrey, PractRand),
seeded through splitmix32 from an FNV-1a hash.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

MASK = 0xFFFFFFFF


def hash_of(*parts: int | str) -> int:
    h = 0x811C9DC5
    for part in parts:
        text = part if isinstance(part, str) else f"#{part}"
        units = text.encode("utf-16-le")
        for low, high in zip(units[::2], units[1::2]):
            h = ((h ^ (low | high << 8)) * 0x01000193) & MASK
        h = ((h ^ 0x2F) * 0x01000193) & MASK
    return h


class Random:
    """An independent stream for the given parts."""

    def __init__(self, *parts: int | str) -> None:
        self._state = hash_of(*parts)
        self._a, self._b, self._c, self._d = self._mix(), self._mix(), self._mix(), 1
        for _ in range(12):
            self._next()

    def _mix(self) -> int:
        self._state = (self._state + 0x9E3779B9) & MASK
        z = self._state
        z = ((z ^ (z >> 16)) * 0x21F0AAAD) & MASK
        z = ((z ^ (z >> 15)) * 0x735A2D97) & MASK
        return z ^ (z >> 15)

    def _next(self) -> int:
        t = (self._a + self._b + self._d) & MASK
        self._d = (self._d + 1) & MASK
        self._a = self._b ^ (self._b >> 9)
        self._b = (self._c + (self._c << 3)) & MASK
        self._c = (((self._c << 21) | (self._c >> 11)) + t) & MASK
        return t

    def uniform(self) -> float:
        """In [0, 1)."""
        return self._next() / 4294967296

    def integer(self, below: int) -> int:
        return int(self.uniform() * below)

    def permutation(self, count: int) -> list[int]:
        order = list(range(count))
        for i in range(count - 1, 0, -1):
            j = self.integer(i + 1)
            order[i], order[j] = order[j], order[i]
        return order


def rounded(x: float) -> int:
    """Half up, as JavaScript rounds."""
    return math.floor(x + 0.5)


Draw = Callable[[dict[str, Any], dict[str, Any], dict[str, np.ndarray], Random, int], dict[str, np.ndarray]]


def masked_words(
    fields: dict[str, Any], facts: dict[str, Any], rows: dict[str, np.ndarray], random: Random, patches: int
) -> dict[str, np.ndarray]:
    """15 % of the tokens are to be found again: 80 % of them masked, 10 % replaced, 10 % left (Devlin et al. 2018)."""
    marks, tokens, keep = facts["marks"], rows["tokens"], rows["keep"]
    masked, labels = tokens.copy(), np.full_like(tokens, -1)
    for row in range(len(tokens)):
        places = [
            at
            for at in range(tokens.shape[1])
            if keep[row, at] == 1 and tokens[row, at] not in (marks["start"], marks["end"])
        ]
        count = min(len(places), max(1, rounded(len(places) * fields["share"])))
        for pick in random.permutation(len(places))[:count]:
            at = places[pick]
            labels[row, at] = tokens[row, at]
            kind = random.uniform()
            if kind < 0.8:
                masked[row, at] = marks["mask"]
            elif kind < 0.9:
                masked[row, at] = random.integer(facts["vocabulary"])
    return {"maskedTokens": masked, "maskedLabels": labels}


def hidden_patches(
    fields: dict[str, Any], facts: dict[str, Any], rows: dict[str, np.ndarray], random: Random, patches: int
) -> dict[str, np.ndarray]:
    """
    Which patches of each picture are kept, and where each patch is found again; the row after the last is the mask
    token.
    """
    batch = len(rows["tokens"])
    kept = min(patches - 1, max(1, rounded(patches * (1 - fields["share"]))))
    keep = np.zeros((batch, kept), np.int64)
    restore = np.full((batch, patches), batch * kept, np.int64)
    for row in range(batch):
        for place, patch in enumerate(random.permutation(patches)[:kept]):
            keep[row, place] = row * patches + patch
            restore[row, patch] = row * kept + place
    return {"keptPatches": keep, "restorePatches": restore}


def gumbel_noise(
    fields: dict[str, Any], facts: dict[str, Any], rows: dict[str, np.ndarray], random: Random, patches: int
) -> dict[str, np.ndarray]:
    """For each picture and caption of the batch: what decides which negative is drawn."""
    batch = len(rows["tokens"])
    values = np.array([random.uniform() for _ in range(2 * batch * batch)])
    noise = -np.log(-np.log(values + 1e-12) + 1e-12)
    return {"matchingNoise": noise.astype(np.float32).reshape(2, batch, batch)}


def next_tokens(
    fields: dict[str, Any], facts: dict[str, Any], rows: dict[str, np.ndarray], random: Random, patches: int
) -> dict[str, np.ndarray]:
    """The token after each place; −1 where nothing is asked."""
    labels = np.full_like(rows["tokens"], -1)
    labels[:, :-1] = np.where(rows["keep"][:, 1:] == 1, rows["tokens"][:, 1:], -1)
    return {"captionLabels": labels}


DRAWS: dict[str, Draw] = {
    "mlm": masked_words,
    "mim": hidden_patches,
    "itm": gumbel_noise,
    "captioning": next_tokens,
}


def draw_objectives(
    recipe: dict[str, Any],
    facts: dict[str, Any],
    names: list[str],
    rows: dict[str, np.ndarray],
    number: int,
    seed: int,
) -> dict[str, np.ndarray]:
    """What the objectives draw for batch `number`, by `<term>.<name>`."""
    patch = recipe["encoders"].get("image", {}).get("patch")
    patches = (facts["size"] // patch) ** 2 if patch else 0
    found: dict[str, np.ndarray] = {}
    for name, part in zip(names, recipe["objectives"]):
        draw = DRAWS.get(part["type"])
        if draw is None:
            continue
        random = Random(seed, "objective", name, number)
        for key, values in draw(part, facts, rows, random, patches).items():
            found[f"{name}.{key}"] = values
    return found


def drop_modalities(
    recipe: dict[str, Any], number: int, batch: int, present: dict[str, np.ndarray]
) -> dict[str, np.ndarray]:
    """
    Modality dropout (Neverova et al. 2015): `present` [B] of those that may be left out; a sample always keeps one.
    """
    shares = recipe["training"].get("drop", {})
    names = list(recipe["encoders"])
    dropping = [name for name in names if shares.get(name, 0) > 0]
    result = {name: present.get(name, np.ones(batch, np.float32)).copy() for name in dropping}
    for row in range(batch if dropping else 0):
        random = Random(recipe["seed"], "drop", number, row)
        own = [name for name in names if name not in present or present[name][row] == 1]
        out = [name for name in dropping if random.uniform() < shares[name] and name in own]
        if own and len(out) == len(own):
            out.pop(random.integer(len(out)))
        for name in out:
            result[name][row] = 0
    return result
