"""The wider net: who cooperates and who clashes in a period, blocs, who moved between them, triads in tension."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from dragoman.errors import UsageError
from dragoman.relate.balance import Balance, find_balance
from dragoman.relate.blocs import find_blocs, match_blocs
from dragoman.relate.evidence import Happening
from dragoman.relate.ties import EVIDENCE, FIRM, Sign, Tie, names_of, ties_of


@dataclass(frozen=True, slots=True)
class Bloc:
    """Actors that cooperate among themselves; `members` begins with the one that is tied most to the others."""

    members: tuple[str, ...]
    names: tuple[str, ...]
    cooperation: int
    conflict: int
    evidence: tuple[str, ...]

    @property
    def name(self) -> str:
        """The bloc is called after its centre: "Russia", "Russia and Iran", "Russia, Iran and 3 more"."""
        if len(self.names) <= 2:
            return " and ".join(self.names)
        return f"{self.names[0]}, {self.names[1]} and {len(self.names) - 2} more"

    def row(self) -> dict[str, object]:
        """The bloc as plain values; the weights are those of the ties inside it."""
        return {
            "name": self.name,
            "members": list(self.members),
            "names": list(self.names),
            "cooperation": self.cooperation,
            "conflict": self.conflict,
            "evidence": list(self.evidence),
        }


@dataclass(frozen=True, slots=True)
class Network:
    """The signed network of the days from `since` to `until`, both included; None is open.

    `names` tells what to call each actor, by key. `modularity` is the signed modularity of the blocs, -1 to +1, None
    where there is nothing to divide. `undated` counts the events left out because nothing tells when they were.
    """

    since: date | None
    until: date | None
    names: Mapping[str, str]
    ties: tuple[Tie, ...]
    blocs: tuple[Bloc, ...]
    modularity: float | None
    balance: Balance
    undated: int

    def bloc_of(self, actor: str) -> Bloc | None:
        """The bloc of an actor; None for one that belongs to none."""
        return next((bloc for bloc in self.blocs if actor in bloc.members), None)

    def placed(self) -> set[str]:
        """The actors of which at least one tie tells how they stand."""
        return {actor for tie in self.ties if tie.is_telling for actor in (tie.first, tie.second)}

    def row(self) -> dict[str, object]:
        """The network as plain values; `nodes` and `edges` are what `network_chart` draws."""
        number = {actor: i for i, bloc in enumerate(self.blocs) for actor in bloc.members}
        return {
            "since": self.since.isoformat() if self.since else None,
            "until": self.until.isoformat() if self.until else None,
            "nodes": [{"key": key, "name": name, "bloc": number.get(key)} for key, name in self.names.items()],
            "edges": [tie.row() for tie in self.ties],
            "blocs": [bloc.row() for bloc in self.blocs],
            "modularity": None if self.modularity is None else round(self.modularity, 3),
            "balance": self.balance.row(),
            "undated": self.undated,
        }


class MoveKind(StrEnum):
    """What an actor did between two periods."""

    CHANGED = "changed"
    JOINED = "joined"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Move:
    """An actor that stands in another bloc than before; `before` and `after` are None for no bloc.

    `evidence` holds events of the later period between the actor and the bloc that it joined, or, where it joined none,
    the members of the bloc that it left.
    """

    actor: str
    name: str
    kind: MoveKind
    before: Bloc | None
    after: Bloc | None
    reason: str
    evidence: tuple[str, ...]

    def row(self) -> dict[str, object]:
        """The move as plain values."""
        return {
            "actor": self.actor,
            "name": self.name,
            "kind": self.kind.value,
            "before": list(self.before.members) if self.before else None,
            "after": list(self.after.members) if self.after else None,
            "reason": self.reason,
            "evidence": list(self.evidence),
        }


def network(happenings: Sequence[Happening], *, since: date | None = None, until: date | None = None) -> Network:
    """The signed network of the events from one day to another, both included.

    Possible, denied and dismissed events are left out, and so are those of no known day (`undated` counts them).
    """
    dated = [
        h for h in happenings if (day := h.day) and (since is None or day >= since) and (until is None or day <= until)
    ]
    undated = {h.event.id for h in happenings if h.day is None}
    return make_network(ties_of(dated), names_of(happenings), since=since, until=until, undated=len(undated))


@dataclass(frozen=True, slots=True)
class Shape:
    """What only the telling ties of a network make: who belongs together, how well that divides it, and its balance."""

    groups: tuple[frozenset[str], ...]
    modularity: float | None
    balance: Balance


def shape_of(ties: Sequence[Tie], names: Mapping[str, str]) -> Shape:
    """The shape of a network with these ties; it takes nearly all of the time that a network takes."""
    groups, modularity = find_blocs({(tie.first, tie.second): tie.strength for tie in ties if tie.is_telling})
    return Shape(tuple(groups), modularity, find_balance(ties, names))


def make_network(
    ties: Sequence[Tie],
    names: Mapping[str, str],
    *,
    since: date | None,
    until: date | None,
    undated: int = 0,
    shape: Shape | None = None,
) -> Network:
    """The network of these ties, however they were counted; `shape` is theirs, where it is known."""
    if since and until and since > until:
        raise UsageError(f"A network from {since} to {until} has no days; swap the two.")
    shape = shape or shape_of(ties, names)
    actors = sorted({actor for tie in ties for actor in (tie.first, tie.second)})
    return Network(
        since=since,
        until=until,
        names={actor: names.get(actor, actor) for actor in actors},
        ties=tuple(ties),
        blocs=tuple(_bloc(group, ties, names) for group in shape.groups),
        modularity=shape.modularity,
        balance=shape.balance,
        undated=undated,
    )


def networks(happenings: Sequence[Happening], periods: Iterable[tuple[date, date]]) -> list[Network]:
    """The network of each period, its first and its last day included, in the order given."""
    return [network(happenings, since=since, until=until) for since, until in periods]


def moves(earlier: Network, later: Network) -> list[Move]:
    """Who stands in another bloc than before, sorted by key; blocs of the two periods are matched by shared members.

    Silence tells nothing: an actor without a telling tie in one of the periods did not move, and one that stands in no
    bloc any more has left only where it now clashes, at least as much as it cooperates, with a former companion.
    """
    lives_on = match_blocs(*([frozenset(bloc.members) for bloc in net.blocs] for net in (earlier, later)))
    number = {bloc.members: i for i, bloc in enumerate(earlier.blocs)}
    firm = _firm_ties(later)
    found = []
    for actor in sorted(earlier.placed() & later.placed()):
        before, after = earlier.bloc_of(actor), later.bloc_of(actor)
        successor = lives_on.get(number[before.members]) if before else None
        if before is not None and after is not None:
            if successor is None or later.blocs[successor] != after:
                found.append(_move(actor, later, firm[actor], MoveKind.CHANGED, before, after))
        elif after is not None:
            found.append(_move(actor, later, firm[actor], MoveKind.JOINED, None, after))
        elif before is not None and _fell_out(actor, firm[actor], before):
            found.append(_move(actor, later, firm[actor], MoveKind.LEFT, before, None))
    return found


def _firm_ties(net: Network) -> Mapping[str, list[Tie]]:
    """The firm ties of every actor."""
    found: dict[str, list[Tie]] = defaultdict(list)
    for tie in net.ties:
        if tie.weight >= FIRM:
            found[tie.first].append(tie)
            found[tie.second].append(tie)
    return found


def _fell_out(actor: str, firm: Sequence[Tie], before: Bloc) -> bool:
    return any(tie.conflict >= tie.cooperation for tie in _ties_with(actor, firm, before))


def _ties_with(actor: str, firm: Sequence[Tie], bloc: Bloc) -> list[Tie]:
    """Those of an actor's firm ties that join it with the other members of a bloc."""
    beside = set(bloc.members) - {actor}
    return [tie for tie in firm if tie.first in beside or tie.second in beside]


def _move(
    actor: str, later: Network, firm: Sequence[Tie], kind: MoveKind, before: Bloc | None, after: Bloc | None
) -> Move:
    name = later.names[actor]
    stood = f"stood with {_others(before, actor)}" if before else "stood in no bloc"
    stands = f"stands with {_others(after, actor)}" if after else "stands in no bloc"
    met = after or before
    evidence = _strongest(_ties_with(actor, firm, met)) if met else ()
    return Move(actor, name, kind, before, after, f"{name} {stood} and now {stands}.", evidence)


def _others(bloc: Bloc, actor: str) -> str:
    """The bloc without one of its members, in words."""
    names = [name for member, name in zip(bloc.members, bloc.names, strict=True) if member != actor]
    if len(names) > 4:
        names = [*names[:3], f"{len(names) - 3} more"]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _bloc(group: frozenset[str], ties: Sequence[Tie], names: Mapping[str, str]) -> Bloc:
    inside = [tie for tie in ties if tie.first in group and tie.second in group]
    tied = {a: sum(t.strength for t in inside if a in (t.first, t.second) and t.is_telling) for a in group}
    members = sorted(group, key=lambda actor: (-round(tied[actor], 9), actor))
    return Bloc(
        members=tuple(members),
        names=tuple(names.get(actor, actor) for actor in members),
        cooperation=sum(tie.cooperation for tie in inside),
        conflict=sum(tie.conflict for tie in inside),
        evidence=_strongest([tie for tie in inside if tie.is_telling and tie.sign is Sign.POSITIVE]),
    )


def _strongest(ties: Sequence[Tie]) -> tuple[str, ...]:
    """The first piece of evidence of each of the weightiest ties, then the second of each, five in all."""
    ranked = sorted(ties, key=lambda tie: (-abs(tie.strength), tie.first, tie.second))
    turns = (tie.evidence[turn] for turn in range(EVIDENCE) for tie in ranked if turn < len(tie.evidence))
    return tuple(dict.fromkeys(turns))[:EVIDENCE]
