"""
The files of a set that Amalgam wrote out (Data screen › Export: image folder or WebDataset shards): samples with what
they have, pictures and clips as they are read, and which split each sample is in.
"""

import io
import json
import math
import pathlib
import tarfile
import wave
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from PIL import Image

from draws import Random, rounded

SPLITS = ("train", "validation", "test")


class DataError(Exception):
    """What is wrong with the data, and what to do."""


@dataclass
class Source:
    """Bytes of a file, or of a member of a shard."""

    path: pathlib.Path
    start: int = 0
    size: int | None = None

    def read(self) -> bytes:
        with open(self.path, "rb") as file:
            file.seek(self.start)
            return file.read() if self.size is None else file.read(self.size)


@dataclass
class Sample:
    split: str
    name: str
    captions: list[str] = field(default_factory=list)
    picture: Source | None = None
    clip: Source | None = None
    cells: list[float] = field(default_factory=list)
    #: What is to be predicted, for each pair.
    targets: list[Any] = field(default_factory=list)


def read_card(folder: pathlib.Path) -> dict[str, Any]:
    """What each column is, from the head of README.md."""
    readme = folder / "README.md"
    if not readme.exists():
        raise DataError(
            f"{folder} has no README.md: export the set on Amalgam's Data screen, or with `npm run data -- export`"
        )
    for line in readme.read_text("utf-8").splitlines():
        if line.startswith("amalgam: {"):
            return json.loads(line.removeprefix("amalgam: "))
    raise DataError(f"{readme} does not say what its columns are; export the set again")


Row = tuple[str, dict[str, Any], Source | None, Source | None]


def rows_of(folder: pathlib.Path, card: dict[str, Any]) -> Iterator[Row]:
    """Split, values, picture and clip of every row, split after split."""
    columns = card["columns"]
    for split in SPLITS:
        if card["form"] == "imagefolder":
            table = folder / split / "metadata.jsonl"
            for line in table.read_text("utf-8").splitlines() if table.exists() else []:
                values = json.loads(line)
                files = (values.get(columns.get(kind, "")) for kind in ("image", "audio"))
                picture, clip = (Source(folder / split / name) if name else None for name in files)
                yield split, values, picture, clip
        elif card["form"] == "webdataset":
            for shard in sorted((folder / split).glob("*.tar")):
                for members in shard_rows(shard):
                    picture, clip = (members.get(columns.get(kind, "")) for kind in ("image", "audio"))
                    yield split, json.loads(members["json"].read()), picture, clip
        else:
            raise DataError(
                f"{folder} is written as {card['form']}; export it as an image folder or as WebDataset shards"
            )


def shard_rows(shard: pathlib.Path) -> Iterator[dict[str, Source]]:
    """The members of each key of a tar, by their ending."""
    key, members = None, {}
    with tarfile.open(shard) as archive:
        for member in archive:
            own, _, ending = member.name.partition(".")
            if own != key and members:
                yield members
                members = {}
            key = own
            members[ending] = Source(shard, member.offset_data, member.size)
    if members:
        yield members


def texts_in(value: Any) -> list[str]:
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str)]


def number_in(value: Any) -> float:
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else math.nan


def read_samples(folder: pathlib.Path) -> tuple[list[Sample], dict[str, Any]]:
    """@raises DataError"""
    card = read_card(folder)
    columns, table, target = card["columns"], card.get("table"), card.get("target")
    samples: dict[Any, Sample] = {}
    for place, (split, values, picture, clip) in enumerate(rows_of(folder, card)):
        captions = texts_in(values.get(columns.get("captions", "")))
        goal = values.get(target["column"]) if target else None
        targets = [goal] * max(1, len(captions)) if target else []
        number = values.get(columns.get("sample", ""))
        key = (split, number) if isinstance(number, int) else place
        if key in samples:
            samples[key].captions += captions
            samples[key].targets += targets
            continue
        cells = [number_in(values.get(name)) for name in table["cells"]] if table else []
        name = values.get(columns["name"]) or str(place)
        samples[key] = Sample(split, name, captions, picture, clip, cells, targets)
    if not samples:
        raise DataError(f"{folder} has no samples")
    return list(samples.values()), card


def resize(pixels: np.ndarray, side: int) -> np.ndarray:
    """
    A square of bytes at another side: triangles as wide as the reduction (Pillow's BILINEAR), rounded once, half up.
    """
    old = pixels.shape[0]
    if old == side:
        return pixels
    scale = old / side
    support = max(1.0, scale)
    count = min(old, math.ceil(support * 2) + 1)
    weights = np.zeros((side, old))
    for i in range(side):
        centre = (i + 0.5) * scale
        start = min(max(0, math.floor(centre - support)), old - count)
        places = np.arange(start, start + count)
        values = np.maximum(0, 1 - np.abs(places + 0.5 - centre) / support)
        weights[i, places] = values / values.sum()
    rows = np.einsum("xk,ykc->yxc", weights, pixels.astype(np.float64))
    return np.floor(np.einsum("yk,kxc->yxc", weights, rows) + 0.5).astype(np.uint8)


def read_picture(source: Source, side: int) -> np.ndarray:
    with Image.open(io.BytesIO(source.read())) as picture:
        return resize(np.asarray(picture.convert("RGB")), side)


def read_clip(source: Source) -> tuple[np.ndarray, int]:
    """16-bit samples of a mono WAV, and their rate."""
    with wave.open(io.BytesIO(source.read())) as file:
        if file.getsampwidth() != 2 or file.getnchannels() != 1:
            raise DataError(f"{source.path} is not 16-bit mono; export the set again")
        return np.frombuffer(file.readframes(file.getnframes()), "<i2"), file.getframerate()


def copies(samples: list[Sample]) -> list[list[int]]:
    """
    Samples with the same pixels and sound, or of the same file, together: a copy in the held-out part would be a
    leak.
    """
    groups: list[list[int]] = []
    group_of: dict[Any, list[int]] = {}
    for index, sample in enumerate(samples):
        content: tuple[Any, ...] = ()
        if sample.picture:
            with Image.open(io.BytesIO(sample.picture.read())) as picture:
                content += (picture.convert("RGB").tobytes(),)
        if sample.clip:
            content += (sample.clip.read(),)
        by_content = group_of.get(hash(content)) if content else None
        by_file = group_of.get(sample.name)
        group = by_content if by_content is not None else by_file
        if group is None:
            group = []
            groups.append(group)
        elif by_content is not None and by_file is not None and by_content is not by_file:
            by_content += by_file
            for key, value in group_of.items():
                if value is by_file:
                    group_of[key] = by_content
            by_file.clear()
        group.append(index)
        if content:
            group_of[hash(content)] = group
        group_of[sample.name] = group
    return [sorted(group) for group in groups if group]


def assign_splits(samples: list[Sample], by: str, validation: float, test: float, seed: int) -> list[str]:
    """One split for each sample, as the recipe says (`data.split`)."""
    if by not in ("files", "random"):
        raise DataError(
            f"splits by {by} are drawn in Amalgam: export the set with its splits, and set data.split.by to “files”"
        )
    groups = copies(samples)
    random = Random(seed, "splits")
    splits = ["train"] * len(samples)

    def put(group: list[int], split: str) -> None:
        for index in group:
            splits[index] = split

    def shuffled(items: list[list[int]]) -> list[list[int]]:
        return [items[index] for index in random.permutation(len(items))]

    def share(count: int, fraction: float) -> int:
        return 0 if fraction <= 0 else max(1 if count >= 3 else 0, rounded(count * fraction))

    def take(items: list[list[int]], left: int, split: str) -> list[list[int]]:
        rest = []
        for group in items:
            if len(group) <= left:
                put(group, split)
                left -= len(group)
            else:
                rest.append(group)
        return rest

    if by == "files":
        # Where copies state different splits, the held-out one wins.
        stated = [max((samples[index].split for index in group), key=SPLITS.index) for group in groups]
        for group, split in zip(groups, stated):
            put(group, split)
        free: list[list[int]] = []
    else:
        stated, free = [], groups
    order = shuffled(free)
    count = sum(map(len, order))
    rest = take(order, share(count, test), "test")
    take(rest, share(count, validation), "validation")
    trained = [group for group, split in zip(groups, stated) if split == "train"]
    if validation > 0 and trained and "validation" not in splits:
        take(shuffled(trained), share(sum(map(len, trained)), validation), "validation")
    return splits
