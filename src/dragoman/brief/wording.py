"""Says an event in a sentence: who, what, to whom, when, who claims it, in which quoted words."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from dragoman.brief.names import join, say_actor, say_speaker

Row = Mapping[str, Any]


@cache
def _phrases() -> dict[str, Any]:
    text = files("dragoman.brief").joinpath("data/phrases.toml").read_text("utf-8")
    return tomllib.loads(text)


def say_event(event: Row, names: Mapping[str, str], quotes: Sequence[str]) -> str:
    """The sentence for an event, without its citations.

    A date is that of the event; where the reports give none, the day of the first report stands in brackets.
    """
    text = _clause(event, names)
    if event["date"] is not None:
        text = f"{say_date(event['date'], event['date_precision'])} {text}"
    backing = join([say_speaker(code, names) for code in event["claimants"]])
    if backing and event["factuality"] != "denied":
        text += f", according to {backing}"
    if quotes:
        text += f", in the words {join([f'“{quote}”' for quote in quotes])}"
    if event["contested"]:
        text += "; others deny it"
    if event["date"] is None and event["first_reported"] is not None:
        text += f" (reported {say_date(event['first_reported'], 'day').removeprefix('on ')})"
    return capital(text) + "."


def say_claim(event: Row, names: Mapping[str, str]) -> str:
    """The event as a clause after "that", as if it had happened."""
    return _clause({**event, "factuality": "actual"}, names)


def say_clause(event: Row, names: Mapping[str, str]) -> str:
    """The event as a clause, without its date, its speakers and its quotations."""
    return _clause(event, names)


def say_date(day: date, precision: str) -> str:
    """A date as it is read aloud: "on 19 June 2024", "in June 2024", "in 2024"."""
    match precision:
        case "day":
            return f"on {day.day} {day:%B %Y}"
        case "week":
            return f"in the week of {day.day} {day:%B %Y}"
        case "month":
            return f"in {day:%B %Y}"
        case _:
            return f"in {day.year}"


def capital(text: str) -> str:
    """The text with its first letter a capital."""
    return text[:1].upper() + text[1:]


def _clause(event: Row, names: Mapping[str, str]) -> str:
    phrase = _phrase(event)
    both = _is_mutual(event) and "both" in phrase
    sources = [say_actor(actor) for actor in event["source"]]
    targets = join([say_actor(actor) for actor in event["target"]])
    subject = join(sources)
    # A visit's host says where it was.
    placed = event["place"] and event["mode"] != "visit"
    place = f" in {event['place']['name']}" if placed else ""

    def fill(form: str) -> str:
        template = phrase["both"] if both else phrase[form] if targets else phrase["alone"]
        domain = event["domain"]
        what = _phrases()["what"].get(domain, phrase.get("what", "help"))
        field = f"in {_phrases()['what'][domain]}" if domain in _phrases()["what"] else ""
        text = template.replace("{T}", targets).replace("{what}", what).replace("{in}", field)
        return " ".join(text.split()) + place

    match event["factuality"]:
        case "possible":
            return f"{subject} may {fill('do')}" if event.get("ahead") else f"{subject} may have {fill('done')}"
        case "denied":
            who = join([say_speaker(code, names) for code in event["claimants"]])
            return (
                f"{who} denied that {subject} had {fill('done')}"
                if who
                else f"it is denied that {subject} {fill('did')}"
            )
        case "pledged" if event["type"] not in ("AGREE", "THREATEN", "CONCEDE"):
            return (
                f"{subject} announced the intention to {fill('do')}"
                if targets
                else f"{subject} announced a step: {fill('do')}"
            )
        case _:
            return f"{subject} {fill('did')}"


def _phrase(event: Row) -> Mapping[str, Any]:
    table = _phrases()[event["type"]]
    special = table.get("modes", {}).get(event["mode"]) or table.get("domains", {}).get(event["domain"])
    return {**{key: value for key, value in table.items() if isinstance(value, str)}, **(special or {})}


def _is_mutual(event: Row) -> bool:
    return {a["name"] for a in event["source"]} == {a["name"] for a in event["target"]} and len(event["source"]) > 1
