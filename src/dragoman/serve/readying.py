"""Makes ready what readers ask for first, at the start and when the record has a new version, so that none waits."""

from __future__ import annotations

import logging
import threading
import time

from dragoman.errors import DragomanError
from dragoman.pipeline import View
from dragoman.serve.activity import activity_of
from dragoman.serve.asking import Outlook, Parties
from dragoman.serve.desk import Desk
from dragoman.serve.listing import Wanted, count_events, event_lines, page_of_events
from dragoman.serve.person import nobody
from dragoman.serve.routes.front import front_page
from dragoman.serve.search import find_actors
from dragoman.serve.views import Look, chart_of, view_of
from dragoman.serve.world import capitals, shapes

log = logging.getLogger(__name__)

LOOK_SECONDS = 2.0
"""How often it is looked for a new version."""

REST = 4.0
"""How many times as long as that took it then rests: while much is added, readers come first."""

BUSIEST = 12
"""Relations that are made ready beside those on the front page."""

VIEWS = (View.ERAS, View.LEDGER, View.INDICATORS)
"""What the first page of a relation shows."""


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
        front = front_page(desk, nobody(""))
        count_events(record, Wanted())
        event_lines(record, page_of_events(record, Wanted()))
        shown = [Parties(relation.first, relation.second) for relation in front.relations]
        busy = [Parties(pair.first, pair.second) for pair in activity_of(record).pairs[:BUSIEST]]
        for two in dict.fromkeys((*shown, *busy)):
            for view in VIEWS:
                if self._stopped.is_set() or record.newest().version != version:
                    return version
                view_of(record, Look(two, Outlook(), view))
            chart_of(record, Look(two, Outlook(), View.ERAS))
        return version

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
            self._stopped.wait(max(LOOK_SECONDS, REST * took))
