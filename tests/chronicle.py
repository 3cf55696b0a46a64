"""Makers of small histories for the tests of forecasts."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from dragoman.forecast.history import History, history_of
from dragoman.forecast.questions import EventClass
from dragoman.forecast.samples import Panel

FIRST = date(2020, 1, 1)


def happened(number: int, source: str = "AAA", target: str = "BBB", **more: Any) -> dict[str, Any]:
    """A row: verbal cooperation on the day so many days after `FIRST`, reported at once."""
    at = FIRST + timedelta(days=number)
    own = {"day": at, "known": at, "source": source, "target": target, "type": "CONSULT", "quad": 1}
    row = own | {"factuality": "actual", "domain": None, "firm": True} | more
    key = "-".join(str(row[name]) for name in ("day", "source", "target", "type", "quad", "domain"))
    return {"id": f"e{key}", **row}


def make_history(*rows: dict[str, Any]) -> History:
    """The history of rows."""
    schema = pa.schema(
        [
            ("id", pa.string()), ("day", pa.date32()), ("known", pa.date32()), ("source", pa.string()),
            ("target", pa.string()), ("type", pa.string()), ("quad", pa.int8()), ("factuality", pa.string()),
            ("domain", pa.string()), ("firm", pa.bool_()),
        ]
    )  # fmt: skip
    return history_of(pa.Table.from_pylist(list(rows), schema=schema))


def make_world(days: int = 420, seed: int = 3) -> History:
    """Four states: AAA and BBB talk often, and two or three days after BBB threatens AAA, AAA assaults it."""
    draw = np.random.default_rng(seed)
    rows = []
    rates = {
        ("AAA", "BBB"): 0.15,
        ("BBB", "AAA"): 0.12,
        ("CCC", "DDD"): 0.05,
        ("DDD", "CCC"): 0.03,
        ("AAA", "CCC"): 0.02,
    }
    for day in range(days):
        for (source, target), rate in rates.items():
            if draw.random() < rate:
                rows.append(happened(day, source, target))
        if draw.random() < 0.04:
            rows.append(happened(day, "BBB", "AAA", type="THREATEN", quad=3, factuality="pledged"))
            rows.append(
                happened(day + 2 + int(draw.integers(2)), "AAA", "BBB", type="ASSAULT", quad=4, domain="troops")
            )
    return make_history(*rows)


def make_panel(*classes: str, horizons: tuple[int, ...] = (7,)) -> Panel:
    """A panel of all pairs of the four states."""
    states = ("AAA", "BBB", "CCC", "DDD")
    pairs = tuple((source, target) for source in states for target in states if source != target)
    return Panel(pairs, tuple(map(EventClass.parse, classes or ("quad:1", "quad:4"))), horizons)


def on(day: int) -> int:
    """The ordinal of the day so many days after `FIRST`."""
    return (FIRST + timedelta(days=day)).toordinal()
