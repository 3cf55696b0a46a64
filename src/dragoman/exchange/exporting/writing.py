"""Writes the events of a record in a layout, with the codebook beside the file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from dragoman.errors import UsageError
from dragoman.exchange.exporting.codebook import codebook
from dragoman.exchange.exporting.edges import LINES as EDGES
from dragoman.exchange.exporting.icews import LINES as ICEWS
from dragoman.exchange.exporting.layout import Form, Layout, Lines
from dragoman.exchange.exporting.own import FORMS, OWN, write_own
from dragoman.exchange.exporting.plover import LINES as PLOVER
from dragoman.exchange.exporting.polecat import LINES as POLECAT
from dragoman.exchange.exporting.told import tell
from dragoman.record import PUBLIC, Snapshot, joined_lists, public_events

LINES: MappingProxyType[Layout, Lines] = MappingProxyType(
    {
        Layout.PLOVER: PLOVER,
        Layout.POLECAT: POLECAT,
        Layout.ICEWS: ICEWS,
        Layout.EDGES: EDGES,
    }
)
EventTable = Any
"""A table of events as an Ibis expression."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written: events and lines, and how many events the layout could not hold, by reason."""

    path: Path
    codebook: Path
    events: int
    lines: int
    left_out: Mapping[str, int]


def form_of(layout: Layout) -> Form:
    """A layout in words."""
    return FORMS[layout] if layout in OWN else LINES[layout].form


def export_events(snapshot: Snapshot, events: EventTable, layout: Layout, out: Path, asked: str) -> Exported:
    """Write the events of a table, in its order; `asked` says in words which, for the codebook.

    The file appears whole or not at all: it is written under another name first.
    """
    if out.is_dir():
        raise UsageError(f"{out} is a folder; give the name of a file to write.")
    draft = out.with_name(f".{out.name}.part")
    left_out: Counter[str] = Counter()
    try:
        if layout in OWN:
            written = lines = _own(snapshot, events, layout, draft)
        else:
            written, lines = _lines(snapshot, events, LINES[layout], draft, left_out)
        draft.replace(out)
    finally:
        draft.unlink(missing_ok=True)
    beside = out.with_name(f"{out.stem}.codebook.md")
    provenance = {
        "file": out.name,
        "events": f"{asked}; version {snapshot.version} of the record",
        "Dragoman": str(snapshot.commit["dragoman"]),
        "written": f"{written} events in {lines} lines" if lines != written else f"{written} events",
        "left out": ", ".join(f"{count} with {reason}" for reason, count in sorted(left_out.items())) or "none",
    }
    beside.write_text(codebook(form_of(layout), provenance), "utf-8")
    return Exported(out, beside, written, lines, MappingProxyType(dict(left_out)))


def _own(snapshot: Snapshot, events: EventTable, layout: Layout, path: Path) -> int:
    public = public_events(events)
    if layout is Layout.CSV:
        return write_own(snapshot.batches("events", joined_lists(public)), layout, path)
    return write_own(snapshot.batches("events", public, PUBLIC), layout, path)


def _lines(
    snapshot: Snapshot, events: EventTable, layout: Lines, path: Path, left_out: Counter[str]
) -> tuple[int, int]:
    written = lines = 0
    with path.open("w", encoding="utf-8", newline="\n") as out:
        if layout.header is not None:
            out.write(f"{layout.header}\n")
        for batch in snapshot.batches("events", events):
            kept = []
            for event in batch.to_pylist():
                reason = layout.refuse(event)
                if reason is None:
                    kept.append(event)
                else:
                    left_out[reason] += 1
            for told in tell(snapshot, kept):
                written += 1
                for line in layout.write(told):
                    out.write(f"{line}\n")
                    lines += 1
    return written, lines
