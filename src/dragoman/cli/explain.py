"""`dragoman explain`: why a mention was coded as it was."""

from __future__ import annotations

from typing import Annotated

import typer

from dragoman.cli.common import open_context, write
from dragoman.records import Document, Mention, Party


def explain(
    context: typer.Context,
    mention: Annotated[str, typer.Argument(help="A mention's id, from the key “mentions” of an event.")],
) -> None:
    """Print a mention's sentence, the words behind every part of it, and the rules that fired."""
    write(explanation(*open_context(context).mention(mention)))


def explanation(mention: Mention, document: Document) -> str:
    """The explanation as text, a line per part."""
    origin = f"{document.publisher or 'publisher unknown'}, {document.published or 'no date'}"
    mode = f" ({mention.mode})" if mention.mode else ""
    lines = [
        f"mention     {mention.id} in document {mention.document_id}",
        f"document    {document.title or 'untitled'} ({origin})",
        f"sentence    {document.slice(mention.sentence)}",
        f"            {mention.sentence.part} {mention.sentence.start}-{mention.sentence.end}",
        f"predicate   “{document.slice(mention.predicate)}” {mention.predicate.start}-{mention.predicate.end}",
        f"type        {mention.type}{mode}, quad {mention.quad}, intensity {mention.intensity:+g}",
        *(f"source      {_party(party, document)}" for party in mention.source),
        *(f"target      {_party(party, document)}" for party in mention.target),
        f"factuality  {mention.factuality}",
    ]
    for claimant in mention.claimants:
        who = claimant.actor.name if claimant.actor else "not a known actor"
        lines.append(
            f"claimed by  “{document.slice(claimant.span)}” = {who} ({claimant.kind}), by “{claimant.cue}”, "
            f"{claimant.span.start}-{claimant.span.end}"
        )
    if mention.date and mention.date_span:
        lines.append(f"date        {mention.date} from “{document.slice(mention.date_span)}”")
    else:
        lines.append(f"date        {mention.date or 'the text does not tell'}")
    lines.append(f"place       {mention.place.name + ', ' + mention.place.country if mention.place else 'unknown'}")
    lines.append(f"domain      {mention.domain or 'unknown'}")
    lines += [f"quoted      “{document.slice(quote)}” {quote.start}-{quote.end}" for quote in mention.quotes]
    lines += [f"rule        {rule}" for rule in mention.rules]
    lines.append(f"coder       {mention.coder_version}")
    return "\n".join(lines)


def _party(party: Party, document: Document) -> str:
    actor = party.actor
    sector = f", {actor.sector}" if actor.sector else ""
    return (
        f"{actor.code} {actor.name}{sector} from “{document.slice(party.span)}” {party.span.start}-{party.span.end}"
        f" by {party.rule}"
    )
