"""Dates with a stated precision: a day, or no more than a week, month or year."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Self

from dragoman.errors import UsageError


class Precision(StrEnum):
    """How exactly a date is known, finest first."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A stretch of days of stated precision; `start` is its first day."""

    start: date
    precision: Precision = Precision.DAY

    @classmethod
    def of(cls, day: date, precision: Precision) -> Self:
        """The period of this precision that holds `day` (weeks start on Monday)."""
        match precision:
            case Precision.DAY:
                return cls(day, precision)
            case Precision.WEEK:
                return cls(day - timedelta(days=day.weekday()), precision)
            case Precision.MONTH:
                return cls(day.replace(day=1), precision)
            case Precision.YEAR:
                return cls(day.replace(month=1, day=1), precision)

    @property
    def end(self) -> date:
        """The last day of the period."""
        match self.precision:
            case Precision.DAY:
                return self.start
            case Precision.WEEK:
                return self.start + timedelta(days=6)
            case Precision.MONTH:
                return self.start.replace(day=calendar.monthrange(self.start.year, self.start.month)[1])
            case Precision.YEAR:
                return self.start.replace(month=12, day=31)

    def holds(self, other: Period) -> bool:
        """Whether `other` lies wholly inside this period."""
        return self.start <= other.start and other.end <= self.end

    def __str__(self) -> str:
        match self.precision:
            case Precision.DAY:
                return self.start.isoformat()
            case Precision.WEEK:
                return f"week of {self.start.isoformat()}"
            case Precision.MONTH:
                return f"{self.start:%Y-%m}"
            case Precision.YEAR:
                return f"{self.start:%Y}"


_ISO = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


def parse_period(text: str) -> Period:
    """Read `2024`, `2024-06` or `2024-06-19`; anything else is a `UsageError`."""
    found = _ISO.fullmatch(text.strip())
    if found is None:
        raise UsageError(f"“{text}” is not a date; write YYYY, YYYY-MM or YYYY-MM-DD.")
    year, month, day = found.groups()
    try:
        if day is not None:
            return Period(date(int(year), int(month), int(day)), Precision.DAY)
        if month is not None:
            return Period(date(int(year), int(month), 1), Precision.MONTH)
        return Period(date(int(year), 1, 1), Precision.YEAR)
    except ValueError as error:
        raise UsageError(f"“{text}” is not a date of the calendar ({error}); write YYYY-MM-DD.") from error


def parse_day(text: str) -> date:
    """Read `2024-06-19`; a coarser or malformed date is a `UsageError`."""
    period = parse_period(text)
    if period.precision is not Precision.DAY:
        raise UsageError(f"“{text}” is a {period.precision}; a single day is needed here: write YYYY-MM-DD.")
    return period.start
