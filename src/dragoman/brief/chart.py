"""The chart of a relation: words and deeds by week, as SVG."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import altair
import vl_convert

from dragoman.relate.evidence import MATERIAL

Row = Mapping[str, Any]
WIDTH, HEIGHT = 640, 170
"""Size of the chart, in pixels."""


def weekly_counts(events: Sequence[Row]) -> list[dict[str, Any]]:
    """Words and deeds of each week, weeks without any included; sorted by week.

    A word is a verbal event or a pledged one, a deed a material event that is actual. An event without a day stands in
    the week of its first report; one without either is left out. Possible and denied events are not counted.
    """
    counts: Counter[tuple[date, str]] = Counter()
    for row in events:
        week = _week(row)
        if week is None or row["factuality"] not in ("actual", "pledged"):
            continue
        deed = row["quad"] in MATERIAL and row["factuality"] == "actual"
        counts[week, "deeds" if deed else "words"] += 1
    if not counts:
        return []
    first, last = min(week for week, _ in counts), max(week for week, _ in counts)
    weeks = [first + timedelta(weeks=n) for n in range((last - first).days // 7 + 1)]
    return [
        {"week": week.isoformat(), "kind": kind, "events": counts[week, kind]}
        for week in weeks
        for kind in ("words", "deeds")
    ]


def weekly_chart(events: Sequence[Row], title: str) -> str | None:
    """The counts as an SVG image, words above the line and deeds below it; None where nothing can be drawn."""
    return chart_svg(weekly_counts(events), title)


def chart_svg(weeks: Sequence[Row], title: str) -> str | None:
    """The chart of counts by week as an SVG image; None where there is none."""
    return _svg(_key(weeks), title) if weeks else None


def chart_png(weeks: Sequence[Row], title: str) -> bytes | None:
    """The same as a PNG image of twice the size."""
    if not weeks:
        return None
    png: bytes = vl_convert.vegalite_to_png(_chart(_key(weeks), title), scale=2)
    return png


@lru_cache(maxsize=64)
def _svg(weeks: tuple[tuple[str, str, int], ...], title: str) -> str:
    svg: str = vl_convert.vegalite_to_svg(_chart(weeks, title))
    return svg


def _key(weeks: Sequence[Row]) -> tuple[tuple[str, str, int], ...]:
    return tuple((str(row["week"]), str(row["kind"]), int(row["events"])) for row in weeks)


def _chart(weeks: Sequence[tuple[str, str, int]], title: str) -> dict[str, Any]:
    rows = [
        {"week": week, "kind": kind, "events": number, "height": number if kind == "words" else -number}
        for week, kind, number in weeks
        if number
    ]
    chart = (
        altair.Chart(altair.InlineData(values=rows), title=title)
        .mark_bar(width=3)
        .encode(
            x=altair.X("week:T", title=None, axis=altair.Axis(format="%b %Y", labelAngle=0, tickCount=8, grid=False)),
            y=altair.Y(
                "height:Q", title="words ↑  deeds ↓", axis=altair.Axis(labelExpr="abs(datum.value)", tickMinStep=1)
            ),
            color=altair.Color(
                "kind:N",
                scale=altair.Scale(domain=["words", "deeds"], range=["#4c78a8", "#c2571a"]),
                legend=altair.Legend(title=None, orient="top-right"),
            ),
        )
        .properties(width=WIDTH, height=HEIGHT)
        .configure(background="transparent", font="Georgia")
        .configure_view(strokeWidth=0)
    )
    found: dict[str, Any] = chart.to_dict()
    return found


def _week(row: Row) -> date | None:
    day = row["date"] if row["date_precision"] in ("day", "week") else row["first_reported"]
    return day - timedelta(days=day.weekday()) if day else None
