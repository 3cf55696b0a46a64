"""Questions about what comes next between two actors, in one small form that people and code read.

`PRK>RUS deed:arms x3 90d` asks whether at least three deeds in the domain arms go from PRK to RUS within 90 days. The
rule that settles every question is `Question.rule`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from dragoman.errors import UsageError
from dragoman.terms import Domain, EventType

LONGEST_DAYS = 3660
"""Days that a question may run at most: ten years."""

QUADS = {1: "verbal cooperation", 2: "material cooperation", 3: "verbal conflict", 4: "material conflict"}
"""PLOVER's four quads in words."""

_FORM = re.compile(r"(?P<source>[^>]+)>(?P<target>\S.*?)\s+(?P<kind>\S+)(?:\s+x(?P<times>\d+))?\s+(?P<days>\d+)d")
_EXAMPLE = "PRK>RUS deed:arms 90d"
_KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class Kind(StrEnum):
    """By what the events that a question counts are told apart."""

    ANY = "any"
    WORD = "word"
    DEED = "deed"
    QUAD = "quad"
    TYPE = "type"
    DOMAIN = "domain"
    INDICATOR = "indicator"


@dataclass(frozen=True, slots=True, order=True)
class EventClass:
    """A class of events: `deed:arms`, `quad:2`, `type:AID`, `domain:energy`, `word`, `indicator:arms`, `any`."""

    kind: Kind
    value: str | None = None

    @classmethod
    def parse(cls, text: str) -> EventClass:
        """The class that a text names; a `UsageError` says what is allowed."""
        name, sign, value = text.partition(":")
        try:
            kind = Kind(name.lower())
        except ValueError as error:
            raise UsageError(
                f"{text!r} is no class of events; write one of any, word, deed, word:DOMAIN, deed:DOMAIN, quad:1 to "
                "quad:4, type:TYPE, domain:DOMAIN or indicator:KEY."
            ) from error
        if bool(sign) != bool(value) or (kind is Kind.ANY and sign) or (kind not in _OPEN and not value):
            raise UsageError(
                f"{text!r} is no class of events; {kind} {_WANTED[kind]}: write for instance {_SHOWN[kind]}."
            )
        if not value:
            return cls(kind)
        return cls(kind, _checked(kind, value))

    def __str__(self) -> str:
        return f"{self.kind}:{self.value}" if self.value else str(self.kind)

    @property
    def domain(self) -> Domain | None:
        """The field of life that the class names, if it does."""
        has_one = self.kind in (Kind.WORD, Kind.DEED, Kind.DOMAIN) and self.value is not None
        return Domain(str(self.value)) if has_one else None

    @property
    def is_deed(self) -> bool:
        """Whether only deeds are of the class."""
        return self.kind is Kind.DEED or (self.kind is Kind.QUAD and self.value in ("2", "4"))

    @property
    def words(self) -> str:
        """What the class holds, in words."""
        match self.kind:
            case Kind.ANY:
                return "event of any kind"
            case Kind.WORD | Kind.DEED:
                return f"{self.kind} in the domain {self.value}" if self.value else str(self.kind)
            case Kind.QUAD:
                return f"event of {QUADS[int(self.value or 0)]}"
            case Kind.TYPE:
                return f"event of type {self.value}"
            case Kind.DOMAIN:
                return f"event in the domain {self.value}"
            case Kind.INDICATOR:
                return f"event that answers the indicator “{self.value}”"


@dataclass(frozen=True, slots=True, order=True)
class Question:
    """Will there be at least `times` events of a class from one actor to another within so many days?"""

    source: str
    target: str
    event_class: EventClass
    days: int
    times: int = 1

    def __post_init__(self) -> None:
        if self.source == self.target:
            raise UsageError(f"The question goes from {self.source} to itself; name two actors, as in {_EXAMPLE!r}.")
        if not 1 <= self.days <= LONGEST_DAYS:
            raise UsageError(f"The question runs {self.days} days; 1 to {LONGEST_DAYS} are allowed, as in “90d”.")
        if self.times < 1:
            raise UsageError(f"The question asks for {self.times} events; at least 1 is allowed: leave “x” out.")

    @classmethod
    def parse(cls, text: str) -> Question:
        """The question that a text holds; a `UsageError` says what was found, what is allowed and what to do."""
        found = _FORM.fullmatch(" ".join(text.split()))
        if found is None:
            raise UsageError(
                f"{text!r} is no question; it has the form “SOURCE>TARGET CLASS [xTIMES] DAYSd”: write for instance "
                f"{_EXAMPLE!r}."
            )
        return cls(
            found["source"].strip(),
            found["target"].strip(),
            EventClass.parse(found["kind"]),
            int(found["days"]),
            int(found["times"] or 1),
        )

    def __str__(self) -> str:
        times = f" x{self.times}" if self.times > 1 else ""
        return f"{self.source}>{self.target} {self.event_class}{times} {self.days}d"

    @property
    def words(self) -> str:
        """The question in words."""
        return f"Within {self.days} days, {self._asked}, from {self.source} to {self.target}?"

    def told(self, name: Callable[[str], str]) -> str:
        """The same as a line of a list, with the actors called as `name` calls them."""
        return f"Within {self.days} days, {self._asked}: {name(self.source)} to {name(self.target)}?"

    @property
    def _asked(self) -> str:
        if self.times > 1:
            return f"at least {self.times} of: {self.event_class.words}"
        return f"{'an' if self.event_class.words[0] in 'aeio' else 'a'} {self.event_class.words}"

    @property
    def rule(self) -> str:
        """The rule that settles it."""
        many = f"{self.times} events" if self.times > 1 else "one event"
        return (
            f"Yes once the record holds at least {many} ({self.event_class.words}) from {self.source} to {self.target} "
            f"in the {self.days} days after the day of asking. {COUNTED} No when these days are over, the record has "
            "reports from after them, and too few such events are there; unknown when nothing was read of those days."
        )


COUNTED = (
    "An event stands on its own day where that is known to a week, else on that of its first report. Actual and "
    "pledged events count, material ones only if actual; possible and denied ones, and those told by outsiders alone, "
    "do not."
)
"""What counts as an event, alike for every question."""

_OPEN = frozenset({Kind.ANY, Kind.WORD, Kind.DEED})
_WANTED = {
    Kind.ANY: "stands alone",
    Kind.WORD: "stands alone or with a domain",
    Kind.DEED: "stands alone or with a domain",
    Kind.QUAD: "needs a number from 1 to 4",
    Kind.TYPE: "needs a PLOVER type",
    Kind.DOMAIN: "needs a domain",
    Kind.INDICATOR: "needs the key of an indicator",
}
_SHOWN = {
    Kind.ANY: "any",
    Kind.WORD: "word:trade",
    Kind.DEED: "deed:arms",
    Kind.QUAD: "quad:2",
    Kind.TYPE: "type:AID",
    Kind.DOMAIN: "domain:energy",
    Kind.INDICATOR: "indicator:arms-transfer",
}


def _checked(kind: Kind, value: str) -> str:
    match kind:
        case Kind.QUAD:
            return _one_of(value, map(str, QUADS), "quad")
        case Kind.TYPE:
            return _one_of(value.upper(), EventType, "event type")
        case Kind.INDICATOR:
            if not _KEY.fullmatch(value):
                raise UsageError(f"{value!r} is no key of an indicator; keys are lower-case words joined by hyphens.")
            return value
        case _:
            return _one_of(value.lower(), Domain, "domain")


def _one_of(value: str, allowed: Iterable[str], what: str) -> str:
    known = [str(item) for item in allowed]
    if value not in known:
        raise UsageError(f"{value!r} is no {what}; write one of {', '.join(known)}.")
    return value
