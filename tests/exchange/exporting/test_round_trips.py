"""What each layout carries comes back equal, read by a small reader; what it cannot carry is left out and counted."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import networkx
import pyarrow.parquet as pq
import pytest

from dragoman.coding import gazetteer
from dragoman.exchange.exporting import Layout
from dragoman.exchange.exporting.cameo import CAMEO, CONVENTIONAL
from dragoman.exchange.exporting.icews import BODIES, COUNTRIES, NOBODY, SECTORS, country_name
from dragoman.exchange.exporting.plover import AUXILIARY, IMPLIED
from dragoman.exchange.exporting.polecat import QUADS
from dragoman.pipeline import Record
from dragoman.record import event_from
from dragoman.records import Event
from dragoman.terms import EventType, Factuality

Fields = dict[str, Any]


def events(record: Record) -> dict[str, Event]:
    return {row["id"]: event_from(row) for row in record.store().snapshot().rows("events")}


def table(path: Path) -> Iterator[dict[str, str | None]]:
    """Rows of a tab-separated file, with None and NA as unknown."""
    with path.open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            yield {name: None if value in ("None", "NA") else value for name, value in row.items()}


def records(path: Path) -> list[Fields]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def number(text: str | None) -> float | None:
    return float(text) if text else None


def left_out(record: Record, layout: Layout, path: Path) -> dict[str, int]:
    done = record.export(path, layout=layout)
    assert done.events + sum(done.left_out.values()) == len(events(record))
    return dict(done.left_out)


def test_jsonl_is_what_the_events_command_prints(record: Record, tmp_path: Path) -> None:
    record.export(tmp_path / "e.jsonl", layout="jsonl")
    assert records(tmp_path / "e.jsonl") == record.events()


def test_parquet_comes_back_with_lists_and_days(record: Record, tmp_path: Path) -> None:
    record.export(tmp_path / "e.parquet", layout="parquet")
    back = pq.read_table(tmp_path / "e.parquet")
    assert back.equals(record.to_arrow())
    assert back.schema.field("date").metadata[b"meaning"].startswith(b"first day")
    days = [
        {name: v.isoformat() if hasattr(v, "isoformat") else v for name, v in row.items()} for row in back.to_pylist()
    ]
    assert days == record.events()


def test_csv_comes_back(record: Record, tmp_path: Path) -> None:
    record.export(tmp_path / "e.csv")
    with (tmp_path / "e.csv").open(encoding="utf-8", newline="") as lines:
        back = list(csv.DictReader(lines))
    assert len(back) == len(record.events())
    for row, event in zip(back, record.events(), strict=True):
        for name, value in event.items():
            if isinstance(value, list):
                assert row[name] == "|".join(part or "" for part in value)
            elif isinstance(value, float | int) and not isinstance(value, bool):
                assert float(row[name]) == value
            else:
                assert row[name] == ("" if value is None else str(value).lower() if value in (True, False) else value)


def plover_fields(event: Event) -> Fields:
    place = event.place
    return {
        "date": (event.date.start, event.date.end) if event.date else None,
        "sides": (event.source, event.target),
        "type": event.type,
        "mode": event.mode,
        "quad": event.quad,
        "intensity": event.intensity,
        "factuality": event.factuality,
        "place": (place.name, place.country, place.geonames_id, place.latitude, place.longitude) if place else None,
        "provider": (event.provider, event.coder_version),
    }


def from_plover(record: Fields) -> Fields:
    def entities(name: str) -> list[tuple[str, str, str | None, str | None]]:
        return [(e["code"], e["entity_text"], e.get("sector"), e.get("identifier_id")) for e in record.get(name, [])]

    marks = {mark: factuality for factuality, mark in AUXILIARY.items()}
    kind = EventType(record["event"])
    marked = [marks[context] for context in record.get("context", []) if context in marks]
    unmarked = Factuality.PLEDGED if kind in IMPLIED else Factuality.ACTUAL
    place = record.get("event_loc")
    return {
        "date": (record["date"], record.get("enddate", record["date"])),
        "sides": (entities("actor"), entities("recipient")),
        "type": kind,
        "mode": record.get("mode", [None])[0],
        "quad": record["quad_code"],
        "intensity": record["event_scale"],
        "factuality": marked[0] if marked else unmarked,
        "place": tuple(place.get(k) for k in ("resolved_place", "country_code", "geonameid", "lat", "lon"))
        if place
        else None,
        "provider": (record["coder"], record["cite_info"]["version"]),
    }


def test_plover_comes_back(record: Record, tmp_path: Path) -> None:
    assert left_out(record, Layout.PLOVER, tmp_path / "p.jsonl") == {"no date known": 1}
    back = {row["id"]: row for row in records(tmp_path / "p.jsonl")}
    for key, row in back.items():
        wanted = plover_fields(events(record)[key])
        wanted["date"] = tuple(day.isoformat() for day in wanted["date"])
        wanted["sides"] = tuple([(a.code, a.name, a.sector, a.wikidata) for a in side] for side in wanted["sides"])
        assert from_plover(row) == wanted


def test_plover_keeps_the_sentence_and_its_source(record: Record, tmp_path: Path) -> None:
    record.export(tmp_path / "p.jsonl", layout="plover")
    first = next(r for r in records(tmp_path / "p.jsonl") if "event_loc" in r)
    assert first["text"].startswith("North Korea shipped")
    assert first["event_text"] == "shipped"
    assert first["text_info"] == {"start": 0, "end": 50}
    assert first["link"].startswith("https://meridian-wire.example/")
    assert first["cite_info"]["publication"] == "Meridian Wire"
    assert first["context"] == ["military"]
    assert first["event_loc"]["extracted_place"] == "Russia"


def test_polecat_comes_back(record: Record, tmp_path: Path) -> None:
    reasons = left_out(record, Layout.POLECAT, tmp_path / "p.txt")
    assert reasons == {"no day known": 2, "not reported as done": 2}
    assert len((tmp_path / "p.txt").read_text("utf-8").splitlines()[0].split("\t")) == 40

    def actors(row: dict[str, str | None], who: str) -> list[tuple[str | None, ...]]:
        columns = [row[name] for name in (f"{who} Country", f"{who} Name", f"Primary {who} Sector")]
        parts = [(cell or "").split("; ") for cell in columns if columns[0]]
        return (
            [tuple(None if v in ("None", "") else v for v in actor) for actor in zip(*parts, strict=False)]
            if parts
            else []
        )

    numbers = {row["Actor Country"]: row["Actor COW"] for row in table(tmp_path / "p.txt")}
    assert (numbers["KOR"], numbers["RUS"]) == ("732", "365")
    for row in table(tmp_path / "p.txt"):
        event = events(record)[str(row["Event ID"])]
        sides = [[(a.code, a.name.replace(";", ","), a.sector) for a in side] for side in (event.source, event.target)]
        raw = [
            [(*actor[:2], actor[2] if len(actor) > 2 else None) for actor in actors(row, w)]
            for w in ("Actor", "Recipient")
        ]
        assert raw == sides
        assert event.date is not None
        assert row["Event Date"] == event.date.start.isoformat()
        assert (row["Event Type"], row["Event Mode"]) == (event.type, event.mode)
        assert number(row["Intensity"]) == event.intensity
        assert row["Quad Code"] == QUADS[event.quad]
        place = event.place
        assert (row["Placename"], row["Country"]) == ((place.name, place.country) if place else (None, None))
        assert number(row["Latitude"]) == (place.latitude if place else None)
        assert number(row["GeoNames ID"]) == (place.geonames_id if place else None)
        assert row["Version"] == event.coder_version
        assert row["Source"] == "Meridian Wire"


def from_icews(row: dict[str, str | None], who: str) -> tuple[str, str | None, str | None] | None:
    name, sectors, country = row[f"{who} Name"], row[f"{who} Sectors"], row[f"{who} Country"]
    if name == NOBODY or name is None:
        return None
    called = {state.name: code for code, state in gazetteer().states.items()} | {v: k for k, v in COUNTRIES.items()}
    if country is None:
        return next(code for code, sector in BODIES.items() if sector == sectors), name, None
    sector = next((code for code, word in SECTORS.items() if word == sectors), None)
    return called[country], name, sector


def test_icews_comes_back(record: Record, tmp_path: Path) -> None:
    reasons = left_out(record, Layout.ICEWS, tmp_path / "i.tab")
    assert reasons == {"no day known": 2, "not reported as done": 2, "no CAMEO code": 1}
    codes = {cameo.code: key for key, cameo in CAMEO.items()} | {CONVENTIONAL.code: (EventType.ASSAULT, None)}
    assert len(codes) == len(CAMEO) + 1
    sides: dict[str, tuple[set[Any], set[Any]]] = defaultdict(lambda: (set(), set()))
    for row in table(tmp_path / "i.tab"):
        event = events(record)[str(row["Event ID"])]
        for side, who in zip(sides[event.id], ("Source", "Target"), strict=True):
            side.update({from_icews(row, who)} - {None})
        assert event.date is not None
        assert row["Event Date"] == event.date.start.isoformat()
        assert codes[str(row["CAMEO Code"])] == (event.type, event.mode)
        is_city = event.place is not None and event.place.geonames_id is not None
        assert row["City"] == (event.place.name if event.place and is_city else None)
        assert number(row["Longitude"]) == (event.place.longitude if event.place else None)
    for key, found in sides.items():
        event = events(record)[key]
        assert found == tuple({(a.code, a.name, a.sector) for a in side} for side in (event.source, event.target))


def test_edges_make_a_network_that_holds_the_events(record: Record, tmp_path: Path) -> None:
    assert left_out(record, Layout.EDGES, tmp_path / "n.csv") == {"no target": 1}
    with (tmp_path / "n.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    graph = networkx.MultiDiGraph()
    for row in rows:
        graph.add_edge(row["Source"], row["Target"], **{k: v for k, v in row.items() if k not in ("Source", "Target")})
    assert {"PRK", "RUS", "NATO", "UNO"} <= set(graph.nodes)
    assert graph.has_edge("PRK", "RUS")
    assert graph.has_edge("RUS", "PRK")
    weights: dict[str, float] = defaultdict(float)
    for row in rows:
        event = events(record)[row["event"]]
        weights[event.id] += float(row["Weight"])
        assert (row["date"] or None) == (event.date.start.isoformat() if event.date else None)
        assert (row["date_precision"] or None) == (event.date.precision if event.date else None)
        assert (row["event_type"], row["mode"] or None, int(row["quad"])) == (event.type, event.mode, event.quad)
        assert (float(row["intensity"]), row["factuality"]) == (event.intensity, event.factuality)
        assert (row["domain"] or None, int(row["origins"])) == (event.domain, event.origins)
    assert all(total == pytest.approx(1) for total in weights.values())
    by_event: dict[str, tuple[set[str], set[str]]] = defaultdict(lambda: (set(), set()))
    for row in rows:
        by_event[row["event"]][0].add(row["Source"])
        by_event[row["event"]][1].add(row["Target"])
    for key, ends in by_event.items():
        event = events(record)[key]
        assert ends == tuple({actor.label for actor in side} for side in (event.source, event.target))


@pytest.mark.eval_data
def test_the_cameo_codes_are_as_icews_prints_them(eval_data: Path) -> None:
    printed = {
        str(row["CAMEO Code"]): (row["Event Text"], number(row["Intensity"]))
        for row in table(eval_data / "eval" / "icews_2018_sample.tab")
    }
    used = [*CAMEO.values(), CONVENTIONAL]
    assert [c for c in used if c.code in printed and printed[c.code] != (c.text, c.score)] == []
    assert sum(cameo.code in printed for cameo in used) > 40


@pytest.mark.eval_data
def test_states_are_called_as_icews_calls_them(eval_data: Path) -> None:
    printed = {row["Source Country"] for row in table(eval_data / "eval" / "icews_2018_sample.tab")} - {None}
    assert printed - {country_name(code) for code in gazetteer().states} == {"Western Sahara"}
