"""Reads the TOML files of a watch: every key is known and of its type, or the file is refused with the place."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

from dragoman.errors import DataError

_SPAN = re.compile(r"(\d{1,6}(?:\.\d{1,3})?) ?(s|m|h|d)")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_ABSENT = object()


def read_toml(path: Path) -> dict[str, Any]:
    """The tables of a file; one that cannot be read is a `DataError`."""
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise DataError(f"{path} cannot be read ({error.strerror or error}); check its path and rights.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataError(f"{path} is no TOML: {error}. Mend it at that place.") from error


class Keys:
    """The keys of one table, taken one by one; `done` refuses what nobody took."""

    def __init__(self, where: str, table: object) -> None:
        if not isinstance(table, dict):
            raise DataError(f"{where} is no table; write [[…]] before its keys.")
        self.where = where
        self._left: dict[str, Any] = dict(table)
        self._taken: list[str] = []

    def text(self, key: str, default: object = _ABSENT) -> Any:
        """A text; without a default it must be there and not empty."""
        return self._take(key, default, lambda value: isinstance(value, str) and value.strip() != "", "a text")

    def flag(self, key: str, default: bool) -> bool:
        """True or false."""
        found: bool = self._take(key, default, lambda value: isinstance(value, bool), "true or false")
        return found

    def number(self, key: str, default: int, least: int = 0) -> int:
        """A whole number."""
        wanted = f"a whole number from {least} on"
        found: int = self._take(key, default, lambda value: type(value) is int and value >= least, wanted)
        return found

    def share(self, key: str) -> float | None:
        """A number from 0 to 1, or None."""
        found: float | None = self._take(
            key, None, lambda value: type(value) in (int, float) and 0 <= value <= 1, "a number from 0 to 1"
        )
        return found

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; empty where it is absent."""
        return tuple(self._take(key, [], _is_list_of_texts, "a list of texts"))

    def one_of(self, key: str, allowed: Iterable[str], default: object = _ABSENT) -> str:
        """One of a set of words."""
        words = tuple(allowed)
        found: str = self._take(key, default, lambda value: value in words, f"one of {', '.join(words)}")
        return found

    def span(self, key: str, default: str | None = None) -> timedelta | None:
        """A stretch of time such as 30s, 15m, 2h or 7d."""
        value = self._take(key, default, lambda value: isinstance(value, str), "a stretch of time such as 15m")
        return None if value is None else self._span(key, value)

    def spans(self, key: str) -> tuple[timedelta, ...]:
        """A list of stretches of time."""
        return tuple(self._span(key, value) for value in self.texts(key))

    def table(self, key: str) -> Keys:
        """The keys of an inner table; none where it is absent."""
        return Keys(f"{self.where}, {key}", self._take(key, {}, lambda value: isinstance(value, dict), "a table"))

    def tables(self, key: str) -> list[object]:
        """A list of tables, such as [[source]]; empty where it is absent."""
        found: list[object] = self._take(key, [], lambda value: isinstance(value, list), f"tables [[{key}]]")
        return found

    def fail(self, key: str, problem: str) -> DataError:
        """The error for a value that is of its type and yet makes no sense."""
        return DataError(f"{self.where}: {key} {problem}")

    def done(self) -> None:
        """Refuse keys that nobody knows."""
        if self._left:
            raise DataError(
                f"{self.where} has the key {sorted(self._left)[0]!r}, which means nothing here; "
                f"there are {', '.join(self._taken)}."
            )

    def _span(self, key: str, text: str) -> timedelta:
        match = _SPAN.fullmatch(text.strip())
        if match is None:
            raise self.fail(key, f"is {text!r}; write a stretch of time such as 30s, 15m, 2h or 7d.")
        return timedelta(**{_UNITS[match[2]]: float(match[1])})

    def _take(self, key: str, default: object, good: Callable[[Any], bool], wanted: str) -> Any:
        self._taken.append(key)
        if key not in self._left:
            if default is _ABSENT:
                raise DataError(f"{self.where} lacks {key!r}; it must be {wanted}.")
            return default
        value = self._left.pop(key)
        if not good(value):
            raise self.fail(key, f"is {value!r}; it must be {wanted}.")
        return value


def _is_list_of_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) and one for one in value)
