"""`dragoman model`: what a language model proposes, as far as the text supports it. Nothing of it enters a record."""

from __future__ import annotations

import json
from collections import Counter
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from dragoman.cli.add import Column, Retrieved, read_options
from dragoman.cli.common import day, note, open_context, write, write_json
from dragoman.coding import gazetteer
from dragoman.errors import UsageError
from dragoman.read import Fetcher, find_inputs, read_input
from dragoman.records import Document, Mention, Refusal
from dragoman.settings import Settings

if TYPE_CHECKING:
    from dragoman.assist.model import Model

SOME_REFUSED = 3

app = typer.Typer(help="Ask a language model, and keep what the text supports.", rich_markup_mode=None)


class Proposals(StrEnum):
    """How proposed events are written."""

    JSON = "json"
    JSONL = "jsonl"


class Prose(StrEnum):
    """How a brief's prose is written."""

    MD = "md"
    JSON = "json"


@app.command("code")
def code(
    context: typer.Context,
    inputs: Annotated[list[str], typer.Argument(help="Files, folders, globs, pages' or feeds' addresses.")],
    retrieved: Retrieved = None,
    column: Column = None,
    output: Annotated[Proposals, typer.Option("--as", help="json or jsonl.")] = Proposals.JSONL,
) -> None:
    """Print the events that a model finds in documents and that stand in their text; the record is left alone."""
    settings: Settings = context.obj
    model = _model(settings)
    from dragoman.assist.coder import ModelCoder  # The extra may not be installed.

    coder = ModelCoder(model, gazetteer(settings.actors))
    dropped: Counter[str] = Counter()
    rows = []
    refused = 0
    for item in find_inputs(inputs):
        options = read_options(retrieved, column, settings.document_bytes)
        for outcome in [item] if isinstance(item, Refusal) else read_input(item, options, Fetcher(settings)):
            if isinstance(outcome, Refusal):
                refused += 1
                note(f"refused: {outcome.input}: {outcome.reason}: {outcome.detail}")
                continue
            coding = coder.code(outcome)
            dropped.update(refusal.reason.value for refusal in coding.refusals)
            rows += [_row(mention, outcome, coder.version) for mention in coding.mentions]
    write_json(rows, lines=output is Proposals.JSONL)
    note(f"{len(rows)} events, {dropped.total()} dropped{_told(dropped)}")
    if refused:
        raise typer.Exit(SOME_REFUSED)


@app.command("brief")
def brief(
    context: typer.Context,
    first: Annotated[str, typer.Argument(help="An actor: code, name or abbreviation.")],
    second: Annotated[str, typer.Argument(help="The other actor.")],
    as_of: Annotated[str | None, typer.Option(help="Only what was published by this day.")] = None,
    output: Annotated[Prose, typer.Option("--as", help="md or json.")] = Prose.MD,
) -> None:
    """Print a model's prose over a brief; every sentence is supported by its citations, others are dropped."""
    model = _model(context.obj)
    from dragoman.assist.writer import write as prose  # The extra may not be installed.

    draft = prose(model, open_context(context).brief((first, second), as_of=day(as_of)))
    cited = {one.number: one for sentence in draft.sentences for one in sentence.citations}
    if output is Prose.JSON:
        told = {
            "model": model.name,
            "sentences": [
                {"text": sentence.text, "citations": [one.number for one in sentence.citations]}
                for sentence in draft.sentences
            ],
            "dropped": [{"text": text, "reason": reason} for text, reason in draft.dropped],
            "citations": [
                {"number": one.number, "document": one.document_id, "mention": one.mention_id, "text": one.text}
                for _, one in sorted(cited.items())
            ],
        }
        write(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        for sentence in draft.sentences:
            write(f"{sentence.text} {''.join(f'[{one.number}]' for one in sentence.citations)}\n")
        for number, one in sorted(cited.items()):
            write(f"[{number}] “{one.text}” ({one.document_id}, {one.mention_id})\n")
    note(f"{len(draft.sentences)} sentences by {model.name}, {len(draft.dropped)} dropped")
    for text, reason in draft.dropped:
        note(f"dropped: {text[:200]!r}: {reason}")
    if not draft.sentences:
        raise typer.Exit(1)


def _model(settings: Settings) -> Model:
    """The model that the settings name; a `UsageError` says what is missing."""
    try:
        from dragoman.assist.model import Model
    except ModuleNotFoundError as error:
        if error.name != "httpx":
            raise
        raise UsageError(
            "The package “httpx” is not installed, which `dragoman model` needs; run: pip install 'dragoman[llm]'."
        ) from error
    if not (settings.model_address and settings.model):
        raise UsageError(
            "No model is named. Set DRAGOMAN_MODEL_ADDRESS to an OpenAI-compatible endpoint, such as "
            "http://127.0.0.1:8080/v1, and DRAGOMAN_MODEL to the model's name."
        )
    return Model(settings.model_address, settings.model, settings.model_key)


def _row(mention: Mention, document: Document, version: str) -> dict[str, object]:
    """A proposed event with the words that it rests on; offsets in characters of the part."""
    return {
        "document": document.id,
        "title": document.title,
        "type": mention.type.value,
        "factuality": mention.factuality.value,
        "source": [party.actor.label for party in mention.source],
        "target": [party.actor.label for party in mention.target],
        "sentence": document.slice(mention.sentence),
        "deed": document.slice(mention.predicate),
        "part": mention.predicate.part.value,
        "start": mention.predicate.start,
        "end": mention.predicate.end,
        "coder_version": version,
    }


def _told(dropped: Counter[str]) -> str:
    counts = ", ".join(f"{reason} {count}" for reason, count in sorted(dropped.items()))
    return f" ({counts})" if counts else ""
