"""What every page of the desk works on: the record, the SQL database, the settings, the time."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request

from dragoman.database import Database, open_database, utc_now
from dragoman.serve.limiting import Limits, parse_rates
from dragoman.serve.mailing import Mailer
from dragoman.serve.reading import ServedRecord
from dragoman.serve.search import SearchIndex
from dragoman.serve.search.tables import place_beside
from dragoman.settings import Settings


@dataclass(slots=True)
class Desk:
    """One desk over one record; `now` is the clock, which tests may set, `limits` how often what may be done."""

    settings: Settings
    record: ServedRecord
    database: Database
    now: Callable[[], datetime.datetime] = field(default=utc_now)
    limits: Limits = field(default_factory=lambda: Limits({}))
    mailer: Mailer = field(init=False)
    search: SearchIndex = field(init=False)

    def __post_init__(self) -> None:
        self.mailer = Mailer(self.settings)
        address = self.database.engine.url
        file = address.database if address.get_backend_name() == "sqlite" else None
        self.search = SearchIndex(place_beside(self.record.location, file), self.record)

    @classmethod
    def open(cls, settings: Settings) -> Desk:
        """The desk that the settings name; the database gets today's tables."""
        limits = Limits(parse_rates(settings.serve_limits))
        record = ServedRecord(settings.record, settings)
        return cls(settings, record, open_database(settings), limits=limits)


def desk_of(request: Request) -> Desk:
    """The desk of the running application."""
    desk: Desk = request.app.state.desk
    return desk


TheDesk = Annotated[Desk, Depends(desk_of)]
"""The parameter of a route that works on the desk."""
