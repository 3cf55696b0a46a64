"""What all charts share: colours, the look, days on an axis, and the way from a chart to an image."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Literal

import altair
import vl_convert

from dragoman.errors import UsageError
from dragoman.periods import parse_day

Row = Mapping[str, Any]
Chart = altair.LayerChart | altair.FacetChart | altair.VConcatChart | altair.ConcatChart

WIDTH = 760
"""The width of a plot in pixels; with its labels a chart stays within 900."""

APART = 18
"""Pixels between two labels of an axis, for the same reason as `LABEL_ROOM`."""

LABEL_ROOM = 60
"""Pixels beside labels of 300 pixels that a font as wide as DejaVu Sans needs more than Helvetica."""

GREEN, LIGHT_GREEN, RED, LIGHT_RED = "#00795c", "#8fd0bc", "#c04a00", "#f3b48a"
BLUE, SKY, YELLOW, PURPLE, GREY, PALE, INK = "#0060a0", "#56b4e9", "#e6b000", "#b35c92", "#8a8a8a", "#ebebeb", "#222222"
"""Okabe and Ito's colours (2008), darkened for paper: told apart by the colour-blind, and by lightness in grey."""

FONT = "Helvetica, Arial, Liberation Sans, sans-serif"


def to_svg(chart: Chart) -> bytes:
    """The chart as an SVG image; nothing is fetched."""
    svg: str = vl_convert.vegalite_to_svg(chart.to_dict())
    return svg.encode("utf-8")


def to_png(chart: Chart, scale: float = 2.0) -> bytes:
    """The chart as a PNG image on white; `scale` is in image pixels for one pixel of the chart."""
    png: bytes = vl_convert.vegalite_to_png(chart.to_dict(), scale=scale)
    return png


def finish(chart: Chart, title: str | None) -> Chart:
    """The chart in the common look; marks bear no labels of their own, for Vega writes their days in local time."""
    if title:
        chart = chart.properties(title=altair.TitleParams(title, anchor="start", fontSize=15, offset=12))
    finished: Chart = (
        chart.configure(background="white", font=FONT, padding=12)
        .configure_mark(aria=False)
        .configure_view(strokeWidth=0)
        .configure_axis(labelFontSize=11, titleFontSize=11, titleFontWeight="normal", labelColor=INK, titleColor=INK)
        .configure_legend(
            labelFontSize=11, titleFontSize=11, symbolSize=110, labelLimit=260, labelColor=INK, columnPadding=30
        )
    )
    return finished


def with_room(chart: Chart) -> Chart:
    """The chart with room on the left for long labels: a reader's font may be wider than that they are measured in."""
    roomy: Chart = chart.properties(padding={"left": LABEL_ROOM, "right": 12, "top": 12, "bottom": 12})
    return roomy


def values_of(rows: Sequence[Mapping[str, Any]]) -> altair.InlineData:
    """The rows as data inside the chart."""
    return altair.InlineData(values=[dict(row) for row in rows])


def check(rows: Sequence[Row], needed: Iterable[str], view: str) -> None:
    """Refuse to draw nothing, or rows of another view."""
    if not rows:
        raise UsageError(
            f"There is nothing to draw: the {view} has no rows. Widen --since and --until, or add documents."
        )
    lacking = sorted({key for row in rows for key in needed if key not in row})
    if lacking:
        raise UsageError(f"A row of the {view} lacks {', '.join(lacking)}; draw the rows of that view as they are.")


def day_of(value: object) -> date:
    """The day that a row tells as ISO text."""
    return value if isinstance(value, date) else parse_day(str(value))


def time_axis(
    field: str, first: date, last: date, *, grid: bool = False, orient: Literal["top", "bottom"] = "bottom"
) -> altair.X:
    """An axis of days in UTC, so that no day moves with the machine's time zone."""
    days = max((last - first).days, 1)
    form = "%-d %b %Y" if days < 120 else "%b %Y" if days < 365 * 6 else "%Y"
    return altair.X(
        f"{field}:T",
        title=None,
        scale=altair.Scale(type="utc", domain=[first.isoformat(), last.isoformat()], nice=False),
        axis=altair.Axis(
            format=form, labelAngle=0, tickCount=8, grid=grid, orient=orient, labelOverlap=True, labelSeparation=APART
        ),
    )


def shown_day(day: date) -> str:
    """A day in words: 19 Jun 2024."""
    return f"{day.day} {day:%b %Y}"


def shortened(text: str, most: int) -> str:
    """The text in no more than so many characters, cut between words."""
    text = " ".join(text.split())
    if len(text) <= most:
        return text
    cut = text[: most - 1].rsplit(" ", 1)[0] if " " in text[: most - 1] else text[: most - 1]
    return f"{cut.rstrip(' ,;:.')}…"


def note_under(text: str, width: int) -> altair.Chart:
    """A line of words under a chart."""
    note: altair.Chart = (
        altair.Chart(values_of([{"text": text}]))
        .mark_text(align="left", fontSize=11, color="#555555")
        .encode(x=altair.value(0), text="text:N")
        .properties(width=width, height=16)
    )
    return note
