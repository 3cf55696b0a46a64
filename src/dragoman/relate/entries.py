"""An entry of the ledger: a word given by one side to the other, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from dragoman.terms import Domain


class State(StrEnum):
    """What has become of a word."""

    KEPT = "kept"
    PARTLY = "partly"
    BROKEN = "broken"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    OPEN = "open"


STATE_WORDS: Mapping[str, str] = {
    State.KEPT: "kept",
    State.PARTLY: "kept in part",
    State.BROKEN: "broken",
    State.WITHDRAWN: "withdrawn",
    State.LAPSED: "lapsed",
    State.OPEN: "still open",
}
"""The states as readers are told them, in the order in which they are told."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One pledge or threat and what became of it.

    `source` and `target` are codes, the same on both sides where `mutual`. `due` is the day that its own words set,
    `settled_by` the ids of the events and mentions that settle it, `claimed` those of a deed that only outsiders claim,
    `lag_days` the days from word to deed, `watched_days` the days over which it was followed, `score` 0 to 1 how well
    the deed fits (None without a deed, 1 if a person says so), `origins` the independent origins of the pledge itself,
    `general` a declaration that no deed can be checked against, `decided_by` the person who overruled the machine.
    """

    id: str
    kind: str
    state: State
    source: tuple[str, ...]
    target: tuple[str, ...]
    mutual: bool
    domain: Domain | None
    objects: tuple[str, ...]
    promise: str
    quoted: tuple[str, ...]
    made: date
    due: date | None
    general: bool
    settled_on: date | None
    settled_by: tuple[str, ...]
    claimed: tuple[str, ...]
    lag_days: int | None
    watched_days: int
    score: float | None
    reason: str
    origins: int
    events: tuple[str, ...]
    mentions: tuple[str, ...]
    renews: str | None = None
    decided_by: str | None = None

    @property
    def is_threat(self) -> bool:
        """Whether it threatens; all else promises, offers or sets a day."""
        return self.kind in ("threat", "ultimatum")

    def row(self) -> dict[str, object]:
        """Plain values for the command."""
        return {
            "id": self.id,
            "kind": self.kind,
            "state": self.state.value,
            "source": list(self.source),
            "target": list(self.target),
            "mutual": self.mutual,
            "domain": self.domain.value if self.domain else None,
            "objects": list(self.objects),
            "promise": self.promise,
            "quoted": list(self.quoted),
            "made": self.made.isoformat(),
            "due": self.due.isoformat() if self.due else None,
            "general": self.general,
            "settled_on": self.settled_on.isoformat() if self.settled_on else None,
            "settled_by": list(self.settled_by),
            "claimed": list(self.claimed),
            "lag_days": self.lag_days,
            "watched_days": self.watched_days,
            "score": self.score,
            "reason": self.reason,
            "origins": self.origins,
            "events": list(self.events),
            "mentions": list(self.mentions),
            "renews": self.renews,
            "decided_by": self.decided_by,
        }
