"""Makes a brief of the desk from the record: composed blocks and citations, further sources, published states."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from dragoman.brief import sheet_of
from dragoman.brief.blocks import Block, Chart, Heading, block_data
from dragoman.brief.compose import CHANGED
from dragoman.brief.sheet import Cited, say_published, used_numbers
from dragoman.brief.support import Unsupported, unsupported
from dragoman.database import BriefText, BriefVersion
from dragoman.errors import RecordMissing, UsageError
from dragoman.pipeline import Record
from dragoman.serve.publish.content import blocks_of, cited_of, content_of
from dragoman.serve.publish.finding import last_version

SHORT = frozenset(
    {"In brief", CHANGED, "Response of third parties", "What is read into it", "Outlook", "What to watch"}
)
"""The sections of a short brief."""

MOST_DYADS = 6
"""Relations in one brief."""

MOST_CITED = 3_000
"""Citations of one brief."""


@dataclass(frozen=True, slots=True)
class Composed:
    """A brief as the record gives it, ready to be kept; `note` says what could not be told."""

    title: str
    standfirst: str
    dyads: list[list[str]]
    body: list[dict[str, Any]]
    citations: list[dict[str, Any]]
    as_of: datetime.date | None
    record_version: int
    note: str


def read_dyads(text: str) -> list[tuple[str, str]]:
    """The pairs of a text such as "PRK RUS; UKR/RUS"; a `UsageError` where a part is no pair."""
    found = []
    for part in filter(None, (part.strip() for part in re.split(r"[;\n]", text))):
        sides = [side.strip() for side in (part.split("/") if "/" in part else part.split())]
        if len(sides) != 2 or not all(sides):
            raise UsageError(f"{part[:100]!r} is no pair of actors; write PRK RUS, or North Korea/Russia.")
        found.append((sides[0], sides[1]))
    if not found or len(found) > MOST_DYADS:
        raise UsageError(f"A brief is on 1 to {MOST_DYADS} relations; {len(found)} were given, parted by semicolons.")
    return found


def compose(
    record: Record,
    dyads: Sequence[tuple[str, str]],
    as_of: datetime.date | None,
    since: datetime.date | None,
    previous: tuple[int, datetime.date | None] | None,
    *,
    short: bool = False,
) -> Composed:
    """The brief on the relations; where the version of the previous one is gone, what changed is not told.

    A `short` one has the sections of `SHORT` alone.
    """
    note = ""
    try:
        made = record.brief(*dyads, as_of=as_of, since=since, previous=previous)
    except RecordMissing:
        if previous is None:
            raise
        made = record.brief(*dyads, as_of=as_of, since=since)
        note = f"Version {previous[0]} of the record is gone, so what changed since the previous brief is not told."
    sheet = sheet_of(made)
    return Composed(
        title=made.headline,
        standfirst=made.standfirst,
        dyads=[list(relation.parties) for relation in made.relations],
        body=[block_data(block) for block in (shortened(sheet.blocks) if short else sheet.blocks)],
        citations=[own.data() for own in sheet.cited],
        as_of=made.as_of,
        record_version=made.version,
        note=note,
    )


def shortened(blocks: Sequence[Block]) -> list[Block]:
    """The blocks of the sections in `SHORT` alone, with the chart and the headings that part relations."""
    kept: list[Block] = []
    wanted = True
    for block in blocks:
        if isinstance(block, Heading):
            wanted = block.level == 1 or block.text in SHORT
        if wanted or isinstance(block, Chart):
            kept.append(block)
    return kept


def previous_of(session: Session, dyads: Sequence[Sequence[str]]) -> tuple[int, datetime.date | None] | None:
    """The record version and day of the newest published brief on exactly these relations."""
    wanted = {frozenset(dyad) for dyad in dyads}
    published = select(BriefText).where(BriefText.state == "published").order_by(BriefText.published.desc()).limit(500)
    for brief in session.scalars(published):
        if {frozenset(dyad) for dyad in brief.dyads} == wanted and (version := last_version(session, brief.id)):
            day = version.content["as_of"]
            return version.content["record_version"], datetime.date.fromisoformat(day) if day else None
    return None


def further_sources(record: Record, brief: BriefText, identity: str) -> list[dict[str, Any]]:
    """The citations with those of an event or mention added; what is cited already keeps its number."""
    known = cited_of(content_of(brief))
    if not re.fullmatch(r"[em][0-9a-f]{20}", identity):
        raise UsageError(f"{identity[:60]!r} is no event or mention; take the id from its page, such as e0123….")
    mentions = [identity] if identity.startswith("m") else record.event(identity)["mentions"]
    places = {(own.document, own.part, own.start, own.end) for own in known}
    number = max((own.number for own in known), default=0)
    added = []
    for key in mentions[:20]:
        mention, document = record.mention(key)
        place = (mention.document_id, mention.sentence.part.value, mention.sentence.start, mention.sentence.end)
        if place in places:
            continue
        places.add(place)
        number += 1
        start = mention.predicate.start - mention.sentence.start
        added.append(
            Cited(
                number,
                mention.document_id,
                mention.id,
                mention.sentence.part.value,
                mention.sentence.start,
                mention.sentence.end,
                document.slice(mention.sentence),
                (start, start + mention.predicate.end - mention.predicate.start),
                document.title,
                document.publisher,
                say_published(document),
                document.url,
            )
        )
    if len(known) + len(added) > MOST_CITED:
        raise UsageError(f"A brief has at most {MOST_CITED:,} sources.")
    return [own.data() for own in (*known, *added)]


def what_lacks_support(brief: BriefText) -> list[Unsupported]:
    """The sentences of the brief, as it is now, that have no support."""
    content = content_of(brief)
    return unsupported(blocks_of(content), {own.number: own.text for own in cited_of(content)})


def publish(
    session: Session, brief: BriefText, by: int | None, now: datetime.datetime, *, note: str, with_unsupported: bool
) -> BriefVersion:
    """Keep the brief as it is now as its next published state.

    Sentences without support must be allowed in so many words, and stay marked for readers; every state after the
    first needs a note that says to readers what it corrects.
    """
    lacking = what_lacks_support(brief)
    if lacking and not with_unsupported:
        first = lacking[0]
        raise UsageError(
            f"{len(lacking)} sentences have no support; the first is “{first.text[:200]}”: {first.problem}. Give each "
            "a source, or tick “publish with unsupported sentences”: readers then see the mark on each of them."
        )
    last = last_version(session, brief.id)
    if last is not None and not note:
        raise UsageError("This brief is published already; say to its readers what the new state corrects.")
    content = content_of(brief)
    if not blocks_of(content):
        raise UsageError("The brief has no text yet.")
    used = used_numbers(blocks_of(content))
    content["citations"] = [own for own in content["citations"] if own["number"] in used]
    if last is not None and {**last.content, "unsupported": 0} == {**content, "unsupported": 0}:
        raise UsageError("Nothing has changed since it was last published.")
    version = BriefVersion(
        brief_id=brief.id,
        number=last.number + 1 if last else 1,
        at=now,
        by=by,
        note=note if last else "",
        content=content | {"unsupported": len(lacking)},
    )
    session.add(version)
    brief.state = "published"
    brief.published = brief.published or now
    brief.updated = now
    return version
