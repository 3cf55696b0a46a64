"""How likely a later report settles a promise where no rule decides: a fitted function over readable signs.

The signs are who acts on whom, kinds of event, names, numbers, objects and rare words that both share, and words such
as "cancelled" or "the promised" (`data/cues.toml`). Their weights (`data/likening.json`, made by `training.settle`) are
those of a multinomial logistic function fitted on the project's own labelled pairs, `corpora/ledger/`.
"""

from __future__ import annotations

import json
import math
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from dragoman.relate.alike import content_words, cosine
from dragoman.relate.fitting import amount_done, domain_fit, words_beside
from dragoman.relate.told import Told
from dragoman.terms import EventType

SETTLED = ("settles", "partly", "breaks", "withdraws")
"""What a later report may do to a promise; a fifth class, none, is all else."""

NONE = "none"

_YIELDS = frozenset({EventType.CONCEDE, EventType.RETREAT})
_NAME = re.compile(r"(?<![.!?“\"] )\b(?!I\b)[A-Z][\w’'-]+")
_COUNTED = (
    "one two three four five six seven eight nine ten eleven twelve dozen twenty thirty forty fifty hundred thousand "
    "million billion"
).split()
_NUMBER = re.compile(rf"\d[\d,]*(?:\.\d+)?|\b(?:{'|'.join(_COUNTED)})\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Likeness:
    """The probabilities of `SETTLED` and none for one promise and one report, and what the two share, in words."""

    shares: Mapping[str, float]
    evidence: tuple[str, ...]

    @property
    def bearing(self) -> float:
        """The probability that the report bears on the promise at all, 0 to 1."""
        return 1 - self.shares[NONE]

    @property
    def best(self) -> str:
        """The likeliest of `SETTLED`."""
        return max(SETTLED, key=lambda name: (self.shares[name], name))


@dataclass(frozen=True, slots=True)
class Fitted:
    """The fitted function: a weight for every class and sign; `fitted_on` counts the pairs."""

    classes: tuple[str, ...]
    places: Mapping[str, int]
    weights: NDArray[np.float64]
    constants: NDArray[np.float64]
    commonness: Mapping[str, float]
    threshold: float
    prior: float
    fitted_on: int


@cache
def fitted() -> Fitted:
    """The function that ships with the package."""
    data = json.loads(files("dragoman.relate").joinpath("data/likening.json").read_text("utf-8"))
    return Fitted(
        classes=tuple(data["classes"]),
        places=MappingProxyType({name: place for place, name in enumerate(data["signs"])}),
        weights=np.array(list(data["signs"].values())),
        constants=np.array(data["constants"]),
        commonness=commonness(),
        threshold=data["threshold"],
        prior=data["prior"],
        fitted_on=data["fitted_on"],
    )


@cache
def commonness() -> Mapping[str, float]:
    """Of stems that are frequent in political news, the share of sentences that hold them, counted on our corpus."""
    data = json.loads(files("dragoman.relate").joinpath("data/commonness.json").read_text("utf-8"))
    return MappingProxyType({stem: float(share) for stem, share in data.items()})


@cache
def cues() -> Mapping[str, re.Pattern[str]]:
    """The words that show what a report does to a promise, by name."""
    data = tomllib.loads(files("dragoman.relate").joinpath("data/cues.toml").read_text("utf-8"))
    patterns = {name: re.compile(rf"\b(?:{'|'.join(words)})", re.IGNORECASE) for name, words in data.items()}
    return MappingProxyType(patterns)


def liken(pledge: Told, deed: Told, rule: float) -> Likeness:
    """How likely the deed settles the pledge; `rule` is the score that the rules gave, 0 to 1."""
    function = fitted()
    vector = np.zeros(len(function.places))
    for name, value in signs(pledge, deed, rule).items():
        place = function.places.get(name)
        if place is not None:
            vector[place] = value
    logits = vector @ function.weights + function.constants
    powers = np.exp(logits - logits.max())
    shares = powers / powers.sum()
    return Likeness(dict(zip(function.classes, map(float, shares), strict=True)), _evidence(pledge, deed))


def among(bearing: float, candidates: int) -> float:
    """The probability for one of so many candidate deeds, of which about one is expected to be the one.

    The fitted function knows pairs of which a share `prior` belongs together; among many candidates that share is less.
    """
    prior = fitted().prior
    expected = min(prior, 1 / max(1, candidates))
    odds = bearing / max(1e-9, 1 - bearing) * (expected / (1 - expected)) / (prior / (1 - prior))
    return odds / (1 + odds)


def signs(pledge: Told, deed: Told, rule: float) -> dict[str, float]:
    """What speaks for or against the two belonging together, by name; most are 0 or 1."""
    course, kind = _course(pledge), deed.event.type
    way = _way(pledge, deed)
    own = way in ("same", "own")
    found: dict[str, float] = {f"{course}": 1.0, f"{course} {kind}": 1.0, f"{kind}": 1.0, f"way {way}": 1.0}
    found[f"{course} way {way}"] = 1.0
    found[f"{course} quad {deed.event.quad} {'own' if own else 'other'}"] = 1.0
    found["same type"] = float(pledge.event.type is kind)
    found |= _shared_signs(pledge, deed)
    found |= _reading_signs(pledge, deed)
    text = deed.best.sentence
    for name, pattern in cues().items():
        if pattern.search(text):
            found |= {f"cue {name}": 1.0, f"cue {name} {course}": 1.0, f"cue {name} {'own' if own else 'other'}": 1.0}
    lag = (deed.day - pledge.day).days if deed.day and pledge.day else 0
    found |= {"lag": math.log1p(max(0, lag)) / 7, "at once": float(lag <= 1), "rule": rule}
    nothing = found["nothing shared"]
    found["nothing shared, refers"] = nothing * found.get("cue refers", 0.0)
    found["nothing shared, refuses"] = nothing * found.get("cue refuses", 0.0)
    found["nothing shared, domain"] = nothing * found["domain same"]
    return found


def _course(pledge: Told) -> str:
    if pledge.course == "threat":
        return "threat"
    return "concession" if pledge.event.type in _YIELDS else "pledge"


def _way(pledge: Told, deed: Told) -> str:
    """Who acts on whom, told against the pledge."""

    def acts(givers: frozenset[str], takers: frozenset[str]) -> bool:
        return any(one != other for one in deed.sources & givers for other in deed.targets & takers)

    mine = bool(deed.sources & pledge.sources)
    if acts(pledge.sources, pledge.targets) or (mine and not deed.targets):
        return "same"
    if acts(pledge.targets, pledge.sources):
        return "back"
    if mine:
        return "own"
    return "target's" if deed.sources & pledge.targets else "others'"


def _rare(stem: str) -> float:
    """How telling a stem is: 0 for those of one sentence in twenty, 1 for those of one in ten thousand."""
    share = commonness().get(stem, 1e-4)
    return min(1.0, max(0.0, (math.log(1 / max(share, 1e-4)) - 3.0) / 6.2))


def _stems(pledge: Told, deed: Told) -> tuple[frozenset[str], frozenset[str]]:
    """The content words of both without the names of the parties."""
    stems = pledge.stems | deed.stems
    return words_beside(pledge.best.sentence, stems), words_beside(deed.best.sentence, stems)


def _names(pledge: Told, told: Told) -> set[str]:
    """The capitalised words that are neither names of the pledge's parties nor of the calendar."""
    names = _NAME.findall(told.best.sentence)
    return {name for name in names if name[:4].casefold() not in pledge.stems and content_words(name)}


def _numbers(told: Told) -> set[str]:
    return {number.replace(",", "").lower() for number in _NUMBER.findall(told.best.sentence)}


def _shared_signs(pledge: Told, deed: Told) -> dict[str, float]:
    first, second = _stems(pledge, deed)
    common = first & second
    weight = sum(map(_rare, common))
    part = weight / max(1.5, min(sum(map(_rare, first)), sum(map(_rare, second))))
    names, others = _names(pledge, pledge), _names(pledge, deed)
    numbers, counts = _numbers(pledge), _numbers(deed)
    nothing = not names & others and not numbers & counts and weight < LITTLE
    course = "threat" if pledge.course == "threat" else "pledge"
    return {
        "words": len(common) / max(4, min(len(first), len(second))),
        "words counted": min(4, len(common)) / 4,
        "no word": float(not common),
        "rare words": min(3.0, weight) / 3,
        "rare share": part,
        f"rare share {course}": part,
        "names": min(3, len(names & others)) / 3,
        "names differ": float(bool(names) and bool(others) and not names & others),
        "numbers same": float(bool(numbers & counts)),
        "numbers differ": float(bool(numbers) and bool(counts) and not numbers & counts),
        "number unsaid": float(bool(numbers) and not counts),
        "nothing shared": float(nothing and not pledge.reading.things & deed.reading.things),
        "length": min(1.0, len(second) / 20),
    }


LITTLE = 0.3
"""Shared rare words that weigh less than this are as good as none."""


def _reading_signs(pledge: Told, deed: Told) -> dict[str, float]:
    promise, reading = pledge.reading, deed.reading
    share, _ = amount_done(promise, reading)
    one, other = pledge.best.mention.vector, deed.best.mention.vector
    domain = domain_fit(pledge, deed)
    return {
        "amount less": float(share is not None and 0.02 < share < 0.9),
        "amount whole": float(share is not None and 0.9 <= share < 1.5),
        "amount more": float(share is not None and share >= 1.5),
        "cosine": max(0.0, cosine(one, other)) if one and other else 0.3,
        "domain same": float(domain == 1),
        "domain differs": float(domain == 0),
        "things shared": float(bool(promise.things & reading.things)),
        "things apart": float(bool(promise.things) and bool(reading.things) and not promise.things & reading.things),
        "act named": float(bool(promise.acts & reading.deeds)),
        "acts apart": float(bool(promise.acts) and not promise.acts & reading.deeds),
    }


def _evidence(pledge: Told, deed: Told) -> tuple[str, ...]:
    """What the two share beyond their domain, for a reader."""
    first, second = _stems(pledge, deed)
    telling = sorted((stem for stem in first & second if _rare(stem) >= LITTLE), key=lambda stem: (-_rare(stem), stem))
    words = re.findall(r"[^\W_]+", deed.best.sentence)
    spelled = [next(word for word in words if word.casefold()[:6] == stem) for stem in telling[:4]]
    names = sorted(_names(pledge, pledge) & _names(pledge, deed))
    numbers = sorted(_numbers(pledge) & _numbers(deed))
    cue = cues()["refers"].search(deed.best.sentence)
    found = [
        f"both say {', '.join(f'“{word}”' for word in spelled)}" if spelled else "",
        f"both name {', '.join(names)}" if names else "",
        f"both count {', '.join(numbers)}" if numbers else "",
        f"both about {', '.join(sorted(shared))}" if (shared := pledge.reading.things & deed.reading.things) else "",
        f"the report refers back (“{cue.group()}”)" if cue else "",
    ]
    return tuple(filter(None, found))
