"""What every reader needs, made ready while the desk starts, so that nobody waits for it on a first visit."""

from __future__ import annotations

import logging
import threading

from dragoman.errors import DragomanError
from dragoman.serve.desk import Desk
from dragoman.serve.search import find_actors
from dragoman.serve.world import capitals, shapes

_LOG = logging.getLogger(__name__)


def warm_up(desk: Desk) -> threading.Thread:
    """Load the map and the names of actors, and have the search index brought up to date, beside everything else."""

    def work() -> None:
        try:
            shapes()
            capitals()
            find_actors("warm")
            desk.search.follow(patience=0)
        except DragomanError as error:
            _LOG.warning("The desk starts cold: %s", error)

    thread = threading.Thread(target=work, name="warming up", daemon=True)
    thread.start()
    return thread
