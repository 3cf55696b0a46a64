"""The record as pages read it: always its newest version, from many threads, each thing found once per version.

Every thread has tables of its own, as an engine answers one question at a time. Whether the record has a newer version
is told by one look at its folder, so a page shows what another process has just added.
"""

from __future__ import annotations

import threading
import time
import weakref
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from dragoman.errors import RecordDamaged
from dragoman.pipeline import Record
from dragoman.record import Engine, Snapshot, Store, is_remote, open_engine
from dragoman.record.rows import Row
from dragoman.serve.helping import Helpers, NotHelped
from dragoman.serve.kept import Kept
from dragoman.serve.shelf import Form, Shelf
from dragoman.settings import Settings

Found = TypeVar("Found")

WORKERS = 32
"""Threads that answer requests at once; most of them hand out what is kept, or wait for a helper."""
FINDING = 4
"""Threads that may be finding something in the record at once."""
MOST = 400_000
"""How much is kept for pages, in small objects such as a row of a table; some 200 MiB."""
REMOTE_SECONDS = 5.0
"""How old what is known of a record at an address may be; a look there costs a request."""


@dataclass(frozen=True, slots=True)
class _Newest:
    """The newest commit, what told that it is, and the engine from which those of all threads are made.

    What an engine knows of tables it keeps, so a version that is gone goes with its engine.
    """

    mark: Hashable
    commit: Row
    engine: Engine
    looked: float


class ServedRecord(Record):
    """A record that is read by many threads while others write to it.

    Everything that `Record` gives may be asked from any thread; `kept` finds what is costly once for all.
    """

    def __init__(self, location: str | Path, settings: Settings | None = None, *, helps: bool = False) -> None:
        super().__init__(location, settings)
        self._kept = Kept(MOST, FINDING)
        self._own = threading.local()
        self._idle: list[_Tables] = []
        self._looking = threading.Lock()
        self._newest: _Newest | None = None
        self.helpers: Helpers | None = None
        self._drawer: Helpers | None = None
        self.helps = helps
        """Whether this is the record of a helper."""
        self._shelf: Shelf | None = None

    def store(self, *, create: bool = False) -> Store:
        """The tables of this thread."""
        if create:
            return super().store(create=True)
        return self._tables().store

    def newest(self) -> Snapshot:
        """The newest version as tables of this thread; of what is being found for `kept`, the version it began with."""
        pinned: Snapshot | None = getattr(self._own, "pinned", None)
        return pinned or self._tables().at(self._look())

    def kept(
        self,
        what: Hashable,
        find: Callable[[], Found],
        size: Callable[[Found], int] = lambda _: 1,
        *,
        beside: bool = False,
        form: Form[Found] | None = None,
    ) -> Found:
        """What `find` gives for the newest version, found once for all who ask; nobody may change it.

        All that `find` asks of the record is of one version. `size` is in small objects, such as rows of a table.
        `beside` says that it is found in another process, so that others may be finding something here meanwhile.
        What has a `form` is kept on the shelf too, for a desk that starts again.
        """
        if form is not None and self._shelf is not None:
            find = partial(self._shelved, self._shelf, what, find, form)
        snapshot = self.newest()
        within = getattr(self._own, "pinned", None) is not None
        while True:
            try:
                return self._kept.get(
                    (snapshot.identity, what), partial(self._pinned, snapshot, find), size, within=within or beside
                )
            except RecordDamaged:
                # Files of a version that a vacuum has removed meanwhile are no damage.
                newer = snapshot if within else self.newest()
                if newer.identity == snapshot.identity:
                    raise
                snapshot = newer

    def peek(self, what: Hashable) -> Any:
        """What is kept under this name for the newest version; None where nothing is."""
        return self._kept.peek((self.newest().identity, what))

    def is_kept(self, what: Hashable) -> bool:
        """Whether something is kept under this name for the newest version, here or on the shelf."""
        return self.peek(what) is not None or (self._shelf is not None and self._shelf.has(what))

    def keep_on(self, shelf: Shelf) -> None:
        """Keep what is found on this shelf too."""
        with self._looking:
            self._shelf = shelf
            self._newest = None

    def _shelved(self, shelf: Shelf, what: Hashable, find: Callable[[], Found], form: Form[Found]) -> Found:
        """What lies on the shelf, else what is found, which then lies there; it is of the version that is pinned."""
        state = self.newest().identity
        known = shelf.get(state, what, form)
        if known is not None:
            return known
        found = find()
        shelf.put(state, what, found, form)
        return found

    def apart(
        self, find: Callable[..., Found], *given: Any, about: Hashable = None, spare: int = 0, drawing: bool = False
    ) -> Found:
        """What `find(record, *given)` gives, found by a helper where the record has some; all of it can be pickled.

        What is `drawing` goes to the helper that does nothing else, as it is short and others may take long.
        """
        helpers = self._drawer if drawing else self.helpers
        if helpers is not None:
            try:
                return helpers.ask(self.newest().identity, find, given, about=about, spare=spare)
            except NotHelped:
                pass
        return find(self, *given)

    def start_helpers(self, number: int) -> None:
        """Have so many processes beside this one find what takes long, and one more draw."""
        opening = partial(ServedRecord, self.location, self.settings, helps=True)
        self.helpers = Helpers(opening, number) if number else None
        self._drawer = Helpers(opening, 1) if number else None

    def close_helpers(self) -> None:
        """End these processes."""
        for helpers in (self.helpers, self._drawer):
            if helpers is not None:
                helpers.close()
        if self._shelf is not None:
            self._shelf.close()

    @contextmanager
    def held(self) -> Iterator[Snapshot]:
        """The newest version, which all that is asked within is of."""
        before = getattr(self._own, "pinned", None)
        self._own.pinned = snapshot = self.newest()
        try:
            yield snapshot
        finally:
            self._own.pinned = before

    def _pinned(self, snapshot: Snapshot, find: Callable[[], Found]) -> Found:
        before = getattr(self._own, "pinned", None)
        self._own.pinned = snapshot
        try:
            return find()
        finally:
            self._own.pinned = before

    def _tables(self) -> _Tables:
        lent: _Lent | None = getattr(self._own, "lent", None)
        if lent is None:
            try:
                tables = self._idle.pop()
            except IndexError:
                tables = _Tables(_FollowingStore(super().store(), self))
            self._own.lent = lent = _Lent(tables)
            # What belongs to a thread goes when it ends; its tables then wait for the next.
            weakref.finalize(lent, self._idle.append, tables).atexit = False
        return lent.tables

    def _look(self) -> _Newest:
        """The newest commit; read again only if there is another."""
        store = self._tables().store
        with self._looking:
            known = self._newest
            if known is not None and is_remote(store.root) and time.monotonic() - known.looked < REMOTE_SECONDS:
                return known
            mark = store.mark()
            if known is None or mark is None or mark != known.mark:
                snapshot = Store.snapshot(store)
                commit = dict(snapshot.commit)
                if known is None or known.commit != commit:
                    identity = snapshot.identity
                    self._kept.forget(lambda key: isinstance(key, tuple) and key[0] != identity)
                    if self._shelf is not None:
                        self._shelf.open_for(identity)
                    known = _Newest(mark, commit, open_engine(self.settings.engine), time.monotonic())
                self._newest = known = replace(known, mark=mark, looked=time.monotonic())
            return known


class _FollowingStore(Store):
    """A store that gives the record's newest snapshot without opening it anew."""

    def __init__(self, store: Store, record: ServedRecord) -> None:
        super().__init__(store.root, store.engine)
        self._record = weakref.proxy(record)

    def snapshot(self, version: int | None = None) -> Snapshot:
        """The record now, or as it was at `version`."""
        if version is None:
            newest: Snapshot = self._record.newest()
            return newest
        return super().snapshot(version)


class _Tables:
    """The tables of one thread at the newest version that it has seen."""

    def __init__(self, store: _FollowingStore) -> None:
        self.store = store
        self._snapshot: Snapshot | None = None

    def at(self, newest: _Newest) -> Snapshot:
        """The tables at this commit."""
        if self._snapshot is None or dict(self._snapshot.commit) != newest.commit:
            self._snapshot = Snapshot(self.store.root, newest.commit, newest.engine.another())
        return self._snapshot


class _Lent:
    """What a thread holds for as long as it runs."""

    __slots__ = ("__weakref__", "tables")

    def __init__(self, tables: _Tables) -> None:
        self.tables = tables
