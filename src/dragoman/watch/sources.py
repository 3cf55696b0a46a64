"""What is watched: sources as data."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from dragoman.errors import DataError, FetchError
from dragoman.read.addresses import read_target
from dragoman.watch.tables import Keys, read_toml

MINUTE = timedelta(minutes=1)
SPACING = "5s"
"""The least time between two requests to one host, where a file says nothing."""


class Kind(StrEnum):
    """How a source names what it has."""

    FEED = "feed"
    SITEMAP = "sitemap"
    PAGES = "pages"
    GDELT = "gdelt"
    MAIL = "mail"
    DROP = "drop"

    @property
    def is_local(self) -> bool:
        """Whether it is a folder."""
        return self in (Kind.MAIL, Kind.DROP)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a source is looked at.

    `entries` of one list are looked at, those beyond are counted; of the first list `backlog` entries are read, the
    newest ones, and the others count as known before; `lists` are the sitemaps that one index may name; so many pages
    may be `waiting` at once; `tries` are made for a page before it is refused; `spacing` is the least time between two
    requests to a host.
    """

    entries: int = 50_000
    backlog: int = 50
    lists: int = 50
    waiting: int = 5_000
    tries: int = 6
    spacing: timedelta = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Source:
    """One source; docs/watch.md tells what each key means."""

    name: str
    kind: Kind
    addresses: tuple[str, ...] = ()
    folder: Path | None = None
    interval: timedelta = 15 * MINUTE
    jitter: timedelta = MINUTE
    silence: timedelta | None = None
    outlet: str | None = None
    entry: bool = False
    follow: re.Pattern[str] | None = None
    recheck: tuple[timedelta, ...] = ()
    limits: Limits = Limits()

    @property
    def address(self) -> str:
        """Its first address, or its folder."""
        return self.addresses[0] if self.addresses else str(self.folder)

    @property
    def is_listed(self) -> bool:
        """Whether a list must be fetched to know what it has."""
        return not self.kind.is_local and (self.kind is not Kind.PAGES or self.follow is not None)


def load_sources(path: Path) -> list[Source]:
    """The sources of a TOML file; a `DataError` names what is wrong, and where."""
    keys = Keys(str(path), read_toml(path))
    common = keys.table("watch")
    spacing = common.span("spacing", SPACING) or timedelta()
    common.done()
    tables = keys.tables("source")
    keys.done()
    if not tables:
        raise DataError(f"{path} names no source; write a table [[source]] with name, kind and address.")
    sources = [
        _source(f"{path}, source {number}", table, spacing, path.parent) for number, table in enumerate(tables, start=1)
    ]
    _check_names(path, [source.name for source in sources])
    return sources


def _source(where: str, table: object, spacing: timedelta, root: Path) -> Source:
    keys = Keys(where, table)
    name = keys.text("name")
    keys.where = f"{where} ({name})"
    kind = Kind(keys.one_of("kind", [*Kind]))
    interval = keys.span("interval", "15m") or timedelta()
    if interval <= timedelta():
        raise keys.fail("interval", "is no time at all; write for instance 15m.")
    jitter = keys.span("jitter")
    language = keys.one_of("language", ["en"], "en")
    del language  # Only English is read; a source in another language is refused here and not page by page.
    outlet = keys.text("outlet", None)
    source = Source(
        name=name,
        kind=kind,
        interval=interval,
        jitter=interval / 10 if jitter is None else jitter,
        silence=keys.span("silence"),
        outlet=outlet,
        recheck=keys.spans("recheck"),
        **_place(keys, kind, root),
        **_way(keys, kind),
        limits=_limits(keys.table("limits"), spacing),
    )
    keys.done()
    return source


def _place(keys: Keys, kind: Kind, root: Path) -> dict[str, Any]:
    if kind.is_local:
        return {"folder": root / Path(keys.text("folder")).expanduser()}
    addresses = keys.texts("addresses") if kind is Kind.PAGES else (keys.text("address"),)
    if not addresses:
        raise keys.fail("addresses", "names no page; write a list of addresses.")
    for address in addresses:
        try:
            read_target(address)
        except FetchError as error:
            raise keys.fail("address", f"cannot be fetched: {error}") from error
    return {"addresses": addresses}


def _way(keys: Keys, kind: Kind) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if kind is Kind.FEED:
        found["entry"] = keys.one_of("read", ["page", "entry"], "page") == "entry"
    if kind is Kind.PAGES and (pattern := keys.text("follow", None)) is not None:
        try:
            found["follow"] = re.compile(pattern)
        except re.error as error:
            raise keys.fail("follow", f"is no pattern of addresses: {error}.") from error
    return found


def _limits(keys: Keys, spacing: timedelta) -> Limits:
    usual = Limits()
    own = keys.span("spacing")
    limits = Limits(
        entries=keys.number("entries", usual.entries, 1),
        backlog=keys.number("backlog", usual.backlog),
        lists=keys.number("lists", usual.lists, 1),
        waiting=keys.number("waiting", usual.waiting, 1),
        tries=keys.number("tries", usual.tries, 1),
        spacing=spacing if own is None else own,
    )
    keys.done()
    return limits


def _check_names(path: Path, names: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise DataError(f"{path} names two sources {name!r}; give each its own name.")
        if len(name) > 120:
            raise DataError(f"{path}: the name {name[:40]!r}… is longer than 120 letters.")
        seen.add(name)
