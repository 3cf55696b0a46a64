"""The eras of a relation: stretches of time in which its course is steady, and the dates on which it changed."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib.resources import files
from itertools import pairwise
from statistics import fmean, pvariance
from typing import Any

from dragoman.errors import UsageError
from dragoman.relate.changes import Change, Course, Noticeable, find_changes
from dragoman.relate.evidence import Happening, acts
from dragoman.relate.firsts import First, firsts
from dragoman.relate.series import Coverage, Step, Tally, Undated, placed_on, read_by_period, tally, why_undated
from dragoman.relate.telling import Telling, most_telling

MONTH_DAYS = 30.4375
"""Days of a mean month, to which rates refer."""


@dataclass(frozen=True, slots=True)
class Turn:
    """The date on which an era began, the 90% interval of that date, and what changed.

    The three are first days of periods of the step. `reading` is by what factor the documents read a month changed at
    the same time; None where coverage was not stated.
    """

    day: date
    low: date
    high: date
    reason: str
    reading: float | None

    def row(self) -> dict[str, object]:
        """As plain values."""
        return {
            "day": self.day.isoformat(),
            "low": self.low.isoformat(),
            "high": self.high.isoformat(),
            "reason": self.reason,
            "reading": self.reading,
        }


@dataclass(frozen=True, slots=True)
class Era:
    """A stretch of steady course, both ends included, with its figures.

    `tone` is warm, cool, hostile or dormant; `leading` words, deeds or neither, by their share of the absolute
    intensity; `first_share` is the share of words and deeds in which the first acts on the second alone.
    `a_month` counts words and deeds, `mean_intensity` is theirs. `turn` is None for the first era. `firsts` tell what
    was done for the first time, or became better known, in it.
    """

    start: date
    end: date
    tone: str
    leading: str | None
    name: str
    a_month: float
    mean_intensity: float | None
    counts: Tally
    first_share: float | None
    turn: Turn | None
    telling: tuple[Telling, ...]
    firsts: tuple[First, ...]
    events: tuple[str, ...]

    def row(self) -> dict[str, object]:
        """As plain values."""
        return {
            "start": self.start.isoformat(),
            "end": self.end.isoformat(),
            "name": self.name,
            "tone": self.tone,
            "leading": self.leading,
            "a_month": self.a_month,
            "mean_intensity": self.mean_intensity,
            "words": self.counts.words,
            "deeds": self.counts.deeds,
            "first_share": self.first_share,
            **self.counts.row(),
            "turn": self.turn.row() if self.turn else None,
            "telling": [event.row() for event in self.telling],
            "firsts": [first.row() for first in self.firsts],
            "events": list(self.events),
        }


@dataclass(frozen=True, slots=True)
class Eras:
    """The eras of a relation in order of time.

    `unread` counts the periods from which no document was read: nothing is known of them, and they weigh nothing.
    `left_out` are the events that no period could hold. `note` says why no change was looked for, if so.
    """

    first: str
    second: str
    directed: bool
    step: Step
    eras: tuple[Era, ...]
    unread: int
    left_out: tuple[Undated, ...]
    note: str | None

    def row(self) -> dict[str, object]:
        """As plain values."""
        return {
            "first": self.first,
            "second": self.second,
            "directed": self.directed,
            "step": self.step.value,
            "eras": [era.row() for era in self.eras],
            "unread": self.unread,
            "left_out": [event.row() for event in self.left_out],
            "note": self.note,
        }


@dataclass(frozen=True, slots=True)
class _Line:
    """The observed periods in order: first days, days observed, documents read, and the events of each."""

    step: Step
    starts: tuple[date, ...]
    days: tuple[int, ...]
    documents: tuple[int, ...] | None
    found: tuple[tuple[Happening, ...], ...]
    unread: int
    left_out: tuple[Undated, ...]


def eras(
    happenings: Iterable[Happening],
    first: str,
    second: str,
    *,
    today: date,
    step: Step | None = None,
    directed: bool = False,
    coverage: Coverage | None = None,
    since: date | None = None,
) -> Eras:
    """The eras of a relation up to today; with `directed`, of what the first says and does to the second alone.

    It starts with `since`, else with the first document read by `coverage`, else with the first event. Without `step`
    the data choose day, week, month or quarter. A relation without any event in that time has no era.
    """
    if since and since > today:
        raise UsageError(f"Eras cannot start on {since}, after today, {today}; give an earlier day.")
    wanted = sorted((h for h in happenings if _belongs(h, first, second, directed)), key=lambda h: h.event.id)
    line = _line(wanted, step, today, since, coverage) if step else _choose(wanted, today, since, coverage)
    counted = sum(map(len, (_counted(found) for found in line.found)))
    if not counted:
        return Eras(first, second, directed, line.step, (), line.unread, line.left_out, "no word or deed is known")
    note, changes = None, []
    unnamed = [code for code in (first, second) if _is_unnamed(wanted, code)]
    if counted < _settings()["steps"]["events"]:
        note = f"with {counted} words and deeds, changes cannot be told from chance"
    elif unnamed and counted < _settings()["steps"]["unnamed_events"]:
        note = (
            f"none of the {counted} words and deeds names {' or '.join(unnamed)} itself, only offices, groups and "
            "persons; with so few, changes cannot be told from those of who was named"
        )
    else:
        changes = find_changes(_course(line), _settings()["shortest"][line.step], _noticeable())
    told = tuple(_tell(line, changes, first, second, today))
    return Eras(first, second, directed, line.step, told, line.unread, line.left_out, note)


def _belongs(happening: Happening, first: str, second: str, directed: bool) -> bool:
    forth = acts(happening, first, second)
    return not happening.event.dismissed and (forth or (not directed and acts(happening, second, first)))


def _is_unnamed(happenings: Iterable[Happening], code: str) -> bool:
    """Whether a state stands in these events, and never itself: always some office, group or person of it."""
    actors = [actor for h in happenings for actor in (*h.event.source, *h.event.target) if actor.code == code]
    return bool(actors) and all(actor.sector for actor in actors)


def _counted(happenings: Iterable[Happening]) -> list[Happening]:
    return [happening for happening in happenings if happening.is_word or happening.is_deed]


def _choose(wanted: Sequence[Happening], today: date, since: date | None, coverage: Coverage | None) -> _Line:
    """The line of the finest step at which there are events enough in a period, and not too many periods."""
    settings = _settings()["steps"]
    for step in (Step.DAY, Step.WEEK, Step.MONTH):
        line = _line(wanted, step, today, since, coverage)
        counted = sum(len(_counted(found)) for found in line.found)
        periods = len(line.starts)
        if periods <= settings["periods"] and counted >= settings["events_a_period"][step] * periods > 0:
            return line
    return _line(wanted, Step.QUARTER, today, since, coverage)


def _line(wanted: Sequence[Happening], step: Step, today: date, since: date | None, coverage: Coverage | None) -> _Line:
    placed: dict[date, list[Happening]] = defaultdict(list)
    left_out: list[Undated] = []
    for happening in wanted:
        day = placed_on(happening, step)
        if day is None:
            left_out.append(Undated(happening.event.id, why_undated(happening, step)))
        elif day > today:
            left_out.append(Undated(happening.event.id, f"it is dated {happening.event.date}, after {today}"))
        elif since is None or step.start(day) >= step.start(since):
            placed[step.start(day)].append(happening)
    read = None if coverage is None else read_by_period(coverage, step)
    begin = since or min(placed if read is None else read, default=today)
    starts = list(step.starts(begin, today))
    observed = starts if read is None else [start for start in starts if read.get(start)]
    for start in sorted(set(placed) - set(observed)):
        reason = f"no document from the {step} of {start} was read; a later one looks back on it"
        left_out += [Undated(happening.event.id, reason) for happening in placed[start]]
    return _Line(
        step,
        tuple(observed),
        tuple((min(step.end(start), today) - start).days + 1 for start in observed),
        None if read is None else tuple(read[start] for start in observed),
        tuple(tuple(placed[start]) for start in observed),
        len(starts) - len(observed),
        tuple(sorted(left_out, key=lambda event: event.event)),
    )


def _course(line: _Line) -> Course:
    """The line as numbers, each intensity measured from the mean of all words or of all deeds."""
    counted = [_counted(found) for found in line.found]
    every = [happening for period in counted for happening in period]
    level = {kind: fmean([h.event.intensity for h in every if h.is_deed is kind] or [0.0]) for kind in (True, False)}
    excess = [[h.event.intensity - level[h.is_deed] for h in period] for period in counted]
    return Course(
        words=[sum(h.is_word for h in period) for period in counted],
        deeds=[sum(h.is_deed for h in period) for period in counted],
        days=line.days,
        intensities=[sum(period) for period in excess],
        variance=pvariance([points for period in excess for points in period]),
    )


def _tell(line: _Line, changes: Sequence[Change], first: str, second: str, today: date) -> list[Era]:
    """The eras between the changes, each with its name and figures."""
    edges = [0, *(change.place for change in changes), len(line.starts)]
    parts = [[happening for period in line.found[low:high] for happening in period] for low, high in pairwise(edges)]
    news = firsts(happening for part in parts for happening in part)
    told: list[Era] = []
    for number, (low, high) in enumerate(pairwise(edges)):
        counted = _counted(parts[number])
        own = {happening.event.id for happening in parts[number]}
        elsewhere = [h for other in parts[:number] + parts[number + 1 :] for h in _counted(other)]
        counts = tally(parts[number], line.step)
        a_month = round(counts.count / sum(line.days[low:high]) * MONTH_DAYS, 2)
        mean = round(counts.intensity / counts.count, 2) if counts.count else None
        tone, leading = _tone(counts, a_month, mean), _leading(counted)
        forth = sum(not acts(happening, second, first) for happening in counted)
        era = Era(
            start=line.starts[low],
            end=min(line.step.end(line.starts[high - 1]), today),
            tone=tone,
            leading=leading,
            name=_name(tone, leading, a_month, told[-1] if told else None),
            a_month=a_month,
            mean_intensity=mean,
            counts=counts,
            first_share=round(forth / len(counted), 2) if counted else None,
            turn=None,
            telling=most_telling(counted, elsewhere, _settings()["telling"]),
            firsts=tuple(first for first in news if first.event in own),
            events=tuple(sorted(own)),
        )
        if told:
            change = changes[number - 1]
            low_day, high_day = line.starts[change.low], line.starts[change.high]
            reading = _reading(line, edges[number - 1], low, high)
            era = replace(era, turn=Turn(era.start, low_day, high_day, _reason(told[-1], era, reading), reading))
        told.append(era)
    return told


def _tone(counts: Tally, a_month: float, mean: float | None) -> str:
    limits = _settings()["tone"]
    if mean is None or a_month < limits["dormant_below"]:
        return "dormant"
    fighting = counts.deeds_conflict.count / counts.count >= limits["hostile_deeds"]
    if fighting or mean <= limits["hostile_to"]:
        return "hostile"
    return "warm" if mean >= limits["warm_from"] else "cool"


def _leading(counted: Sequence[Happening]) -> str | None:
    """Whether words or deeds lead, by their share of the absolute intensity; None without any."""
    if not counted:
        return None
    deeds = sum(abs(happening.event.intensity) for happening in counted if happening.is_deed)
    words = sum(abs(happening.event.intensity) for happening in counted if happening.is_word)
    share = _settings()["leading"]["share"]
    if deeds >= share * (deeds + words) > 0:
        return "deeds"
    return "words" if words >= share * (deeds + words) else "neither"


def _name(tone: str, leading: str | None, a_month: float, before: Era | None) -> str:
    """Such as “warm, busier than before, words leading”."""
    parts = [tone]
    ratio = _settings()["noticeable"]["ratio"]
    if before is not None and "dormant" not in (tone, before.tone):
        if a_month >= ratio * before.a_month:
            parts.append("busier than before")
        elif a_month * ratio <= before.a_month:
            parts.append("quieter than before")
    if leading is not None:
        parts.append(f"{leading} leading" if leading != "neither" else "words and deeds level")
    return ", ".join(parts)


def _reading(line: _Line, start: int, place: int, end: int) -> float | None:
    """By what factor the documents read a day changed at `place`; None where coverage was not stated."""
    if line.documents is None:
        return None
    before = sum(line.documents[start:place]) / sum(line.days[start:place])
    return round(sum(line.documents[place:end]) / sum(line.days[place:end]) / before, 2)


def _reason(before: Era, now: Era, reading: float | None) -> str:
    """What changed from one era to the next; a mean or share of very few events is left unsaid."""
    reasons = [_moved("words and deeds a month", before.a_month, now.a_month)]
    enough = min(before.counts.count, now.counts.count) >= _settings()["noticeable"]["events"]
    if enough and before.mean_intensity is not None and now.mean_intensity is not None:
        reasons.append(_moved("their mean intensity", before.mean_intensity, now.mean_intensity, sign="+"))
        earlier, later = (100 * era.counts.deeds / era.counts.count for era in (before, now))
        reasons.append(_moved("deeds among them", earlier, later, unit="%"))
    if reading is not None:
        reasons.append(f"{reading:g} times as many documents a month were read")
    return "; ".join(reasons)


def _moved(what: str, before: float, now: float, sign: str = "", unit: str = "") -> str:
    digits = 0 if unit else 1
    old, new = f"{before:{sign}.{digits}f}", f"{now:{sign}.{digits}f}"
    if old == new:
        return f"{what} stayed at {new}{unit}"
    return f"{what} {'rose' if now > before else 'fell'} from {old}{unit} to {new}{unit}"


def _noticeable() -> Noticeable:
    limits = _settings()["noticeable"]
    return Noticeable(ratio=limits["ratio"], share=limits["share"], points=limits["points"])


@cache
def _settings() -> Mapping[str, Any]:
    return tomllib.loads(files("dragoman.relate").joinpath("data/eras.toml").read_text("utf-8"))
