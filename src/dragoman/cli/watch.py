"""`dragoman watch`: sources on a schedule, their status, and presets."""

from __future__ import annotations

import datetime
import logging
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from dragoman.cli.common import note, open_context, write, write_json
from dragoman.database import open_database
from dragoman.errors import UsageError
from dragoman.read import Fetcher
from dragoman.record import is_remote
from dragoman.settings import Settings
from dragoman.watch import (
    Alerting,
    AppriseSender,
    Archive,
    Channel,
    Rule,
    SourceStatus,
    SystemClock,
    Watcher,
    load_channels,
    load_rules,
    load_sources,
    presets,
    source_status,
)

SOME_REFUSED = 3

app = typer.Typer(help="Watch sources on a schedule.", invoke_without_command=True, rich_markup_mode=None)

Sources = Annotated[Path | None, typer.Option(help="The list of sources, a TOML file; see docs/watch.md.")]


class Output(StrEnum):
    """How the status is shown."""

    TABLE = "table"
    JSON = "json"


@app.callback()
def watch(
    context: typer.Context,
    sources: Sources = None,
    once: Annotated[
        bool, typer.Option("--once", help="Visit what is due, read what waits, and end; for cron.")
    ] = False,
    rules: Annotated[Path | None, typer.Option(help="What is an alert, a TOML file; see docs/watch.md.")] = None,
    channels: Annotated[
        Path | None, typer.Option(help="Where alerts go, a TOML file; it may hold secrets, keep it to yourself.")
    ] = None,
    archive: Annotated[
        Path | None, typer.Option(help="Folder of the raw archive (WARC); default beside the record.")
    ] = None,
) -> None:
    """Fetch what the sources have on their schedules, add it to the record, and send alerts."""
    if context.invoked_subcommand is not None:
        return
    if sources is None:
        raise UsageError("No list of sources is given; write --sources FILE.toml. docs/watch.md shows one.")
    record = open_context(context)
    settings = record.settings
    chosen = load_sources(sources)
    wanted = load_rules(rules) if rules else []
    ways = load_channels(channels, os.environ) if channels else []
    _check_channels(wanted, ways)
    place = Archive(archive or _beside(settings))
    clock = SystemClock()
    database = open_database(settings)
    try:
        alerting = Alerting(record, database, wanted, ways, AppriseSender(), chosen)
        asker = Fetcher(settings)
        watcher = Watcher(record, database, chosen, archive=place, asker=asker, clock=clock, after=alerting)
        with _stopped_by_signals(clock), _logged_to_standard_error():
            if once:
                watcher.once(lambda: clock.stopped)
            else:
                watcher.run(lambda: clock.stopped)
    finally:
        database.close()
    done = watcher.tally
    note(f"{done.documents} documents added, {done.known} known, {done.refused.total()} refused.")
    if done.refused:
        raise typer.Exit(SOME_REFUSED)


@app.command()
def status(
    context: typer.Context,
    sources: Sources = None,
    output: Annotated[Output, typer.Option("--as", help="table or json.")] = Output.TABLE,
) -> None:
    """Show how each source does: last success, lag, documents, refusals, failures; and which are silent."""
    settings: Settings = context.obj
    database = open_database(settings)
    try:
        found = source_status(database, load_sources(sources) if sources else ())
    finally:
        database.close()
    if output is Output.JSON:
        write_json([row.row() for row in found], lines=False)
    elif found:
        _show(found)
    else:
        note("dragoman: no source was watched yet.")


@app.command("presets")
def show_presets() -> None:
    """Print public feeds as tables of a list of sources; their addresses were not checked."""
    write("\n".join(preset.table() for preset in presets()))


def _show(found: list[SourceStatus]) -> None:
    now = datetime.datetime.now(datetime.UTC)
    table = Table(box=None, pad_edge=False)
    for name in ("source", "last success", "lag", "documents", "known", "refused", "waiting", "failures", "remarks"):
        table.add_column(name, overflow="fold")
    for row in found:
        remarks = []
        if row.silent_since is not None:
            remarks.append(f"SILENT since {row.silent_since:%Y-%m-%d %H:%M}")
        if row.passed_over:
            remarks.append(f"{row.passed_over:,} entries beyond the limit")
        if row.last_error:
            remarks.append(row.last_error)
        table.add_row(
            row.name,
            "never" if row.last_success is None else f"{_span(now - row.last_success)} ago",
            "" if row.lag_seconds is None else _span(datetime.timedelta(seconds=row.lag_seconds)),
            *(f"{count:,}" for count in (row.documents, row.known, row.refusals, row.waiting, row.all_failures)),
            "; ".join(remarks),
        )
    Console(file=sys.stdout, width=160).print(table)


def _span(length: datetime.timedelta) -> str:
    seconds = max(0, round(length.total_seconds()))
    for unit, size in (("d", 86_400), ("h", 3_600), ("m", 60)):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def _check_channels(rules: list[Rule], channels: list[Channel]) -> None:
    """Every channel that a rule names must be there."""
    known = {channel.name for channel in channels}
    for rule in rules:
        for name in rule.channels:
            if name not in known:
                there = ", ".join(sorted(known)) or "none"
                raise UsageError(
                    f"The rule {rule.name!r} names the channel {name!r}; there are {there}. "
                    "Name the file of channels with --channels."
                )


def _beside(settings: Settings) -> Path:
    if is_remote(settings.record):
        raise UsageError("The record lies on S3, beside which no folder can stand; name one with --archive.")
    place = Path(settings.record).expanduser().absolute()
    return place.with_name(f"{place.name}.archive")


@contextmanager
def _stopped_by_signals(clock: SystemClock) -> Iterator[None]:
    """SIGTERM and Ctrl-C end the watch after the step that runs."""
    before = {name: signal.signal(name, lambda *_: clock.stop()) for name in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)


@contextmanager
def _logged_to_standard_error() -> Iterator[None]:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    logger = logging.getLogger("dragoman")
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
