"""The filters that name events, alike in every command that takes them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from dragoman.cli.common import day
from dragoman.record import EventFilter
from dragoman.terms import Domain, EventType

Parties = Annotated[list[str] | None, typer.Argument(help="One or two actors: codes, names or abbreviations.")]
Directed = Annotated[bool, typer.Option("--directed", help="Only from the first to the second.")]
Types = Annotated[list[EventType] | None, typer.Option("--type", help="PLOVER type; repeat for several.")]
Since = Annotated[str | None, typer.Option(help="First day, YYYY-MM-DD.")]
Until = Annotated[str | None, typer.Option(help="Last day, YYYY-MM-DD.")]
Domains = Annotated[list[Domain] | None, typer.Option("--domain", help="Domain; repeat for several.")]
Providers = Annotated[list[str] | None, typer.Option("--provider", help="dragoman, or a data set that was imported.")]
AsOf = Annotated[str | None, typer.Option(help="Only what was published by this day.")]
Version = Annotated[int | None, typer.Option(help="The record as it was at this version.")]


def event_filter(
    parties: Sequence[str] | None,
    directed: bool,
    types: Sequence[EventType] | None,
    since: str | None,
    until: str | None,
    domains: Sequence[Domain] | None,
    providers: Sequence[str] | None,
) -> EventFilter:
    """The filter that the options of a command name."""
    return EventFilter(
        parties=tuple(parties or ()),
        directed=directed,
        types=tuple(types or ()),
        since=day(since),
        until=day(until),
        domains=tuple(domains or ()),
        providers=tuple(providers or ()),
    )
