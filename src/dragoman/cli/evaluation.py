"""`dragoman eval …`: scores against labelled data."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from dragoman.cli.common import note, write
from dragoman.coding import Coder, gazetteer
from dragoman.evaluate import EventScores, load_gold, load_pairs, score_events, score_pairs
from dragoman.forecast.links import LinkForecaster, score_links

app = typer.Typer(help="Score against labelled data.", no_args_is_help=True, rich_markup_mode=None)
MAIN_KEYS = (
    "n",
    "precision",
    "recall",
    "f1",
    "undirected_f1",
    "direction_accuracy",
    "factuality_accuracy",
    "claimant_accuracy",
    "false_events_on_empty",
    "expected_calibration_error",
    "seconds",
)


@app.callback()
def evaluation() -> None:
    """Score against labelled data."""


@app.command("events")
def events(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="JSON Lines of labelled texts; the format is in docs/evaluate.md.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    worst: Annotated[int, typer.Option(help="Also print this many texts with the most errors, to standard error.")] = 0,
) -> None:
    """Code labelled texts and score the events, end to end."""
    scores = score_events(load_gold(file), Coder(gazetteer(context.obj.actors)))
    summary = scores.summary()
    if as_json:
        write(json.dumps(summary, indent=1))
    else:
        write(_table(summary))
    if worst:
        note(worst_errors(scores, worst))


@app.command("pairs")
def pairs(
    file: Annotated[Path, typer.Argument(help="Tab-separated rows: uid, sentence, source, target, gold_root.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Score event types on sentences whose source and target are given."""
    scores = score_pairs(load_pairs(file))
    if as_json:
        write(json.dumps(scores, indent=1))
        return
    lines = [f"{key:<24}{scores[key]}" for key in ("n", "macro_f1", "accuracy", "quad_macro_f1", "seconds")]
    lines += ["", f"{'type':<14}{'n':>6}{'precision':>11}{'recall':>9}{'f1':>8}"]
    lines += [
        f"{kind:<14}{row['n']:>6}{row['precision']:>11.2f}{row['recall']:>9.2f}{row['f1']:>8.2f}"
        for kind, row in scores["per_class"].items()
    ]
    write("\n".join(lines))


@app.command("forecast")
def forecast(
    train: Annotated[Path, typer.Option(help="Facts to learn from; the names lie beside it.")],
    test: Annotated[Path, typer.Option(help="Facts to ask about, of later days.")],
    valid: Annotated[Path | None, typer.Option(help="More facts to learn from, between the two.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    model: Annotated[str, typer.Option(help="trees or recurrence.")] = "trees",
    seed: Annotated[int, typer.Option(help="The seed of what is drawn at random.")] = 0,
    rules: Annotated[int, typer.Option(help="Also print this many of the surest rules, to standard error.")] = 0,
) -> None:
    """Score link forecasts on a temporal knowledge graph: single step, both directions, time-aware filter."""
    report = score_links(train, valid, test, model, seed)
    summary = report.summary()
    write(json.dumps(summary, indent=1) if as_json else "\n".join(f"{key:<24}{summary[key]}" for key in summary))
    if rules and isinstance(report.model, LinkForecaster):
        note("\n".join(report.model.rules(rules)))


def worst_errors(scores: EventScores, count: int) -> str:
    """The texts with the most errors, each with what was missed and what was invented."""
    lines = []
    for outcome in scores.worst(count):
        lines.append(f"{outcome.gold.id}: {outcome.gold.text}")
        for gold in outcome.missed:
            kinds = "|".join(sorted(gold.types))
            lines.append(f"    missed   {gold.source}>{gold.target or 'anyone'} {kinds} {gold.factuality or ''}")
        for pair in outcome.invented:
            source, target = ("/".join(sorted(side)) or "nobody" for side in (pair.source, pair.target))
            lines.append(f"    invented {source}>{target} {pair.type} {pair.factuality}")
    return "\n".join(lines)


def _table(summary: dict[str, Any]) -> str:
    lines = [f"{key:<24}{summary[key]}" for key in MAIN_KEYS]
    for group in ("by_type", "by_factuality", "by_style"):
        lines.append("")
        lines.append(f"{group.removeprefix('by_'):<14}{'n':>6}{'precision':>11}{'recall':>9}{'f1':>8}")
        for name, scores in summary[group].items():
            shown = [f"{scores[key]:.2f}" if scores[key] is not None else "-" for key in ("precision", "recall", "f1")]
            lines.append(f"{name:<14}{scores['n']:>6}{shown[0]:>11}{shown[1]:>9}{shown[2]:>8}")
    return "\n".join(lines)
