"""Series counted by the engine from the table of events, for records and relations too large to hold as objects.

What is counted is what `series.tally` counts, and where it is placed in time is what `series.placed_on` tells.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any

import ibis

from dragoman.relate.evidence import COOPERATION, MATERIAL
from dragoman.relate.series import FINE_ENOUGH, Cell, Coverage, SeriesRow, Step, Tally, rows_by_period, start_of, tally
from dragoman.terms import Factuality

CELLS = ("words_cooperation", "words_conflict", "deeds_cooperation", "deeds_conflict")
COLUMNS = "date date_precision date_end first_reported domain intensity origins quad factuality mentions".split()
"""The columns of the table of events that counting needs."""

COUNTS = (*CELLS, "possible", "denied", "reports", "origins", "by_report")


def counted(events: ibis.Table, step: Step, by: Sequence[str] = ()) -> ibis.Table:
    """What is counted of these events in each period and domain; dismissed ones must be left out before.

    Columns: those of `by`, which are told apart too, `start`, `domain`, `events` (their number), the counts of `CELLS`
    with their summed `…_intensity`, and the other `COUNTS`.
    """
    material, cooperating = events.quad.isin(MATERIAL), events.quad.isin(COOPERATION)
    actual, pledged = (events.factuality == f.value for f in (Factuality.ACTUAL, Factuality.PLEDGED))
    kinds = (pledged | (~material & actual), material & actual)
    fine = events.date_precision.isin([precision.value for precision in FINE_ENOUGH[step]]).fill_null(False)
    told = events.select(
        *by,
        "domain",
        "intensity",
        "origins",
        start=start_of(events, step),
        # One number in place of four truths: a fifth is what counts as neither word nor deed.
        cell=ibis.cases(
            *(
                (kind & way, n)
                for n, (kind, way) in enumerate((kind, way) for kind in kinds for way in (cooperating, ~cooperating))
            ),
            else_=len(CELLS),
        ),
        possible=events.factuality == Factuality.POSSIBLE.value,
        denied=events.factuality == Factuality.DENIED.value,
        reports=events.mentions.length(),
        fine=fine,
    )
    told = told.filter(told.start.notnull())
    told_of = {name: told.cell == n for n, name in enumerate(CELLS)}
    any_ = told.cell < len(CELLS)
    # Numbers of rows, not sums of truths, which DuckDB reckons in 128 bits.
    return told.group_by(*by, "start", "domain").aggregate(
        events=told.count(),
        **{name: told.count(where=which) for name, which in told_of.items()},
        **{f"{name}_intensity": told.intensity.sum(where=which) for name, which in told_of.items()},
        possible=told.count(where=told.possible),
        denied=told.count(where=told.denied),
        reports=told.reports.sum(where=any_),
        origins=told.origins.sum(where=any_),
        by_report=told.count(where=any_ & ~told.fine),
    )


def counted_series(
    rows: Iterable[Mapping[str, Any]],
    source: str,
    target: str,
    step: Step,
    *,
    coverage: Coverage | None = None,
    since: date | None = None,
    until: date | None = None,
    events: Mapping[date, Sequence[str]] = MappingProxyType({}),
) -> list[SeriesRow]:
    """The rows of `counted` as `series` gives them of the same events; their ids are those of `events` by period."""
    by_start: dict[date, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        by_start[row["start"]].append(row)

    def count(start: date) -> tuple[Tally, tuple[str, ...]]:
        return _tally(by_start.get(start, ())), tuple(sorted(events.get(start, ())))

    return rows_by_period(source, target, step, by_start, count, coverage=coverage, since=since, until=until)


_NOTHING = tally((), Step.DAY)
_EMPTY = _NOTHING.words_conflict


def _tally(rows: Iterable[Mapping[str, Any]]) -> Tally:
    rows = list(rows)
    if not rows:
        return _NOTHING
    cells = [
        Cell(number, round(sum(row[f"{name}_intensity"] or 0.0 for row in rows), 3)) if number else _EMPTY
        for name in CELLS
        for number in (sum([row[name] for row in rows]),)
    ]
    domains = {row["domain"]: number for row in rows if (number := sum(row[name] for name in CELLS))}
    possible, denied, reports, origins, by_report = (
        sum([row[name] or 0 for row in rows]) for name in COUNTS[len(CELLS) :]
    )
    return Tally(
        words_cooperation=cells[0],
        words_conflict=cells[1],
        deeds_cooperation=cells[2],
        deeds_conflict=cells[3],
        possible=possible,
        denied=denied,
        domains=tuple(sorted(domains.items(), key=lambda item: (-item[1], item[0] is None, item[0] or ""))),
        reports=reports,
        origins=origins,
        by_report=by_report,
    )
