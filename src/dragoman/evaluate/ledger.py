"""Scores the ledger's matcher on labelled pairs of a pledge and a later report of a possible deed.

Each pair is built by hand from its labels, so that no error of the coder counts; what is judged is only whether the
deed settles the words. The format and the rules of the labels are in evals/relate/LEDGER.md.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, TypeVar

from dragoman.coding import gazetteer
from dragoman.coding.encoder import encoder
from dragoman.coding.ontology import intensity, ontology
from dragoman.coding.parser import load_model
from dragoman.errors import DataError, UsageError
from dragoman.periods import Period
from dragoman.read.quotes import quoted_spans
from dragoman.records import Actor, Claimant, Mention, Party, Span
from dragoman.relate.event import make_event
from dragoman.relate.evidence import Happening, Report
from dragoman.relate.settling import Match, Verdict, match_score
from dragoman.terms import ARMED_GROUPS, NON_STATE_CODES, ClaimantKind, Domain, EventType, Factuality, Part

Matcher = Callable[[Happening, Happening], Match]
Wanted = TypeVar("Wanted", bound=StrEnum)

STANDING = frozenset({"confirmed", "reported"})
"""Who must stand behind a deed for it to settle anything: a party to it, or articles in their own voice."""

_TEXTS = ("id", "pledge", "deed", "source", "target", "deed_source", "why")
_KEYS = frozenset(
    {*_TEXTS, "pledge_date", "deed_date", "pledge_type", "pledge_domain", "deed_target", "deed_type", "deed_domain"}
    | {"deed_factuality", "deed_claimant", "due", "label"}
)
_NOWHERE = Span(Part.BODY, 0, 0)
_WHOLE = {"UNO": "UN", "EUR": "EU"}


@dataclass(frozen=True, slots=True)
class LedgerPair:
    """One labelled pair; `due` is the day that the pledge's own words name, None where they name none."""

    id: str
    pledge: str
    pledge_date: date
    source: str
    target: str
    pledge_type: EventType
    pledge_domain: Domain | None
    deed: str
    deed_date: date
    deed_source: str
    deed_target: str
    deed_type: EventType
    deed_domain: Domain | None
    deed_factuality: Factuality
    deed_claimant: str | None
    due: date | None
    label: Verdict
    why: str

    def pledge_happening(self) -> Happening:
        """The pledge as an event with one report; only the day of the report is known."""
        mention = _mention(
            document=f"{self.id} pledge",
            text=self.pledge,
            source=self.source,
            target=self.target,
            kind=self.pledge_type,
            domain=self.pledge_domain,
            factuality=Factuality.PLEDGED,
        )
        return _happening(mention, self.pledge, self.pledge_date)

    def deed_happening(self) -> Happening:
        """The possible deed as an event with one report; its day is told."""
        mention = _mention(
            document=f"{self.id} deed",
            text=self.deed,
            source=self.deed_source,
            target=self.deed_target,
            kind=self.deed_type,
            domain=self.deed_domain,
            factuality=self.deed_factuality,
            claimant=self.deed_claimant,
            day=Period(self.deed_date),
        )
        return _happening(mention, self.deed, self.deed_date)


def load_ledger_pairs(path: Path) -> list[LedgerPair]:
    """The pairs of a file of JSON Lines; a bad line is a `DataError` that says what is wrong with it."""
    if not path.is_file():
        raise UsageError(f"There is no file {path}; name a file of JSON Lines, one pair of a pledge and a deed a line.")
    pairs: list[LedgerPair] = []
    seen: set[str] = set()
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            try:
                pair = _read(line)
                if pair.id in seen:
                    raise ValueError(f"the id {pair.id!r} stands on an earlier line too")
            except ValueError as error:
                raise DataError(f"{path.name} line {number}: {error}.") from error
            seen.add(pair.id)
            pairs.append(pair)
    return pairs


def score_ledger(pairs: Sequence[LedgerPair], matcher: Matcher = match_score) -> dict[str, Any]:
    """Precision, recall and F1 of pair against non-pair, the labels' accuracy, and the wrong ones with their texts.

    settles, partly, breaks and withdraws count as pairs. A verdict on a deed that only outsiders claim counts as none.
    `label_accuracy` is over the pairs that were rightly taken for one. All shares lie between 0 and 1; a share of
    nothing is None.
    """
    answers = [_answer(pair, matcher) for pair in pairs]
    told = sum(found is not Verdict.NONE for found, _ in answers)
    wanted = sum(pair.label is not Verdict.NONE for pair in pairs)
    both = [
        (pair.label, found)
        for pair, (found, _) in zip(pairs, answers, strict=True)
        if Verdict.NONE not in (pair.label, found)
    ]
    return {
        "n": len(pairs),
        "pairs": wanted,
        "precision": _share(len(both), told),
        "recall": _share(len(both), wanted),
        "f1": _share(2 * len(both), told + wanted),
        "label_accuracy": _share(sum(label is found for label, found in both), len(both)),
        "by_label": {label.value: _by_label(label, pairs, answers) for label in Verdict},
        "wrong": list(_wrong(pairs, answers)),
    }


def _answer(pair: LedgerPair, matcher: Matcher) -> tuple[Verdict, Match]:
    match = matcher(pair.pledge_happening(), pair.deed_happening())
    return (match.verdict if match.standing in STANDING else Verdict.NONE), match


def _by_label(label: Verdict, pairs: Sequence[LedgerPair], answers: Sequence[tuple[Verdict, Match]]) -> dict[str, int]:
    """How many have the label, how many of them the matcher gave it, and to how many it gave it in all."""
    found = [(pair.label, answer) for pair, (answer, _) in zip(pairs, answers, strict=True)]
    return {
        "n": sum(wanted is label for wanted, _ in found),
        "right": sum(wanted is answer is label for wanted, answer in found),
        "told": sum(answer is label for _, answer in found),
    }


def _wrong(pairs: Sequence[LedgerPair], answers: Sequence[tuple[Verdict, Match]]) -> Iterator[dict[str, object]]:
    for pair, (found, match) in zip(pairs, answers, strict=True):
        if found is not pair.label:
            yield {
                "id": pair.id,
                "label": pair.label.value,
                "found": found.value,
                "score": match.score,
                "standing": match.standing,
                "reasons": list(match.reasons),
                "why": pair.why,
                "pledge": pair.pledge,
                "deed": pair.deed,
            }


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _read(line: bytes) -> LedgerPair:
    """One pair; whatever is wrong with it is a `ValueError`."""
    try:
        row = json.loads(line)
    except ValueError as error:
        raise ValueError(f"not JSON ({error})") from error
    if not isinstance(row, dict):
        raise ValueError(f"a {type(row).__name__} instead of an object")
    if row.keys() != _KEYS:
        missing, unknown = sorted(_KEYS - row.keys()), sorted(row.keys() - _KEYS)
        raise ValueError(f"missing keys: {', '.join(missing) or 'none'}; unknown keys: {', '.join(unknown) or 'none'}")
    texts = {key: _text(row, key) for key in _TEXTS}
    pair = LedgerPair(
        **texts,
        pledge_date=_day(row, "pledge_date"),
        pledge_type=_one_of(row, "pledge_type", EventType),
        pledge_domain=None if row["pledge_domain"] is None else _one_of(row, "pledge_domain", Domain),
        deed_date=_day(row, "deed_date"),
        deed_target="" if row["deed_target"] == "" else _text(row, "deed_target"),
        deed_type=_one_of(row, "deed_type", EventType),
        deed_domain=None if row["deed_domain"] is None else _one_of(row, "deed_domain", Domain),
        deed_factuality=_one_of(row, "deed_factuality", Factuality),
        deed_claimant=None if row["deed_claimant"] is None else _text(row, "deed_claimant"),
        due=None if row["due"] is None else _day(row, "due"),
        label=_one_of(row, "label", Verdict),
    )
    _check(pair)
    return pair


def _check(pair: LedgerPair) -> None:
    """That the parties are known and that the label can be true of such a deed."""
    for label in (pair.source, pair.target, pair.deed_source, pair.deed_target):
        if label:
            actor_of(label)
    _claimants(pair.deed_claimant)
    if pair.label is not Verdict.NONE and pair.deed_factuality is not Factuality.ACTUAL:
        raise ValueError(f"a deed that is {pair.deed_factuality} has the label {pair.label}; only none is possible")
    if pair.label is not Verdict.NONE and pair.deed_date < pair.pledge_date:
        raise ValueError(f"a deed before its pledge has the label {pair.label}; only none is possible")


def _text(row: Mapping[str, Any], key: str) -> str:
    value = row[key]
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{key} is {value!r}; a text is needed")
    return value


def _day(row: Mapping[str, Any], key: str) -> date:
    value = row[key]
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{key} is {value!r}; a day as YYYY-MM-DD is needed") from error


def _one_of(row: Mapping[str, Any], key: str, kind: type[Wanted]) -> Wanted:
    try:
        return kind(row[key])
    except ValueError as error:
        raise ValueError(f"{key} is {row[key]!r}; allowed are {', '.join(kind)}") from error


@cache
def actor_of(label: str) -> Actor:
    """The actor of a code or name; of several, an armed group, then a body. An unknown one is a `ValueError`."""
    known = gazetteer()
    if label in known.states:
        return known.states[label]
    entries = known.names.get(_WHOLE.get(label, label), ())
    actors = [entry.actor for entry in entries if entry.actor.sector in ARMED_GROUPS]
    actors += [entry.actor for entry in entries if entry.actor.code in {*NON_STATE_CODES, *_WHOLE}]
    if not actors:
        raise ValueError(f"{label!r} is no code of a state and no name of a body or armed group")
    return actors[0]


def _claimants(label: str | None) -> tuple[Claimant, ...]:
    if label is None:
        return ()
    if label in set(ClaimantKind):
        return (Claimant(ClaimantKind(label), None, _NOWHERE, "say"),)
    return (Claimant(ClaimantKind.OFFICIAL, actor_of(label), _NOWHERE, "say"),)


def _mention(
    *,
    document: str,
    text: str,
    source: str,
    target: str,
    kind: EventType,
    domain: Domain | None,
    factuality: Factuality,
    claimant: str | None = None,
    day: Period | None = None,
) -> Mention:
    """The mention of a text that is nothing but the report; where in it the predicate stands is not known."""
    whole = Span(Part.BODY, 0, len(text))
    return Mention(
        document_id=document,
        sentence=whole,
        predicate=whole,
        source=_parties(source),
        target=_parties(target),
        type=kind,
        mode=None,
        quad=ontology()[kind].quad,
        intensity=intensity(kind, None),
        factuality=factuality,
        claimants=_claimants(claimant),
        date=day,
        date_span=None,
        place=None,
        domain=domain,
        contexts=(),
        quotes=tuple(Span(Part.BODY, start, end) for start, end in quoted_spans(text)),
        rules=("label",),
        coder_version="label",
        vector=_vector(text),
    )


def _parties(label: str) -> tuple[Party, ...]:
    return (Party(actor_of(label), _NOWHERE, "label"),) if label else ()


def _happening(mention: Mention, text: str, day: date) -> Happening:
    quotes = tuple(text[quote.start : quote.end] for quote in mention.quotes)
    report = Report(mention, None, day, text, quotes)
    return Happening(make_event([report]), (report,))


@lru_cache(maxsize=4096)
def _vector(text: str) -> bytes | None:
    """The encoder's summary of a text; None for a text without words."""
    words = [token.text for token in load_model().tokenizer(text)]
    return encoder().read(words).summary() if words else None
