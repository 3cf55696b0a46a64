"""Publication dates in the page's own words: stated, or counted back from the day of retrieval."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from dragoman.periods import Period, Precision
from dragoman.terms import DateBasis

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_CLOCK = (
    r"(?:,?[ T](?:at )?\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:\.\d+)?)?(?: ?[ap]\.?m\.?)?"
    r"(?: ?(?:Z|UTC|GMT|[A-Z]{2,4}T|(?:GMT|UTC)?[+-]\d{2}:?\d{2}))?)?"
)
_STATED = (
    r"(?P<iso>\d{4}-\d{2}-\d{2})(?!\d)"
    r"|(?P<ymd>\d{4}(?P<ymd_mark>[/.])\d{1,2}(?P=ymd_mark)\d{1,2})(?!\d)"
    rf"|(?P<dmy>\d{{1,2}}(?:st|nd|rd|th)?(?: of)?[ .-]+{_MONTH}\.?,?[ -]+\d{{4}})(?!\d)"
    rf"|(?P<mdy>{_MONTH}\.? \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}})(?!\d)"
    r"|(?P<numeric>\d{1,2}(?P<mark>[/.])\d{1,2}(?P=mark)\d{4})(?!\d)"
    rf"|(?P<my>{_MONTH}\.?,? \d{{4}})(?!\d)"
)
_RELATIVE = (
    rf"(?:(?:about|around|over|almost|nearly) )?(?:\d{{1,4}}|an?|{'|'.join(_NUMBERS)}) ?"
    r"(?:seconds?|secs?|s|minutes?|mins?|months?|mos?|m|hours?|hrs?|h|days?|d|weeks?|wks?|w|years?|yrs?|y) ago"
    r"(?:(?![^\W\d_])|(?-i:(?=[A-Z])))"
    r"|yesterday\b|today\b|just now\b|last (?:week|month|year)\b"
)
_LABEL = r"(?:(?:first |originally )?(?:published|posted|released|issued)|(?:last )?(?:updated|modified)|date)"
# A label may follow a name without a space ("By A. WriterPublished 2 days ago"), then it has a capital.
_PHRASE = re.compile(
    rf"(?:(?:(?<![^\W_])|(?<=[a-z.])(?-i:(?=[PUR])))(?P<label>{_LABEL})(?: (?:on|at))?:? *)?"
    r"(?:(?:mon|tues?|wed(?:nes)?|thur?s?|fri|sat(?:ur)?|sun)(?:day)?\.?,? )?"
    rf"(?<![^\W_])(?P<when>(?:{_STATED}){_CLOCK}|(?:{_RELATIVE}))",
    re.IGNORECASE,
)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T?\d{4}(?:\d{2})?Z?)?")
_COARSE = re.compile(r"(\d{4})(?:-(\d{2}))?")
_EPOCH = re.compile(r"\d{10}(?:\d{3})?(?:\.\d+)?")
_AGO = re.compile(r"(\d+|[a-z]+) ?([a-z]+) ago", re.IGNORECASE)
_UPDATED = ("updated", "modified")
_NO_DATE = date(1970, 1, 1)  # what machines write where they hold no date
_EARLIEST = 1500
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Dating:
    """A date as a page gives it: `period` where stated, `steps` back from retrieval where relative.

    `text` is the page's own words; `updated` marks a date of change, which is no date of publication.
    """

    text: str
    period: Period | None = None
    ago: tuple[int, Precision | str] | None = None
    updated: bool = False


def find_dating(text: str) -> tuple[Dating, int, int] | None:
    """The first date in visible text with the offsets of its words; a date of publication goes before one of change."""
    found = find_datings(text)
    return next((entry for entry in found if not entry[0].updated), found[0] if found else None)


def find_datings(text: str) -> list[tuple[Dating, int, int]]:
    """Every date in visible text, in order, with the offsets of its words."""
    matches = ((_dating(match), match) for match in _PHRASE.finditer(text))
    return [(dating, match.start(), match.end()) for dating, match in matches if dating is not None]


def read_dating(value: str) -> Dating | None:
    """The date that a field (a meta tag, a column) gives, in any of the usual notations; None if it gives none."""
    value = value.strip()[:_LONGEST]
    if (compact := _COMPACT.fullmatch(value)) is not None:
        period = _period(compact[1], compact[2], compact[3])
        if period is not None:
            return Dating(value, period)
    if (coarse := _COARSE.fullmatch(value)) is not None:
        period = _period(coarse[1], coarse[2])
        return Dating(value, period) if period else None
    if _EPOCH.fullmatch(value) is not None:
        seconds = float(value) / (1000 if len(value.partition(".")[0]) == 13 else 1)
        return Dating(value, Period(datetime.fromtimestamp(seconds, UTC).date()))
    found = find_dating(value)
    return None if found is None else Dating(value, found[0].period, found[0].ago, found[0].updated)


def resolve(dating: Dating, retrieved: datetime | None) -> tuple[Period | None, DateBasis | None]:
    """The period that a dating means, and on what basis; both None where it cannot be told."""
    if dating.updated:
        return None, None
    if dating.period is not None:
        if retrieved is not None and dating.period.start > retrieved.date() + timedelta(days=1):
            return None, None  # a page cannot be read before it is published
        return dating.period, DateBasis.STATED
    if dating.ago is None or retrieved is None:
        return None, None
    period = _back(retrieved, *dating.ago)
    return (period, DateBasis.RELATIVE) if period else (None, None)


def _dating(match: re.Match[str]) -> Dating | None:
    label = (match["label"] or "").lower()
    text = match[0].strip()
    updated = label.endswith(_UPDATED)
    stated = next((name for name in ("iso", "ymd", "dmy", "mdy", "numeric", "my") if match[name]), None)
    if stated is None:
        return Dating(text, ago=_ago(match["when"].lower()), updated=updated)
    period = _stated(stated, match[stated])
    return None if period is None else Dating(text, period, updated=updated)


def _stated(kind: str, text: str) -> Period | None:
    numbers = re.findall(r"\d+", text)
    word = re.search(r"[a-z]{3}", re.sub(r"\d+(?:st|nd|rd|th)?(?: of)?", " ", text.lower()))
    month = str(_MONTHS.index(word[0]) + 1) if word and word[0] in _MONTHS else ""
    match kind:
        case "iso" | "ymd":
            return _period(*numbers)
        case "dmy" | "mdy":
            return _period(numbers[1], month, numbers[0])
        case "my":
            return _period(numbers[0], month)
        case _:
            return _numeric(int(numbers[0]), int(numbers[1]), numbers[2])


def _numeric(first: int, second: int, year: str) -> Period | None:
    """Day and month in either order: where both orders make a date, only the year is certain."""
    orders = {_period(year, str(first), str(second)), _period(year, str(second), str(first))} - {None}
    if len(orders) == 2:
        return _period(year)
    return orders.pop() if orders else None


def _period(year: str, month: str | None = None, day: str | None = None) -> Period | None:
    try:
        start = date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None
    if start.year < _EARLIEST or start == _NO_DATE:
        return None
    return Period(start, Precision.DAY if day else Precision.MONTH if month else Precision.YEAR)


def _ago(words: str) -> tuple[int, Precision | str]:
    match = _AGO.search(words)
    if match is None:
        if words.startswith("last "):
            return 1, Precision(words[5:])
        return (1 if words == "yesterday" else 0), Precision.DAY
    number, unit = match[1], match[2]
    words_count = _NUMBERS.index(number) + 1 if number in _NUMBERS else 1  # "a week ago"
    count = int(number) if number.isdigit() else words_count
    if unit.startswith("mo"):
        return count, Precision.MONTH
    by_letter = {"s": "seconds", "m": "minutes", "h": "hours", "d": Precision.DAY, "w": Precision.WEEK}
    return count, by_letter.get(unit[0], Precision.YEAR)


def _back(retrieved: datetime, count: int, unit: Precision | str) -> Period | None:
    try:
        match unit:
            case Precision.DAY:
                return Period((retrieved - timedelta(days=count)).date())
            case Precision.WEEK:
                return Period.of((retrieved - timedelta(weeks=count)).date(), Precision.WEEK)
            case Precision.MONTH:
                months = retrieved.year * 12 + retrieved.month - 1 - count
                return Period(date(months // 12, months % 12 + 1, 1), Precision.MONTH)
            case Precision.YEAR:
                return Period(date(retrieved.year - count, 1, 1), Precision.YEAR)
            case _:
                return _hours_back(retrieved, timedelta(**{unit: count}))
    except (OverflowError, ValueError):
        return None


def _hours_back(retrieved: datetime, ago: timedelta) -> Period | None:
    """The day so long before; where retrieval is known to the day only, the week that holds all days it may be."""
    if retrieved.time() != time():
        return Period((retrieved - ago).date())
    first, last = (retrieved - ago).date(), (retrieved + timedelta(days=1, seconds=-1) - ago).date()
    if first == last:
        return Period(first)
    week = Period.of(first, Precision.WEEK)
    return week if week.holds(Period(last)) else None
