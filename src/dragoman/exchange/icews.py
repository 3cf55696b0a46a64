"""Rows of ICEWS's weekly files: 20 columns by tab, with a header; CAMEO codes, names of countries, NA for empty."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pyarrow as pa

from dragoman.exchange.coded import GLUE, Coded, glued, iso_days, mapped, numbers, places
from dragoman.exchange.codes import cameo
from dragoman.exchange.columns import Rows, filled
from dragoman.exchange.countries import Codes, plain_name
from dragoman.exchange.files import Source
from dragoman.exchange.layout import DAY, NUMBER, Layout, read_rows
from dragoman.exchange.parties import UNSPECIFIED, Parties
from dragoman.records import Actor, Refusal

COLUMNS = (
    *("Event ID", "Event Date", "Source Name", "Source Sectors", "Source Country", "Event Text", "CAMEO Code"),
    *("Intensity", "Target Name", "Target Sectors", "Target Country", "Story ID", "Sentence Number", "Publisher"),
    *("City", "District", "Province", "Country", "Latitude", "Longitude"),
)
EMPTY = ("NA", "NULL", "None")
_NUMBER = f"{NUMBER}|NA|NULL|None"
LAYOUT = Layout(
    orders=(COLUMNS,),
    needed=("Event ID", "Event Date", "Source Name", "CAMEO Code", "Target Name"),
    anchors={
        "Event ID": r"\d+",
        "Event Date": DAY,
        "CAMEO Code": r"\d{2,4}",
        "Intensity": _NUMBER,
        "Story ID": r"\d+|NA|NULL|None",
        "Sentence Number": r"\d+|NA|NULL|None",
        "Latitude": _NUMBER,
        "Longitude": _NUMBER,
    },
)


class Icews:
    """ICEWS coded event data."""

    name = "icews"

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
            return filled(rows.table[name], *EMPTY)

        state = mapped(column("Country"), lambda name: self._parties.country(Codes.NAME, name), pa.string())
        spots = (column(name) for name in ("City", "District", "Province", "Country"))
        return Coded(
            rows,
            code=column("CAMEO Code"),
            facts=cameo().get,
            days=iso_days(column("Event Date")),
            source=glued(column("Source Name"), column("Source Sectors"), column("Source Country")),
            target=glued(column("Target Name"), column("Target Sectors"), column("Target Country")),
            solve=self._solve,
            row_id=column("Event ID"),
            place=places(pa.compute.coalesce(*spots), state, numbers(column("Latitude")), numbers(column("Longitude"))),
            outlet=column("Publisher"),
        )

    def _solve(self, key: str, day: date | None) -> tuple[Actor, ...] | None:
        name, sectors, country = key.split(GLUE)
        if plain_name(name) in UNSPECIFIED:
            return ()
        actor = self._parties.icews(name, sectors, country, day)
        return (actor,) if actor else None
