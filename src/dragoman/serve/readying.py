"""Makes ready what readers ask for first, at the start and when the record has a new version, so that none waits."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Hashable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from dragoman.errors import DragomanError
from dragoman.pipeline import View
from dragoman.relate.series import Step
from dragoman.serve.activity import activity_of
from dragoman.serve.asking import Outlook, Parties, on_page
from dragoman.serve.desk import Desk
from dragoman.serve.listing import Wanted, count_events, event_lines, page_of_events
from dragoman.serve.overview import Overview, keep_overview, overview_of
from dragoman.serve.person import nobody
from dragoman.serve.reading import ServedRecord
from dragoman.serve.routes.actors import ready_latest
from dragoman.serve.routes.front import front_page
from dragoman.serve.routes.map import map_page
from dragoman.serve.routes.network import network_page
from dragoman.serve.search import find_actors
from dragoman.serve.views import (
    BUSY,
    Look,
    ViewRows,
    around_key,
    around_of,
    chart_of,
    keep_around,
    keep_chart,
    keep_view,
    view_key,
    view_of,
)
from dragoman.serve.world import capitals, shapes

Found = TypeVar("Found")

log = logging.getLogger(__name__)

LOOK_SECONDS = 2.0
"""How often it is looked for a new version."""

REST = 4.0
"""How many times as long as that took it then rests: while much is added, readers come first."""

LONGEST_REST = 120.0
"""Seconds that it rests at most."""

LEFT = 1
"""Helpers that are left idle for readers, as far as there are so many."""

FEWEST = 12
"""Relations that are made ready first, and in any case."""

MOST_RELATIONS = 120
"""Relations that are made ready, beside those on the front page."""

FIRST = ((View.ERAS, None), (View.LEDGER, None), (View.INDICATORS, None), (View.SERIES, Step.MONTH))
"""What the first page of a relation shows, with its chart, and that of its course."""

FURTHER = ((View.RESPONSES, None), (View.WORDING, None), (View.RITUAL, None), (View.NETWORK, None))
"""What its other pages show."""

DRAWN = frozenset({View.ERAS, View.SERIES, View.LEDGER, View.INDICATORS, View.WORDING, View.NETWORK})
"""Views that have a chart."""

Asked = tuple[View, Step | None]


class Readier:
    """A thread that makes the first pages ready; `start` and `stop` it."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="readier", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End after what is being found now."""
        self._stopped.set()

    def ready(self) -> int:
        """Make the first pages of the newest version ready; returns its number."""
        desk, record = self._desk, self._desk.record
        version = record.newest().version
        for _ in self._steps(desk, record):
            if self._stopped.is_set() or record.newest().version != version:
                break
        return version

    def _steps(self, desk: Desk, record: ServedRecord) -> Iterator[None]:
        """One thing after the other, what is asked for most before what is asked for less."""
        pairs = activity_of(record).pairs
        yield
        busy = [Parties(pair.first, pair.second) for pair in pairs[:MOST_RELATIONS] if pair.events > BUSY]
        busy = busy or [Parties(pair.first, pair.second) for pair in pairs[:FEWEST]]
        count_events(record, Wanted())
        event_lines(record, page_of_events(record, Wanted()))
        yield
        yield from _each(record, busy[:FEWEST], FIRST)
        front = front_page(desk, nobody(""))
        yield
        shown = [Parties(relation.first, relation.second) for relation in front.relations]
        ready_latest(record)
        yield
        every = list(dict.fromkeys((*shown, *busy)))
        # What takes long would hold up who else asks where there is no process for it.
        for wanted in (FIRST, FURTHER) if record.helpers else (FIRST,):
            yield from _each(record, every if record.helpers else shown, wanted)
        for page in (map_page, network_page):
            page(desk)
            yield

    def _load(self) -> None:
        """Load the map and the names of actors, and bring the search index up to date."""
        try:
            shapes()
            capitals()
            find_actors("warm")
            self._desk.search.follow(patience=0)
        except DragomanError as error:
            log.warning("The desk starts cold: %s", error)

    def _run(self) -> None:
        self._load()
        done = -1
        while not self._stopped.is_set():
            took = 0.0
            try:
                if self._desk.record.newest().version != done:
                    started = time.monotonic()
                    done = self.ready()
                    took = time.monotonic() - started
            except DragomanError as error:
                # Whoever asks for the page is told; here nobody waits.
                log.info("The first pages could not be made ready: %s", error)
            self._stopped.wait(min(max(LOOK_SECONDS, REST * took), LONGEST_REST))


@dataclass(frozen=True, slots=True)
class Relation:
    """What pages of a relation show: its overview, views, and their charts."""

    overview: Overview
    views: list[tuple[Look, ViewRows]]
    charts: list[tuple[Look, bytes]]


def _each(record: ServedRecord, relations: Sequence[Parties], asked: Sequence[Asked]) -> Iterator[None]:
    """Make them ready, as many at once as there are helpers that readers can spare."""
    most = max(1, len(record.helpers) - LEFT) if record.helpers else 1
    waiting: deque[Future[None]] = deque()
    with ThreadPoolExecutor(most, thread_name_prefix="readier") as threads:
        try:
            for two in relations:
                waiting.append(threads.submit(ready_relation, record, two, asked))
                if len(waiting) == most:
                    waiting.popleft().result()
                yield
            for one in waiting:
                one.result()
        finally:
            threads.shutdown(cancel_futures=True)


def ready_relation(record: ServedRecord, two: Parties, asked: Sequence[Asked]) -> None:
    """Have a helper find what pages of a relation show, unless all of it is kept; others go before."""
    if all(record.is_kept(_key(_look(two, one))) for one in asked):
        return
    found = record.apart(find_relation, two, tuple(asked), about=two, spare=LEFT)
    keep_overview(record, two, Outlook(), lambda: found.overview)
    for look, rows in found.views:
        (keep_around if look.view is View.NETWORK else keep_view)(record, look, partial(_given, rows))
    for look, svg in found.charts:
        keep_chart(record, look, partial(_given, svg))


def find_relation(record: ServedRecord, two: Parties, asked: Sequence[Asked]) -> Relation:
    """The same, found here and now."""
    looks = [_look(two, one) for one in asked]
    views = [(look, (around_of if look.view is View.NETWORK else view_of)(record, look)) for look in looks]
    drawn = [look for look, found in views if look.view in DRAWN and found.rows]
    overview = overview_of(record, two, Outlook())
    return Relation(overview, views, [(look, _chart(record, look)) for look in drawn])


def _chart(record: ServedRecord, look: Look) -> bytes:
    return chart_of(record, look, on_page(1)) if look.view is View.LEDGER else chart_of(record, look)


def _key(look: Look) -> Hashable:
    return around_key(look) if look.view is View.NETWORK else view_key(look)


def _look(two: Parties, asked: Asked) -> Look:
    view, step = asked
    return Look(two, Outlook(), view, step)


def _given(found: Found) -> Found:
    return found
