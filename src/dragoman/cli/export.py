"""`dragoman export`: events to a file, with a codebook beside it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dragoman.cli.common import day, note, open_context, write
from dragoman.cli.filters import (
    AsOf,
    Directed,
    Domains,
    Parties,
    Providers,
    Since,
    Types,
    Until,
    Version,
    event_filter,
)
from dragoman.exchange.exporting import Layout


def export(
    context: typer.Context,
    out: Annotated[Path, typer.Option(help="File to write; the codebook gets its name with .codebook.md.")],
    parties: Parties = None,
    layout: Annotated[
        Layout, typer.Option("--format", help="csv, parquet, jsonl, plover, polecat, icews or edges.")
    ] = Layout.CSV,
    directed: Directed = False,
    kind: Types = None,
    since: Since = None,
    until: Until = None,
    domain: Domains = None,
    provider: Providers = None,
    as_of: AsOf = None,
    version: Version = None,
) -> None:
    """Write events to a file in one of seven layouts, with a codebook beside it; prints the names of both."""
    wanted = event_filter(parties, directed, kind, since, until, domain, provider)
    done = open_context(context).export_found(wanted, out, layout, as_of=day(as_of), version=version)
    write(f"{done.path}\n{done.codebook}")
    note(f"{done.events} events in {done.lines} lines.")
    for reason, count in sorted(done.left_out.items()):
        note(f"{count} events are left out: {reason}; the codebook says why.")
