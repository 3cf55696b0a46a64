"""Turns the context of a page into HTML."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from functools import cache
from urllib.parse import unquote

import nh3
from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from dragoman.coding import gazetteer
from dragoman.serve.person import Person
from dragoman.serve.publish.texts import as_prose

NOTE_COOKIE = "desk_note"


def render(
    request: Request,
    person: Person,
    template: str,
    context: object,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> HTMLResponse:
    """A page; in its template `page` is the context, `person` who reads it, `path` its address."""
    page = environment().get_template(template)
    text = page.render(
        page=context,
        person=person,
        path=request.url.path,
        query=request.url.query,
        note=request.cookies.get(NOTE_COOKIE, ""),
        now=request.app.state.desk.now(),
    )
    return HTMLResponse(text, status_code=status, headers=dict(headers or {}))


@cache
def environment() -> Environment:
    """The templates of the desk; every value is escaped, and an unknown one is an error."""
    made = Environment(
        loader=PackageLoader("dragoman.serve"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "exact": exact,
        "relative": relative,
        "day": say_day,
        "number": say_number,
        "clean": clean,
        "named": named,
        "prose": as_prose,
        "urldecoded": unquote,
    }
    return made


def exact(moment: datetime.datetime | None) -> str:
    """A moment to the minute, in UTC."""
    return f"{moment.day} {moment:%B %Y, %H:%M} UTC" if moment else "not known"


def relative(moment: datetime.datetime | None, now: datetime.datetime) -> str:
    """A moment as people say it: “3 days ago”."""
    if moment is None:
        return "not known"
    seconds = int((now - moment).total_seconds())
    for unit, length in (("year", 31_557_600), ("month", 2_629_800), ("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= length:
            count = seconds // length
            return f"{count} {unit}{'s' if count > 1 else ''} ago"
    return "just now"


def say_day(day: datetime.date | str | None) -> str:
    """A day such as “9 January 2025”; what is unknown says so."""
    if not day:
        return "no date"
    known = datetime.date.fromisoformat(day) if isinstance(day, str) else day
    return f"{known.day} {known:%B %Y}"


def say_number(value: float | None, digits: int = 0) -> str:
    """A number with thin grouping; what is unknown is a dash."""
    return "–" if value is None else f"{value:,.{digits}f}"


_CODE = re.compile(r"\b[A-Z]{3}\b")


def named(text: str) -> str:
    """The text with the names of states in the place of their codes."""
    states = gazetteer().states
    return _CODE.sub(lambda found: states[found[0]].name if found[0] in states else found[0], text)


_TAGS = {"p", "br", "em", "strong", "a", "ul", "ol", "li", "blockquote", "code"}


def clean(html: str) -> Markup:
    """HTML that people wrote, without anything that could run or load."""
    return Markup(nh3.clean(html, tags=_TAGS, attributes={"a": {"href"}}, url_schemes={"http", "https"}))
