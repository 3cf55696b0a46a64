"""Names of actors, read from data files: states and their organs, persons with terms of office, bodies, groups."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from dragoman.errors import DataError, SettingError, UsageError
from dragoman.periods import Period, parse_period
from dragoman.records import Actor
from dragoman.terms import NON_STATE_CODES


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
    """Every name with its entries; a name with several belongs to several actors.

    `mark` names the user's own actors in the coder's version; it is empty without them.
    """

    names: Mapping[str, tuple[Entry, ...]]
    families: Mapping[str, tuple[Entry, ...]]
    short: Mapping[str, tuple[Entry, ...]]
    states: Mapping[str, Actor]
    blocked: frozenset[str] = frozenset()
    mark: str = ""

    @classmethod
    def of(
        cls,
        entries: Iterable[Entry],
        short: Mapping[str, tuple[Entry, ...]],
        states: Mapping[str, Actor],
        blocked: Iterable[str] = (),
        mark: str = "",
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
            mark,
        )


@dataclass(slots=True)
class _Loaded:
    """What a folder of actor files holds."""

    entries: list[Entry] = field(default_factory=list)
    states: dict[str, Actor] = field(default_factory=dict)
    short: dict[str, list[Entry]] = field(default_factory=lambda: defaultdict(list))
    blocked: set[str] = field(default_factory=set)

    def gazetteer(self, mark: str = "") -> Gazetteer:
        short = {form: tuple(group) for form, group in self.short.items()}
        return Gazetteer.of(self.entries, short, self.states, self.blocked, mark)


def gazetteer(extra: str = "") -> Gazetteer:
    """The gazetteer that ships with the package, with the user's own folder of actor files joined to it if given."""
    return _gazetteer(extra)


@cache
def _gazetteer(extra: str) -> Gazetteer:
    if not extra:
        return load_gazetteer(_shipped())
    folder = Path(extra).expanduser()
    if not folder.is_dir():
        raise SettingError(f"DRAGOMAN_ACTORS is {extra!r}, which is no folder; name a folder of TOML files.")
    ours = _load(_shipped())
    theirs = _load(folder, ours.states)
    return _joined(theirs, ours).gazetteer(f"+actors.{_digest(folder)}")


def _shipped() -> Traversable:
    return files("dragoman.coding").joinpath("data/actors")


def load_gazetteer(folder: Traversable) -> Gazetteer:
    """Read a folder of actor files; a malformed one is a `DataError` that names file and entry."""
    return _load(folder).gazetteer()


def _load(folder: Traversable, known: Mapping[str, Actor] | None = None) -> _Loaded:
    """The folder's entries; `known` are states whose codes its entries may use besides its own."""
    known = known or {}
    loaded = _Loaded()
    tables = list(_tables(folder))
    for source, table in tables:
        for row in _rows(source, table, "state"):
            with _located(source, row):
                wikidata = row.get("wikidata") or (known[row["code"]].wikidata if row["code"] in known else None)
                state = Actor(code=row["code"], name=row["name"], wikidata=wikidata)
                loaded.states[state.code] = state
                loaded.entries.extend(_state_entries(row, state))
                loaded.blocked.update(_bare(phrase) for phrase in row.get("not_in", ()))
                for form in row.get("short", ()):
                    loaded.short[form.removeprefix("the ")].append(Entry(form, NameKind.STATE, state))
    codes = TRANSNATIONAL | known.keys() | loaded.states.keys()
    for source, table in tables:
        for row in _rows(source, table, "entity"):
            with _located(source, row):
                code = _known_code(row["code"], codes)
                loaded.entries.extend(_named(row, NameKind.ENTITY, code, row.get("sector", "PRE")))
        for row in _rows(source, table, "person"):
            with _located(source, row):
                loaded.entries.extend(_person_entries(row, _known_code(row["state"], codes)))
        for row in _rows(source, table, "body"):
            with _located(source, row):
                code = _known_code(row["code"], codes)
                loaded.entries.extend(_named(row, NameKind.BODY, code, row.get("sector")))
                for head in row.get("heads", ()):
                    office = {"office": head["office"], "from": head["from"]} | (
                        {"until": head["until"]} if "until" in head else {}
                    )
                    loaded.entries.extend(_person_entries({**head, "terms": [office]}, code, body=row["name"]))
        for row in _rows(source, table, "group"):
            with _located(source, row):
                code = _known_code(row["code"], codes)
                loaded.entries.extend(_named(row, NameKind.GROUP, code, row.get("sector")))
    return loaded


def _joined(theirs: _Loaded, ours: _Loaded) -> _Loaded:
    """Both together; the user's entry stands in place of ours of the same code, name and kind.

    The terms of office of a person whom the user names hold for every spelling of ours too.
    """
    taken = {(entry.actor.code, entry.name, entry.kind) for entry in theirs.entries}
    terms = {_holder(entry): entry.terms for entry in theirs.entries if _holder(entry)}
    entries = list(theirs.entries)
    for entry in ours.entries:
        if (entry.actor.code, entry.name, entry.kind) not in taken:
            entries.append(replace(entry, terms=terms.get(_holder(entry), entry.terms)))
    short = {form: list(group) for form, group in theirs.short.items()}
    for form, group in ours.short.items():
        there = {entry.actor.code for entry in short.get(form, ())}
        short.setdefault(form, []).extend(entry for entry in group if entry.actor.code not in there)
    return _Loaded(entries, {**ours.states, **theirs.states}, short, ours.blocked | theirs.blocked)


def _holder(entry: Entry) -> tuple[str, str] | None:
    """The person an entry names; None for the head of a body, whose actor is the body."""
    if entry.kind is not NameKind.PERSON or entry.actor.sector != "GOV":
        return None
    return entry.actor.code, entry.actor.name


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for item in sorted(folder.rglob("*.toml")):
        for data in (item.relative_to(folder).as_posix().encode(), item.read_bytes()):
            digest.update(len(data).to_bytes(8, "big"))
            digest.update(data)
    return digest.hexdigest()[:8]


TRANSNATIONAL = frozenset({"UNO", "EUR"}) | NON_STATE_CODES
LISTS = frozenset("aliases adjectives ambiguous people capital_aliases seats short not_in".split())
INNER = {"organ": "organ", "terms": "term", "heads": "head"}
KEYS = {
    "state": ("code name", "aliases adjectives ambiguous people capital capital_aliases seats short not_in organ"),
    "organ": ("name sector", "aliases ambiguous"),
    "entity": ("name code", "sector aliases adjectives ambiguous people capital capital_aliases"),
    "person": ("name state", "aliases family terms"),
    "term": ("office from", "until"),
    "body": ("name code", "sector aliases adjectives ambiguous people heads"),
    "head": ("name office from", "until aliases family"),
    "group": ("name code", "sector aliases adjectives ambiguous people"),
}
"""Keys that each kind of table must have and those that it may have, `wikidata` always."""


def _rows(source: str, table: Mapping[str, Any], kind: str) -> Iterator[Mapping[str, Any]]:
    """The entries of one kind in a file, each checked for its keys."""
    rows = table.get(kind, [])
    if not isinstance(rows, list):
        raise DataError(f"{source}: {kind} is not a list of tables; write [[{kind}]] before each entry.")
    for row in rows:
        with _located(source, row):
            _check(kind, row)
        yield row


def _check(kind: str, row: Any) -> None:
    """Raise a `ValueError` for a missing or unknown key or a value of the wrong kind."""
    if not isinstance(row, dict):
        raise TypeError(f"write [[{kind}]] before each entry")
    must, may = (set(keys.split()) for keys in KEYS[kind])
    missing, unknown = sorted(must - row.keys()), sorted(row.keys() - must - may - {"wikidata"})
    if missing:
        raise ValueError(f"{kind} has no {missing[0]}")
    if unknown:
        raise ValueError(f"{kind} has no key {unknown[0]}; there are {', '.join(sorted(must | may))}, wikidata")
    for key, value in row.items():
        if key in INNER:
            if not isinstance(value, list):
                raise TypeError(f"{key} must be a list of tables")
            for inner in value:
                _check(INNER[key], inner)
        elif key in LISTS:
            if not isinstance(value, list) or not all(isinstance(text, str) and text.strip() for text in value):
                raise ValueError(f"{key} must be a list of texts")
        elif not isinstance(value, str) or not (value.strip() or key in ("capital", "sector", "wikidata")):
            raise ValueError(f"{key} must be a text in quotes")
    if row.get("sector") and row["sector"] not in _sectors():
        raise ValueError(f"{row['sector']} is none of PLOVER's sectors: {', '.join(sorted(_sectors()))}")


def _known_code(code: str, codes: Iterable[str]) -> str:
    if code not in codes:
        raise ValueError(f"{code} is the code of no state here, nor one of {', '.join(sorted(TRANSNATIONAL))}")
    return code


@cache
def _sectors() -> frozenset[str]:
    return frozenset(json.loads(files("dragoman.coding").joinpath("data/plover.json").read_text("utf-8"))["sectors"])


class _located:
    """Turns a malformed row into a `DataError` that names its file."""

    def __init__(self, source: str, row: Any) -> None:
        self._source = source
        self._row = row

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, KeyError | ValueError | TypeError | UsageError):
            name = self._row.get("name", self._row) if isinstance(self._row, dict) else self._row
            raise DataError(f"{self._source}: the entry {name!r} is not as it must be: {error!r}.") from error


def _tables(folder: Traversable) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for item in sorted(folder.iterdir(), key=lambda item: item.name):
        if item.is_dir():
            yield from _tables(item)
        elif item.name.endswith(".toml"):
            try:
                table = tomllib.loads(item.read_text("utf-8"))
            except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
                raise DataError(f"{item.name} is not TOML: {error}.") from error
            unknown = sorted(table.keys() - TABLES)
            if unknown:
                allowed = ", ".join(sorted(TABLES))
                raise DataError(f"{item.name}: there is no table {unknown[0]!r}; there are {allowed}.")
            yield item.name, table


TABLES = frozenset({"state", "entity", "person", "body", "group"})


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
