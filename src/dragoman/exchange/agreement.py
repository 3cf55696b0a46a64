"""How far two records agree on the same days: what each has, by type and dyad, and the rows that differ.

The unit is one event between one source and one target on one day: a compound event is a unit for each pair. Units of
the same day and directed pair are matched one to one, those of one type first, then those of one quad, then the rest.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import zip_longest
from typing import Any

from dragoman.exchange.reliability import krippendorff_alpha


class Reference(StrEnum):
    """The record that counts as right where precision and recall are asked for."""

    A = "a"
    B = "b"


class Kind(StrEnum):
    """How the two stand to each other in a unit."""

    SAME = "same"
    TYPE_DIFFERS = "type differs"
    ONLY_A = "only in a"
    ONLY_B = "only in b"


@dataclass(frozen=True, slots=True, order=True)
class Coded:
    """One unit of a record: who did what to whom on a day, as one coder has it."""

    day: date
    source: str
    target: str
    type: str
    quad: int
    factuality: str
    id: str


@dataclass(frozen=True, slots=True)
class Coding:
    """One record's side: the days that it covers, its units, and how many events could not be units, by reason."""

    name: str
    days: frozenset[date]
    units: Sequence[Coded]
    left_out: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Match:
    """A unit of the one, of the other, or of both."""

    a: Coded | None
    b: Coded | None

    @property
    def any(self) -> Coded:
        """The unit of either side."""
        found = self.a or self.b
        if found is None:
            raise ValueError("A match holds a unit of at least one side.")
        return found

    @property
    def kind(self) -> Kind:
        """How the two stand to each other."""
        if self.a is None or self.b is None:
            return Kind.ONLY_B if self.a is None else Kind.ONLY_A
        return Kind.SAME if self.a.type == self.b.type else Kind.TYPE_DIFFERS

    def row(self) -> dict[str, Any]:
        """The match with plain values."""
        unit = self.any
        found: dict[str, Any] = {
            "difference": self.kind.value,
            "date": unit.day.isoformat(),
            "source": unit.source,
            "target": unit.target,
        }
        for name, side in (("a", self.a), ("b", self.b)):
            found |= {
                f"type_{name}": side.type if side else None,
                f"factuality_{name}": side.factuality if side else None,
                f"id_{name}": side.id if side else None,
            }
        return found


@dataclass(frozen=True, slots=True)
class Agreement:
    """What a comparison found; `matches` are all units on the days that both cover, sorted by day and pair."""

    a: Coding
    b: Coding
    reference: Reference
    days: frozenset[date]
    matches: Sequence[Match]

    def differences(self) -> list[Match]:
        """The units on which the two do not agree."""
        return [match for match in self.matches if match.kind is not Kind.SAME]

    def summary(self) -> dict[str, Any]:
        """Everything but the rows, with plain values; numbers that are not defined are None."""
        return {
            "a": _coverage(self.a, self.days),
            "b": _coverage(self.b, self.days),
            "reference": self.reference.value,
            "days_both": len(self.days),
            "first_day": min(self.days).isoformat() if self.days else None,
            "last_day": max(self.days).isoformat() if self.days else None,
            **_measures(self.matches, self.reference),
            "alpha": _alpha(self.matches),
            "alpha_type": _round(krippendorff_alpha((m.a.type, m.b.type) for m in self.matches if m.a and m.b)),
            "levels": {
                "pair": _scores(self.matches, self.reference, lambda _: 0),
                "quad": _scores(self.matches, self.reference, lambda unit: unit.quad),
                "type": _scores(self.matches, self.reference, lambda unit: unit.type),
            },
            "by_type": self._by_type(),
            "by_dyad": _grouped(self.matches, self.reference, lambda unit: f"{unit.source}>{unit.target}", "dyad"),
            "by_day": [
                {key: row[key] for key in ("day", "n_a", "n_b", "same", "type_differs", "only_a", "only_b")}
                for row in _grouped(self.matches, self.reference, lambda unit: unit.day.isoformat(), "day")
            ],
        }

    def _by_type(self) -> list[dict[str, Any]]:
        kinds = sorted({unit.type for match in self.matches for unit in (match.a, match.b) if unit})
        rows = []
        for kind in kinds:
            told = [(_has(match.a, kind), _has(match.b, kind)) for match in self.matches]
            n_a, n_b, same = sum(a for a, _ in told), sum(b for _, b in told), sum(a and b for a, b in told)
            rows.append(
                {"type": kind, "n_a": n_a, "n_b": n_b, "same": same}
                | _rates(same, n_a, n_b, self.reference)
                | {"alpha": _round(krippendorff_alpha(told))}
            )
        return rows


def compare(a: Coding, b: Coding, reference: Reference) -> Agreement:
    """Compare two codings on the days that both cover."""
    days = a.days & b.days
    cells: dict[tuple[date, str, str], tuple[list[Coded], list[Coded]]] = defaultdict(lambda: ([], []))
    for number, coding in enumerate((a, b)):
        for unit in coding.units:
            if unit.day in days:
                cells[unit.day, unit.source, unit.target][number].append(unit)
    matches = [match for key in sorted(cells) for match in match_units(*cells[key])]
    return Agreement(a, b, reference, days, matches)


def match_units(a: Iterable[Coded], b: Iterable[Coded]) -> list[Match]:
    """Match the units of one day and pair one to one: the same type first, then the same quad, then the rest."""
    left, right = sorted(a), sorted(b)
    found: list[Match] = []
    keys: tuple[Callable[[Coded], object], ...] = (lambda unit: unit.type, lambda unit: unit.quad)
    for key in keys:
        waiting = defaultdict(list)
        for unit in right:
            waiting[key(unit)].append(unit)
        rest = []
        for unit in left:
            if waiting[key(unit)]:
                found.append(Match(unit, waiting[key(unit)].pop(0)))
            else:
                rest.append(unit)
        left, right = rest, sorted(unit for units in waiting.values() for unit in units)
    return [*found, *(Match(one, other) for one, other in zip_longest(left, right))]


def _has(unit: Coded | None, kind: str) -> bool:
    return unit is not None and unit.type == kind


def _coverage(coding: Coding, days: frozenset[date]) -> dict[str, Any]:
    units = [unit for unit in coding.units if unit.day in days]
    return {
        "record": coding.name,
        "days": len(coding.days),
        "units": len(coding.units),
        "units_on_days_both": len(units),
        "dyads_on_days_both": len({(unit.source, unit.target) for unit in units}),
        "left_out": dict(coding.left_out),
    }


def _grouped(
    matches: Sequence[Match], reference: Reference, key: Callable[[Coded], str], name: str
) -> list[dict[str, Any]]:
    groups: dict[str, list[Match]] = defaultdict(list)
    for match in matches:
        groups[key(match.any)].append(match)
    return [
        {name: group, **_measures(groups[group], reference), "alpha": _alpha(groups[group])} for group in sorted(groups)
    ]


def _measures(matches: Sequence[Match], reference: Reference) -> dict[str, Any]:
    kinds = Counter(match.kind for match in matches)
    n_a = sum(match.a is not None for match in matches)
    n_b = sum(match.b is not None for match in matches)
    return {
        "n_a": n_a,
        "n_b": n_b,
        "same": kinds[Kind.SAME],
        "type_differs": kinds[Kind.TYPE_DIFFERS],
        "only_a": kinds[Kind.ONLY_A],
        "only_b": kinds[Kind.ONLY_B],
    } | _rates(kinds[Kind.SAME], n_a, n_b, reference)


def _scores(matches: Sequence[Match], reference: Reference, key: Callable[[Coded], object]) -> dict[str, float | None]:
    """Precision and recall where only the day, the pair and this key must agree."""
    sides: tuple[Counter[object], Counter[object]] = (Counter(), Counter())
    for match in matches:
        for side, unit in zip(sides, (match.a, match.b), strict=True):
            if unit is not None:
                side[unit.day, unit.source, unit.target, key(unit)] += 1
    return _rates((sides[0] & sides[1]).total(), sides[0].total(), sides[1].total(), reference)


def _rates(same: int, n_a: int, n_b: int, reference: Reference) -> dict[str, float | None]:
    judged, right = (n_a, n_b) if reference is Reference.B else (n_b, n_a)
    return {
        "precision": _round(same / judged) if judged else None,
        "recall": _round(same / right) if right else None,
        "f1": _round(2 * same / (judged + right)) if judged and right else None,
    }


def _alpha(matches: Sequence[Match]) -> float | None:
    """Alpha over types, with “absent” as a value of its own: what only one of the two has is disagreement."""
    absent = "absent"
    return _round(krippendorff_alpha((m.a.type if m.a else absent, m.b.type if m.b else absent) for m in matches))


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
