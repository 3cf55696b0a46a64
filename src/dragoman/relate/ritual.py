"""Ritual or news: whether a statement comes back every year or every week, and what is new in its wording."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise
from math import sqrt

from dragoman.relate.evidence import Happening, Report, acts
from dragoman.relate.occasions import Occasion, calendar, greets, in_year, occasion_of, speaks_of
from dragoman.relate.phrases import (
    Token,
    is_loose,
    is_slight,
    is_telling,
    phrase_key,
    quoted_stretches,
    speakers_of,
    tokens,
)
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


ADJECTIVES = frozenset("shared armed united unprecedented sacred unlimited".split())
"""Participles that belong to the noun after them."""


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
class NewPhrase:
    """Words that a speaker uses for the first time in the record about this target.

    `quoted` tells that they stand in quotation marks; others are the reporting article's words.
    """

    phrase: str
    quoted: bool
    mention_id: str

    def row(self) -> dict[str, object]:
        """Plain values for a table or JSON."""
        return {"phrase": self.phrase, "quoted": self.quoted, "mention_id": self.mention_id}


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
    words: frozenset[str]


def ritual(
    happenings: Sequence[Happening], first: str, second: str, *, today: date, coverage_from: date | None = None
) -> list[RitualRow]:
    """Every statement of one of the two to the other up to `today`, with its verdict; sorted by day, event, speaker.

    The record reaches back to `coverage_from`, or to the first report on the two if that is later or `coverage_from` is
    None. News is only called what had a year of record before it.
    """
    known = sorted(happenings, key=lambda h: h.event.id)
    small = _small_words(known)
    reach = _reach(known, coverage_from)
    rows = []
    for speaker, target in sorted({(first, second), (second, first)}):
        statements = _statements(known, speaker, target, today, small)
        past = _Past(statements)
        phrases = [_phrases(statement, small) for statement in statements]
        used = _first_uses(statements, {key for found in phrases for _, keys in found for key in keys})
        for statement, found in zip(statements, phrases, strict=True):
            new = [phrase for phrase, keys in found if any(used[key] >= statement.day for key in keys)]
            new = new if past.before(statement.day) else []
            rows.append(_judged(statement, speaker, target, past, _told(new), reach))
    return sorted(rows, key=lambda row: (row.day, row.event_id, row.speaker))


def _reach(happenings: Sequence[Happening], coverage_from: date | None) -> date | None:
    first = min((r.available for h in happenings for r in h.reports if r.available), default=None)
    return first if first is None or coverage_from is None else max(first, coverage_from)


def _statements(
    happenings: Sequence[Happening], speaker: str, target: str, today: date, small: frozenset[str]
) -> list[_Statement]:
    """What the speaker alone said to or about the target, sorted by day and event."""
    found = []
    for happening in happenings:
        day = happening.day
        if day is None or day > today or not happening.is_word or happening.is_talk:
            continue
        if not acts(happening, speaker, target):
            continue
        reports = tuple(r for r in happening.reports if speakers_of(r, speaker, target) == (speaker,))
        if reports:
            found.append(_statement(happening, day, reports, (speaker, target), small))
    return sorted(_with_shared_occasions(found), key=lambda s: (s.day, s.event_id))


def _statement(
    happening: Happening, day: date, reports: tuple[Report, ...], parties: tuple[str, str], small: frozenset[str]
) -> _Statement:
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
        report=reports[min(range(len(reports)), key=worth)],
        mention_ids=mention_ids,
        reports=reports,
        day=day,
        voices=frozenset(p.actor.name for r in reports for p in r.mention.source if p.actor.sector),
        occasion=occasion,
        year=year if occasion else day.year,
        words=_own_words(reports, small),
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
    for statement in statements:
        keys = ((report.mention.document_id, statement.day) for report in statement.reports)
        other = None if statement.occasion else next((marked[key] for key in keys if key in marked), None)
        shared.append(replace(statement, occasion=other.occasion, year=other.year) if other else statement)
    return shared


class _Past:
    """The statements of one speaker, to be asked for what lies before another."""

    def __init__(self, statements: Sequence[_Statement]) -> None:
        self.statements = statements
        self.days = [statement.day for statement in statements]
        self.by_occasion: dict[tuple[str, str], list[_Statement]] = defaultdict(list)
        self.by_voice: dict[str, list[_Statement]] = defaultdict(list)
        for statement in statements:
            if statement.occasion:
                self.by_occasion[statement.occasion.country, statement.occasion.name].append(statement)
            for voice in statement.voices:
                self.by_voice[voice].append(statement)

    def before(self, day: date) -> int:
        """How many statements lie before a day."""
        return bisect_left(self.days, day)

    def yearly(self, statement: _Statement) -> list[Counterpart]:
        """Its counterparts of earlier years: by occasion, else by season and likeness."""
        occasion = statement.occasion
        named = self.by_occasion[occasion.country, occasion.name] if occasion else []
        found = [_counterpart(statement, other, other.year) for other in named if other.year < statement.year]
        return found or [
            _counterpart(statement, other, other.day.year)
            for other in self._of_season(statement)
            if (wording_likeness(statement.words, other.words) or 0.0) >= COUNTERPART
        ]

    def _of_season(self, statement: _Statement) -> Iterator[_Statement]:
        for year in range(self.days[0].year - 1, statement.day.year):
            middle = in_year(statement.day, year)
            low = bisect_left(self.days, middle - SAME_DAY)
            yield from self.statements[low : bisect_right(self.days, min(middle + SAME_DAY, statement.day))]

    def rhythm(self, statement: _Statement) -> tuple[str, list[Counterpart]] | None:
        """The rhythm in which the same voice speaks, with its last briefings; None where there is none."""
        *_, briefing = calendar()
        for name, (step, back, least) in RHYTHM.items():
            for voice in sorted(statement.voices):
                own = self.by_voice[voice]
                low = bisect_left(own, statement.day - timedelta(days=back), key=_day_of)
                recent = own[low : bisect_right(own, statement.day, key=_day_of)]
                days = sorted({s.day for s in recent})
                if len(days) < least:
                    continue
                gaps = [(after - day).days for day, after in pairwise(days)]
                if name == "daily" and not any(briefing.search(r.sentence) for s in recent for r in s.reports):
                    continue
                if sum(abs(gap - step) <= 1 for gap in gaps) >= REGULAR * len(gaps):
                    earlier = [s for s in recent if s.day < statement.day][-LAST_BRIEFINGS:]
                    return name, [_counterpart(statement, s, s.day.year) for s in earlier]
        return None


def _day_of(statement: _Statement) -> date:
    return statement.day


def _counterpart(statement: _Statement, other: _Statement, year: int) -> Counterpart:
    return Counterpart(
        event_id=other.event_id,
        mention_id=other.report.mention.id,
        day=other.day,
        year=year,
        likeness=wording_likeness(statement.words, other.words),
        sentence=other.report.sentence,
    )


def wording_likeness(one: frozenset[str], other: frozenset[str]) -> float | None:
    """The cosine of two sets of words, 0 to 1; None where either has fewer than four."""
    if min(len(one), len(other)) < ENOUGH_WORDS:
        return None
    return len(one & other) / sqrt(len(one) * len(other))


def _judged(
    statement: _Statement,
    speaker: str,
    target: str,
    past: _Past,
    new: tuple[NewPhrase, ...],
    reach: date | None,
) -> RitualRow:
    yearly = past.yearly(statement)
    rhythm = None if yearly or statement.occasion else past.rhythm(statement)
    counterparts = yearly or (rhythm[1] if rhythm else [])
    likeness = max((c.likeness for c in counterparts if c.likeness is not None), default=None)
    if yearly:
        verdict = _yearly_verdict(likeness, new)
    elif rhythm:
        verdict = Verdict.BRIEFING
    elif reach is None or reach > in_year(statement.day, statement.day.year - 1):
        verdict = Verdict.UNKNOWN
    else:
        verdict = Verdict.UNMATCHED if statement.occasion else Verdict.NEWS
    row = RitualRow(
        event_id=statement.event_id,
        mention_ids=statement.mention_ids,
        day=statement.day,
        year=statement.year,
        speaker=speaker,
        target=target,
        sentence=statement.report.sentence,
        occasion=statement.occasion.name if statement.occasion else None,
        counterparts=tuple(sorted(counterparts, key=lambda c: (c.day, c.event_id))),
        likeness=likeness,
        new_phrases=new,
        verdict=verdict,
        reason="",
    )
    return replace(row, reason=_reason(row, rhythm[0] if rhythm else None, past.before(statement.day), reach))


def _yearly_verdict(likeness: float | None, new: Sequence[NewPhrase]) -> Verdict:
    if any(phrase.quoted for phrase in new):
        return Verdict.NEW
    if likeness is None:
        return Verdict.UNREPORTED
    return Verdict.SAME if likeness >= SAME_WORDING else Verdict.NEW


def _reason(row: RitualRow, rhythm: str | None, earlier: int, reach: date | None) -> str:
    occasion = f"the occasion “{row.occasion}”" if row.occasion else "a day near this one in like words"
    since = f"the record of the two reaches back to {reach}"
    if row.verdict is Verdict.UNKNOWN and not reach:
        return "No report in the record bears a date, so that its reach is not known."
    if row.verdict is Verdict.UNKNOWN:
        return f"{since[0].upper()}{since[1:]}, less than a year before this statement."
    if row.verdict in (Verdict.NEWS, Verdict.UNMATCHED):
        if not earlier:
            return f"{row.speaker} made no earlier statement about {row.target}; {since}."
        like = f"was made on {occasion}" if row.occasion else "was made around this day of the year in like words"
        return f"{row.speaker}'s earlier statements about {row.target}: {earlier}; none {like}; {since}."
    days = ", ".join(str(day) for day in dict.fromkeys(c.day for c in row.counterparts))
    made = f"{row.speaker} speaks {rhythm}, last on" if rhythm else f"{row.speaker} also spoke on {occasion}, on"
    quoted = [f"“{phrase.phrase}”" for phrase in row.new_phrases if phrase.quoted]
    words = f"first used here: {', '.join(quoted)}" if quoted else "no quoted words are new"
    alike = "too few words are reported to compare" if row.likeness is None else f"likeness {row.likeness:.2f}"
    return f"{made} {days}; {words}; {alike}."


def _phrases(statement: _Statement, small: frozenset[str]) -> list[tuple[NewPhrase, tuple[str, ...]]]:
    """The statement's phrases, quoted words first, with the keys of which one must be new."""
    found: dict[str, tuple[NewPhrase, tuple[str, ...]]] = {}
    reports = list(zip(statement.mention_ids, statement.reports, strict=True))
    for mention_id, report in reports:
        for quote in report.quotes:
            words = tokens(quote)
            key = phrase_key(words)
            if is_telling(words) and key not in found:
                text = quote.strip().rstrip(",.;:")
                found[key] = NewPhrase(text, True, mention_id), tuple(_grams(key.split(), min(4, len(words))))
    for mention_id, report in reports:
        if report.mention.sentence.part is not Part.TITLE:
            for chunk in _own_phrases(report, small):
                text = report.sentence[chunk[0].start : chunk[-1].start + len(chunk[-1].text)]
                key = phrase_key(chunk)
                found.setdefault(key, (NewPhrase(text, False, mention_id), (key,)))
    return list(found.values())


def _own_phrases(report: Report, small: frozenset[str]) -> Iterator[list[Token]]:
    """The longest stretches of 2 to 4 words outside quotations without stop words and names."""
    stretches = quoted_stretches(report)
    chunk: list[Token] = []
    for word in (*tokens(report.sentence), None):
        inside = word is not None and any(start <= word.start < end for start, end in stretches)
        if word is not None and not inside and not _is_frame(word, small) and (not chunk or chunk[-1].run == word.run):
            chunk.append(word)
            continue
        chunk = _trimmed(chunk)
        if len(chunk) > 1:
            yield chunk[-4:]
        chunk = [word] if word is not None and not inside and not _is_frame(word, small) else []


def _trimmed(chunk: list[Token]) -> list[Token]:
    """A stretch without adverbs and participles at its ends, which seldom belong to the noun."""
    while chunk and chunk[-1].key.endswith(("ly", "ed")):
        chunk = chunk[:-1]
    while chunk and (chunk[0].key.endswith("ly") or (chunk[0].key.endswith("ed") and chunk[0].key not in ADJECTIVES)):
        chunk = chunk[1:]
    return chunk


def _is_frame(word: Token, small: frozenset[str]) -> bool:
    """Whether a word is a stop word, a name, or of the reporter's trade."""
    return is_loose(word) or is_slight(word) or _is_name(word, small)


def _is_name(word: Token, small: frozenset[str]) -> bool:
    return word.is_capital and not (word.opens and word.key in small)


def _told(new: Sequence[NewPhrase]) -> tuple[NewPhrase, ...]:
    quoted = [phrase for phrase in new if phrase.quoted]
    return (*quoted, *[phrase for phrase in new if not phrase.quoted][:MOST_PHRASES])


def _first_uses(statements: Sequence[_Statement], wanted: set[str]) -> dict[str, date]:
    """The first day on which the speaker used each of these phrases, statements being sorted by day."""
    used: dict[str, date] = {}
    for statement in statements:
        for report in statement.reports:
            words = [word.key for word in tokens(report.sentence)]
            for size in range(1, 5):
                for key in _grams(words, size):
                    if key in wanted:
                        used.setdefault(key, statement.day)
    return used | dict.fromkeys(wanted - used.keys(), date.max)


def _grams(keys: Sequence[str], size: int) -> Iterator[str]:
    """The phrases of so many words, from the keys of the words."""
    return (" ".join(keys[i : i + size]) for i in range(len(keys) - size + 1))


def _small_words(happenings: Sequence[Happening]) -> frozenset[str]:
    """The words seen in small letters; a capital at the head of a sentence is a name unless it is among them."""
    sentences = {report.sentence for happening in happenings for report in happening.reports}
    return frozenset(word.key for sentence in sentences for word in tokens(sentence) if not word.is_capital)


def _own_words(reports: Iterable[Report], small: frozenset[str]) -> frozenset[str]:
    """The words of a statement, cut to six letters, without names, numbers and the words of any greeting."""
    words = (word for report in reports for word in tokens(report.sentence) if not _is_frame(word, small))
    return frozenset(word.key[:6] for word in words if len(word.key) > 2 and not greets(word.text))
