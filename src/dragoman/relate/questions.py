"""The questions that indicators ask, read from data: the project's own file and, on top of it, a user's."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, fields
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any

from dragoman.errors import UsageError
from dragoman.terms import Domain, EventType


class Direction(StrEnum):
    """Whether what is asked goes from the one to the other, or is done together."""

    EITHER = "either"
    ONE = "one"


@dataclass(frozen=True, slots=True)
class Indicator:
    """A named question about a relation.

    An event is about it if its domain, its mode or a word of `may` near its predicate says so; a word of `hints` says
    no more than that it is talked of. A word of `must` has to stand there too, none of `without` may, and a party must
    be of one of `sectors`, where these are given. Events of `types` answer it, those of `talk` only speak of it. A
    pledged AGREE in the words of `done` is a step already taken; with `thanked`, thanks by the one who receives it
    confirm it. Words match whole; a trailing * is any ending.
    """

    key: str
    question: str
    types: tuple[EventType, ...]
    talk: tuple[EventType, ...] = ()
    domains: tuple[Domain, ...] = ()
    modes: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    must: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    done: tuple[str, ...] = ()
    thanked: bool = False
    direction: Direction = Direction.EITHER


@dataclass(frozen=True, slots=True)
class Common:
    """What holds for every indicator, as its file says.

    `before`, `after`, `farther` and `nearest` count words; `agencies` gives the state that owns each agency.
    """

    before: int
    after: int
    farther: int
    nearest: int
    thanks: tuple[str, ...]
    offers: tuple[str, ...]
    denials: tuple[str, ...]
    receives: tuple[str, ...]
    receives_in: frozenset[EventType]
    receiving_types: frozenset[EventType]
    undirected: frozenset[EventType]
    media_owners: frozenset[str]
    agencies: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Passage:
    """Text with its words in small letters, each whole and by its beginning ("stat*")."""

    text: str
    folded: str
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class Words:
    """Words and phrases to be found; `firsts` are their first words, or the beginnings of these ("stat*").

    `firsts` is None where they cannot tell that none of them stands in a text.
    """

    pattern: re.Pattern[str]
    firsts: frozenset[str] | None

    def stand_in(self, text: Passage) -> bool:
        """Whether one of them stands in the text."""
        if self.firsts is None:
            return self.pattern.search(text.text) is not None
        if self.firsts.isdisjoint(text.words):
            return False
        if len(text.folded) != len(text.text):
            return self.pattern.search(text.text) is not None
        return any(self._at(text, first.rstrip("*")) for first in self.firsts & text.words)

    def _at(self, text: Passage, first: str) -> bool:
        """Whether one stands where this is found; to look there alone is far quicker than at every letter."""
        place = text.folded.find(first)
        while place >= 0:
            if self.pattern.match(text.text, place):
                return True
            place = text.folded.find(first, place + 1)
        return False


@dataclass(frozen=True, slots=True)
class Question:
    """An indicator with its words ready to be found, and the types of event that may say something of it."""

    indicator: Indicator
    kinds: frozenset[EventType]
    may: Words
    hints: Words
    must: Words
    without: Words
    done: Words


class Questions:
    """Indicators that are asked together, with an index that tells which of them a sentence may be about.

    Sets of them are numbers, a bit for each, so that a sentence is read once and not once for each indicator.
    """

    def __init__(self, definitions: Iterable[Indicator]) -> None:
        self.all = tuple(map(_question, definitions))
        self._of_type: dict[EventType, int] = {}
        self._of_domain: dict[Domain | None, int] = {}
        self._of_mode: dict[str | None, int] = {}
        self._of_word: dict[str, int] = {}
        self._of_any = 0
        for place, question in enumerate(self.all):
            bit, indicator = 1 << place, question.indicator
            _mark(self._of_type, question.kinds, bit)
            _mark(self._of_domain, indicator.domains, bit)
            _mark(self._of_mode, indicator.modes, bit)
            demanded = bit << len(self.all)
            for words, sense in ((question.may, bit), (question.hints, bit), (question.must, demanded)):
                _mark(self._of_word, words.firsts or (), sense)
                self._of_any |= sense if words.firsts is None else 0
            self._of_any |= 0 if indicator.must else demanded

    def of_type(self, kind: EventType) -> int:
        """Those of which an event of the type may say something."""
        return self._of_type.get(kind, 0)

    def possible(self, domain: Domain | None, mode: str | None, words: Set[str]) -> int:
        """Those that a report may be about, or hint at, with these words in its sentence; see `Passage.words`."""
        found = self._of_domain.get(domain, 0) | self._of_mode.get(mode, 0) | self._of_any
        for word in self._of_word.keys() & words:
            found |= self._of_word[word]
        # The higher half tells of which indicators a word that they demand may stand there.
        return found & found >> len(self.all)


_LETTERS = 4
_WORD = re.compile(r"\w+")
_FIELDS = tuple(field.name for field in fields(Indicator))
_VOCABULARIES: Mapping[str, type[StrEnum]] = {"types": EventType, "talk": EventType, "domains": Domain}
_TOPICAL = ("domains", "modes", "may", "hints", "must")
_SINGLE = frozenset({"key", "question", "thanked", "direction"})
_TABLES = ("indicators", "common", "agencies")
_OWN_FILE = "data/indicators.toml"


def load_indicators(extra: Path | None = None) -> tuple[Indicator, ...]:
    """The project's indicators in their order, then those of a user's own TOML file.

    One in `extra` replaces the project's one of the same key, in its place. A file that cannot be read, or holds
    anything but well-formed indicators, is a `UsageError`.
    """
    known = {indicator.key: indicator for indicator in _read(_own_text(), _OWN_FILE, _TABLES)}
    if extra is not None:
        try:
            text = extra.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(
                f"The indicators in {extra} cannot be read ({error}); name a TOML file in UTF-8 with [[indicators]]."
            ) from error
        known |= {indicator.key: indicator for indicator in _read(text, str(extra), _TABLES[:1])}
    return tuple(known.values())


@cache
def common() -> Common:
    """What the project's own file says of all indicators."""
    data = tomllib.loads(_own_text())
    table = data["common"]

    def words(name: str) -> tuple[str, ...]:
        return tuple(table[name])

    def types(name: str) -> frozenset[EventType]:
        return frozenset(map(EventType, table[name]))

    return Common(
        before=table["before"],
        after=table["after"],
        farther=table["farther"],
        nearest=table["nearest"],
        thanks=words("thanks"),
        offers=words("offers"),
        denials=words("denials"),
        receives=words("receives"),
        receives_in=types("receives_in"),
        receiving_types=types("receiving_types"),
        undirected=types("undirected"),
        media_owners=frozenset(table["media_owners"]),
        agencies=MappingProxyType(data["agencies"]),
    )


@lru_cache(maxsize=1024)
def any_of(words: tuple[str, ...]) -> Words:
    """Finds any of these words or phrases, whole and whatever their capitals; * is any ending."""
    parts = (r"\s+".join(re.escape(part).replace(r"\*", r"\w*") for part in word.split()) for word in words)
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(parts) or '(?!)'})(?!\w)", re.IGNORECASE)
    firsts = frozenset(_first(word.casefold()) for word in words)
    return Words(pattern, None if None in firsts else frozenset(first for first in firsts if first))


def _first(word: str) -> str | None:
    """The first word of a phrase as a passage holds it; None for one that begins with a mark or has any ending soon."""
    found = _WORD.match(word)
    if not found:
        return None
    first, is_open = found.group(), word[found.end() :].startswith("*")
    if not is_open:
        return first
    return f"{first[:_LETTERS]}*" if len(first) >= _LETTERS else None


def passage(text: str) -> Passage:
    """The text, ready to be searched for many lists of words."""
    folded = text.casefold()
    words = set(_WORD.findall(folded))
    return Passage(text, folded, frozenset(words.union([f"{word[:_LETTERS]}*" for word in words])))


def _question(indicator: Indicator) -> Question:
    others = (EventType.REJECT, EventType.SUPPORT) if indicator.thanked else (EventType.REJECT,)
    return Question(
        indicator=indicator,
        kinds=frozenset((*indicator.types, *indicator.talk, *others)),
        may=any_of(indicator.may or indicator.must),
        hints=any_of(indicator.hints),
        must=any_of(indicator.must),
        without=any_of(indicator.without),
        done=any_of(indicator.done),
    )


def _mark(bits: dict[Any, int], keys: Iterable[Any], bit: int) -> None:
    for key in keys:
        bits[key] = bits.get(key, 0) | bit


@cache
def _own_text() -> str:
    return files("dragoman.relate").joinpath(_OWN_FILE).read_text("utf-8")


def _read(text: str, name: str, allowed: tuple[str, ...]) -> list[Indicator]:
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{name} is not TOML ({error}); correct it, or leave it out.") from error
    tables = data.get("indicators")
    if not isinstance(tables, list) or not tables or not all(isinstance(table, dict) for table in tables):
        found = ", ".join(data) or "nothing"
        raise UsageError(f"{name} holds {found}; it needs a [[indicators]] table for each indicator.")
    unknown = sorted(set(data) - set(allowed))
    if unknown:
        raise UsageError(f"{name} holds {unknown[0]!r}; allowed is {', '.join(allowed)}: remove it.")
    read = [_indicator(table, name) for table in tables]
    keys = [indicator.key for indicator in read]
    twice = sorted({key for key in keys if keys.count(key) > 1})
    if twice:
        raise UsageError(f"{name} has more than one indicator with the key {twice[0]!r}; give each a key of its own.")
    return read


def _indicator(table: dict[str, Any], name: str) -> Indicator:
    key = table.get("key")
    if not isinstance(key, str) or not re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", key):
        raise UsageError(f"{name} has the key {key!r}; a key is lower-case words joined by hyphens: write one.")
    where = f"The indicator {key!r} in {name}"
    unknown = sorted(set(table) - set(_FIELDS))
    if unknown:
        raise UsageError(f"{where} has {unknown[0]!r}; allowed are {', '.join(_FIELDS)}: remove or rename it.")
    question = table.get("question")
    if not isinstance(question, str) or not question.strip():
        raise UsageError(f"{where} has the question {question!r}; it needs a question in words: write one.")
    thanked = table.get("thanked", False)
    if not isinstance(thanked, bool):
        raise UsageError(f"{where} has thanked = {thanked!r}; allowed are true and false: write one of them.")
    lists = {field: _list(table[field], field, where) for field in table if field not in _SINGLE}
    if not lists.get("types"):
        raise UsageError(f"{where} has no types; it needs the event types that answer it: {_allowed(EventType)}.")
    if not any(lists.get(field) for field in _TOPICAL):
        raise UsageError(f"{where} has no {', '.join(_TOPICAL)}; it would hold every event: give at least one of them.")
    direction = _member(Direction, table.get("direction", "either"), "direction", where)
    return Indicator(key=key, question=question.strip(), thanked=thanked, direction=Direction(direction), **lists)


def _list(value: object, field: str, where: str) -> tuple[Any, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) and re.search(r"\w", item) for item in value):
        raise UsageError(f"{where} has {field} = {value!r}; allowed is a list of words: write {field} = ['…'].")
    vocabulary = _VOCABULARIES.get(field)
    return tuple(value) if vocabulary is None else tuple(_member(vocabulary, item, field, where) for item in value)


def _member(vocabulary: type[StrEnum], value: object, field: str, where: str) -> StrEnum:
    try:
        return vocabulary(value)  # type: ignore[arg-type]
    except ValueError as error:
        raise UsageError(f"{where} has {value!r} in {field}; use one of {_allowed(vocabulary)}.") from error


def _allowed(vocabulary: Iterable[str]) -> str:
    return ", ".join(vocabulary)
