"""`dragoman backtest`: how forecasts would have done on the record's own past."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from dragoman.cli.common import note, open_context, write
from dragoman.errors import UsageError
from dragoman.forecast.backtest import Backtest, Schedule
from dragoman.forecast.charts import reliability_chart
from dragoman.forecast.scores import Skill
from dragoman.periods import parse_day
from dragoman.relate.charts import to_png, to_svg


class Resample(StrEnum):
    """What the bootstrap draws whole."""

    DYAD = "dyad"
    DAYS = "days"


BY = ("kind", "class", "horizon", "dyad")
MOST_DYADS = 10


def backtest(
    context: typer.Context,
    since: Annotated[str, typer.Option(help="First day of asking, YYYY-MM-DD.")],
    until: Annotated[str, typer.Option(help="Day by which every question has ended.")],
    horizon: Annotated[
        list[int] | None, typer.Option(help="Days that a question runs; repeat. Default 7 and 30.")
    ] = None,
    classes: Annotated[
        list[str] | None, typer.Option("--class", help="Class of events; repeat. Default: quads and deeds by domain.")
    ] = None,
    actors: Annotated[int, typer.Option(help="The most active states, all pairs of which are asked about.")] = 40,
    step: Annotated[int, typer.Option(help="Days between days of asking.")] = 7,
    refit: Annotated[int, typer.Option(help="Days after which models learn anew.")] = 28,
    resample: Annotated[Resample, typer.Option(help="What the bootstrap draws whole: dyad or days.")] = Resample.DYAD,
    seed: Annotated[int, typer.Option(help="Seed of what is drawn at random.")] = 0,
    rules: Annotated[int, typer.Option(help="Also tell this many of the mined rules.")] = 0,
    chart: Annotated[Path | None, typer.Option(help="Write the reliability diagram here (.svg or .png).")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Score forecasts out of time: rolling origin, learned anew on a schedule, nothing later ever read."""
    if chart is not None and chart.suffix not in (".svg", ".png"):
        raise UsageError(f"--chart {chart} ends in {chart.suffix!r}; give a name that ends in .svg or .png.")
    schedule = Schedule(parse_day(since), parse_day(until), step, refit)
    found = open_context(context).backtest(
        schedule, horizons=tuple(horizon or (7, 30)), actors=actors, classes=classes or (), seed=seed, progress=note
    )
    report = summary(found, resample)
    report["rules"] = [str(rule) for rule in found.rules[:rules]]
    write(json.dumps(report, indent=1) if as_json else _table(report))
    if chart is not None:
        drawn = reliability_chart(
            {name: found.reliability(rows) for name, rows in found.groups("kind").items() if rows.any()}, "Reliability"
        )
        chart.write_bytes(to_svg(drawn) if chart.suffix == ".svg" else to_png(drawn))


def summary(found: Backtest, resample: str) -> dict[str, Any]:
    """All scores as plain values: over all questions, by model, and by kind, class, horizon and dyad."""
    by = {name: list(found.groups(name).items()) for name in BY}
    by["dyad"] = by["dyad"][:MOST_DYADS]
    bins = found.reliability()
    return {
        "schedule": found.schedule.words,
        "resample": resample,
        "all": found.score(resample=resample).row(),
        "models": {model: found.score(model=model, resample=resample).row() for model in found.asked.odds},
        **{
            name: {
                # One dyad is one block: within it stretches of days are drawn.
                key: found.score(rows, resample="days" if name == "dyad" else resample).row()
                for key, rows in groups
                if rows.any()
            }
            for name, groups in by.items()
        },
        "reliability": [{"odds": b.odds, "share": b.share, "count": b.count} for b in bins],
    }


def _table(report: dict[str, Any]) -> str:
    lines = [report["schedule"], f"intervals: bootstrap over {report['resample']}", ""]
    head = f"{'':<26}{'questions':>10}{'true':>7}{'Brier':>9}{'log':>8}{'calib.':>8}  skill/recurrence"
    for name in ("all", "models", *BY):
        rows = {"all questions": report["all"]} if name == "all" else report[name]
        lines += [f"{head}   by {name}" if name != "all" else head, *(_line(key, row) for key, row in rows.items()), ""]
    return "\n".join([*lines, *report["rules"]])


def _line(key: str, row: dict[str, Any]) -> str:
    told = ""
    if "skill_recurrence" in row:
        told = f"  {Skill(row['skill_recurrence'], row['skill_recurrence_low'], row['skill_recurrence_high'])}"
    few = "  too few to tell" if row["too_few"] else ""
    return (
        f"{key:<26}{row['questions']:>10,}{row['true']:>7,}{row['brier']:>9.5f}{row['log_score']:>8.4f}"
        f"{row['calibration_error']:>8.4f}{told}{few}"
    )
