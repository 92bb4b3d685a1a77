"""
A set that Amalgam wrote out, made ready as the model knows data, and batches drawn as Amalgam draws them: a pure
function of the recipe's seed and the batch's number.
"""

import html
import json
import math
import pathlib
import unicodedata
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor

from augment import SIDES, changes, draw_view, read_view, without_words
from draws import Random, draw_objectives, drop_modalities
from files import SPLITS, DataError, assign_splits, number_in, read_clip, read_picture, read_samples, texts_in
from sound import features_of

#: Bytes of pictures that memory holds; beyond them each is read when it is drawn.
HELD = 4 * 2**30


def for_clip(text: str) -> str:
    """CLIP cleans captions before its tokenizer (OpenAI, simple_tokenizer.py); without ftfy's repairs."""
    text = unicodedata.normalize("NFC", text if "<" in text else html.unescape(text))
    return " ".join(html.unescape(html.unescape(text)).split())


class Words:
    """tokenizer.json with the marks around a caption that the model knows."""

    def __init__(self, path: pathlib.Path, marks: dict[str, int], length: int) -> None:
        self.tokenizer = Tokenizer.from_file(str(path))
        self.start, self.end, self.pad, self.length = marks["start"], marks["end"], marks["pad"], length
        normalizer = json.dumps(json.loads(path.read_text("utf-8")).get("normalizer"))
        self.like_clip = '"&amp;"' in normalizer

    def encode(self, text: str) -> list[int]:
        """Ids with start and end mark, cut to the length; the end mark stays."""
        ids = self.tokenizer.encode(for_clip(text) if self.like_clip else text, add_special_tokens=False).ids
        return [self.start, *ids[: max(0, self.length - 2)], self.end][-self.length :]


class Data:
    """A set made ready: pairs of a sample and one of its captions, or a sample without any."""

    def __init__(
        self, folder: str | pathlib.Path, project: pathlib.Path, recipe: dict[str, Any], facts: dict[str, Any]
    ) -> None:
        self.recipe, self.facts = recipe, facts
        self.samples, card = read_samples(pathlib.Path(folder))
        split = recipe["data"]["split"]
        self.splits = assign_splits(self.samples, split["by"], split["validation"], split["test"], split["seed"])
        if "train" not in self.splits:
            raise DataError(f"nothing of {folder} is for training")
        self.words = Words(project / "tokenizer.json", facts["marks"], recipe["data"]["textLength"])
        self._encode(self.words)
        self.present: dict[str, np.ndarray] = {}
        self._pictures()
        self._sounds()
        self._cells(card)
        self._targets(card)
        for name, has in (
            ("image", [sample.picture is not None for sample in self.samples]),
            ("text", [bool(sample.captions) for sample in self.samples]),
            ("audio", [sample.clip is not None for sample in self.samples]),
            ("table", [not all(map(math.isnan, sample.cells)) for sample in self.samples]),
        ):
            if name in recipe["encoders"] and not any(has):
                raise DataError(f"the model reads {name}, and {folder} has none")
            if not all(has) and any(has):
                self.present[name] = np.array(has, np.float32)

    def _encode(self, words: Words) -> None:
        sample, caption, group, tokens, lengths = [], [], [], [], []
        groups: dict[str, int] = {}
        fresh = 0
        for index, one in enumerate(self.samples):
            for place, text in enumerate(one.captions or [None]):
                key = None if text is None else unicodedata.normalize("NFC", text).lower()
                if key is None or key not in groups:
                    if key is not None:
                        groups[key] = fresh
                    own, fresh = fresh, fresh + 1
                else:
                    own = groups[key]
                ids = [] if text is None else words.encode(text)
                sample.append(index)
                caption.append(place)
                group.append(own)
                lengths.append(len(ids))
                tokens.append(ids + [words.pad] * (words.length - len(ids)))
        self.sample, self.caption, self.text_group = np.array(sample), np.array(caption), np.array(group)
        self.tokens, self.lengths = np.array(tokens, np.int64), np.array(lengths)
        self.pairs = {
            split: np.array([pair for pair, index in enumerate(sample) if self.splits[index] == split], np.int64)
            for split in SPLITS
        }

    def _pictures(self) -> None:
        self.size = self.facts["size"] if any(one.picture for one in self.samples) else 0
        self.pixels: np.ndarray | None = None
        picture = self.facts.get("picture", {"mean": [0, 0, 0], "deviation": [1, 1, 1]})
        mean, deviation = np.array(picture["mean"]), np.array(picture["deviation"])
        self.scale, self.offset = 1 / deviation, -mean / deviation
        self.normalized = self._normal(np.arange(256)[:, None] / 255)
        if self.size and len(self.samples) * self.size**2 * 3 <= HELD:
            self.pixels = np.stack([self._picture(index) for index in range(len(self.samples))])

    def _normal(self, values: np.ndarray) -> np.ndarray:
        return (values * self.scale + self.offset).astype(np.float32)

    def _picture(self, index: int) -> np.ndarray:
        if self.pixels is not None:
            return self.pixels[index]
        source = self.samples[index].picture
        return np.zeros((self.size, self.size, 3), np.uint8) if source is None else read_picture(source, self.size)

    def _sounds(self) -> None:
        self.sounds: tuple[np.ndarray, np.ndarray] | None = None
        facts = self.facts.get("sound")
        if not facts or not any(one.clip for one in self.samples):
            return
        features = features_of(self.recipe["data"].get("audio"), facts["frames"])
        heard = [
            features(*read_clip(one.clip)) if one.clip else features(np.zeros(0), 1) for one in self.samples
        ]
        values, lengths = np.stack([value for value, _ in heard]), np.array([length for _, length in heard])
        fills = np.arange(facts["frames"]) < lengths[:, None]
        values = (values - np.array(facts["mean"], np.float32)) / np.array(facts["deviation"], np.float32)
        self.sounds = np.where(fills[:, :, None], values, 0).astype(np.float32), fills.astype(np.float32)

    def _cells(self, card: dict[str, Any]) -> None:
        self.cells: tuple[np.ndarray, np.ndarray] | None = None
        facts, table = self.facts.get("table"), card.get("table")
        if not facts or not table:
            return
        if table["columns"] != facts["columns"] or table["steps"] != facts["steps"]:
            wanted, found = (", ".join(part["columns"]) for part in (facts, table))
            raise DataError(f"the model reads the columns {wanted}; this data has {found}")
        shape = (len(self.samples), facts["steps"], len(facts["columns"]))
        values = np.array([one.cells for one in self.samples], np.float32).reshape(shape)
        there = np.isfinite(values)
        values = (values - np.array(facts["mean"], np.float32)) / np.array(facts["deviation"], np.float32)
        self.cells = np.where(there, values, 0).astype(np.float32), there.astype(np.float32)

    def _targets(self, card: dict[str, Any]) -> None:
        self.targets: dict[str, np.ndarray] = {}
        facts = self.facts.get("target")
        if not facts or "target" not in card:
            return
        goals = [goal for one in self.samples for goal in one.targets]
        place = {name: index for index, name in enumerate(facts["classes"])}
        if facts["kind"] == "class":
            self.targets["target"] = np.array([place.get(goal, -1) for goal in goals], np.int64)
        elif facts["kind"] == "labels":
            has = [[name in texts_in(goal) for name in facts["classes"]] for goal in goals]
            self.targets["target"] = np.array(has, np.float32)
        else:
            numbers = np.array([number_in(goal) for goal in goals])
            known = np.isfinite(numbers)
            standard = (numbers - facts["mean"]) / facts["deviation"]
            self.targets["target"] = np.where(known, standard, 0).astype(np.float32)
            self.targets["targetKnown"] = known.astype(np.float32)

    @property
    def missing(self) -> list[str]:
        """Modalities of the model that some samples lack."""
        return [name for name in self.recipe["encoders"] if name in self.present]

    def units(self) -> tuple[bool, np.ndarray]:
        """
        What training draws: samples, each giving one of its captions, or its pairs where each has something to
        predict.
        """
        train = self.pairs["train"]
        by_pair = bool(self.targets) and any(len(one.captions) > 1 for one in self.samples)
        return by_pair, train if by_pair else train[np.diff(self.sample[train], prepend=-1) != 0]

    def drawn_pairs(self, number: int, batch: int) -> np.ndarray:
        """The pair of each row of batch `number`: an epoch is a permutation, and what fills no batch is left out."""
        by_pair, units = self.units()
        by_sample = len(units) >= batch and not by_pair
        pairs = units if by_sample else self.pairs["train"]
        if len(pairs) < batch:
            raise DataError(f"a batch of {batch} needs more than the {len(pairs)} pairs that are for training")
        whole = len(pairs) // batch
        epoch, place = divmod(number, whole)
        if getattr(self, "_order", (None,))[0] != (epoch, len(pairs)):
            self._order = (epoch, len(pairs)), Random(self.recipe["seed"], "epoch", epoch).permutation(len(pairs))
        drawn = pairs[self._order[1][place * batch : (place + 1) * batch]]
        return np.array([self._caption(pair, epoch) for pair in drawn]) if by_sample else drawn

    def _caption(self, first: int, epoch: int) -> int:
        sample = int(self.sample[first])
        captions = len(self.samples[sample].captions)
        if captions < 2:
            return first
        return first + Random(self.recipe["seed"], "caption", epoch, sample).integer(captions)

    def rows(self, pairs: np.ndarray) -> dict[str, np.ndarray]:
        """The inputs of the model for these pairs, by name."""
        samples = self.sample[pairs]
        rows: dict[str, np.ndarray] = {
            "tokens": self.tokens[pairs],
            "keep": (np.arange(self.tokens.shape[1]) < self.lengths[pairs][:, None]).astype(np.float32),
            "sampleGroups": samples,
            "textGroups": self.text_group[pairs],
        }
        if self.size and "image" in self.recipe["encoders"]:
            pixels = np.stack([self._picture(index) for index in samples])
            rows["images"] = np.stack([self.normalized[pixels[..., c], c] for c in range(3)], -1)
        if self.sounds:
            rows["sound"], rows["soundKeep"] = (values[samples] for values in self.sounds)
        if self.cells:
            rows["cells"], rows["cellKeep"] = (values[samples] for values in self.cells)
        for name in self.missing:
            rows[f"present.{name}"] = self.present[name][samples]
        for name, values in self.targets.items():
            rows[name] = values[pairs]
        return rows

    def train_batch(self, number: int, names: list[str]) -> dict[str, np.ndarray]:
        """Batch `number` (0-based) with what the objectives `names` draw."""
        batch = self.recipe["training"]["batch"]
        pairs = self.drawn_pairs(number, batch)
        rows = self.rows(pairs)
        if changes(self.recipe["data"]["augment"]):
            self._augment(rows, pairs, number)
        present = {name: rows[f"present.{name}"] for name in self.missing}
        dropped = drop_modalities(self.recipe, number, batch, present)
        rows |= {f"present.{name}": values for name, values in dropped.items()}
        return rows | draw_objectives(self.recipe, self.facts, names, rows, number, self.recipe["seed"])

    def _augment(self, rows: dict[str, np.ndarray], pairs: np.ndarray, number: int) -> None:
        """Changes pictures and words, in place; captions that become equal are positives of each other."""
        augment = self.recipe["data"]["augment"]
        texts: dict[str, int] = {}
        groups = rows["textGroups"] = rows["textGroups"].copy()
        for row, pair in enumerate(pairs):
            index = int(self.sample[pair])
            captions = self.samples[index].captions
            random = Random(self.recipe["seed"], "augment", number, row)
            sided = any(SIDES.search(caption) for caption in captions)
            view = draw_view(augment, self.size, not sided, random)
            if "images" in rows:
                rows["images"][row] = self._normal(read_view(self._picture(index), view))
            if not captions or not captions[self.caption[pair]]:
                continue
            caption = captions[self.caption[pair]]
            text = without_words(caption, augment["wordDropout"], random)
            if text != caption:
                ids = self.words.encode(text)
                rows["tokens"][row] = ids + [self.words.pad] * (self.words.length - len(ids))
                rows["keep"][row] = np.arange(self.words.length) < len(ids)
            if augment["wordDropout"]:
                first = texts.setdefault(unicodedata.normalize("NFC", text).lower(), row)
                groups[groups == groups[row]] = groups[first]

    def evaluation_batch(self, pairs: np.ndarray, number: int, names: list[str], batch: int) -> dict[str, np.ndarray]:
        """
        Pairs as they are; where they do not fill the batch the first of them fills it. Draws have the seed 0, so that
        steps compare.
        """
        filled = np.concatenate([pairs, np.repeat(pairs[:1], batch - len(pairs))])
        rows = self.rows(filled)
        return rows | draw_objectives(self.recipe, self.facts, names, rows, number, 0)


def of_rank(batch: dict[str, np.ndarray], rank: int, count: int) -> dict[str, np.ndarray]:
    """The rows of one of `count` processes; what is drawn for the whole batch is cut as well."""
    if count == 1:
        return batch
    rows = len(batch["tokens"])
    if rows % count:
        raise DataError(f"a batch of {rows} does not divide among {count} processes")
    each = rows // count
    own = slice(rank * each, (rank + 1) * each)
    result = {}
    for name, values in batch.items():
        kind = name.split(".")[-1]
        if kind == "matchingNoise":
            result[name] = values[:, own, own]
        elif kind == "keptPatches":
            patches = batch[name.replace("kept", "restore")].shape[1]
            result[name] = values[own] - own.start * patches
        elif kind == "restorePatches":
            kept = batch[name.replace("restore", "kept")].shape[1]
            hidden = values[own] == rows * kept
            result[name] = np.where(hidden, each * kept, values[own] - own.start * kept)
        else:
            result[name] = values[own]
    return result


def tensors(batch: dict[str, np.ndarray], device: torch.device | str = "cpu") -> dict[str, Tensor]:
    return {name: torch.from_numpy(np.ascontiguousarray(values)).to(device) for name, values in batch.items()}
