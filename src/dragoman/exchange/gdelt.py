"""Rows of GDELT's event files: 61 columns by tab (GDELT 2), 58 or 57 (GDELT 1), without a header."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from dragoman.exchange.coded import GLUE, Coded, glued, iso_days, mapped, numbers, places
from dragoman.exchange.codes import cameo
from dragoman.exchange.columns import Rows, filled
from dragoman.exchange.countries import Codes
from dragoman.exchange.files import Source
from dragoman.exchange.layout import NUMBER, Layout, read_rows
from dragoman.exchange.parties import Parties
from dragoman.records import Actor, Refusal

_ACTOR = (
    *("Code", "Name", "CountryCode", "KnownGroupCode", "EthnicCode", "Religion1Code", "Religion2Code"),
    *("Type1Code", "Type2Code", "Type3Code"),
)
_PLACE = ("Type", "FullName", "CountryCode", "ADM1Code", "ADM2Code", "Lat", "Long", "FeatureID")
_SIDES = tuple(f"{actor}{part}" for actor in ("Actor1", "Actor2") for part in _ACTOR)
_GEOS = tuple(f"{place}_{part}" for place in ("Actor1Geo", "Actor2Geo", "ActionGeo") for part in _PLACE)
COLUMNS = (
    *("GLOBALEVENTID", "SQLDATE", "MonthYear", "Year", "FractionDate", *_SIDES),
    *("IsRootEvent", "EventCode", "EventBaseCode", "EventRootCode", "QuadClass", "GoldsteinScale"),
    *("NumMentions", "NumSources", "NumArticles", "AvgTone", *_GEOS, "DATEADDED", "SOURCEURL"),
)
FIRST = tuple(name for name in COLUMNS if not name.endswith("ADM2Code"))
"""The columns of GDELT 1 since April 2013; before, SOURCEURL is not there."""
_TOLD = ("Code", "Name", "CountryCode", "KnownGroupCode", "Type1Code", "Type2Code", "Type3Code")
"""What an actor is told from."""
LAYOUT = Layout(
    orders=(COLUMNS, FIRST, FIRST[:-1]),
    needed=("GLOBALEVENTID", "SQLDATE", "EventCode"),
    anchors={
        "GLOBALEVENTID": r"\d+",
        "SQLDATE": r"\d{8}",
        "Year": r"\d{4}",
        "EventCode": r"\d{2,4}|---|X",
        "QuadClass": r"[1-4]",
        "GoldsteinScale": NUMBER,
        "ActionGeo_Lat": NUMBER,
        "ActionGeo_Long": NUMBER,
        "DATEADDED": r"\d{8}|\d{14}",
    },
    header=False,
    used=frozenset(
        (
            *(f"{actor}{part}" for actor in ("Actor1", "Actor2") for part in _TOLD),
            *("ActionGeo_FullName", "ActionGeo_CountryCode", "NumSources", "SOURCEURL"),
        )
    ),
)


class Gdelt:
    """GDELT event data, versions 1 and 2."""

    name = "gdelt"

    def __init__(self, parties: Parties) -> None:
        self._parties = parties

    def rows(self, source: Source) -> Iterator[Rows | Refusal]:
        """The rows of a file."""
        return read_rows(source, LAYOUT)

    def code(self, rows: Rows) -> Coded:
        """What the rows mean."""

        def column(name: str) -> pa.Array:
            return rows.table[name].combine_chunks()

        def side(actor: str) -> pa.Array:
            return glued(*(column(f"{actor}{part}") for part in _TOLD))

        state = mapped(
            column("ActionGeo_CountryCode"), lambda code: self._parties.country(Codes.FIPS, code), pa.string()
        )
        sources = pc.max_element_wise(numbers(column("NumSources"), pa.int32()), pa.scalar(1, pa.int32()))
        linked = "SOURCEURL" in rows.table.column_names
        return Coded(
            rows,
            code=column("EventCode"),
            facts=cameo().get,
            days=iso_days(column("SQLDATE")),
            source=side("Actor1"),
            target=side("Actor2"),
            solve=self._solve,
            row_id=column("GLOBALEVENTID"),
            place=places(
                filled(column("ActionGeo_FullName")),
                state,
                numbers(column("ActionGeo_Lat")),
                numbers(column("ActionGeo_Long")),
            ),
            outlet=_hosts(column("SOURCEURL")) if linked else None,
            origins=sources,
            reported=iso_days(column("DATEADDED")),
        )

    def _solve(self, key: str, day: date | None) -> tuple[Actor, ...] | None:
        code, name, country, group, *kinds = key.split(GLUE)
        if not code and not name:
            return ()
        actor = self._parties.cameo(code, name, country, group, " ".join(filter(None, kinds)), day)
        return (actor,) if actor else None


def _hosts(links: pa.Array) -> pa.Array:
    """The hosts of addresses; a name that is none (“BBC Monitoring”) stays as it is."""
    host = _third(links)
    bare = pc.if_else(pc.starts_with(host, "www."), pc.utf8_slice_codeunits(host, 4), host)
    is_link = pc.or_(pc.starts_with(links, "https://"), pc.starts_with(links, "http://"))
    plain = pc.fill_null(pc.and_not(is_link, pc.match_substring_regex(bare, "^$|[:?#]")), False)
    if pc.all(plain).as_py():
        return bare
    # A pattern that cuts out a part is slow, so it is used where the address is not plain.
    found = pc.extract_regex(pc.if_else(plain, None, links), r"^https?://(?:www\.)?(?P<host>[^/:?#]+)")
    return pc.coalesce(pc.if_else(plain, bare, None), pc.struct_field(found, "host"), links)


def _third(links: pa.Array) -> pa.Array:
    """Of “https:”, “” and “www.example.org” the last; null where there are fewer parts."""
    parts = pc.split_pattern(links, "/", max_splits=3)
    offsets = parts.offsets.to_numpy()
    at = offsets[:-1] + 2
    return parts.values.take(pa.array(at, mask=at >= offsets[1:]))
