"""Charts of forecasts: the reliability diagram."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import altair

from dragoman.errors import UsageError
from dragoman.forecast.scores import Bin
from dragoman.relate.drawing import BLUE, GREY, Chart, finish, values_of
from dragoman.relate.keeping import wilson

SIDE = 320
"""The side of the square diagram, in pixels."""


def reliability_chart(bins: Mapping[str, Sequence[Bin]], title: str) -> Chart:
    """The share that came true against the odds, a panel for each group; the diagonal is perfect calibration."""
    rows = [
        {"group": group, "odds": own.odds, "share": own.share, "count": own.count, "low": low, "high": high}
        for group, found in bins.items()
        for own in found
        for low, high in [_band(own)]
    ]
    if not rows:
        raise UsageError("There is nothing to draw: no question was settled. Let the backtest run longer.")
    unit = altair.Scale(domain=[0, 1])
    base = altair.Chart().encode(
        x=altair.X("odds:Q", title="odds", scale=unit, axis=altair.Axis(format="%", tickCount=5)),
    )
    share = altair.Y("share:Q", title="share that came true", scale=unit, axis=altair.Axis(format="%", tickCount=5))
    diagonal = (
        altair.Chart().mark_rule(color=GREY, strokeDash=[4, 4]).encode(
            x=altair.datum(0, scale=unit), y=altair.datum(0, scale=unit), x2=altair.datum(1), y2=altair.datum(1)
        )
    )  # fmt: skip
    bars = base.mark_rule(color=BLUE).encode(y=altair.Y("low:Q", scale=unit), y2="high:Q")
    line = base.mark_line(color=BLUE).encode(y=share)
    points = base.mark_circle(color=BLUE, opacity=1).encode(
        y=share,
        size=altair.Size(
            "count:Q", title="questions", scale=altair.Scale(type="log", domainMin=1, range=[20, 260]), legend=None
        ),
    )
    layered = altair.layer(diagonal, bars, line, points, data=values_of(rows)).properties(width=SIDE, height=SIDE)
    order = list(bins)
    return finish(layered.facet(facet=altair.Facet("group:N", title=None, sort=order), columns=2), title)


def _band(own: Bin) -> tuple[float, float]:
    return wilson(round(own.share * own.count), own.count)
