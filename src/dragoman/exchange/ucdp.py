"""Rows of UCDP's georeferenced events (GED): by comma, quoted, with a header that grew over the versions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

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
    *("id", "year", "active_year", "type_of_violence", "conflict_new_id", "conflict_name", "dyad_new_id", "dyad_name"),
    *("side_a_new_id", "side_a", "side_b_new_id", "side_b", "number_of_sources", "source_article", "source_office"),
    *("source_date", "source_headline", "source_original", "where_prec", "where_coordinates", "adm_1", "adm_2"),
    *("latitude", "longitude", "country", "region", "event_clarity", "date_prec", "date_start", "date_end"),
    *("deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown", "best", "high", "low"),
    *("gwnoa", "gwnob", "country_id", "priogrid_gid"),
)
LAYOUT = Layout(
    orders=(COLUMNS[:-4],),
    needed=("id", "type_of_violence", "side_a", "side_b", "country", "date_start", "date_end"),
    anchors={
        "id": r"\d+",
        "year": r"\d{4}",
        "type_of_violence": r"[1-3]",
        "latitude": NUMBER,
        "longitude": NUMBER,
        "date_start": r"\d{4}-\d{2}-\d{2}.*",
        "date_end": r"\d{4}-\d{2}-\d{2}.*",
        "best": r"\d+",
        "low": r"\d+",
    },
    quoted=True,
)


class Ucdp:
    """UCDP GED."""

    name = "ucdp"

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

        when = glued(column("date_start"), column("date_end"))
        state = mapped(column("country"), lambda name: self._parties.country(Codes.NAME, name), pa.string())
        sources = pc.max_element_wise(numbers(column("number_of_sources"), pa.int32()), pa.scalar(1, pa.int32()))
        return Coded(
            rows,
            code=column("type_of_violence"),
            facts=listed("ucdp.toml").get,
            days=mapped(when, lambda key: (found := _period(key)) and found.start, pa.date32()),
            precision=mapped(when, lambda key: (found := _period(key)) and found.precision.value, pa.string()),
            ends=mapped(when, lambda key: (found := _period(key)) and found.end, pa.date32()),
            source=glued(column("side_a"), column("gwnoa"), column("country")),
            target=glued(column("side_b"), column("gwnob"), column("country")),
            solve=self._solve,
            row_id=column("id"),
            place=places(
                pc.coalesce(column("where_coordinates"), column("adm_1")),
                state,
                numbers(column("latitude")),
                numbers(column("longitude")),
            ),
            outlet=column("source_office"),
            origins=sources,
        )

    def _solve(self, key: str, day: date | None) -> tuple[Actor, ...] | None:
        name, number, country = key.split(GLUE)
        if not name:
            return ()
        actor = self._parties.ucdp(name, number, country, day)
        return (actor,) if actor else None


def _period(key: str) -> Period | None:
    """The finest period of the record that holds both days; None for days that no year holds."""
    try:
        start, end = (date.fromisoformat(text[:10]) for text in key.split(GLUE))
    except ValueError:
        return None
    for precision in Precision:
        period = Period.of(start, precision)
        if start <= end <= period.end:
            return period
    return None
