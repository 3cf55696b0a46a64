"""Reads what a reported promise, threat or deed is about: acts, objects, amounts, people, and the day it is due.

The words are data (`data/ledger.toml`). Only the clause around the predicate is read where its offsets are known, so
that what a sentence tells beside it ("after four days of strikes") is not taken for the promise.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from importlib.resources import files
from types import MappingProxyType

from dragoman.relate.evidence import Report
from dragoman.terms import Domain, EventType

_CLAUSE_END = re.compile(
    r"; |, (?:and|while|as|which|after|when|but|in what|hours|days) | (?:after|during|while|hours before|days before) "
)
_LEAST_CLAUSE = 12
_WORDS_AFTER = 5
_NUMBER_WORDS = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen twenty".split()
    )
}
_SCALES = {"dozen": 12.0, "hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9}
_NUMBER = re.compile(
    rf"(?P<currency>[$€£]) ?(?P<sum>\d[\d,]*(?:\.\d+)?)(?: ?(?P<sumscale>{'|'.join(_SCALES)}|bn|m)\b)?"
    rf"|\b(?P<number>\d[\d,]*(?:\.\d+)?|{'|'.join(_NUMBER_WORDS)})\b(?:[ -](?P<scale>{'|'.join(_SCALES)})\b)?",
    re.IGNORECASE,
)
_UNITS = re.compile(r"\b(tons?|tonnes?|barrels?|containers?|dollars?|euros?|people|men|doses|cubic met(?:er|re)s)\b")
_WORD = re.compile(r"\w+")
_NOTHING: frozenset[str] = frozenset()
_NAME = re.compile(r"(?<![.!?“\"] )\b(?!I\b)[A-Z][\w’'-]+")


@dataclass(frozen=True, slots=True)
class Act:
    """One kind of thing that a pledger says he will do, and what keeps or breaks it; `horizon` in days."""

    name: str
    label: str
    course: str
    pattern: re.Pattern[str]
    deeds: re.Pattern[str]
    unless: re.Pattern[str] | None
    kept_by: frozenset[EventType]
    kept_with: frozenset[str]
    broken_by: frozenset[EventType]
    horizon: int
    alike: frozenset[str]
    modes: frozenset[str]
    usual: bool
    free: bool
    abstains: bool


@dataclass(frozen=True, slots=True)
class Thing:
    """One kind of object; `whole` is the kind that it is a part of."""

    name: str
    pattern: re.Pattern[str]
    domain: Domain
    whole: str | None
    broad: bool


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Everything that `data/ledger.toml` says."""

    acts: Mapping[str, Act]
    things: Mapping[str, Thing]
    ranks: Mapping[str, re.Pattern[str]]
    cues: Mapping[str, re.Pattern[str]]
    thresholds: Mapping[str, float]
    weights: Mapping[str, float]
    deeds: Mapping[EventType, str]
    kinds: Mapping[str, re.Pattern[str]]
    """The words for each kind of object."""
    lists: tuple[tuple[str, str, re.Pattern[str]], ...]
    """Every list of phrases: its kind ("acts", "deeds", "things", "ranks", "cues"), name and pattern."""
    spoken: Mapping[str, tuple[tuple[int, str], ...]]
    """Of the longest word of every phrase: the places of the lists that have the phrase, and the phrase."""


@dataclass(frozen=True)
class Reading:
    """What a text says, found when it is asked for: acts and objects of its clause, or of the whole text else.

    Acts and kinds of object go by name, amounts by kind or unit; then there are ranks and names of people.
    """

    text: str
    clause: str

    @cached_property
    def acts(self) -> frozenset[str]:
        """The acts that are promised or threatened."""
        return _acts(self.clause) or _acts(self.text)

    @cached_property
    def deeds(self) -> frozenset[str]:
        """The acts that are reported as done."""
        return _found("deeds", self.text)

    @cached_property
    def things(self) -> frozenset[str]:
        """The kinds of object."""
        return _found("things", self.clause) or _found("things", self.text)

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The words for the objects."""
        kinds = lexicon().kinds
        source = self.clause if _found("things", self.clause) else self.text
        spoken = (match.group().lower() for name in sorted(self.things) for match in kinds[name].finditer(source))
        return tuple(dict.fromkeys(spoken))

    @cached_property
    def amounts(self) -> tuple[tuple[str, float], ...]:
        """Every counted object with its number."""
        return amounts(self.text)

    @cached_property
    def ranks(self) -> frozenset[str]:
        """The ranks of people."""
        return _found("ranks", self.text)

    @cached_property
    def names(self) -> frozenset[str]:
        """The words with a capital within sentences."""
        return frozenset(_NAME.findall(self.text))

    def says(self, cue: str) -> bool:
        """Whether the clause holds a cue of this name."""
        return cue in _found("cues", self.clause)

    def tells(self, cue: str) -> bool:
        """Whether the whole text holds a cue of this name."""
        return cue in _found("cues", self.text)

    def found(self, cue: str) -> str | None:
        """The cue's words as the text has them."""
        match = lexicon().cues[cue].search(self.text)
        return match.group() if match else None


@cache
def lexicon() -> Lexicon:
    """The words, tables and thresholds of the ledger."""
    data = tomllib.loads(files("dragoman.relate").joinpath("data/ledger.toml").read_text("utf-8"))
    acts = {
        name: Act(
            name=name,
            label=entry["label"],
            course=entry["course"],
            pattern=_any(entry["words"]),
            deeds=_any(entry.get("deeds", entry["words"])),
            unless=_any(entry["unless"]) if "unless" in entry else None,
            kept_by=frozenset(map(EventType, entry["kept_by"])),
            kept_with=frozenset(entry.get("kept_with", ())),
            broken_by=frozenset(map(EventType, entry["broken_by"])),
            horizon=entry["horizon"],
            alike=frozenset(entry.get("alike", ())),
            modes=frozenset(entry.get("modes", ())),
            usual=entry.get("usual", False),
            free=entry.get("free", False),
            abstains=entry.get("abstains", False),
        )
        for name, entry in data["acts"].items()
    }
    things = {
        name: Thing(
            name, _any(entry["words"]), Domain(entry["domain"]), entry.get("part_of"), entry.get("broad", False)
        )
        for name, entry in data["objects"].items()
    }
    ranks, cues = ({name: _any(words) for name, words in data[kind].items()} for kind in ("ranks", "cues"))
    lists = [
        *(("acts", name, act.pattern, data["acts"][name]["words"]) for name, act in acts.items()),
        *(("deeds", n, act.deeds, data["acts"][n].get("deeds", data["acts"][n]["words"])) for n, act in acts.items()),
        *(("things", name, thing.pattern, data["objects"][name]["words"]) for name, thing in things.items()),
        *(("ranks", name, pattern, data["ranks"][name]) for name, pattern in ranks.items()),
        *(("cues", name, pattern, data["cues"][name]) for name, pattern in cues.items()),
    ]
    return Lexicon(
        MappingProxyType(acts),
        MappingProxyType(things),
        MappingProxyType(ranks),
        MappingProxyType(cues),
        MappingProxyType({name: float(value) for name, value in data["thresholds"].items()}),
        MappingProxyType({name: float(value) for name, value in data["weights"].items()}),
        MappingProxyType({EventType(name): label for name, label in data["deeds"].items()}),
        MappingProxyType({name: thing.pattern for name, thing in things.items()}),
        tuple((kind, name, pattern) for kind, name, pattern, _ in lists),
        _spoken([phrases for *_, phrases in lists]),
    )


def clause_of(report: Report) -> str:
    """The clause of the reporting sentence around the predicate; the whole sentence where offsets do not tell."""
    text, mention = report.sentence, report.mention
    start = mention.predicate.start - mention.sentence.start
    end = mention.predicate.end - mention.sentence.start
    fits = mention.predicate.part is mention.sentence.part and 0 <= start < end <= len(text)
    if not fits or len(text) != mention.sentence.end - mention.sentence.start or (start, end) == (0, len(text)):
        start, end = 0, 0
    before = [match.end() for match in _CLAUSE_END.finditer(text, 0, start)]
    after = _CLAUSE_END.search(text, max(end, _LEAST_CLAUSE))
    return text[before[-1] if before else 0 : after.start() if after else len(text)]


def read_report(report: Report) -> Reading:
    """What one report says."""
    return read(report.sentence, clause_of(report))


@lru_cache(maxsize=16384)
def read(text: str, clause: str | None = None) -> Reading:
    """What a text says; acts and objects of its clause, or of the whole where the clause names none."""
    return Reading(text, text if clause is None else clause)


@lru_cache(maxsize=16384)
def amounts(text: str) -> tuple[tuple[str, float], ...]:
    """Every counted object with its number: by kind of object, "money", or the unit; the largest of each kind."""
    found: dict[str, float] = {}
    for match in _NUMBER.finditer(text):
        if match["currency"]:
            scale = {"bn": 1e9, "m": 1e6}.get((match["sumscale"] or "").lower())
            value = _value(match["sum"]) * (scale or _SCALES.get((match["sumscale"] or "").lower(), 1.0))
            found["money"] = max(value, found.get("money", 0.0))
            continue
        value = _value(match["number"]) * _SCALES.get((match["scale"] or "").lower(), 1.0)
        following = " ".join(re.split(r"[\s]+", text[match.end() :].lstrip())[:_WORDS_AFTER])
        following = re.split(r"[,;:.]|\d", following, maxsplit=1)[0]
        for kind in _counted(following):
            found[kind] = max(value, found.get(kind, 0.0))
    return tuple(sorted(found.items()))


def _counted(following: str) -> Iterable[str]:
    unit = _UNITS.search(following)
    if unit:
        yield "money" if unit[1].startswith(("dollar", "euro")) else unit[1].rstrip("s").replace("tonne", "ton")
    yield from sorted(_found("things", following))


def _value(text: str) -> float:
    lowered = text.lower()
    return float(_NUMBER_WORDS[lowered]) if lowered in _NUMBER_WORDS else float(text.replace(",", ""))


def _acts(text: str) -> frozenset[str]:
    acts = lexicon().acts
    said = _found("acts", text)
    return frozenset(name for name in said if not ((unless := acts[name].unless) and unless.search(text)))


def _found(kind: str, text: str) -> frozenset[str]:
    """Those of a kind whose pattern the text holds."""
    return _all_found(text).get(kind, _NOTHING)


@lru_cache(maxsize=65536)
def _all_found(text: str) -> Mapping[str, frozenset[str]]:
    """All that the text holds, by kind: what the patterns would find, looked up by the words of the text.

    A phrase of one word stands in the text if the word does; others, and words that a hyphen may join to one before
    them, are left to the pattern.
    """
    spoken, lists = lexicon().spoken, lexicon().lists
    lowered = text.lower()
    found: dict[str, set[str]] = {}
    held: set[int] = set()
    for word in set(_WORD.findall(lowered)):
        for place, phrase in spoken.get(word, ()):
            if place in held or phrase not in lowered:
                continue
            kind, name, pattern = lists[place]
            if (phrase == word and "-" not in lowered) or pattern.search(text):
                held.add(place)
                found.setdefault(kind, set()).add(name)
    return {kind: frozenset(names) for kind, names in found.items()}


def _spoken(lists: Sequence[Iterable[str]]) -> Mapping[str, tuple[tuple[int, str], ...]]:
    """Every phrase, with the place of its list, by the longest of its words."""
    found: dict[str, dict[tuple[int, str], None]] = {}
    for place, phrases in enumerate(lists):
        for phrase in (phrase.lower() for phrase in phrases):
            found.setdefault(max(_WORD.findall(phrase), key=len), {})[place, phrase] = None
    return MappingProxyType({word: tuple(entries) for word, entries in found.items()})


def _any(words: Iterable[str]) -> re.Pattern[str]:
    """A pattern for any of these words or phrases, longest first."""
    ordered = sorted(set(words), key=lambda word: (-len(word), word))
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, ordered))})(?![\w])", re.IGNORECASE)
