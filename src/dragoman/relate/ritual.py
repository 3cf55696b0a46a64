"""Ritual or news: whether a statement comes back every year or every week, and what is new in its wording."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise
from math import sqrt

from dragoman.relate.evidence import Happening, Report, acts
from dragoman.relate.newwords import NewPhrase, OwnWords
from dragoman.relate.occasions import Occasion, calendar, cues, in_year, occasion_of, speaks_of
from dragoman.relate.phrases import speakers_of
from dragoman.relate.seasons import alike_in_season
from dragoman.terms import Part

SAME_DAY = timedelta(days=10)
"""How far from the same day of an earlier year a counterpart without a known occasion may lie."""


SAME_WORDING = 0.6
"""Likeness from which a statement without new quoted words is worded as before."""

COUNTERPART = 0.4
"""Likeness from which a statement of the same season is a counterpart where no occasion joins the two."""

ENOUGH_WORDS = 4
"""Words of its own that a statement must show before its wording can be compared."""

MOST_PHRASES = 6
"""Phrases in an article's own words that are told for a statement; quoted words are told all."""

RHYTHM = {"weekly": (7, 120, 6), "daily": (1, 30, 10)}
"""For each rhythm: days between two briefings, days looked back, and briefings needed in them."""

LAST_BRIEFINGS = 4
"""Earlier briefings beside which one is placed."""

REGULAR = 0.7
"""The share of the gaps between briefings that must be of the rhythm's length, give or take a day."""


class Verdict(StrEnum):
    """What a statement is beside its counterparts."""

    SAME = "yearly ritual, same wording"
    NEW = "yearly ritual, new wording"
    UNREPORTED = "yearly ritual, wording not reported"
    BRIEFING = "regular briefing"
    NEWS = "news: no counterpart in earlier years"
    UNMATCHED = "cannot tell: no earlier message on this occasion in the record"
    UNKNOWN = "cannot tell: no earlier years in the record"


@dataclass(frozen=True, slots=True)
class Counterpart:
    """A statement of an earlier year, or an earlier briefing, beside which another is placed.

    `likeness` is the cosine of the two sets of words, 0 to 1, names and the occasion's own words left out; None where
    one of them shows too few words.
    """

    event_id: str
    mention_id: str
    day: date
    year: int
    likeness: float | None
    sentence: str

    def row(self) -> dict[str, object]:
        """Plain values for a table or JSON."""
        return {
            "event_id": self.event_id,
            "mention_id": self.mention_id,
            "day": self.day.isoformat(),
            "year": self.year,
            "likeness": None if self.likeness is None else round(self.likeness, 2),
            "sentence": self.sentence,
        }


@dataclass(frozen=True, slots=True)
class RitualRow:
    """A statement with its counterparts, its new words and the verdict.

    `year` is that of the occasion, so that a New Year message of December counts for the year to come. `likeness` is
    the highest of its counterparts', 0 to 1; None where nothing can be compared.
    """

    event_id: str
    mention_ids: tuple[str, ...]
    day: date
    year: int
    speaker: str
    target: str
    sentence: str
    occasion: str | None
    counterparts: tuple[Counterpart, ...]
    likeness: float | None
    new_phrases: tuple[NewPhrase, ...]
    verdict: Verdict
    reason: str

    @property
    def years(self) -> tuple[int, ...]:
        """The earlier years in which it has counterparts."""
        return tuple(sorted({known.year for known in self.counterparts}))

    def row(self) -> dict[str, object]:
        """Plain values for a table or JSON."""
        return {
            "event_id": self.event_id,
            "mention_ids": list(self.mention_ids),
            "day": self.day.isoformat(),
            "year": self.year,
            "speaker": self.speaker,
            "target": self.target,
            "sentence": self.sentence,
            "occasion": self.occasion,
            "years": list(self.years),
            "counterparts": [known.row() for known in self.counterparts],
            "likeness": None if self.likeness is None else round(self.likeness, 2),
            "new_phrases": [phrase.row() for phrase in self.new_phrases],
            "verdict": str(self.verdict),
            "reason": self.reason,
        }


@dataclass(frozen=True, slots=True)
class _Statement:
    event_id: str
    report: Report
    mention_ids: tuple[str, ...]
    reports: tuple[Report, ...]
    day: date
    voices: frozenset[str]
    occasion: Occasion | None
    year: int


def ritual(
    happenings: Sequence[Happening], first: str, second: str, *, today: date, coverage_from: date | None = None
) -> list[RitualRow]:
    """Every statement of one of the two to the other up to `today`, with its verdict; sorted by day, event, speaker.

    The record reaches back to `coverage_from`, or to the first report on the two if that is later or `coverage_from` is
    None. News is only called what had a year of record before it.
    """
    own = OwnWords(report.sentence for happening in happenings for report in happening.reports)
    naming = own.texts.may_hold(cues())
    reach = _reach(happenings, coverage_from)
    spoken = [h for h in happenings if h.day is not None and h.day <= today and h.is_word and not h.is_talk]
    spoken.sort(key=lambda h: h.event.id)
    rows = []
    for speaker, target in sorted({(first, second), (second, first)}):
        statements = _statements(spoken, speaker, target, naming)
        reports = [statement.reports for statement in statements]
        past = _Past(statements, own.sets(reports))
        new = own.new_phrases(reports, past.days)
        for place, statement in enumerate(statements):
            told = _told(new[place]) if past.before(statement.day) else ()
            rows.append(_judged(place, speaker, target, past, told, reach))
    return sorted(rows, key=lambda row: (row.day, row.event_id, row.speaker))


def _reach(happenings: Sequence[Happening], coverage_from: date | None) -> date | None:
    first = min((r.available for h in happenings for r in h.reports if r.available), default=None)
    return first if first is None or coverage_from is None else max(first, coverage_from)


def _statements(spoken: Sequence[Happening], speaker: str, target: str, naming: frozenset[str]) -> list[_Statement]:
    """What the speaker alone said to or about the target, sorted by day and event.

    Only sentences of `naming` may name an occasion.
    """
    found = []
    for happening in spoken:
        if happening.day is None or not acts(happening, speaker, target):
            continue
        reports = tuple(r for r in happening.reports if speakers_of(r, speaker, target) == (speaker,))
        if reports:
            found.append(_statement(happening, happening.day, reports, (speaker, target), naming))
    return sorted(_with_shared_occasions(found), key=lambda s: (s.day, s.event_id))


def _statement(
    happening: Happening, day: date, reports: tuple[Report, ...], parties: tuple[str, str], naming: frozenset[str]
) -> _Statement:
    occasion, year = None, day.year
    if any(report.sentence in naming for report in reports):
        text = " ".join(dict.fromkeys(report.sentence for report in reports))
        days = sorted({day, *(report.available for report in reports if report.available)})
        occasion, year = occasion_of(text, days, *parties)

    mention_ids = tuple(report.mention.id for report in reports)

    def worth(place: int) -> tuple[bool, bool, bool, date, str]:
        report = reports[place]
        names = bool(occasion and occasion.cues and occasion.cues.search(report.sentence))
        title = report.mention.sentence.part is Part.TITLE
        return not names, not report.quotes, title, report.available or date.max, mention_ids[place]

    return _Statement(
        event_id=happening.event.id,
        report=reports[min(range(len(reports)), key=worth) if len(reports) > 1 else 0],
        mention_ids=mention_ids,
        reports=reports,
        day=day,
        voices=frozenset(p.actor.name for r in reports for p in r.mention.source if p.actor.sector),
        occasion=occasion,
        year=year if occasion else day.year,
    )


def _with_shared_occasions(statements: list[_Statement]) -> list[_Statement]:
    """A statement told in the same document as a greeting, on the same day, belongs to that greeting."""
    marked = {
        (report.mention.document_id, statement.day): statement
        for statement in sorted(statements, key=lambda s: s.event_id, reverse=True)
        if statement.occasion
        for report in statement.reports
        if speaks_of(statement.occasion, report.sentence)
    }
    shared = []
    for statement in statements if marked else ():
        keys = ((report.mention.document_id, statement.day) for report in statement.reports)
        other = None if statement.occasion else next((marked[key] for key in keys if key in marked), None)
        shared.append(replace(statement, occasion=other.occasion, year=other.year) if other else statement)
    return shared or statements


class _Past:
    """The statements of one speaker, sorted by day, and their words; to be asked for what lies before one of them."""

    def __init__(self, statements: Sequence[_Statement], words: Sequence[frozenset[str]]) -> None:
        self.statements = statements
        self.words = words
        self.days = [statement.day for statement in statements]
        self.by_occasion: dict[tuple[str, str], list[int]] = defaultdict(list)
        self.by_voice: dict[str, list[int]] = defaultdict(list)
        for place, statement in enumerate(statements):
            if statement.occasion:
                self.by_occasion[statement.occasion.country, statement.occasion.name].append(place)
            for voice in statement.voices:
                self.by_voice[voice].append(place)
        self.alike = alike_in_season(self.days, words, SAME_DAY.days, COUNTERPART, ENOUGH_WORDS)

    def before(self, day: date) -> int:
        """How many statements lie before a day."""
        return bisect_left(self.days, day)

    def yearly(self, place: int) -> list[Counterpart]:
        """Its counterparts of earlier years: by occasion, else by season and likeness."""
        statement = self.statements[place]
        occasion = statement.occasion
        named = self.by_occasion[occasion.country, occasion.name] if occasion else []
        found = [
            self._counterpart(place, other, self.statements[other].year)
            for other in named
            if self.statements[other].year < statement.year
        ]
        return found or [self._counterpart(place, other, self.days[other].year) for other in self._of_season(place)]

    def _of_season(self, place: int) -> Iterator[int]:
        """Those of the same season of earlier years that are worded like it."""
        alike, day = self.alike[place], self.days[place]
        for year in range(self.days[0].year - 1, day.year) if alike else ():
            middle = in_year(day, year)
            low, high = middle - SAME_DAY, min(middle + SAME_DAY, day)
            yield from (other for other in alike if low <= self.days[other] <= high)

    def rhythm(self, place: int) -> tuple[str, list[Counterpart]] | None:
        """The rhythm in which the same voice speaks, with its last briefings; None where there is none."""
        *_, briefing = calendar()
        statement = self.statements[place]
        for name, (step, back, least) in RHYTHM.items():
            for voice in sorted(statement.voices):
                own = self.by_voice[voice]
                low = bisect_left(own, statement.day - timedelta(days=back), key=self.days.__getitem__)
                recent = own[low : bisect_right(own, statement.day, key=self.days.__getitem__)]
                days = sorted({self.days[other] for other in recent})
                if len(days) < least:
                    continue
                gaps = [(after - day).days for day, after in pairwise(days)]
                if name == "daily" and not any(
                    briefing.search(report.sentence) for other in recent for report in self.statements[other].reports
                ):
                    continue
                if sum(abs(gap - step) <= 1 for gap in gaps) >= REGULAR * len(gaps):
                    earlier = [other for other in recent if self.days[other] < statement.day][-LAST_BRIEFINGS:]
                    return name, [self._counterpart(place, other, self.days[other].year) for other in earlier]
        return None

    def _counterpart(self, place: int, other: int, year: int) -> Counterpart:
        known = self.statements[other]
        return Counterpart(
            event_id=known.event_id,
            mention_id=known.report.mention.id,
            day=known.day,
            year=year,
            likeness=wording_likeness(self.words[place], self.words[other]),
            sentence=known.report.sentence,
        )


def wording_likeness(one: frozenset[str], other: frozenset[str]) -> float | None:
    """The cosine of two sets of words, 0 to 1; None where either has fewer than four."""
    if min(len(one), len(other)) < ENOUGH_WORDS:
        return None
    return len(one & other) / sqrt(len(one) * len(other))


def _judged(
    place: int,
    speaker: str,
    target: str,
    past: _Past,
    new: tuple[NewPhrase, ...],
    reach: date | None,
) -> RitualRow:
    statement = past.statements[place]
    yearly = past.yearly(place)
    rhythm = None if yearly or statement.occasion else past.rhythm(place)
    counterparts = yearly or (rhythm[1] if rhythm else [])
    likeness = max((c.likeness for c in counterparts if c.likeness is not None), default=None)
    counterparts.sort(key=lambda c: (c.day, c.event_id))
    name = statement.occasion.name if statement.occasion else None
    if counterparts:
        verdict = _yearly_verdict(likeness, new) if yearly else Verdict.BRIEFING
        made = f"{speaker} speaks {rhythm[0]}, last on" if rhythm else f"{speaker} also spoke on {_named(name)}, on"
        reason = _reason(made, counterparts, new, likeness)
    elif reach is None or reach > in_year(statement.day, statement.day.year - 1):
        verdict, reason = Verdict.UNKNOWN, _unknown(reach)
    else:
        verdict = Verdict.UNMATCHED if name else Verdict.NEWS
        reason = _unlike(speaker, target, name, past.before(statement.day), reach)
    return RitualRow(
        event_id=statement.event_id,
        mention_ids=statement.mention_ids,
        day=statement.day,
        year=statement.year,
        speaker=speaker,
        target=target,
        sentence=statement.report.sentence,
        occasion=name,
        counterparts=tuple(counterparts),
        likeness=likeness,
        new_phrases=new,
        verdict=verdict,
        reason=reason,
    )


def _yearly_verdict(likeness: float | None, new: Sequence[NewPhrase]) -> Verdict:
    if any(phrase.quoted for phrase in new):
        return Verdict.NEW
    if likeness is None:
        return Verdict.UNREPORTED
    return Verdict.SAME if likeness >= SAME_WORDING else Verdict.NEW


def _named(occasion: str | None) -> str:
    return f"the occasion “{occasion}”" if occasion else "a day near this one in like words"


def _unknown(reach: date | None) -> str:
    if reach is None:
        return "No report in the record bears a date, so that its reach is not known."
    return f"The record of the two reaches back to {reach}, less than a year before this statement."


def _unlike(speaker: str, target: str, occasion: str | None, earlier: int, reach: date) -> str:
    since = f"the record of the two reaches back to {reach}"
    if not earlier:
        return f"{speaker} made no earlier statement about {target}; {since}."
    like = f"was made on {_named(occasion)}" if occasion else "was made around this day of the year in like words"
    return f"{speaker}'s earlier statements about {target}: {earlier}; none {like}; {since}."


def _reason(made: str, counterparts: Sequence[Counterpart], new: Sequence[NewPhrase], likeness: float | None) -> str:
    days = ", ".join(str(day) for day in dict.fromkeys(c.day for c in counterparts))
    quoted = [f"“{phrase.phrase}”" for phrase in new if phrase.quoted]
    words = f"first used here: {', '.join(quoted)}" if quoted else "no quoted words are new"
    alike = "too few words are reported to compare" if likeness is None else f"likeness {likeness:.2f}"
    return f"{made} {days}; {words}; {alike}."


def _told(new: Sequence[NewPhrase]) -> tuple[NewPhrase, ...]:
    quoted = [phrase for phrase in new if phrase.quoted]
    return (*quoted, *[phrase for phrase in new if not phrase.quoted][:MOST_PHRASES])
