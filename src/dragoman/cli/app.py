"""The command `dragoman`: options common to all commands, and how errors leave."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from dragoman.cli import (
    account,
    add,
    backtest,
    backup,
    brief,
    code,
    compare,
    correct,
    demo,
    doctor,
    evaluation,
    events,
    explain,
    export,
    forecast,
    housekeeping,
    import_,
    mcp,
    model,
    recode,
    relate,
    remove,
    reviews,
    serve,
    watch,
)
from dragoman.cli.logs import Level, LogFormat, set_up
from dragoman.cli.memory import few_arenas
from dragoman.errors import DragomanError, UsageError
from dragoman.settings import Settings

app = typer.Typer(
    name="dragoman",
    help="Reads political news and keeps an evidence-linked record of who says and does what to whom.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.callback()
def common(
    context: typer.Context,
    record: Annotated[
        str | None, typer.Option(help="Where the record lies; default DRAGOMAN_RECORD, else ./record.")
    ] = None,
    database: Annotated[
        str | None, typer.Option(help="SQL database for what people write; default beside the record.")
    ] = None,
    engine: Annotated[
        str | None, typer.Option(help="What answers questions; default DRAGOMAN_ENGINE, else duckdb.")
    ] = None,
    log_format: Annotated[
        LogFormat, typer.Option(help="How logs are written to standard error.", envvar="DRAGOMAN_LOG_FORMAT")
    ] = LogFormat.TEXT,
    log_level: Annotated[
        Level, typer.Option(help="From which level on logs are written.", envvar="DRAGOMAN_LOG_LEVEL")
    ] = Level.WARNING,
) -> None:
    """Options that stand before the command."""
    set_up(log_format, log_level)
    context.obj = Settings.load(record=record, database=database, engine=engine)


app.command("add")(add.add)
app.command("import")(import_.import_)
app.command("code")(code.code)
app.command("events")(events.events)
app.command("export")(export.export)
app.command("compare")(compare.compare)
app.command("explain")(explain.explain)
app.command("brief")(brief.brief)
app.command("relate")(relate.relate)
app.command("backtest")(backtest.backtest)
app.command("remove")(remove.remove)
app.command("takedown")(remove.takedown)
app.command("recode")(recode.recode)
app.command("backup")(backup.backup)
app.command("restore")(backup.restore)
app.command("doctor")(doctor.doctor)
app.command("serve")(serve.serve)
app.command("mcp")(mcp.mcp)
app.command("demo")(demo.demo)
app.add_typer(account.app, name="account")
app.add_typer(housekeeping.app, name="record")
app.add_typer(forecast.app, name="forecast")
app.add_typer(correct.app, name="correct")
app.add_typer(reviews.app, name="reviews")
app.add_typer(evaluation.app, name="eval")
app.add_typer(watch.app, name="watch")
app.add_typer(model.app, name="model")


def main() -> None:
    """Run a command; errors go to standard error, wrong use ends with 2, every other error with 1."""
    few_arenas()
    try:
        app()
    except UsageError as error:
        sys.stderr.write(f"dragoman: {error}\n")
        sys.exit(2)
    except DragomanError as error:
        sys.stderr.write(f"dragoman: {error}\n")
        sys.exit(1)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        sys.stderr.write(
            f"dragoman: {where}{error.strerror or error}; check the path, its rights and the free space.\n"
        )
        sys.exit(1)
