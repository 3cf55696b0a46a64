"""Charts of the views that are tables by nature: formulae by period, indicators by state."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

import altair

from dragoman.errors import UsageError
from dragoman.periods import parse_period
from dragoman.relate.drawing import (
    APART,
    BLUE,
    INK,
    PALE,
    SKY,
    WIDTH,
    Chart,
    Row,
    check,
    day_of,
    finish,
    note_under,
    values_of,
    with_room,
)

LADDER = ("nothing seen", "talked of", "claimed", "reported", "confirmed")
"""The states of an indicator, from nothing to the surest."""


def formulae_chart(rows: Sequence[Row], title: str | None = None) -> Chart:
    """How often each phrase was used in each period, as circles with the number beside them.

    Rows: `phrase`, and `uses_by_period` or `by_period`: numbers by period, written 2024, 2024-Q2, 2024-06 or as a day;
    None marks a period of which no statement was read.
    """
    check(rows, ("phrase",), "view of formulae")
    uses = [
        {"phrase": row["phrase"], "period": period, "day": _period_day(period).isoformat(), "uses": count}
        for row in rows
        for period, count in (row.get("uses_by_period") or row.get("by_period") or {}).items()
    ]
    seen = [use for use in uses if use["uses"]]
    check(seen, (), "view of formulae")
    periods = sorted({(use["day"], use["period"]) for use in uses})
    phrases = [row["phrase"] for row in rows if any(use["phrase"] == row["phrase"] for use in seen)]
    x = altair.X(
        "period:O",
        title=None,
        sort=[period for _, period in periods],
        axis=altair.Axis(
            labelAngle=0, grid=False, domain=False, ticks=False, labelOverlap=True, labelSeparation=APART, orient="top"
        ),
        scale=altair.Scale(domain=[period for _, period in periods]),
    )
    y = altair.Y(
        "phrase:N",
        title=None,
        sort=phrases,
        axis=altair.Axis(labelLimit=260, labelFontSize=12, ticks=False, domain=False),
    )
    most = max(use["uses"] for use in seen)
    data = altair.Chart(values_of(seen))
    size = altair.Size("uses:Q", scale=altair.Scale(type="sqrt", domain=[0, most], range=[0, 620]), legend=None)
    circles = data.mark_circle(color=SKY, opacity=1).encode(x=x, y=y, size=size)
    numbers = data.mark_text(fontSize=11, color=INK).encode(x=x, y=y, text="uses:Q")
    unread = [use for use in uses if use["uses"] is None]
    blanks = altair.Chart(values_of(unread)).mark_rect(color=PALE, stroke="white").encode(x=x, y=y)
    layers = [*([blanks] if unread else []), circles, numbers]
    chart = altair.layer(*layers).properties(width=WIDTH - 130, height=altair.Step(32))
    note = "Uses in each period." + (" Grey: no statement of the period was read." if unread else "")
    return with_room(finish(altair.vconcat(chart, note_under(note, WIDTH - 130), spacing=4), title))


def indicators_chart(rows: Sequence[Row], title: str | None = None) -> Chart:
    """How far each indicator has come on the way from nothing seen to confirmed, with dates and origins.

    Rows: `key`, optionally `name`; `state` (one of `LADDER`, more words may follow: "reported by 3 origins"), `first`
    and `last` (ISO dates or None), `origins` (a number or None).
    """
    check(rows, ("key", "state", "first", "last", "origins"), "view of indicators")
    reached = {str(row["key"]): _rung(str(row["state"])) for row in rows}
    cells = [
        {
            "name": str(row.get("name") or str(row["key"]).replace("_", " ").replace("-", " ")),
            "step": step,
            "kind": ("reached" if rung == place else "passed" if place < rung else "not reached")
            if rung
            else "nothing",
            "text": _seen(row) if rung == place and rung else "nothing seen" if not rung and not place else "",
        }
        for row in rows
        for rung in [reached[str(row["key"])]]
        for place, step in enumerate(LADDER)
    ]
    names = list(dict.fromkeys(cell["name"] for cell in cells))
    axis = altair.Axis(orient="top", labelAngle=0, labelFontSize=12, ticks=False, domain=False)
    x = altair.X("step:N", title=None, sort=list(LADDER[1:]), scale=altair.Scale(domain=list(LADDER[1:])), axis=axis)
    y_axis = altair.Axis(labelFontSize=12, labelLimit=220, ticks=False, domain=False)
    y = altair.Y("name:N", title=None, sort=names, axis=y_axis)
    shade = altair.Color(
        "kind:N",
        scale=altair.Scale(
            domain=["reached", "passed", "not reached", "nothing"], range=[BLUE, "#a9cbe3", "#f4f4f4", "#f4f4f4"]
        ),
        legend=None,
    )
    boxes = [cell for cell in cells if cell["step"] != LADDER[0]]
    base = altair.Chart(values_of(boxes))
    squares = base.mark_rect(stroke="white", strokeWidth=2).encode(x=x, y=y, color=shade)
    words = base.mark_text(fontSize=11, color="white", lineBreak="\n", lineHeight=13, dy=-6).encode(
        x=x, y=y, text="text:N"
    )
    nothing = [{**cell, "step": LADDER[1]} for cell in cells if cell["text"] == "nothing seen"]
    blank = altair.Chart(values_of(nothing)).mark_text(fontSize=11, color="#666666").encode(x=x, y=y, text="text:N")
    layers = [squares, words, *([blank] if nothing else [])]
    return with_room(finish(altair.layer(*layers).properties(width=WIDTH - 100, height=altair.Step(38)), title))


def _period_day(text: str) -> date:
    """The first day of a period written 2024, 2024-Q2, 2024-06 or 2024-06-19."""
    quarter = re.fullmatch(r"(\d{4})[- ]?Q([1-4])", text)
    if quarter:
        return date(int(quarter[1]), 3 * int(quarter[2]) - 2, 1)
    return parse_period(text).start


def _rung(state: str) -> int:
    """How high a state stands on the ladder."""
    for place, step in enumerate(LADDER):
        if state.casefold().replace("_", " ").replace("-", " ").startswith(step):
            return place
    raise UsageError(f"“{state}” is no state of an indicator; {', '.join(LADDER)} are.")


def _seen(row: Row) -> str:
    """Dates and origins of an indicator, in two lines."""
    days = [day_of(row[key]) for key in ("first", "last") if row[key]]
    told = list(dict.fromkeys(f"{day:%b %Y}" for day in days))
    origins = row["origins"]
    counted = "" if origins is None else f"{origins} origin{'' if origins == 1 else 's'}"
    return "\n".join(part for part in (" – ".join(told), counted) if part)
