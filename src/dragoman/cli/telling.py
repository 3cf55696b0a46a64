"""The views of a relation as plain text for a terminal: one block a row, wrapped, evidence last."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from dragoman.pipeline import View

Row = Mapping[str, Any]
WIDTH = 116
SIGNS = {"kept": "kept", "partly": "partly kept", "broken": "broken", "withdrawn": "withdrawn", "lapsed": "lapsed"}


def tell(view: View, rows: Sequence[Row]) -> str:
    """The rows of a view as text; a view without rows says so."""
    if not rows:
        return f"Nothing to show: the view {view} has no rows."
    return "\n".join(line for row in rows for line in _TELLERS[view](row)).rstrip()


def _events(row: Row) -> Iterator[str]:
    claimed = f", claimed by {', '.join(row['claimants'])}" if row["claimants"] else ""
    denied = f", denied by {', '.join(row['deniers'])}" if row["deniers"] else ""
    yield (
        f"{row['date'] or 'unknown day':<12} {_side(row['source'])} > {_side(row['target'])}  {row['type']} "
        f"({row['factuality']}{claimed}{denied}){_domain(row)}  "
        f"reports {len(row['mentions'])}, origins {row['origins']}  {row['id']}"
    )


def _series(row: Row) -> Iterator[str]:
    head = f"{row['start']}  {row['source']} > {row['target']}  "
    if row.get("words_cooperation") is None:
        yield f"{head}no document read"
        return
    cells = "  ".join(
        f"{name.replace('_', ' of ')} {row[name]['count']}"
        for name in ("words_cooperation", "words_conflict", "deeds_cooperation", "deeds_conflict")
    )
    yield f"{head}{cells}  origins {row['origins']} of {row['reports']} reports"


def _eras(row: Row) -> Iterator[str]:
    mean = "" if row["mean_intensity"] is None else f", mean intensity {row['mean_intensity']:+.1f}"
    yield f"{row['start']} to {row['end']}: {row['name']}"
    yield f"    {row['words']} words and {row['deeds']} deeds, {row['a_month']:.1f} a month{mean}"
    if row["turn"]:
        turn = row["turn"]
        yield from _wrapped(f"change: {turn['reason']} (between {turn['low']} and {turn['high']})")
    for first in row["firsts"]:
        by = f" by {', '.join(first['by'])}" if first["by"] else ""
        line = f"{first['day']}  first of its kind: {first['domain']}, {first['standing']}{by}  [{first['event']}]"
        yield from _wrapped(line, "    * ", "      ")
    for event in row["telling"]:
        yield from _wrapped(f"{event['day']}  {event['line']}  [{event['event']}]", "    - ", "      ")
    yield ""


def _ledger(row: Row) -> Iterator[str]:
    sign = "<>" if row["mutual"] else ">"
    due = f", due {row['due']}" if row["due"] else ""
    yield (
        f"{row['made']}  {_side(row['source'])} {sign} {_side(row['target'])}  {row['kind']}{due}: "
        f"{SIGNS.get(row['state'], row['state'])}{_domain(row)}"
    )
    yield from _wrapped(f"“{row['promise']}”")
    yield from _wrapped(row["reason"])
    yield from _wrapped(f"entry {row['id']}; evidence {', '.join([*row['settled_by'], *row['evidence']])}")
    yield ""


def _indicators(row: Row) -> Iterator[str]:
    yield f"{row['question']}"
    yield from _wrapped(f"{row['state']}: {row['reason']}")
    for directed in row["directions"]:
        yield from _wrapped(f"{directed['source']} > {directed['target']}: {directed['state']}: {directed['reason']}")
    if row["evidence"]:
        yield from _wrapped(f"evidence {_some(row['evidence'])}")
    yield ""


def _responses(row: Row) -> Iterator[str]:
    yield (
        f"{row['date']}  {row['responder']}, {row['days']} days after, {row['direction']} {row['kind']}"
        f"{' (a party itself)' if row['party'] else ''} towards {', '.join(row['towards']) or 'the event'}"
    )
    yield from _wrapped(f"after: {row['to_text']}")
    yield from _wrapped(f"answer: {row['sentence'] or row['type']}")
    yield from _wrapped(f"{row['reason']}; events {row['to']}, {row['event']}")
    yield ""


def _wording(row: Row) -> Iterator[str]:
    uses = ", ".join(f"{speaker} {count}" for speaker, count in row["by_speaker"].items())
    course = f", {row['course']}" if row["course"] else ""
    yield f"“{row['phrase']}”  {row['uses']} uses ({uses}){course}; first {row['first_day']}, last {row['last_day']}"
    if row["variants"]:
        yield from _wrapped(f"also as {', '.join(f'“{variant}”' for variant in row['variants'])}")
    yield from _wrapped(f"first by {', '.join(row['first_speakers'])}: {row['first_sentence']}")
    yield from _wrapped(f"evidence {_some([use['mention_id'] for use in row['evidence']])}")
    yield ""


def _ritual(row: Row) -> Iterator[str]:
    occasion = f" ({row['occasion']})" if row["occasion"] else ""
    yield f"{row['day']}  {row['speaker']} on {row['target']}{occasion}: {row['verdict']}"
    yield from _wrapped(f"“{row['sentence']}”")
    yield from _wrapped(row["reason"])
    yield from _wrapped(f"event {row['event_id']}; evidence {_some(row['mention_ids'])}")
    yield ""


def _interpretation(row: Row) -> Iterator[str]:
    who = (
        row["claimant"]
        if row["claimant_kind"] == "analyst"
        else f"the article itself ({row['claimant'] or 'no outlet'})"
    )
    aspect = f", {row['aspect']}" if row["aspect"] else ""
    yield f"{who}{aspect}{', held possible' if row['hedged'] else ''}"
    yield from _wrapped(f"“{row['text']}”")
    yield from _wrapped(f"document {row['document']}, {row['part']} {row['start']}–{row['end']}")
    yield ""


def _network(row: Row) -> Iterator[str]:
    yield f"{row['since'] or '…'} to {row['until'] or '…'}: {len(row['nodes'])} actors, {len(row['edges'])} ties"
    for bloc in row["blocs"]:
        if len(bloc["members"]) > 1:
            yield from _wrapped(f"bloc: {', '.join(bloc['names'])}")
    balance = row["balance"]
    if balance["share"] is not None:
        yield from _wrapped(f"{balance['balanced']} of {balance['triads']} triads balanced")
    for triad in balance["tension"][:5]:
        yield from _wrapped(f"in tension: {triad['says']}")
    yield ""


_TELLERS: dict[View, Callable[[Row], Iterator[str]]] = {
    View.EVENTS: _events,
    View.SERIES: _series,
    View.ERAS: _eras,
    View.LEDGER: _ledger,
    View.INDICATORS: _indicators,
    View.RESPONSES: _responses,
    View.WORDING: _wording,
    View.RITUAL: _ritual,
    View.INTERPRETATIONS: _interpretation,
    View.NETWORK: _network,
}


def _wrapped(text: str, first: str = "    ", rest: str = "    ") -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=first, subsequent_indent=rest, break_long_words=False) or [first]


def _side(codes: Sequence[str]) -> str:
    return "+".join(codes) or "nobody named"


def _domain(row: Row) -> str:
    return f" [{row['domain']}]" if row["domain"] else ""


def _some(ids: Sequence[str], most: int = 6) -> str:
    more = len(ids) - most
    return ", ".join(ids[:most]) + (f" and {more} more" if more > 0 else "")
