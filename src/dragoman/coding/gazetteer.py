"""Names of actors, read from data files: states and their organs, persons with terms of office, bodies, groups."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from dragoman.errors import DataError, UsageError
from dragoman.periods import Period, parse_period
from dragoman.records import Actor


class NameKind(StrEnum):
    """What a name is to the actor that it stands for."""

    STATE = "state"
    ADJECTIVE = "adjective"
    PEOPLE = "people"
    CAPITAL = "capital"
    SEAT = "seat"
    ORGAN = "organ"
    ENTITY = "entity"
    PERSON = "person"
    BODY = "body"
    GROUP = "group"


@dataclass(frozen=True, slots=True)
class Term:
    """An office held from `first` to `last`; an open end is None."""

    office: str
    first: Period
    last: Period | None

    def holds(self, day: date) -> bool:
        """Whether the office may have been held on that day, within the precision of the dates."""
        return self.first.start <= day and (self.last is None or day <= self.last.end)


@dataclass(frozen=True, slots=True)
class Entry:
    """One name of one actor."""

    name: str
    kind: NameKind
    actor: Actor
    ambiguous: bool = False
    family: str | None = None
    terms: tuple[Term, ...] = ()

    def on(self, day: date | None) -> Entry:
        """The entry as of a day: a person out of office belongs to the former elite (sector ELI), not to GOV."""
        if self.kind is not NameKind.PERSON or not self.terms or day is None:
            return self
        if any(term.holds(day) for term in self.terms):
            return self
        return replace(self, actor=replace(self.actor, sector="ELI"))

    def in_office(self, day: date) -> bool:
        """Whether one of the person's terms holds that day."""
        return any(term.holds(day) for term in self.terms)


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Every name with its entries; a name with several belongs to several actors."""

    names: Mapping[str, tuple[Entry, ...]]
    families: Mapping[str, tuple[Entry, ...]]
    short: Mapping[str, tuple[Entry, ...]]
    states: Mapping[str, Actor]
    blocked: frozenset[str] = frozenset()

    @classmethod
    def of(
        cls,
        entries: Iterable[Entry],
        short: Mapping[str, tuple[Entry, ...]],
        states: Mapping[str, Actor],
        blocked: Iterable[str] = (),
    ) -> Gazetteer:
        """The gazetteer over these entries; `blocked` phrases hold a name but mean no actor ("Gulf of Guinea")."""
        names: dict[str, dict[tuple[str, str, str | None], Entry]] = defaultdict(dict)
        families: dict[str, list[Entry]] = defaultdict(list)
        for entry in entries:
            known = names[entry.name].setdefault((entry.actor.code, entry.actor.name, entry.actor.sector), entry)
            if known is entry and entry.family:
                families[entry.family].append(entry)
        return cls(
            {name: tuple(group.values()) for name, group in names.items()},
            {family: tuple(group) for family, group in families.items()},
            short,
            states,
            frozenset(blocked) - set(names),
        )


@cache
def gazetteer() -> Gazetteer:
    """The gazetteer that ships with the package."""
    return load_gazetteer(files("dragoman.coding").joinpath("data/actors"))


def load_gazetteer(folder: Traversable) -> Gazetteer:
    """Read a folder of actor files; a malformed one is a `DataError` that names file and entry."""
    entries: list[Entry] = []
    states: dict[str, Actor] = {}
    short: dict[str, list[Entry]] = defaultdict(list)
    blocked: set[str] = set()
    tables = list(_tables(folder))
    for source, table in tables:
        for row in table.get("state", ()):
            with _located(source, row):
                state = Actor(code=row["code"], name=row["name"], wikidata=row.get("wikidata"))
                states[state.code] = state
                entries.extend(_state_entries(row, state))
                blocked.update(_bare(phrase) for phrase in row.get("not_in", ()))
                for form in row.get("short", ()):
                    short[form.removeprefix("the ")].append(Entry(form, NameKind.STATE, state))
    for source, table in tables:
        for row in table.get("entity", ()):
            with _located(source, row):
                entries.extend(_named(row, NameKind.ENTITY, row["code"], row.get("sector", "PRE")))
        for row in table.get("person", ()):
            with _located(source, row):
                entries.extend(_person_entries(row, row["state"]))
        for row in table.get("body", ()):
            with _located(source, row):
                entries.extend(_named(row, NameKind.BODY, row["code"], row.get("sector")))
                for head in row.get("heads", ()):
                    office = {"office": head["office"], "from": head["from"]} | (
                        {"until": head["until"]} if "until" in head else {}
                    )
                    entries.extend(_person_entries({**head, "terms": [office]}, row["code"], body=row["name"]))
        for row in table.get("group", ()):
            with _located(source, row):
                entries.extend(_named(row, NameKind.GROUP, row["code"], row.get("sector")))
    return Gazetteer.of(entries, {form: tuple(group) for form, group in short.items()}, states, blocked)


class _located:
    """Turns a malformed row into a `DataError` that names its file."""

    def __init__(self, source: str, row: Mapping[str, Any]) -> None:
        self._source = source
        self._row = row

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, KeyError | ValueError | TypeError | UsageError):
            raise DataError(
                f"{self._source}: the entry {self._row.get('name', dict(self._row))!r} is not as it must be: {error!r}."
            ) from error


def _tables(folder: Traversable) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for item in sorted(folder.iterdir(), key=lambda item: item.name):
        if item.is_dir():
            yield from _tables(item)
        elif item.name.endswith(".toml"):
            try:
                yield item.name, tomllib.loads(item.read_text("utf-8"))
            except tomllib.TOMLDecodeError as error:
                raise DataError(f"{item.name} is not TOML: {error}.") from error


def _bare(name: str) -> str:
    return name.removeprefix("the ").removeprefix("The ")


def _state_entries(row: Mapping[str, Any], state: Actor) -> Iterator[Entry]:
    doubtful = {_bare(name) for name in row.get("ambiguous", ())}
    government = replace(state, sector="GOV")
    groups: list[tuple[Iterable[str], NameKind, Actor]] = [
        ([row["name"], *row.get("aliases", ())], NameKind.STATE, state),
        (row.get("adjectives", ()), NameKind.ADJECTIVE, state),
        (row.get("people", ()), NameKind.PEOPLE, replace(state, sector="CVL")),
        ([row["capital"], *row.get("capital_aliases", ())] if row.get("capital") else (), NameKind.CAPITAL, state),
        (row.get("seats", ()), NameKind.SEAT, government),
    ]
    for names, kind, actor in groups:
        for name in names:
            yield Entry(_bare(name), kind, actor, ambiguous=_bare(name) in doubtful)
    for organ in row.get("organ", ()):
        yield from _named(organ, NameKind.ORGAN, state.code, organ["sector"])


def _named(row: Mapping[str, Any], kind: NameKind, code: str, sector: str | None) -> Iterator[Entry]:
    doubtful = {_bare(name) for name in row.get("ambiguous", ())}
    actor = Actor(code=code, name=_bare(row["name"]), sector=sector or None, wikidata=row.get("wikidata"))
    for name in (row["name"], *row.get("aliases", ())):
        yield Entry(_bare(name), kind, actor, ambiguous=_bare(name) in doubtful)
    for name in (*row.get("adjectives", ()), *row.get("people", ())):
        yield Entry(_bare(name), NameKind.ADJECTIVE, actor, ambiguous=_bare(name) in doubtful)
    if row.get("capital"):
        yield Entry(row["capital"], NameKind.CAPITAL, actor, ambiguous=row["capital"] in doubtful)


def _person_entries(row: Mapping[str, Any], code: str, body: str | None = None) -> Iterator[Entry]:
    name = row["name"]
    terms = tuple(
        Term(term["office"], parse_period(term["from"]), parse_period(term["until"]) if "until" in term else None)
        for term in row.get("terms", ())
    )
    actor = Actor(code=code, name=body or name, sector=None if body else "GOV", wikidata=row.get("wikidata"))
    for spelling in (name, *row.get("aliases", ())):
        family = row.get("family") if spelling.startswith(str(row.get("family"))) else None
        yield Entry(spelling, NameKind.PERSON, actor, family=family or spelling.split()[-1], terms=terms)
