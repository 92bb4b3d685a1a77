"""
Random changes of training samples, drawn as Amalgam draws them: pictures shifted, zoomed, mirrored and recoloured,
words left out of captions.
"""

import re
from typing import Any

import numpy as np

from draws import Random

HAN = "\u2e80-\u2fdf\u3005\u3007\u3021-\u3029\u3038-\u303b\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
#: Words, single characters of Chinese, and blanks.
PIECES = re.compile(rf"[{HAN}]|[^\s{HAN}]+|\s+")
#: Words that a mirrored picture would make false.
SIDES = re.compile(r"\b(left|right)|[左右]", re.IGNORECASE)


def changes(augment: dict[str, Any]) -> bool:
    return any(augment[key] for key in ("crop", "flip", "color", "wordDropout"))


def draw_view(augment: dict[str, Any], size: int, may_mirror: bool, random: Random) -> dict[str, float]:
    """Always the same number of draws, so that switching one change off leaves the others as they were."""

    def around(spread: float) -> float:
        return (random.uniform() * 2 - 1) * spread

    view = {
        "zoom": 1 + around(augment["crop"]),
        "x": around(augment["crop"] * size),
        "y": around(augment["crop"] * size),
    }
    mirrored = random.uniform() < 0.5
    view["mirrored"] = mirrored and augment["flip"] and may_mirror
    return view | {"brightness": 1 + around(augment["color"]), "contrast": 1 + around(augment["color"])}


def line(size: int, zoom: float, shift: float, mirrored: bool) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Between which two pixels each place lies, and how far along."""
    place = np.arange(size)[::-1] if mirrored else np.arange(size)
    source = np.clip((place + 0.5 - size / 2) * zoom + size / 2 - 0.5 + shift, 0, size - 1)
    low = np.floor(source).astype(int)
    return low, np.minimum(size - 1, low + 1), source - low


def read_view(pixels: np.ndarray, view: dict[str, float]) -> np.ndarray:
    """A picture of bytes [side, side, 3] through a view, bilinearly, edges repeated: values 0 … 1."""
    size = pixels.shape[0]
    left, right, across = line(size, view["zoom"], view["x"], bool(view["mirrored"]))
    top, bottom, down = line(size, view["zoom"], view["y"], False)
    values = pixels.astype(np.float64)
    rows = values[:, left] * (1 - across[:, None]) + values[:, right] * across[:, None]
    read = rows[top] * (1 - down[:, None, None]) + rows[bottom] * down[:, None, None]
    gain = view["brightness"] * view["contrast"] / 255
    return np.clip(read * gain + 0.5 - 0.5 * view["contrast"], 0, 1)


def without_words(caption: str, share: float, random: Random) -> str:
    """Each word left out with probability `share`; one always stays."""
    pieces = PIECES.findall(caption)
    words = sum(not piece.isspace() for piece in pieces)
    if share == 0 or words < 2:
        return caption
    safe = random.integer(words)
    gone = {word for word in range(words) if random.uniform() < share and word != safe}
    kept, word = [], 0
    for piece in pieces:
        if piece.isspace():
            kept.append(piece)
            continue
        if word not in gone:
            kept.append(piece)
        word += 1
    return " ".join("".join(kept).split())
