"""Scores coded events against gold: one-to-one matching of (source, target, type) within each text.

The rules are INTERFACE's: compound actors count as pairs, each text is one document, a second identical pair is a
false positive, a gold target "" matches any, null gold fields are not judged.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from dragoman.coding import Coder, gazetteer
from dragoman.coding.gazetteer import NameKind
from dragoman.errors import DataError, UsageError
from dragoman.evaluate.calibration import expected_calibration_error
from dragoman.periods import Period, parse_period
from dragoman.records import Actor, Document, Event
from dragoman.relate import Report, merge_mentions
from dragoman.terms import DateBasis, EventType, Factuality


@dataclass(frozen=True, slots=True)
class GoldEvent:
    """One labelled pair; `types` are the acceptable ones, None fields are not judged."""

    source: str
    target: str
    types: frozenset[str]
    factuality: str | None
    by: str | None


@dataclass(frozen=True, slots=True)
class GoldText:
    """One labelled text."""

    id: str
    text: str
    published: Period | None
    style: str | None
    events: tuple[GoldEvent, ...]


@dataclass(frozen=True, slots=True)
class CodedPair:
    """One pair of a coded event, with every label that its actors answer to."""

    source: frozenset[str]
    target: frozenset[str]
    type: str
    factuality: str
    claimants: frozenset[str]
    event: str
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class TextOutcome:
    """What matched, was missed and was invented in one text."""

    gold: GoldText
    matched: tuple[tuple[GoldEvent, CodedPair], ...]
    missed: tuple[GoldEvent, ...]
    invented: tuple[CodedPair, ...]
    undirected: tuple[tuple[GoldEvent, CodedPair], ...]


@dataclass(frozen=True, slots=True)
class EventScores:
    """The scores over all texts; shares lie between 0 and 1, higher is better except where named false."""

    outcomes: tuple[TextOutcome, ...]
    seconds: float

    def summary(self) -> dict[str, Any]:
        """The keys of INTERFACE, and scores by type, factuality and style."""
        right = sum(len(o.matched) for o in self.outcomes)
        loose = sum(len(o.undirected) for o in self.outcomes)
        gold = sum(len(o.gold.events) for o in self.outcomes)
        coded = sum(len(o.matched) + len(o.invented) for o in self.outcomes)
        pairs = [pair for o in self.outcomes for pair in o.matched]
        empty = [o for o in self.outcomes if not o.gold.events]
        return {
            "n": len(self.outcomes),
            "precision": _share(right, coded),
            "recall": _share(right, gold),
            "f1": _f1(right, coded, gold),
            "undirected_f1": _f1(loose, coded, gold),
            "direction_accuracy": _share(sum(_directed(g, c) for o in self.outcomes for g, c in o.undirected), loose),
            "factuality_accuracy": _mean([g.factuality == c.factuality for g, c in pairs if g.factuality]),
            "claimant_accuracy": _mean([g.by in c.claimants for g, c in pairs if g.by]),
            "false_events_on_empty": _mean([bool(o.invented) for o in empty]),
            "expected_calibration_error": self._calibration(),
            "seconds": round(self.seconds, 3),
            "by_type": self._by(lambda _text, types, _factuality: min(types)),
            "by_factuality": self._by(lambda _text, _types, factuality: factuality or "not judged"),
            "by_style": self._by(lambda text, _types, _factuality: text.style or "none"),
        }

    def _calibration(self) -> float | None:
        """The expected calibration error of the coded pairs' confidences; None where none has one."""
        rated = [(c.confidence, True) for o in self.outcomes for _, c in o.matched]
        rated += [(c.confidence, False) for o in self.outcomes for c in o.invented]
        known = [(confidence, right) for confidence, right in rated if confidence is not None]
        error = expected_calibration_error([c for c, _ in known], [right for _, right in known])
        return None if error is None else round(error, 4)

    def _by(
        self, group: Callable[[GoldText, Iterable[str], str | None], str]
    ) -> dict[str, dict[str, float | int | None]]:
        right: Counter[str] = Counter()
        gold: Counter[str] = Counter()
        coded: Counter[str] = Counter()
        for outcome in self.outcomes:
            for wanted, _found in outcome.matched:
                name = group(outcome.gold, wanted.types, wanted.factuality)
                right[name] += 1
                gold[name] += 1
                coded[name] += 1
            for missed in outcome.missed:
                gold[group(outcome.gold, missed.types, missed.factuality)] += 1
            for pair in outcome.invented:
                coded[group(outcome.gold, [pair.type], pair.factuality)] += 1
        return {
            name: {
                "n": gold[name],
                "precision": _share(right[name], coded[name]),
                "recall": _share(right[name], gold[name]),
                "f1": _f1(right[name], coded[name], gold[name]),
            }
            for name in sorted(gold | coded)
        }

    def worst(self, count: int) -> list[TextOutcome]:
        """The texts with the most misses and inventions."""
        ranked = sorted(self.outcomes, key=lambda o: (-len(o.missed) - len(o.invented), o.gold.id))
        return [outcome for outcome in ranked[:count] if outcome.missed or outcome.invented]


def load_gold(path: Path) -> list[GoldText]:
    """The labelled texts of a JSON Lines file; a malformed line is a `DataError` that names it."""
    if not path.is_file():
        raise UsageError(f"There is no file {path}; name a JSON Lines file of labelled texts.")
    texts = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            texts.append(_gold_text(json.loads(line), number))
        except (json.JSONDecodeError, KeyError, TypeError, UsageError) as error:
            raise DataError(f"{path.name} line {number} is not a labelled text: {error!r}.") from error
    return texts


def score_events(texts: Sequence[GoldText], coder: Coder) -> EventScores:
    """Code every text as one document and match what comes out; `seconds` is the coding alone."""
    outcomes = []
    seconds = 0.0
    for text in texts:
        document = Document(
            title=None,
            standfirst=None,
            body=text.text,
            published=text.published,
            published_basis=DateBasis.STATED if text.published else None,
        )
        started = time.perf_counter()
        coding = coder.code(document)
        seconds += time.perf_counter() - started
        reports = [Report(m, None, document.available, document.slice(m.sentence)) for m in coding.mentions]
        pairs = [pair for event in merge_mentions(reports) for pair in coded_pairs(event)]
        outcomes.append(match_text(text, pairs))
    return EventScores(tuple(outcomes), seconds)


def coded_pairs(event: Event) -> Iterator[CodedPair]:
    """An event as pairs; of a reciprocal one, a party with itself is no pair."""
    mutual = {actor.key for actor in event.source} == {actor.key for actor in event.target} and len(event.source) > 1
    for source in event.source:
        for target in event.target or (None,):
            if mutual and target is not None and target.key == source.key:
                continue
            yield CodedPair(
                _labels(source),
                _labels(target) if target else frozenset(),
                event.type.value,
                event.factuality.value,
                frozenset(word for claimant in event.claimants for word in (claimant, *_aliases().get(claimant, ()))),
                event.id,
                event.confidence,
            )


def match_text(text: GoldText, pairs: Sequence[CodedPair]) -> TextOutcome:
    """The best one-to-one matching of gold events and coded pairs."""
    matched = _match(text.events, pairs, _agrees)
    undirected = _match(text.events, pairs, _agrees_either_way)
    found = {id(gold) for gold, _ in matched}
    used = {id(pair) for _, pair in matched}
    return TextOutcome(
        text,
        tuple(matched),
        tuple(gold for gold in text.events if id(gold) not in found),
        tuple(pair for pair in pairs if id(pair) not in used),
        tuple(undirected),
    )


def _match(
    gold: Sequence[GoldEvent], pairs: Sequence[CodedPair], agrees: Callable[[GoldEvent, CodedPair], bool]
) -> list[tuple[GoldEvent, CodedPair]]:
    """Maximum bipartite matching by augmenting paths; better agreement on direction and factuality is tried first."""
    holder: dict[int, int] = {}
    options = [
        sorted(
            (i for i, pair in enumerate(pairs) if agrees(wanted, pair)),
            key=lambda i: (not _directed(wanted, pairs[i]), pairs[i].factuality != wanted.factuality, i),
        )
        for wanted in gold
    ]

    def place(wanted: int, seen: set[int]) -> bool:
        for i in options[wanted]:
            if i not in seen:
                seen.add(i)
                if i not in holder or place(holder[i], seen):
                    holder[i] = wanted
                    return True
        return False

    # Gold events with a named target choose before those that take any.
    for wanted in sorted(range(len(gold)), key=lambda g: (gold[g].target == "", len(options[g]), g)):
        place(wanted, set())
    return [(gold[wanted], pairs[i]) for i, wanted in sorted(holder.items(), key=lambda item: item[1])]


def _agrees(gold: GoldEvent, pair: CodedPair) -> bool:
    return pair.type in gold.types and _directed(gold, pair)


def _agrees_either_way(gold: GoldEvent, pair: CodedPair) -> bool:
    turned = gold.source in pair.target and (gold.target == "" or gold.target in pair.source)
    return pair.type in gold.types and (_directed(gold, pair) or turned)


def _directed(gold: GoldEvent, pair: CodedPair) -> bool:
    return gold.source in pair.source and (gold.target == "" or gold.target in pair.target)


def _labels(actor: Actor) -> frozenset[str]:
    """The code, the name, and every other name or abbreviation that the gazetteer has for a body or group."""
    return frozenset({actor.code, actor.name}) | _called().get((actor.code, actor.name), frozenset())


@cache
def _aliases() -> dict[str, frozenset[str]]:
    """Every other name or abbreviation of a body or group, by the name that it bears as a claimant."""
    return {name: called for (_, name), called in _called().items()}


@cache
def _called() -> dict[tuple[str, str], frozenset[str]]:
    names: dict[tuple[str, str], set[str]] = {}
    for name, entries in gazetteer().names.items():
        for entry in entries:
            if entry.kind in (NameKind.BODY, NameKind.GROUP):
                names.setdefault((entry.actor.code, entry.actor.name), set()).add(name)
    return {actor: frozenset(called) for actor, called in names.items()}


def _gold_text(row: dict[str, Any], number: int) -> GoldText:
    known_types = {kind.value for kind in EventType}
    known_factuality = {factuality.value for factuality in Factuality}
    events = []
    for event in row["events"]:
        types = frozenset(event["types"])
        if not types or not types <= known_types:
            raise KeyError(f"types {sorted(types)}; PLOVER's are {', '.join(sorted(known_types))}")
        if event.get("factuality") not in {None, *known_factuality}:
            raise KeyError(f"factuality {event['factuality']!r}; allowed are {', '.join(sorted(known_factuality))}")
        events.append(
            GoldEvent(event["source"], event.get("target") or "", types, event.get("factuality"), event.get("by"))
        )
    published = parse_period(row["date"]) if row.get("date") else None
    return GoldText(str(row.get("id", number)), row["text"], published, row.get("style"), tuple(events))


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _mean(values: Sequence[bool]) -> float | None:
    return _share(sum(values), len(values))


def _f1(right: int, coded: int, gold: int) -> float | None:
    return round(2 * right / (coded + gold), 4) if coded + gold else None
