"""Structural balance: whether friends of friends are friends, and where they are not.

A triangle of three signed ties is balanced when the product of its signs is positive (Cartwright and Harary 1956). One
in which all three clash is in tension by that rule, and at rest by the weaker one of Davis 1967; it is named apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from dragoman.relate.ties import Sign, Tie


class TriadKind(StrEnum):
    """How three actors stand to each other."""

    FRIENDS = "all friends"
    COMMON_FOE = "two against one"
    TORN = "torn between two"
    ALL_AT_ODDS = "all at odds"


SHOWN = 200
"""Triads in tension that are shown, those that rest on most."""

_KINDS = {3: TriadKind.FRIENDS, 2: TriadKind.TORN, 1: TriadKind.COMMON_FOE, 0: TriadKind.ALL_AT_ODDS}


@dataclass(frozen=True, slots=True)
class Triad:
    """Three actors with their three ties, each of them telling."""

    kind: TriadKind
    ties: tuple[Tie, Tie, Tie]
    says: str

    @property
    def is_balanced(self) -> bool:
        """Whether the product of the signs is positive."""
        return self.kind in (TriadKind.FRIENDS, TriadKind.COMMON_FOE)

    @property
    def weight(self) -> int:
        """The weight of the weakest tie: how sure it is that the three stand so."""
        return min(tie.weight for tie in self.ties)

    @property
    def actors(self) -> tuple[str, ...]:
        """The three, sorted."""
        return tuple(sorted({actor for tie in self.ties for actor in (tie.first, tie.second)}))

    def row(self) -> dict[str, object]:
        """The triad as plain values."""
        return {
            "actors": list(self.actors),
            "kind": self.kind.value,
            "balanced": self.is_balanced,
            "weight": self.weight,
            "says": self.says,
            "ties": [tie.row() for tie in self.ties],
        }


@dataclass(frozen=True, slots=True)
class Balance:
    """How balanced the triangles of a network are.

    `share` is the share of balanced ones, 0 to 1, and None where there is no triangle. `by_chance` is the share that
    ties of these signs would give if they fell at random, p³ + 3p(1-p)² for a share p of positive ones. `tension` holds
    the others, those that rest on most first, at most `SHOWN`.
    """

    triads: int
    balanced: int
    by_chance: float | None
    tension: tuple[Triad, ...]

    @property
    def share(self) -> float | None:
        """The share of balanced triads."""
        return self.balanced / self.triads if self.triads else None

    def row(self) -> dict[str, object]:
        """The balance as plain values."""
        return {
            "triads": self.triads,
            "balanced": self.balanced,
            "share": None if self.share is None else round(self.share, 3),
            "by_chance": None if self.by_chance is None else round(self.by_chance, 3),
            "tension": [triad.row() for triad in self.tension],
        }


def find_balance(ties: Sequence[Tie], names: Mapping[str, str]) -> Balance:
    """The balance of all triangles whose three ties are telling; mixed and thin ties make none."""
    known = {(tie.first, tie.second): tie for tie in ties if tie.is_telling}
    friendly = {pair: tie.sign is Sign.POSITIVE for pair, tie in known.items()}
    count, tension = 0, []
    for one, other, beside in _triangles(known):
        count += 1
        if (friendly[one] + friendly[other] + friendly[beside]) % 2 == 0:
            tension.append((known[one], known[other], known[beside]))
    # Of triangles of one weight those of the lower actors come first, as they are found.
    shown = sorted(tension, key=lambda three: -min(tie.weight for tie in three))[:SHOWN]
    share = sum(friendly.values()) / len(friendly) if count else None
    return Balance(
        triads=count,
        balanced=count - len(tension),
        by_chance=None if share is None else share**3 + 3 * share * (1 - share) ** 2,
        tension=tuple(_triad(three, names) for three in shown),
    )


Pair = tuple[str, str]


def _triangles(pairs: Iterable[Pair]) -> Iterator[tuple[Pair, Pair, Pair]]:
    """Every three pairs among three actors, sorted by the actors."""
    beyond: dict[str, set[str]] = defaultdict(set)
    for first, second in pairs:
        beyond[first].add(second)
    for first in sorted(beyond):
        for second in sorted(beyond[first]):
            for third in sorted(beyond[first] & beyond.get(second, set())):
                yield (first, second), (first, third), (second, third)


def _triad(ties: tuple[Tie, Tie, Tie], names: Mapping[str, str]) -> Triad:
    kind = _KINDS[sum(tie.sign is Sign.POSITIVE for tie in ties)]
    return Triad(kind, ties, _says(kind, ties, names))


def _says(kind: TriadKind, ties: Sequence[Tie], names: Mapping[str, str]) -> str:
    """What holds between the three, in words."""
    actors = sorted({actor for tie in ties for actor in (tie.first, tie.second)})
    a, b, c = (names.get(actor, actor) for actor in actors)
    if kind is TriadKind.FRIENDS:
        return f"{a}, {b} and {c} all cooperate."
    if kind is TriadKind.ALL_AT_ODDS:
        return f"{a}, {b} and {c} are all at odds."
    odd = next(t for t in ties if (t.sign is Sign.POSITIVE) is (kind is TriadKind.COMMON_FOE))
    first, second = names.get(odd.first, odd.first), names.get(odd.second, odd.second)
    third = next(names.get(actor, actor) for actor in actors if actor not in (odd.first, odd.second))
    if kind is TriadKind.COMMON_FOE:
        return f"{first} and {second} cooperate, and both are at odds with {third}."
    return f"{third} cooperates with {first} and {second}, which are at odds with each other."
