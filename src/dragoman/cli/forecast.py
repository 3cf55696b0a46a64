"""`dragoman forecast`: odds with reasons, kept in a ledger, settled and scored."""

from __future__ import annotations

import json
from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from dragoman.cli.common import day, note, open_context, write, write_json
from dragoman.forecast.issuing import Forecast
from dragoman.forecast.ledger import Scoreboard
from dragoman.pipeline.forecasts import Settled

NOTHING_DONE = 1


class _Dyads(TyperGroup):
    """Takes `forecast A B` as `forecast dyad A B`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and not args[0].startswith("-") and args[0] not in self.commands:
            args = ["dyad", *args]
        return super().parse_args(ctx, args)


class Form(StrEnum):
    """How forecasts are written."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"


app = typer.Typer(
    help="Odds of what comes next, with reasons; `dragoman forecast A B` forecasts a relation.",
    no_args_is_help=True,
    rich_markup_mode=None,
    cls=_Dyads,
)
AsOf = Annotated[str | None, typer.Option(help="Only what was published by this day.")]
Seed = Annotated[int, typer.Option(help="Seed of what is drawn at random.")]
Look = Annotated[bool, typer.Option("--look", help="Only show; keep nothing in the ledger.")]
As = Annotated[Form, typer.Option("--as", help="table, json or jsonl.")]


@app.command("dyad")
def dyad(
    context: typer.Context,
    first: Annotated[str, typer.Argument(help="An actor: code, name or abbreviation.")],
    second: Annotated[str, typer.Argument(help="The other actor.")],
    as_of: AsOf = None,
    seed: Seed = 0,
    look: Look = False,
    form: As = Form.TABLE,
) -> None:
    """Forecast a relation: questions from its open words and indicators, with odds and reasons."""
    record = open_context(context)
    _show(record.forecast_dyad(first, second, as_of=day(as_of), seed=seed, keep=not look), form)


@app.command("ask")
def ask(
    context: typer.Context,
    questions: Annotated[list[str], typer.Argument(help="Questions such as “PRK>RUS deed:arms 90d”.")],
    as_of: AsOf = None,
    seed: Seed = 0,
    look: Look = False,
    form: As = Form.TABLE,
) -> None:
    """Forecast questions of one's own."""
    _show(open_context(context).forecast(*questions, as_of=day(as_of), seed=seed, keep=not look), form)


@app.command("settle")
def settle(context: typer.Context, as_of: AsOf = None, form: As = Form.TABLE) -> None:
    """Settle the forecasts of the ledger by their rules; again where the evidence has changed."""
    found = open_context(context).settle(as_of=day(as_of))
    if not found:
        note("The ledger holds no forecast; “dragoman forecast A B” makes some.")
        raise typer.Exit(NOTHING_DONE)
    if form is not Form.TABLE:
        write_json([_settled_row(own) for own in found], form is Form.JSONL)
        return
    write("\n".join(_settled_line(own) for own in found))
    note(f"{sum(own.new for own in found)} of {len(found)} forecasts settled anew.")


@app.command("score")
def score(
    context: typer.Context, as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False
) -> None:
    """How the settled forecasts did: Brier and log score, and skill against recurrence and base rate."""
    found = open_context(context).scoreboard()
    write(json.dumps(found.row(), indent=1) if as_json else _board(found))


def forecast_json(forecast: Forecast) -> dict[str, Any]:
    """A forecast as plain values."""
    return {
        "id": forecast.id,
        "question": str(forecast.question),
        "text": forecast.question.words,
        "rule": forecast.question.rule,
        "asked": forecast.asked.isoformat(),
        "closes": forecast.closes.isoformat(),
        "odds": forecast.odds,
        "words": forecast.words,
        "low": forecast.low,
        "high": forecast.high,
        "base_rate": forecast.base_rate,
        "recurrence": forecast.recurrence,
        "model": forecast.model,
        "record_version": forecast.record_version,
        "reasons": [{"words": own.words, "weight": own.weight, "events": list(own.events)} for own in forecast.reasons],
        "notes": list(forecast.notes),
    }


def _show(forecasts: Sequence[Forecast], form: Form) -> None:
    if form is not Form.TABLE:
        write_json([forecast_json(own) for own in forecasts], form is Form.JSONL)
        return
    write("\n\n".join(_told(own) for own in forecasts))


def _told(own: Forecast) -> str:
    lines = [
        f"{own.question}  {own.odds:.0%} ({own.low:.0%} to {own.high:.0%}), {own.words}",
        f"  {own.question.words} Asked {own.asked}, ends {own.closes}.",
        f"  base rate {own.base_rate:.1%}, recurrence {own.recurrence:.1%}; model: {own.model}",
        *(f"  ! {text}" for text in own.notes),
    ]
    for reason in own.reasons:
        weight = "      " if reason.weight is None else f"{reason.weight:+.2f} "
        lines.append(f"  {weight}{reason.words}")
        if reason.events:
            lines.append(f"         {' '.join(reason.events)}")
    return "\n".join(lines)


def _settled_row(own: Settled) -> dict[str, Any]:
    return {
        "id": own.forecast["id"],
        "question": own.forecast["question"],
        "asked": own.forecast["asked"].isoformat(),
        "closes": own.forecast["closes"].isoformat(),
        "odds": own.forecast["odds"],
        "outcome": own.settlement.outcome.value,
        "events": list(own.settlement.events),
        "reason": own.settlement.reason,
        "new": own.new,
    }


def _settled_line(own: Settled) -> str:
    row = own.forecast
    return (
        f"{own.settlement.outcome.value:<8}{row['odds']:>6.1%}  {row['question']}  asked {row['asked']}: "
        f"{own.settlement.reason}"
    )


def _board(board: Scoreboard) -> str:
    lines = [f"{board.settled} settled, {board.open} open, {board.unknown} unknown"]
    scores = ({"all": board.all} if board.all else {}) | board.by_model
    for name, own in scores.items():
        lines.append(
            f"{name:<12}{own.questions:>6} questions, {own.true} true; Brier {own.brier:.4f}, "
            f"log score {own.log_score:.4f}"
        )
        for reference, skill in own.against.items():
            lines.append(f"{'':<12}skill against {reference} {skill}")
        if own.few:
            lines.append(f"{'':<12}too few of either outcome to say how good that is")
    return "\n".join(lines)
