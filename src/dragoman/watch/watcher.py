"""The watch: asks what is due, reads what came, writes down what became of it; and again."""

from __future__ import annotations

import datetime
import logging
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from random import Random
from typing import Protocol

from dragoman.database import Database, FetchedItem, SourceState
from dragoman.errors import DragomanError, FetchError, ReadError
from dragoman.pipeline import Record
from dragoman.read import Answer, redirection
from dragoman.read.fetch import MOST_REDIRECTS
from dragoman.terms import RefusalReason
from dragoman.watch.answers import Later, judge
from dragoman.watch.archive import Archive
from dragoman.watch.clock import Clock
from dragoman.watch.handling import Handler
from dragoman.watch.holding import holder_name, let_go, let_go_of_the_dead
from dragoman.watch.hosts import Hosts, host_of
from dragoman.watch.items import Items
from dragoman.watch.reading import Outcome
from dragoman.watch.sources import Source
from dragoman.watch.states import States

log = logging.getLogger(__name__)

WORKERS = 4
"""Hosts that one watcher asks at the same time."""
LONGEST_PAUSE = 60.0
"""Seconds after which a watcher looks again, whatever it waits for."""
ONCE_WAITS = datetime.timedelta(seconds=90)
"""A single run waits no longer for a host; what waits for it is left for the next run."""
AFTER_ERROR = 30.0
"""Seconds that a watcher waits when the record, the database or the disk fails."""


class Asker(Protocol):
    """What asks a site: `read.Fetcher`."""

    def ask(self, url: str, headers: dict[str, str] | None = None, *, bulk: bool = False) -> Answer:
        """One request and its answer."""


@dataclass(frozen=True, slots=True)
class Action:
    """One request that is to be made: for a source's list, for an item, or (neither) for the robots.txt of the host."""

    source: Source
    host: str
    address: str
    headers: dict[str, str]
    state: SourceState | None = None
    item: FetchedItem | None = None

    @property
    def hops(self) -> int:
        """How many redirects led here."""
        holder = self.state or self.item
        return holder.hops if holder else 0


class Watcher:
    """A watch over some sources for one record; any number may run on one database, on one machine or several."""

    def __init__(
        self,
        record: Record,
        database: Database,
        sources: Sequence[Source],
        *,
        archive: Archive,
        asker: Asker,
        clock: Clock,
        random: Random | None = None,
        after: Callable[[datetime.datetime], None] | None = None,
    ) -> None:
        self._database = database
        self._sources = {source.name: source for source in sources}
        self._asker = asker
        self._clock = clock
        self._after = after
        self._holder = holder_name()
        self._states = States(database, sources, self._holder, random or Random())
        self._hosts = Hosts(database, self._holder)
        self._items = Items(database, self._holder)
        self._handler = Handler(record, database, self._states, self._items, archive, random or Random())
        self._spacing = _spacings(sources)
        self._started = False

    @property
    def tally(self) -> Outcome:
        """What all pages gave that this watcher read."""
        return self._handler.tally

    def step(self) -> bool:
        """Do what can be done now; False where there was nothing."""
        if not self._started:
            self._begin()
        now = self._clock.now()
        worked = self._visit_folders(now)
        actions = self._actions(now)
        answers = self._ask(actions)
        if actions:
            self._take(list(zip(actions, answers, strict=True)))
        if self._after is not None:
            self._after(self._clock.now())
        return worked or bool(actions)

    def once(self, stopped: Callable[[], bool] = lambda: False) -> None:
        """Visit every source that is due, or will be within half its interval, and read all that can be had."""
        self._begin()
        self._states.bring_forward(self._clock.now())
        while not stopped():
            if self.step():
                continue
            until = self._busy_until()
            if until is None or until - self._clock.now() > ONCE_WAITS:
                break
            self._wait_until(until)
        self.close()

    def run(self, stopped: Callable[[], bool]) -> None:
        """Watch until stopped; errors of record, database and disk are told and waited out."""
        while not stopped():
            try:
                if not self.step():
                    self._wait_until(self._next_moment())
            except (DragomanError, OSError) as error:
                log.error("the watch waits %d s: %s", AFTER_ERROR, error)
                self._clock.wait(AFTER_ERROR)
                self._started = False
        try:
            self.close()
        except DragomanError as error:
            log.error("what this watcher holds could not be let go, and runs out by itself: %s", error)

    def close(self) -> None:
        """Let others have what this watcher holds."""
        with self._database.session() as session:
            let_go(session, self._holder, self._clock.now())

    def _begin(self) -> None:
        now = self._clock.now()
        with self._database.session() as session:
            let_go_of_the_dead(session, now)
            let_go(session, self._holder, now)
        self._states.register(now)
        self._started = True

    def _visit_folders(self, now: datetime.datetime) -> bool:
        """Visit what needs no request: folders, and lists of pages, which are only written down."""
        worked = False
        for source, _ in self._states.due(now):
            if not source.is_listed and self._states.claim(source.name, now):
                if source.kind.is_local:
                    self._handler.folder(source, now)
                else:
                    self._handler.pages(source, now)
                worked = True
        return worked

    def _actions(self, now: datetime.datetime) -> list[Action]:
        found: list[Action] = []
        hosts: set[str] = set()
        wanted = [
            *((source, state, None) for source, state in self._states.due(now) if source.is_listed),
            *((self._sources[item.source], None, item) for item in self._items.due(self._sources, now).values()),
        ]
        for source, state, item in wanted:
            if len(found) == WORKERS:
                break
            address = _address(source, state, item)
            host = host_of(address)
            if host and host in hosts:
                continue
            action = self._prepared(source, state, item, address, host, now)
            if action is not None:
                found.append(action)
                hosts.add(host)
        return found

    def _prepared(
        self,
        source: Source,
        state: SourceState | None,
        item: FetchedItem | None,
        address: str,
        host: str,
        now: datetime.datetime,
    ) -> Action | None:
        """The request for a list or an item, with all that it needs held; None where it cannot be made now."""
        if not host:
            return self._held(Action(source, "", address, {}, state, item), now)
        known = self._hosts.known(host, now)
        if known.robots is None:
            if self._hosts.claim(host, now):
                return Action(source, host, f"{host}/robots.txt", {})
            return None
        if not known.robots.allows(address):
            refused = Action(source, "", address, {}, state, item)
            if self._held(refused, now):
                self._take([(refused, _disallowed(address))])
            return None
        if not self._hosts.claim(host, now):
            return None
        action = self._held(Action(source, host, address, _conditions(state, item), state, item), now)
        if action is None:
            self._hosts.release(host, now, 0)
        return action

    def _held(self, action: Action, now: datetime.datetime) -> Action | None:
        if action.state is not None:
            return action if self._states.claim(action.source.name, now) else None
        return action if action.item is not None and self._items.claim(action.item, self._sources, now) else None

    def _ask(self, actions: Sequence[Action]) -> list[Answer | ReadError]:
        if len(actions) < 2:
            return [self._asked(action) for action in actions]
        with ThreadPoolExecutor(max_workers=len(actions)) as pool:
            return list(pool.map(self._asked, actions))

    def _asked(self, action: Action) -> Answer | ReadError:
        bulk = action.item is not None and action.item.part == "data"
        try:
            answer = self._asker.ask(action.address, action.headers, bulk=bulk)
            if action.state is None and action.item is None:
                answer = self._followed(answer)
        except ReadError as error:
            return error
        return replace(answer, retrieved=self._clock.now())

    def _followed(self, answer: Answer) -> Answer:
        """What stands in the end where a robots.txt redirects to; its redirects are followed at once."""
        for _ in range(MOST_REDIRECTS):
            place = redirection(answer)
            if place is None:
                break
            answer = self._asker.ask(place)
        return answer

    def _take(self, found: Iterable[tuple[Action, Answer | ReadError]]) -> None:
        """Let go of the hosts, then do what the answers ask for."""
        now = self._clock.now()
        pages = []
        for action, answer in found:
            if action.state is None and action.item is None:
                self._learn(action, answer, now)
                continue
            meaning = judge(answer, action.hops, now)
            if action.host:
                wait = meaning.wait if isinstance(meaning, Later) else None
                self._hosts.release(action.host, now + max(self._space(action), wait or datetime.timedelta()))
            if action.item is None:
                self._handler.listed(action.source, action.hops, action.address, meaning, now)
            else:
                pages.append((action.source, action.item, meaning))
        if pages:
            self._handler.items(pages, now)

    def _learn(self, action: Action, answer: Answer | ReadError, now: datetime.datetime) -> None:
        """Keep what came of asking for robots.txt."""
        later = self._hosts.learn(action.host, answer, now)
        wait = later.wait if later is not None and later.wait is not None else datetime.timedelta()
        self._hosts.release(action.host, now + max(self._space(action), wait))
        if later is not None:
            log.warning("%s: %s", action.source.name, later.why)
            self._states.count_failure(action.source.name, later.why)

    def _space(self, action: Action) -> datetime.timedelta:
        """The least time between two requests to the host, as sources and the host itself want it."""
        known = self._hosts.known(action.host, self._clock.now())
        delay = known.robots.delay if known.robots is not None else None
        own = max(self._spacing.get(action.host, datetime.timedelta()), action.source.limits.spacing)
        return max(own, datetime.timedelta(seconds=delay or 0))

    def _busy_until(self) -> datetime.datetime | None:
        """When the first host is free of those that something due waits for; None where nothing is due."""
        now = self._clock.now()
        hosts = {host for host in self._items.due(self._sources, now) if host}
        for source, state in self._states.due(now):
            if source.is_listed:
                hosts.add(host_of(_address(source, state, None)))
        return self._hosts.next_free(hosts) if hosts else None

    def _next_moment(self) -> datetime.datetime | None:
        now = self._clock.now()
        moments = [self._states.next_due(), self._items.next_due(self._sources, now), self._busy_until()]
        ahead = [moment for moment in moments if moment is not None and moment > now]
        return min(ahead, default=None)

    def _wait_until(self, moment: datetime.datetime | None) -> None:
        left = LONGEST_PAUSE if moment is None else (moment - self._clock.now()).total_seconds()
        self._clock.wait(min(max(left, 0.05), LONGEST_PAUSE))


def _address(source: Source, state: SourceState | None, item: FetchedItem | None) -> str:
    if item is not None:
        return item.location or item.address
    return (state.location if state is not None else None) or source.address


def _conditions(state: SourceState | None, item: FetchedItem | None) -> dict[str, str]:
    """The headers by which a site may answer that nothing has changed."""
    holder = state or item
    if holder is None or (item is not None and item.part == "data"):
        return {}
    headers = {}
    if holder.etag:
        headers["If-None-Match"] = holder.etag
    if holder.last_modified:
        headers["If-Modified-Since"] = holder.last_modified
    return headers


def _spacings(sources: Iterable[Source]) -> dict[str, datetime.timedelta]:
    found: dict[str, datetime.timedelta] = {}
    for source in sources:
        for address in source.addresses:
            host = host_of(address)
            found[host] = max(found.get(host, datetime.timedelta()), source.limits.spacing)
    return found


def _disallowed(address: str) -> ReadError:
    return FetchError(
        RefusalReason.DISALLOWED,
        f"The site's robots.txt asks that {address[:200]} be not fetched, and the watch heeds it. Ask the site, or "
        "take the source out.",
    )
