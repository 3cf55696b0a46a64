"""Reads by when a promise is due from its own words, counted from the day on which it was made."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta
from functools import lru_cache

from dragoman.periods import Period, Precision

_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
_DAYS = {name.lower(): number for number, name in enumerate(calendar.day_name)}
_MONTH = "|".join(_MONTHS)
_DAY = "|".join(_DAYS)
_COUNTS = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "ten": 10, "twelve": 12}
_UNITS = {"hour": 1 / 24, "day": 1, "week": 7, "month": 30, "year": 365}
_SOON = {"days": 14, "weeks": 60, "months": 180}
_AHEAD = r"\b(?:will|to|would|shall|must|for|should)\b[^,;.]*?"
_PAST = re.compile(
    r"(?:\b\w+ed|said|met|held|told|spoke|sent|gave|began|made|took|left|found|came|went|fell|broke|won|lost|rose|grew"
    r"|got|set|since|was|were|had) $",
    re.IGNORECASE,
)

_WITHIN = re.compile(
    rf"\bwithin (?:the next )?(\d+|{'|'.join(_COUNTS)})[ -](hour|day|week|month|year)s?\b", re.IGNORECASE
)
_SOON_PHRASE = re.compile(r"\bin the (?:coming|next few) (days|weeks|months)\b", re.IGNORECASE)
_LIMIT = re.compile(
    rf"\b(?:by|before|until|no later than)(?: the)? (?P<end>end of )?(?:the )?"
    rf"(?:(?P<month>{_MONTH})(?: (?P<day>\d{{1,2}})(?!\d))?(?:,? (?P<year>\d{{4}}))?|(?P<unit>week|month|year)\b"
    rf"|(?P<bare>20\d\d)\b|(?P<weekday>{_DAY})\b)",
    re.IGNORECASE,
)
_RELATIVE = re.compile(r"\b(?:later )?(?P<which>next|this) (?P<unit>week|month|year)\b", re.IGNORECASE)
_NEXT_MONTH_NAMED = re.compile(rf"\bnext (?P<month>{_MONTH})\b", re.IGNORECASE)
_ON_DATE = re.compile(rf"{_AHEAD}\b(?:on|for) (?P<month>{_MONTH}) (?P<day>\d{{1,2}})(?!\d)", re.IGNORECASE)
_ON_WEEKDAY = re.compile(rf"{_AHEAD}\b(?:on|from) (?P<weekday>{_DAY})\b", re.IGNORECASE)
_IN_MONTH = re.compile(rf"(?P<before>\b\w+,? )in (?P<month>{_MONTH})(?: (?P<year>\d{{4}}))?\b", re.IGNORECASE)
_MONTHS_AHEAD = 9


_RETOLD = re.compile(
    rf"\b(?:said|promised|pledged|agreed|vowed|announced|indicated|told \w+) in (?P<month>{_MONTH})\b", re.IGNORECASE
)


def retold_day(text: str, told: date) -> date | None:
    """The end of the earlier month in which the words were said, where a report retells them ("said in September")."""
    found = _RETOLD.search(text)
    if found is None:
        return None
    month = _MONTHS[found["month"].lower()]
    if month == told.month:
        return None
    year = told.year if month < told.month else told.year - 1
    return date(year, month, calendar.monthrange(year, month)[1])


@lru_cache(maxsize=16384)
def due_day(text: str, made: date) -> date | None:
    """The last day by which the promise should be kept; None where its words set none."""
    return _within(text, made) or _limit(text, made) or _on(text, made) or _loose(text, made)


def _within(text: str, made: date) -> date | None:
    found = _WITHIN.search(text)
    if found:
        count = int(found[1]) if found[1].isdigit() else _COUNTS[found[1].lower()]
        return made + timedelta(days=max(1, round(count * _UNITS[found[2].lower()])))
    soon = _SOON_PHRASE.search(text)
    return made + timedelta(days=_SOON[soon[1].lower()]) if soon else None


def _limit(text: str, made: date) -> date | None:
    for found in _LIMIT.finditer(text):
        if found["month"]:
            due = _month_day(found["month"], found["day"], found["year"], made)
        elif found["unit"]:
            due = Period.of(made, Precision(found["unit"].lower())).end if found["end"] else None
        elif found["bare"]:
            due = date(int(found["bare"]), 12, 31)
        else:
            due = _weekday(found["weekday"], made)
        if due is not None and due >= made:
            return due
    return None


def _on(text: str, made: date) -> date | None:
    found = _ON_DATE.search(text)
    if found:
        return _month_day(found["month"], found["day"], None, made)
    weekday = _ON_WEEKDAY.search(text)
    return _weekday(weekday["weekday"], made) if weekday else None


def _loose(text: str, made: date) -> date | None:
    named = _NEXT_MONTH_NAMED.search(text)
    if named:
        return _month_day(named["month"], None, None, made + timedelta(days=1))
    relative = _RELATIVE.search(text)
    if relative:
        period = Period.of(made, Precision(relative["unit"].lower()))
        return (
            period.end
            if relative["which"].lower() == "this"
            else Period.of(period.end + timedelta(days=1), period.precision).end
        )
    for found in _IN_MONTH.finditer(text):
        if _PAST.search(found["before"].replace(",", "")) or "since" in text[: found.start()].split()[-5:]:
            continue
        due = _month_day(found["month"], None, found["year"], made)
        if due is not None and (due - made).days <= _MONTHS_AHEAD * 31:
            return due
    return None


def _month_day(month: str, day: str | None, year: str | None, made: date) -> date | None:
    """The named day, or the end of the named month; without a year, the next one that is not over."""
    number = _MONTHS[month.lower()]
    for candidate in (int(year),) if year else (made.year, made.year + 1):
        last = calendar.monthrange(candidate, number)[1]
        if day is not None and not 1 <= int(day) <= last:
            return None
        due = date(candidate, number, int(day) if day else last)
        if due >= made:
            return due
    return None


def _weekday(name: str, made: date) -> date:
    """The next day of this name after the day on which it was said."""
    return made + timedelta(days=(_DAYS[name.lower()] - made.weekday() - 1) % 7 + 1)
