"""How much of what was said is done, and how fast: shares with their intervals, and curves of the time to the deed."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from dragoman.relate.entries import Entry, State

NORMAL_95 = 1.959964
"""The two-sided 95 % point of the normal distribution."""

_DECIDED = (State.KEPT, State.PARTLY, State.BROKEN, State.LAPSED)


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """Share of words kept by so many days after they were said, with a 95 % band, and entries still followed then."""

    day: int
    kept: float
    low: float
    high: float
    at_risk: int


@dataclass(frozen=True, slots=True)
class KeptRate:
    """What became of one side's pledges (or threats) in one domain.

    `domain` is "all", a domain, or "unknown". `share` is kept / (kept + partly + broken + lapsed), None where nothing
    is decided; `low` and `high` its 95 % Wilson interval. General declarations are left out of all but `general`.
    """

    source: tuple[str, ...]
    target: tuple[str, ...]
    course: str
    domain: str
    total: int
    states: tuple[tuple[str, int], ...]
    general: int
    share: float | None
    low: float | None
    high: float | None
    curve: tuple[CurvePoint, ...]

    def row(self) -> dict[str, object]:
        """Plain values for the command."""
        return {
            "source": list(self.source),
            "target": list(self.target),
            "course": self.course,
            "domain": self.domain,
            "total": self.total,
            "states": dict(self.states),
            "general": self.general,
            "share": self.share,
            "low": self.low,
            "high": self.high,
            "curve": [
                {"day": p.day, "kept": p.kept, "low": p.low, "high": p.high, "at_risk": p.at_risk} for p in self.curve
            ],
        }


def kept_rates(entries: Sequence[Entry]) -> list[KeptRate]:
    """For each direction and domain, and for each direction over all domains, what was kept; pledges and threats apart.

    The curve is that of Kaplan and Meier (1958), turned to the share kept; what is not kept is censored on the day on
    which it was settled otherwise, lapsed, or was last followed.
    """
    groups: dict[tuple[tuple[str, ...], tuple[str, ...], str, str], list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.kind == "deadline":
            continue
        course = "threat" if entry.is_threat else "pledge"
        for domain in ("all", entry.domain.value if entry.domain else "unknown"):
            groups[entry.source, entry.target, course, domain].append(entry)
    return [_rate(key, groups[key]) for key in sorted(groups, key=lambda k: (k[0], k[1], k[2], k[3] != "all", k[3]))]


def wilson(kept: int, decided: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927); `decided` is at least 1."""
    square = NORMAL_95**2
    share = kept / decided
    centre = share + square / (2 * decided)
    spread = NORMAL_95 * sqrt(share * (1 - share) / decided + square / (4 * decided**2))
    scale = 1 + square / decided
    return max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale)


def _rate(key: tuple[tuple[str, ...], tuple[str, ...], str, str], entries: Sequence[Entry]) -> KeptRate:
    followed = [entry for entry in entries if not entry.general or entry.decided_by]
    states = Counter(entry.state for entry in followed)
    decided = sum(states[state] for state in _DECIDED)
    low, high = wilson(states[State.KEPT], decided) if decided else (None, None)
    return KeptRate(
        *key,
        total=len(followed),
        states=tuple((state.value, states[state]) for state in State),
        general=len(entries) - len(followed),
        share=round(states[State.KEPT] / decided, 4) if decided else None,
        low=round(low, 4) if low is not None else None,
        high=round(high, 4) if high is not None else None,
        curve=_curve(followed),
    )


def _curve(entries: Sequence[Entry]) -> tuple[CurvePoint, ...]:
    """The points at which a word was kept; empty where none was."""
    kept = [entry.state is State.KEPT and entry.lag_days is not None for entry in entries]
    days = [entry.lag_days if entry.lag_days is not None else entry.watched_days for entry in entries]
    return share_curve(days, kept)


def share_curve(days: Sequence[int], done: Sequence[bool]) -> tuple[CurvePoint, ...]:
    """Kaplan and Meier's curve (1958) of the share done after so many days; empty where nothing was.

    `days` are those until it was done, or over which what was not done was followed.
    """
    if not any(done):
        return ()
    # It takes a while to import, and most commands draw no curve.
    from lifelines import KaplanMeierFitter

    fitter = KaplanMeierFitter(alpha=0.05).fit(days, done)
    waiting, band = fitter.survival_function_, fitter.confidence_interval_
    ordered = sorted(days)
    points = []
    for day in sorted({day for day, was in zip(days, done, strict=True) if was}):
        left = float(waiting.loc[day].iloc[0])
        lower, upper = (float(band.loc[day].iloc[side]) for side in (0, 1))
        at_risk = len(ordered) - bisect_left(ordered, day)
        points.append(CurvePoint(int(day), round(1 - left, 4), _share(1 - upper, 0.0), _share(1 - lower, 1.0), at_risk))
    return tuple(points)


def _share(value: float, otherwise: float) -> float:
    """A share rounded; the widest bound where the band is not defined (everything kept at once)."""
    return otherwise if value != value else round(min(1.0, max(0.0, value)), 4)
