"""Series counted by the engine from the table of events, for records and relations too large to hold as objects.

What is counted is what `series.tally` counts, and where it is placed in time is what `series.placed_on` tells.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dragoman.relate.evidence import COOPERATION, MATERIAL
from dragoman.relate.series import FINE_ENOUGH, Cell, Coverage, SeriesRow, Step, Tally, rows_by_period, start_of, tally
from dragoman.terms import Factuality

CELLS = ("words_cooperation", "words_conflict", "deeds_cooperation", "deeds_conflict")
COLUMNS = "date date_precision date_end first_reported domain intensity origins quad factuality mentions".split()
"""The columns of the table of events that counting needs."""

COUNTS = (*CELLS, "possible", "denied", "reports", "origins", "by_report")


def counted(events: ibis.Table, step: Step, by: Sequence[str] = (), *, summed: bool = False) -> ibis.Table:
    """What is counted of these events in each period and domain; dismissed ones must be left out before.

    With `summed` a row stands for as many `events`, whose intensity, origins and `reports` are summed.

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
        origins=events.origins.cast("float64") if summed else events.origins,
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
        reports=events.reports.cast("float64") if summed else events.mentions.length(),
        fine=fine,
        # Not as whole numbers, whose sums DuckDB reckons in 128 bits.
        **({"number": events.events.cast("float64")} if summed else {}),
    )
    told = told.filter(told.start.notnull())

    def number(where: ibis.Value | None = None) -> ibis.Value:
        return told.number.sum(where=where).fill_null(0).cast("int64") if summed else told.count(where=where)

    told_of = {name: told.cell == n for n, name in enumerate(CELLS)}
    any_ = told.cell < len(CELLS)
    # Numbers of rows, not sums of truths, which DuckDB reckons in 128 bits.
    return told.group_by(*by, "start", "domain").aggregate(
        events=number(),
        **{name: number(which) for name, which in told_of.items()},
        **{f"{name}_intensity": told.intensity.sum(where=which) for name, which in told_of.items()},
        possible=number(told.possible),
        denied=number(told.denied),
        reports=told.reports.sum(where=any_),
        origins=told.origins.sum(where=any_),
        by_report=number(any_ & ~told.fine),
    )


def counted_series(
    rows: pa.Table,
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
    tallies = _tallies(rows)

    def count(start: date) -> tuple[Tally, tuple[str, ...]]:
        return tallies.get(start, _NOTHING), tuple(sorted(events.get(start, ())))

    return rows_by_period(source, target, step, tallies, count, coverage=coverage, since=since, until=until)


_NOTHING = tally((), Step.DAY)
_EMPTY = _NOTHING.words_conflict
_SUMMED = (*CELLS, *(f"{name}_intensity" for name in CELLS), *COUNTS[len(CELLS) :])


def _tallies(rows: pa.Table) -> dict[date, Tally]:
    """The tally of each period; whole columns are summed at once, as a busy relation has tens of thousands of rows."""
    if not len(rows):
        return {}
    rows = rows.sort_by("start")
    starts = rows["start"].to_numpy()
    firsts = np.flatnonzero(np.concatenate([[True], starts[1:] != starts[:-1]]))
    numbers = np.column_stack([pc.fill_null(rows[name], 0).to_numpy().astype(np.float64) for name in _SUMMED])
    sums = np.add.reduceat(numbers, firsts).tolist()
    told, counts = rows["domain"].to_pylist(), numbers[:, : len(CELLS)].sum(axis=1).astype(np.int64).tolist()
    found = {}
    ends = [*firsts[1:], len(rows)]
    for day, first, last, values in zip(rows["start"].take(firsts).to_pylist(), firsts, ends, sums, strict=True):
        domains: Counter[str | None] = Counter()
        for domain, number in zip(told[first:last], counts[first:last], strict=True):
            domains[domain] += number
        found[day] = _tally(values, domains)
    return found


def _tally(values: Sequence[float], domains: Counter[str | None]) -> Tally:
    """A tally from the sums of `_SUMMED`."""
    numbers, intensities = values[: len(CELLS)], values[len(CELLS) : 2 * len(CELLS)]
    cells = [
        Cell(int(number), round(intensity, 3)) if number else _EMPTY
        for number, intensity in zip(numbers, intensities, strict=True)
    ]
    possible, denied, reports, origins, by_report = map(int, values[2 * len(CELLS) :])
    return Tally(
        words_cooperation=cells[0],
        words_conflict=cells[1],
        deeds_cooperation=cells[2],
        deeds_conflict=cells[3],
        possible=possible,
        denied=denied,
        domains=tuple(sorted((+domains).items(), key=lambda item: (-item[1], item[0] is None, item[0] or ""))),
        reports=reports,
        origins=origins,
        by_report=by_report,
    )
