"""Charts of the views, made of their plain rows; `to_svg` and `to_png` turn them into images."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import altair

from dragoman.errors import UsageError
from dragoman.relate.drawing import (
    BLUE,
    GREEN,
    GREY,
    INK,
    LIGHT_GREEN,
    LIGHT_RED,
    PALE,
    PURPLE,
    RED,
    SKY,
    WIDTH,
    YELLOW,
    Chart,
    Row,
    check,
    day_of,
    finish,
    note_under,
    shortened,
    shown_day,
    time_axis,
    to_png,
    to_svg,
    values_of,
    with_room,
)
from dragoman.relate.gridcharts import formulae_chart, indicators_chart
from dragoman.relate.netchart import network_chart

__all__ = [
    "eras_chart",
    "formulae_chart",
    "indicators_chart",
    "ledger_chart",
    "network_chart",
    "series_chart",
    "survival_chart",
    "to_png",
    "to_svg",
]

_COUNTS = ("words_cooperation", "words_conflict", "deeds_cooperation", "deeds_conflict")
_UNREAD = "no documents read"
_SERIES_COLOURS = {
    "deeds of cooperation": GREEN,
    "words of cooperation": LIGHT_GREEN,
    "deeds of conflict": RED,
    "words of conflict": LIGHT_RED,
    _UNREAD: PALE,
}
STATES = {"kept": GREEN, "partly": SKY, "broken": RED, "withdrawn": PURPLE, "lapsed": GREY, "open": YELLOW}
"""The states of an entry of the ledger, with their colours."""


def series_chart(rows: Sequence[Row], title: str | None = None) -> Chart:
    """Cooperation above the line and conflict below it by period, deeds dark and words light.

    Rows: `period` or `start` (ISO date), `end` (ISO date, the last day; otherwise the next period's start tells),
    `words_cooperation`, `words_conflict`, `deeds_cooperation`, `deeds_conflict` (a number, None, or a mapping with
    `count`) and `covered` (whether documents were read; periods without are grey).
    """
    return finish(altair.layer(_bars(rows, 300)), title)


def eras_chart(series_rows: Sequence[Row], era_rows: Sequence[Row], title: str | None = None) -> Chart:
    """The series under its eras: a numbered band for each, and their names and dates below.

    Series rows as in `series_chart`; era rows: `start`, `end` (ISO dates, the last day; None is open) and `name`.
    """
    check(era_rows, ("start", "end", "name"), "view of eras")
    bars = _bars(series_rows, 260)
    first, last = _extent(_periods(series_rows))
    eras: list[dict[str, Any]] = []
    for number, row in enumerate(sorted(era_rows, key=lambda row: str(row["start"])), start=1):
        start, end = max(day_of(row["start"]), first), day_of(row["end"]) if row["end"] else last
        end = min(end + timedelta(days=1), last)
        room = WIDTH * (end - start).days / max((last - first).days, 1)
        label = f"{number}. {row['name']}"
        eras.append(
            {
                "start": start.isoformat(),
                "end": end.isoformat(),
                "middle": (start + (end - start) / 2).isoformat(),
                "label": label if len(label) * 6.4 < room else str(number),
                "shade": PALE if number % 2 else "#fafafa",
                "place": number,
                "line": f"{number}. {_stretch(row)}: {row['name']}",
            }
        )
    data = altair.Chart(values_of(eras))
    drawn = altair.Chart(values_of([era for era in eras if era["start"] < era["end"]]))
    x = time_axis("start", first, last, orient="top").axis(None)
    shade = altair.Color("shade:N", scale=None)
    band = drawn.mark_rect(stroke="white").encode(x=x, x2="end:T", color=shade)
    names = drawn.mark_text(fontSize=11, fontWeight="bold", color=INK).encode(x=altair.X("middle:T"), text="label:N")
    strip = altair.layer(band, names).properties(width=WIDTH, height=24)
    edges = drawn.mark_rule(color=INK, strokeDash=[2, 3]).encode(x=x)
    key = (
        data.mark_text(align="left", fontSize=12, color=INK)
        .encode(x=altair.value(0), y=altair.Y("place:O", axis=None), text="line:N")
        .properties(width=WIDTH, height=altair.Step(18))
    )
    body = altair.layer(bars, edges).resolve_scale(color="independent")
    stacked = altair.vconcat(strip, body, key, spacing=6).resolve_scale(color="independent")
    return finish(stacked, title)


def ledger_chart(entries: Sequence[Row], title: str | None = None, until: date | None = None) -> Chart:
    """A line for each promise or threat from the day it was made to the day it was settled, coloured by its state.

    Rows: `promise`, `made`, `due`, `settled` (ISO dates; None is unknown or not yet) and `state` (one of `STATES`).
    `until` is where lines of open entries end, by default the last day in the rows. Entries of no known day are left
    out.
    """
    check(entries, ("promise", "made", "due", "settled", "state"), "ledger")
    _allowed({str(row["state"]) for row in entries}, STATES, "state of an entry")
    known = sorted((row for row in entries if row["made"]), key=lambda row: (str(row["made"]), str(row["promise"])))
    check(known, (), "ledger of dated entries")
    days = [day_of(row[key]) for row in known for key in ("made", "due", "settled") if row[key]]
    last = max([*days, *([until] if until else [])])
    rows: list[dict[str, Any]] = [
        {
            "place": place,
            "label": shortened(str(row["promise"]), 52),
            "state": row["state"],
            "made": row["made"],
            "due": row["due"],
            "settled": row["settled"],
            "end": row["settled"] or last.isoformat(),
            "open": row["settled"] is None,
        }
        for place, row in enumerate(known)
    ]
    span = max((last - min(days)).days, 30)
    x = time_axis("made", min(days) - timedelta(days=span // 50), last + timedelta(days=span // 8), grid=True)
    labels = "{" + ",".join(f"'{row['place']}':{_quoted(row['label'])}" for row in rows) + "}[datum.value]"
    y = altair.Y(
        "place:O",
        title=None,
        axis=altair.Axis(labelExpr=labels, labelLimit=340, labelFontSize=11, ticks=False, domain=False),
    )
    present = [state for state in STATES if any(row["state"] == state for row in rows)]
    color = altair.Color(
        "state:N",
        scale=altair.Scale(domain=present, range=[STATES[state] for state in present]),
        legend=altair.Legend(title=None, orient="top", direction="horizontal"),
    )
    data = altair.Chart(values_of(rows))
    settled, open_ = "datum.settled", "!datum.settled"
    lines = data.mark_rule(strokeWidth=3).encode(x=x, x2="end:T", y=y, color=color)
    layers = [
        lines.transform_filter(settled),
        lines.mark_rule(strokeWidth=1.6, strokeDash=[2, 4]).transform_filter(open_),
        data.mark_point(filled=True, size=46, opacity=1).encode(x=x, y=y, color=color),
        data.transform_filter("datum.due")
        .mark_point(shape="stroke", angle=90, size=150, color=INK, strokeWidth=2)
        .encode(x=altair.X("due:T"), y=y),
        data.transform_filter(settled)
        .mark_point(shape="diamond", filled=True, size=110, opacity=1)
        .encode(x=altair.X("settled:T"), y=y, color=color),
        data.mark_text(align="left", dx=9, fontSize=11, color=INK).encode(x=altair.X("end:T"), y=y, text="state:N"),
    ]
    note = "Circle: made. Diamond: settled. Upright stroke: due. Dotted line: not settled."
    chart = altair.layer(*layers).properties(width=WIDTH - 240, height=altair.Step(24))
    return with_room(finish(altair.vconcat(chart, note_under(note, WIDTH - 240), spacing=4), title))


def survival_chart(points: Sequence[Row], title: str | None = None, label: str = "share not yet kept") -> Chart:
    """A Kaplan-Meier curve as steps with its confidence band.

    Rows: `days` since the word, `share` (0 to 1), and its limits `low` and `high` (None where they are unknown).
    """
    check(points, ("days", "share", "low", "high"), "curve")
    data = altair.Chart(values_of(sorted(points, key=lambda point: point["days"])))
    x = altair.X(
        "days:Q",
        title="days from word to deed",
        scale=altair.Scale(nice=False, zero=True),
        axis=altair.Axis(grid=False),
    )
    y = altair.Y("share:Q", title=label, scale=altair.Scale(domain=[0, 1]), axis=altair.Axis(format="%", tickCount=5))
    band = (
        data.transform_filter("isValid(datum.low) && isValid(datum.high)")
        .mark_area(color=SKY, opacity=0.3, interpolate="step-after")
        .encode(x=x, y=altair.Y("low:Q", title=label), y2="high:Q")
    )
    line = data.mark_line(color=BLUE, strokeWidth=2.4, interpolate="step-after").encode(x=x, y=y)
    return finish(altair.layer(band, line).properties(width=WIDTH, height=300), title)


def _periods(rows: Sequence[Row]) -> list[tuple[date, date, Row]]:
    """First day, day after the last, and row of each period, in order."""
    check(rows, (*_COUNTS, "covered"), "series")
    starts = [(day_of(row["period"] if "period" in row else row.get("start")), row) for row in rows]
    starts.sort(key=lambda entry: entry[0])
    found = []
    for i, (start, row) in enumerate(starts):
        if row.get("end"):
            after = day_of(row["end"]) + timedelta(days=1)
        elif i + 1 < len(starts):
            after = starts[i + 1][0]
        else:
            after = start + ((start - starts[i - 1][0]) if i else timedelta(days=7))
        found.append((start, after, row))
    return found


def _unread(periods: Sequence[tuple[date, date, Row]]) -> list[tuple[date, date]]:
    """The stretches in which no documents were read."""
    found: list[tuple[date, date]] = []
    for start, after, row in periods:
        if row["covered"]:
            continue
        if found and found[-1][1] == start:
            found[-1] = (found[-1][0], after)
        else:
            found.append((start, after))
    return found


def _stretch(era: Row) -> str:
    """The days of an era in words."""
    start = shown_day(day_of(era["start"]))
    return f"{start} to {shown_day(day_of(era['end']))}" if era["end"] else f"since {start}"


def _extent(periods: Sequence[tuple[date, date, Row]]) -> tuple[date, date]:
    return min(start for start, _, _ in periods), max(after for _, after, _ in periods)


def _count(value: Any) -> int:
    if isinstance(value, dict):
        value = value.get("count")
    return int(value or 0)


def _bars(rows: Sequence[Row], height: int) -> altair.Chart:
    """A box for each kind of event in each period: how high, which colour."""
    periods = _periods(rows)
    counts = [{key: _count(row[key]) for key in _COUNTS} for _, _, row in periods]
    top = max(1, *(c["words_cooperation"] + c["deeds_cooperation"] for c in counts))
    bottom = max(1, *(c["words_conflict"] + c["deeds_conflict"] for c in counts))
    low, high = -bottom * 1.06, top * 1.06
    boxes: list[dict[str, Any]] = [
        {"start": start.isoformat(), "end": after.isoformat(), "kind": _UNREAD, "from": low, "to": high}
        for start, after in _unread(periods)
    ]
    for (start, after, _), count in zip(periods, counts, strict=True):
        across = {"start": start.isoformat(), "end": after.isoformat()}
        for side, sign in (("cooperation", 1), ("conflict", -1)):
            deeds, words = count[f"deeds_{side}"], count[f"words_{side}"]
            boxes.append({**across, "kind": f"deeds of {side}", "from": 0, "to": sign * deeds})
            boxes.append({**across, "kind": f"words of {side}", "from": sign * deeds, "to": sign * (deeds + words)})
    boxes = [box for box in boxes if box["from"] != box["to"]]
    first, last = _extent(periods)
    shown = [kind for kind in _SERIES_COLOURS if kind != _UNREAD or any(box["kind"] == _UNREAD for box in boxes)]
    wide = WIDTH / max(len(periods), 1) > 4
    bars: altair.Chart = (
        altair.Chart(values_of(boxes))
        .mark_rect(stroke="white" if wide else None, strokeWidth=0.7 if wide else 0)
        .encode(
            x=time_axis("start", first, last),
            x2="end:T",
            y=altair.Y(
                "from:Q",
                title="← conflict · events · cooperation →",
                scale=altair.Scale(domain=[low, high], nice=False),
                axis=altair.Axis(labelExpr="abs(datum.value)", tickMinStep=1, gridColor="#dddddd"),
            ),
            y2="to:Q",
            color=altair.Color(
                "kind:N",
                scale=altair.Scale(domain=shown, range=[_SERIES_COLOURS[kind] for kind in shown]),
                legend=altair.Legend(title=None, orient="top", direction="horizontal"),
            ),
        )
        .properties(width=WIDTH, height=height)
    )
    return bars


def _quoted(text: str) -> str:
    """The text as a string of Vega's expressions."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _allowed(found: set[str], known: Any, what: str) -> None:
    unknown = sorted(found - set(known))
    if unknown:
        raise UsageError(f"“{unknown[0]}” is no {what}; {', '.join(known)} are.")
