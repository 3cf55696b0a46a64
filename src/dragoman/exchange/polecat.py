"""Rows of POLECAT's weekly files: 40 columns by tab, with a header; PLOVER's own words, None for empty."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from dragoman.exchange.coded import GLUE, Coded, glued, iso_days, mapped, numbers, places
from dragoman.exchange.codes import Facts, plover
from dragoman.exchange.columns import Rows, filled
from dragoman.exchange.countries import Codes
from dragoman.exchange.files import Source
from dragoman.exchange.layout import DAY, NUMBER, Layout, read_rows
from dragoman.exchange.parties import Parties
from dragoman.records import Actor, Refusal


def _side(name: str) -> tuple[str, ...]:
    own = (f"{name} Name", f"{name} Country", f"{name} COW", f"Primary {name} Sector", f"{name} Sectors")
    return (*own, f"{name} Title", f"{name} Name Raw", f"Wikipedia {name} ID")


COLUMNS = (
    *("Event ID", "Event Date", "Event Type", "Event Mode", "Intensity", "Quad Code", "Contexts"),
    *_side("Actor"),
    *_side("Recipient"),
    *("Placename", "City", "District", "Province", "Country", "Latitude", "Longitude", "GeoNames ID"),
    *("Raw Placename", "Feature Type", "Source", "Publication Date", "Story People", "Story Organizations"),
    *("Story Locations", "Language", "Version"),
)
EMPTY = ("None", "NA", "NULL")
_NUMBER = f"{NUMBER}|None|NA"
_DAYS = rf"({DAY}|\d{{8}})([ T].*)?|None|NA"
LAYOUT = Layout(
    orders=(COLUMNS,),
    needed=("Event ID", "Event Date", "Event Type", "Actor Country", "Recipient Country"),
    anchors={
        "Event Date": _DAYS,
        "Event Type": r"[A-Za-z]{3,10}",
        "Intensity": _NUMBER,
        "Latitude": _NUMBER,
        "Longitude": _NUMBER,
        "GeoNames ID": _NUMBER,
        "Publication Date": _DAYS,
    },
)


class Polecat:
    """POLECAT event data."""

    name = "polecat"

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

        def side(name: str) -> pa.Array:
            sector = pc.coalesce(column(f"Primary {name} Sector"), column(f"{name} Sectors"))
            return glued(column(f"{name} Country"), sector, column(f"{name} Name"), column(f"{name} Name Raw"))

        state = mapped(column("Country"), self._state, pa.string())
        spots = (column(name) for name in ("Placename", "City", "District", "Province", "Country"))
        return Coded(
            rows,
            code=glued(column("Event Type"), column("Event Mode"), column("Contexts")),
            facts=_facts,
            days=iso_days(column("Event Date")),
            source=side("Actor"),
            target=side("Recipient"),
            solve=self._solve,
            row_id=column("Event ID"),
            place=places(
                pc.coalesce(*spots),
                state,
                numbers(column("Latitude")),
                numbers(column("Longitude")),
                numbers(column("GeoNames ID"), pa.int64()),
            ),
            outlet=column("Source"),
            reported=iso_days(column("Publication Date")),
            version=column("Version"),
            shown=_shown,
        )

    def _state(self, text: str) -> str | None:
        return self._parties.country(Codes.ISO3, text) or self._parties.country(Codes.NAME, text)

    def _solve(self, key: str, day: date | None) -> tuple[Actor, ...] | None:
        country, sectors, name, raw = key.split(GLUE)
        codes = [part.strip() for part in country.replace(",", ";").split(";") if part.strip()]
        sector = sectors.replace(",", ";").split(";")[0]
        if not codes and not name and not raw:
            return ()
        found = [self._parties.plover(code, sector, name or raw, day) for code in codes or [""]]
        actors = tuple(dict.fromkeys(actor for actor in found if actor is not None))
        return actors or None


def _facts(key: str) -> Facts | None:
    kind, mode, contexts = key.split(GLUE)
    return plover(kind, mode, contexts)


def _shown(key: str) -> str:
    kind, mode, _ = key.split(GLUE)
    return f"{kind} {mode}".strip()
