"""The trained encoder: a sentence is read once, then asked for triggers, roles and the labels of triples.

It is made by `training/` and lies in `data/encoder/`; the model card beside it says on what it was trained and how well
it does. Every sentence runs by itself on one thread, so that its numbers never depend on its neighbours.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dragoman.coding.labels import DISTANCES, DOMAINS, MODES
from dragoman.terms import Domain, EventType

Floats = NDArray[np.float32]
LONGEST = 200
"""Word pieces of one sentence that are read; what comes after is not."""

SUMMARY = 64
"""Numbers by which a sentence is kept for comparing reports."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words `start` to `end` (exclusive) of a sentence, and the head word among them."""

    start: int
    end: int
    head: int


@dataclass(frozen=True, slots=True)
class Judgement:
    """Probabilities for each asked triple: types (17, NONE first), factualities (4), modes and domains."""

    kinds: Floats
    factualities: Floats
    modes: Floats
    domains: Floats


class Encoder:
    """The graphs and the tokenizer, loaded once in a process."""

    def __init__(self) -> None:
        # Both take a while to import, and most commands code nothing.
        from onnxruntime import InferenceSession, SessionOptions
        from tokenizers import Tokenizer

        options = SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # Processors without VNNI would else cut off sums of 8-bit products, and code some sentences otherwise.
        options.add_session_config_entry("session.x64quantprecision", "1")
        folder = files("dragoman.coding").joinpath("data/encoder")
        self._graphs: dict[str, Any] = {}
        for name in ("encoder", "spot", "role", "judge"):
            with as_file(folder.joinpath(f"{name}.onnx")) as path:
                self._graphs[name] = InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        self._tokenizer = Tokenizer.from_str(folder.joinpath("tokenizer.json").read_text("utf-8"))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()

    def read(self, words: Sequence[str]) -> SentenceVectors:
        """The vectors of a sentence's words."""
        coded = self._tokenizer.encode(list(words), is_pretokenized=True)
        owner = np.array([-1 if word is None else word for word in coded.word_ids[:LONGEST]])
        pieces = np.array([coded.ids[:LONGEST]], dtype=np.int64)
        hidden = self._run("encoder", pieces=pieces)[0]
        inside = owner >= 0
        sums = np.zeros((len(words), hidden.shape[1]), np.float32)
        np.add.at(sums, owner[inside], hidden[inside])
        counts = np.bincount(owner[inside], minlength=len(words)).astype(np.float32)
        vectors = (sums / np.maximum(counts, 1)[:, None]).astype(np.float32)
        return SentenceVectors(self, vectors, _softmax(self._run("spot", words=vectors)[0]))

    def _run(self, name: str, **inputs: NDArray[Any]) -> list[Floats]:
        outputs: list[Floats] = self._graphs[name].run(None, inputs)
        return outputs


@dataclass(frozen=True, slots=True)
class SentenceVectors:
    """One sentence as read: a vector a word, and the probability of every word to be the trigger of a type."""

    encoder: Encoder
    vectors: Floats
    spots: Floats

    def roles(self, phrases: Sequence[Phrase], asked: Sequence[tuple[int, int]]) -> Floats:
        """For each asked (trigger word, phrase): the probabilities that it is source, target, claimant; R x 3."""
        if not asked:
            return np.zeros((0, 3), np.float32)
        trigger, actor = (np.array(side, dtype=np.int64) for side in zip(*asked, strict=True))
        heads = np.array([phrase.head for phrase in phrases], dtype=np.int64)
        gap = np.digitize(heads[actor] - trigger, DISTANCES).astype(np.int64)
        logits = self.encoder._run(
            "role", words=self.vectors, head=heads, mean=self._means(phrases), trigger=trigger, actor=actor, gap=gap
        )[0]
        return (1 / (1 + np.exp(-logits))).astype(np.float32)

    def judge(self, phrases: Sequence[Phrase], asked: Sequence[tuple[int, int | None, int | None]]) -> Judgement:
        """The labels of (source phrase, trigger word, target phrase); trigger None: to find, target None: nobody."""
        logits = self.encoder._run(
            "judge",
            words=self.vectors,
            head=np.array([phrase.head for phrase in phrases], dtype=np.int64),
            mean=self._means(phrases),
            source=np.array([source for source, _, _ in asked], dtype=np.int64),
            trigger=np.array([-1 if trigger is None else trigger for _, trigger, _ in asked], dtype=np.int64),
            target=np.array([len(phrases) if target is None else target for _, _, target in asked], dtype=np.int64),
        )
        return Judgement(*(_softmax(part) for part in logits))

    def summary(self) -> bytes:
        """The sentence in 64 signed bytes, by a fixed random projection of its words' mean; like sentences lie near."""
        mean = self.vectors.mean(0)
        short = _projection(len(mean)) @ (mean / max(1e-9, float(np.linalg.norm(mean))))
        numbers: bytes = np.round(short * (127 / max(1e-9, float(np.abs(short).max())))).astype(np.int8).tobytes()
        return numbers

    def _means(self, phrases: Sequence[Phrase]) -> Floats:
        return np.stack([self.vectors[phrase.start : phrase.end].mean(0) for phrase in phrases])


@cache
def _projection(size: int) -> Floats:
    """64 rows of signs, from a hash so that they are the same with every version of every library."""
    blocks = -(-SUMMARY * size // 256)
    stream = b"".join(hashlib.sha256(f"summary {block}".encode()).digest() for block in range(blocks))
    bits = np.unpackbits(np.frombuffer(stream, np.uint8))[: SUMMARY * size]
    return (2.0 * bits.reshape(SUMMARY, size) - 1).astype(np.float32)


@cache
def encoder() -> Encoder:
    """The encoder that ships with the package: half a second, once in a process."""
    return Encoder()


SURE_MODE = 0.5
SURE_DOMAIN = 0.85
"""Probabilities from which a mode or domain is told; below them it stays unknown. The domain head is the weakest."""


def best_mode(modes: Floats, kind: EventType) -> str | None:
    """The mode of a type that is likely enough among that type's own."""
    own = [(float(share), mode) for share, (of, mode) in zip(modes, MODES, strict=True) if of is kind]
    total = sum(share for share, _ in own)
    if not own or total < 0.2:
        return None
    share, mode = max(own)
    return mode if share / total >= SURE_MODE else None


def best_domain(domains: Floats) -> Domain | None:
    """The domain that is likely enough."""
    best = int(domains.argmax())
    return DOMAINS[best] if domains[best] >= SURE_DOMAIN else None


def _softmax(logits: Floats) -> Floats:
    powers = np.exp(logits - logits.max(1, keepdims=True))
    scaled: Floats = powers / powers.sum(1, keepdims=True)
    return scaled
