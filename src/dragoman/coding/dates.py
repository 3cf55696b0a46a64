"""When it happened, from the words of the sentence relative to the day of publication; unknown stays None.

Only expressions that hang on the predicate count: in "Seoul said on Tuesday that Pyongyang had shipped shells" the
Tuesday dates the saying. A weekday is the latest one up to the day of publication, or the next one for a promise.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from dragoman.coding.clauses import CLAUSAL
from dragoman.coding.scene import Paragraph
from dragoman.periods import Period, Precision

if TYPE_CHECKING:
    from spacy.tokens import Token

MONTHS = {
    name: number
    for number, names in enumerate(
        "january,jan february,feb march,mar april,apr may june,jun july,jul august,aug september,sep,sept october,oct "
        "november,nov december,dec".split(),
        start=1,
    )
    for name in names.split(",")
}
WEEKDAYS = {name: day for day, name in enumerate("monday tuesday wednesday thursday friday saturday sunday".split())}
NUMBERS = {word: n for n, word in enumerate("zero one two three four five six seven eight nine ten".split())} | {
    "a": 1,
    "an": 1,
    "several": None,
}
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_DAY = "|".join(WEEKDAYS)
_COUNT = r"\d+|an?|one|two|three|four|five|six|seven|eight|nine|ten"
_ERA = re.compile(
    r"\b(?:the (?:19|20)?\d0s|Cold War|Second World War|World War II|Soviet era|colonial era|antiquity)\b",
    re.IGNORECASE,
)

_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(rf"\b(?:{text})\b", re.IGNORECASE))
    for name, text in (
        ("iso", r"(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})"),
        ("range", rf"(?P<d>\d{{1,2}}) ?(?:-|–|to|and) ?(?P<d2>\d{{1,2}}) (?P<mon>{_MONTH})\.?(?:,? (?P<y>\d{{4}}))?"),
        (
            "range",
            rf"(?P<mon>{_MONTH})\.? (?P<d>\d{{1,2}}) ?(?:-|–|to|and) ?(?P<d2>\d{{1,2}})(?!\d)(?:,? (?P<y>\d{{4}}))?",
        ),
        ("season", r"(?P<which>last|this|next) (?P<season>spring|summer|autumn|fall)"),
        ("day month", rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?(?P<mon>{_MONTH})\.?(?:,? (?P<y>\d{{4}}))?"),
        ("month day", rf"(?P<mon>{_MONTH})\.? (?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?!\d)(?:,? (?P<y>\d{{4}}))?"),
        ("month year", rf"(?P<mon>{_MONTH})\.?,? (?:of )?(?P<y>\d{{4}})"),
        ("last month name", rf"last (?P<mon>{_MONTH})"),
        ("weekday", rf"(?:(?P<which>last|next|this) )?(?P<wd>{_DAY})"),
        ("day word", r"(?P<word>today|tonight|yesterday|tomorrow|overnight)"),
        ("ago", rf"(?P<n>{_COUNT}) (?P<unit>day|week|month|year)s? (?:ago|earlier)"),
        (
            "unit",
            r"(?:(?P<part>earlier|later|early|late) )?(?P<which>last|this|next) (?P<unit>week|month|year|weekend)",
        ),
        ("in month", rf"in (?:early |late |mid-)?(?P<mon>{_MONTH})"),
        ("in year", r"(?:in|of|since|during) (?:early |late |mid-)?(?P<y>(?:19|20)\d{2})"),
    )
)


@dataclass(frozen=True, slots=True)
class When:
    """A period with the characters (of the paragraph) that gave it and the rule that read them."""

    period: Period
    start: int
    end: int
    rule: str


def find_when(paragraph: Paragraph, anchor: Token, published: date | None, future: bool) -> When | None:
    """The period that the words hanging on `anchor` give; None where there are none or they need a missing date."""
    if _is_offset(anchor):
        return None
    for found in expressions(paragraph.doc.text, anchor.sent.start_char, anchor.sent.end_char, published, future):
        if _hangs_on(paragraph, anchor, found.start, found.end):
            return found
    return None


def is_long_past(paragraph: Paragraph, anchor: Token) -> bool:
    """Whether the clause tells of a past era rather than of news."""
    text = paragraph.doc.text
    return any(
        _hangs_on(paragraph, anchor, found.start(), found.end())
        for found in _ERA.finditer(text, anchor.sent.start_char, anchor.sent.end_char)
    )


def expressions(text: str, start: int, end: int, published: date | None, future: bool) -> list[When]:
    """Every expression of time between two characters that can be resolved, in the order of the text."""
    taken: list[tuple[int, int]] = []
    found: list[When] = []
    for name, pattern in _PATTERNS:
        for match in pattern.finditer(text, start, end):
            if any(match.start() < last and first < match.end() for first, last in taken):
                continue
            taken.append((match.start(), match.end()))
            period = _period(name, match.groupdict(), published, future)
            if period is not None:
                found.append(When(period, match.start(), match.end(), f"date: {name}"))
    return sorted(found, key=lambda when: when.start)


def _period(name: str, groups: dict[str, str | None], published: date | None, future: bool) -> Period | None:
    year = int(groups["y"] or "0") if groups.get("y") else None
    month = MONTHS[(groups["mon"] or "").lower()] if groups.get("mon") else int(groups.get("m") or "0")
    if name in ("iso", "day month", "month day"):
        return _day(year, month, int(groups["d"] or "0"), published, future)
    if name == "month year" and year:
        return Period(date(year, month, 1), Precision.MONTH)
    if name == "in year" and year:
        return Period(date(year, 1, 1), Precision.YEAR)
    if name == "range":
        ends = [_day(year, month, int(groups[end] or "0"), published, future) for end in ("d", "d2")]
        return _over(*ends)
    if published is None:
        return None
    match name:
        case "season":
            return _season((groups["which"] or "").lower(), (groups["season"] or "").lower(), published)
        case "weekday":
            return _weekday(WEEKDAYS[(groups["wd"] or "").lower()], groups.get("which"), published, future)
        case "day word":
            shift = {"yesterday": -1, "tomorrow": 1}.get((groups["word"] or "").lower(), 0)
            return Period(published + timedelta(days=shift))
        case "ago":
            return _ago(groups["n"] or "", groups["unit"] or "", published)
        case "unit":
            return _unit((groups["which"] or "").lower(), (groups["unit"] or "").lower(), published)
        case "in month" | "last month name":
            return _month(month, published, future)
    return None


def _day(year: int | None, month: int, day: int, published: date | None, future: bool) -> Period | None:
    try:
        if year is not None:
            return Period(date(year, month, day))
        if published is None:
            return None
        candidates = [date(published.year + shift, month, day) for shift in (-1, 0, 1)]
    except ValueError:
        return None
    if future:
        return Period(next((day for day in candidates if day >= published), candidates[-1]))
    # A date up to a week ahead is a misprint or a time zone; otherwise the latest one past is meant.
    return Period(max(day for day in candidates if day <= published + timedelta(days=1)))


def _over(first: Period | None, last: Period | None) -> Period | None:
    """The narrowest week, month or year that holds both ends of a range."""
    if first is None or last is None or last.start <= first.start:
        return None
    for precision in (Precision.WEEK, Precision.MONTH, Precision.YEAR):
        period = Period.of(first.start, precision)
        if period.holds(last):
            return period
    return None


def _season(which: str, season: str, published: date) -> Period:
    """The year of a season, for its months differ by hemisphere and writer; the last one has wholly passed.

    Winter lies in two years and is not read. Northern months, as agencies write, tell which year is meant.
    """
    ends = {"spring": 5, "summer": 8, "autumn": 11, "fall": 11}[season]
    year = published.year
    if which == "last" and published.month <= ends:
        year -= 1
    if which == "next" and published.month >= ends - 2:
        year += 1
    return Period(date(year, 1, 1), Precision.YEAR)


def _month(month: int, published: date, future: bool) -> Period:
    year = published.year
    if future and month < published.month:
        year += 1
    if not future and month > published.month:
        year -= 1
    return Period(date(year, month, 1), Precision.MONTH)


def _weekday(day: int, which: str | None, published: date, future: bool) -> Period:
    if future or (which or "").lower() == "next":
        ahead = (day - published.weekday()) % 7
        return Period(published + timedelta(days=ahead or 7))
    back = (published.weekday() - day) % 7
    if (which or "").lower() == "last" and back == 0:
        back = 7
    return Period(published - timedelta(days=back))


def _ago(count: str, unit: str, published: date) -> Period | None:
    number = int(count) if count.isdigit() else NUMBERS.get(count.lower())
    if number is None:
        return None
    match unit.lower():
        case "day":
            return Period(published - timedelta(days=number))
        case "week":
            return Period.of(published - timedelta(weeks=number), Precision.WEEK)
        case "month":
            months = published.year * 12 + published.month - 1 - number
            return Period(date(months // 12, months % 12 + 1, 1), Precision.MONTH)
        case _:
            return Period(date(published.year - number, 1, 1), Precision.YEAR)


def _unit(which: str, unit: str, published: date) -> Period:
    shift = {"last": -1, "this": 0, "next": 1}[which]
    match unit:
        case "week":
            return Period.of(published + timedelta(weeks=shift), Precision.WEEK)
        case "weekend":
            saturday = published - timedelta(days=(published.weekday() - 5) % 7)
            return Period.of(saturday + timedelta(weeks=max(shift, 0)), Precision.WEEK)
        case "month":
            months = published.year * 12 + published.month - 1 + shift
            return Period(date(months // 12, months % 12 + 1, 1), Precision.MONTH)
        case _:
            return Period(date(published.year + shift, 1, 1), Precision.YEAR)


def _is_offset(anchor: Token) -> bool:
    """Whether the deed is what another is counted from ("Thursday, a day after the two had met")."""
    for child in anchor.children:
        if child.dep_ in ("mark", "prep") and child.lower_ in ("after", "before") and child.i > 0:
            before = anchor.doc[child.i - 1]
            return before.lemma_.lower() in ("day", "week", "month", "year", "hour", "later", "shortly", "just")
    return False


def _hangs_on(paragraph: Paragraph, anchor: Token, start: int, end: int) -> bool:
    """Whether the nearest clause above the expression is the anchor's own, or one that only continues it."""
    span = paragraph.doc.char_span(start, end, alignment_mode="expand")
    if span is None:
        return False
    token = span.root
    for _ in range(15):
        if token.i == anchor.i:
            return True
        if token.head.i == token.i:
            return False
        if token.pos_ in ("VERB", "AUX") and token.dep_ in CLAUSAL | {"ROOT", "conj", "acl", "pcomp"}:
            return False
        token = token.head
    return False
