"""Rows of ACLED's exports: 31 columns by comma, quoted, with a header; older files have fewer or more of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

import pyarrow as pa
import pyarrow.compute as pc

from dragoman.exchange.coded import GLUE, Coded, glued, mapped, numbers, places
from dragoman.exchange.codes import listed
from dragoman.exchange.columns import Rows, filled
from dragoman.exchange.countries import Codes
from dragoman.exchange.files import Source
from dragoman.exchange.layout import NUMBER, Layout, read_rows
from dragoman.exchange.parties import Parties
from dragoman.periods import Period, Precision
from dragoman.records import Actor, Refusal

COLUMNS = (
    *("event_id_cnty", "event_date", "year", "time_precision", "disorder_type", "event_type", "sub_event_type"),
    *("actor1", "assoc_actor_1", "inter1", "actor2", "assoc_actor_2", "inter2", "interaction"),
    *("civilian_targeting", "iso", "region", "country", "admin1", "admin2", "admin3", "location", "latitude"),
    *("longitude", "geo_precision", "source", "source_scale", "notes", "fatalities", "tags", "timestamp"),
)
LAYOUT = Layout(
    orders=(COLUMNS,),
    needed=("event_id_cnty", "event_date", "sub_event_type", "actor1", "country"),
    anchors={
        "year": r"\d{4}",
        "time_precision": r"[1-3]",
        "latitude": NUMBER,
        "longitude": NUMBER,
        "fatalities": r"\d*",
        "timestamp": r"\d*",
    },
    quoted=True,
)
_FORMS = ("%Y-%m-%d", "%d %B %Y", "%d-%b-%y", "%d-%b-%Y", "%d/%m/%Y")
_PRECISION = {"1": Precision.DAY, "2": Precision.WEEK, "3": Precision.MONTH}


class Acled:
    """ACLED's disorder events."""

    name = "acled"

    def __init__(self, parties: Parties) -> None:
        self._parties = parties

    def rows(self, source: Source) -> Iterator[Rows | Refusal]:
        """The rows of a file."""
        return read_rows(source, LAYOUT)

    def code(self, rows: Rows) -> Coded:
        """What the rows mean."""

        def column(name: str) -> pa.Array:
            if name not in rows.table.column_names:
                return pa.nulls(rows.table.num_rows, pa.string())
            return filled(rows.table[name])

        when = glued(column("event_date"), column("time_precision"))
        state = mapped(column("country"), lambda name: self._parties.country(Codes.NAME, name), pa.string())
        return Coded(
            rows,
            code=column("sub_event_type"),
            facts=listed("acled.toml").get,
            days=mapped(when, lambda key: _start(_period(key)), pa.date32()),
            precision=mapped(when, lambda key: (found := _period(key)) and found.precision.value, pa.string()),
            ends=mapped(when, lambda key: (found := _period(key)) and found.end, pa.date32()),
            source=glued(column("actor1"), column("inter1"), column("country")),
            target=glued(column("actor2"), column("inter2"), column("country")),
            solve=self._solve,
            row_id=column("event_id_cnty"),
            place=places(
                pc.coalesce(column("location"), column("admin1")),
                state,
                numbers(column("latitude")),
                numbers(column("longitude")),
            ),
            outlet=column("source"),
            reported=mapped(column("timestamp"), _stamped, pa.date32()),
        )

    def _solve(self, key: str, day: date | None) -> tuple[Actor, ...] | None:
        name, kind, country = key.split(GLUE)
        if not name or name.casefold().startswith("no actor"):
            return ()
        actor = self._parties.acled(name, kind, country, day)
        return (actor,) if actor else None


def _period(key: str) -> Period | None:
    text, precision = key.split(GLUE)
    for form in _FORMS:
        try:
            day = datetime.strptime(text, form).date()
        except ValueError:
            continue
        return Period.of(day, _PRECISION.get(precision, Precision.DAY))
    return None


def _start(period: Period | None) -> date | None:
    return period.start if period else None


def _stamped(text: str) -> date | None:
    """The day (UTC) of a stamp in seconds; ACLED's rows become known on the day of their release."""
    try:
        return date.fromordinal(719_163 + int(text) // 86_400)
    except (ValueError, OverflowError):
        return None
