"""Events as people get them: the keys of INTERFACE, stable in name and order, as a row or as a table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ibis
import pyarrow as pa

from dragoman.record.columns import columns_of
from dragoman.record.schemas import EVENTS

_TEXT = pa.string()
_LIST = pa.list_(pa.string())
_DAYS = "day (ISO 8601)"


def _field(name: str, kind: pa.DataType, meaning: str, unit: str = "", nullable: bool = True) -> pa.Field:
    return pa.field(name, kind, nullable=nullable, metadata={"meaning": meaning, "unit": unit})


PUBLIC = pa.schema(
    [
        _field("id", _TEXT, "e and 20 hexadecimal digits, named after the event's first report", nullable=False),
        _field("date", pa.date32(), "first day of the period in which it happened; null where unknown", _DAYS),
        _field("date_precision", _TEXT, "how exactly the date is known"),
        _field("source", _LIST, "codes of those who act"),
        _field("target", _LIST, "codes of those acted on"),
        _field("type", _TEXT, "PLOVER event type"),
        _field("mode", _TEXT, "PLOVER mode; null where the reports name none or several"),
        _field("quad", pa.int8(), "verbal or material, cooperation or conflict"),
        _field("intensity", pa.float64(), "mean PLOVER score of the mentions", "-10 (conflict) to +10 (cooperation)"),
        _field("factuality", _TEXT, "whether it is reported as done, promised, possible or denied"),
        _field("contested", pa.bool_(), "some report it as done while somebody denies it"),
        _field("claimants", _LIST, "codes or kinds of those who say so; empty: at least one article itself"),
        _field("domain", _TEXT, "field of life; null is unknown"),
        _field("place", _TEXT, "name of the place, if the mentions agree"),
        _field("confidence", pa.float64(), "highest confidence of a mention; null while none is measured", "0 to 1"),
        _field("mentions", _LIST, "ids of the mentions that report it"),
        _field("outlets", _LIST, "publishers that carried it"),
        _field("origins", pa.int32(), "independent origins: outlets that share a sentence count once", "count"),
        _field("provider", _TEXT, "dragoman, or the data set that it was imported from"),
        _field("coder_version", _TEXT, "version of the coder that made the mentions"),
        _field("source_names", _LIST, "names of those who act, in the order of source"),
        _field("target_names", _LIST, "names of those acted on, in the order of target"),
        _field("source_sectors", _LIST, "PLOVER sectors of those who act, in the order of source"),
        _field("target_sectors", _LIST, "PLOVER sectors of those acted on, in the order of target"),
        _field("place_country", _TEXT, "ISO 3166 alpha-3 code of the place's state"),
        _field("first_reported", pa.date32(), "earliest day on which a report was available", _DAYS),
        _field("last_reported", pa.date32(), "latest such day", _DAYS),
        _field("deniers", _LIST, "codes or kinds of those who deny it"),
        _field("source_wikidata", _LIST, "Wikidata ids of those who act, in the order of source"),
        _field("target_wikidata", _LIST, "Wikidata ids of those acted on, in the order of target"),
        _field("place_geonames_id", pa.int64(), "GeoNames id of the place"),
        _field("place_latitude", pa.float64(), "latitude of the place", "degrees"),
        _field("place_longitude", pa.float64(), "longitude of the place", "degrees"),
    ]
)
"""What an event looks like outside: every column with its meaning and unit."""

_ACTORS = {"source": "code", "source_names": "name", "source_sectors": "sector", "source_wikidata": "wikidata"}
_PLACE = {
    "place": "name",
    "place_country": "country",
    "place_geonames_id": "geonames_id",
    "place_latitude": "latitude",
    "place_longitude": "longitude",
}
_ACTOR_PARTS = [field.name for field in EVENTS.field("source").type.value_type]
_PLACE_PARTS = [field.name for field in EVENTS.field("place").type]


def public_event(row: Mapping[str, Any]) -> dict[str, Any]:
    """An event with the promised keys; `source` and `target` are arrays of codes, names and sectors stand beside."""
    return {name: _plain(row, name) for name in PUBLIC.names}


def _plain(row: Mapping[str, Any], name: str) -> Any:
    side, actor_part = _actor_part(name)
    if actor_part:
        return [actor[actor_part] for actor in row[side]]
    if name in _PLACE:
        return row["place"][_PLACE[name]] if row["place"] else None
    value = row[name]
    if isinstance(value, list | tuple):
        return list(value)
    return value.isoformat() if value is not None and pa.types.is_date(PUBLIC.field(name).type) else value


def public_rows(events: pa.Table) -> list[dict[str, Any]]:
    """The same of rows of `events` as columns, in their order."""
    read = columns_of(events)
    columns = [_plain_column(read, name) for name in PUBLIC.names]
    return [dict(zip(PUBLIC.names, row, strict=True)) for row in zip(*columns, strict=True)]


def _plain_column(read: Mapping[str, list[Any]], name: str) -> list[Any]:
    kind = PUBLIC.field(name).type
    side, actor_part = _actor_part(name)
    if actor_part:
        place = _ACTOR_PARTS.index(actor_part)
        return [[actor[place] for actor in actors] for actors in read[side]]
    if name in _PLACE:
        part = _PLACE_PARTS.index(_PLACE[name])
        return [place[part] if place else None for place in read["place"]]
    if pa.types.is_list(kind):
        return list(map(list, read[name]))
    if pa.types.is_date(kind):
        return [day and day.isoformat() for day in read[name]]
    return read[name]


def public_events(events: ibis.Table) -> ibis.Table:
    """The same of a whole table of events, as an expression: nothing is read yet, dates stay dates."""
    return events.select(**{name: _column(events, name) for name in PUBLIC.names})


def _column(events: ibis.Table, name: str) -> ibis.Value:
    side, actor_part = _actor_part(name)
    if actor_part:
        return events[side].map(lambda actor: actor[actor_part])
    return events.place[_PLACE[name]] if name in _PLACE else events[name]


def _actor_part(name: str) -> tuple[str, str | None]:
    """The side of an event and the part of its actors that a column holds; None for every other column."""
    side = name.split("_")[0]
    return side, _ACTORS.get(name.replace(side, "source", 1)) if side in ("source", "target") else None


def joined_lists(public: ibis.Table) -> ibis.Table:
    """Lists joined with bars; what is unknown in one is left empty, as an unknown cell is."""
    lists = [name for name in PUBLIC.names if pa.types.is_list(PUBLIC.field(name).type)]
    return public.mutate(**{name: _joined(public[name]) for name in lists})


def _joined(texts: ibis.Value) -> ibis.Value:
    # Of an empty list DuckDB makes an empty text, Spark none at all.
    return texts.map(lambda part: part.fill_null("")).join("|").fill_null("")
