"""What of a brief is published: its content as plain data, as a sheet for printing, and as pages show it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dragoman.brief import Sheet
from dragoman.brief.blocks import Block, Chart, Figures, Heading, Passage, Picture, Remark, block_from
from dragoman.brief.render import groups_of
from dragoman.brief.sheet import Cited
from dragoman.brief.support import problems
from dragoman.database import BriefText
from dragoman.serve.publish.texts import minutes_to_read, safe_link

Content = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SentenceShown:
    """A sentence with its sources' numbers; `problem` says why it has no support, empty where it has."""

    text: str
    citations: list[int]
    problem: str
    place: str
    """The block and the sentence in it, such as 4.0: what a reader disputes."""


@dataclass(frozen=True, slots=True)
class BlockShown:
    """A block as a page shows it; of a chart and a picture, `address` is where the image is."""

    kind: str
    text: str = ""
    level: int = 2
    sentences: list[SentenceShown] = field(default_factory=list)
    rows: list[tuple[str, int]] = field(default_factory=list)
    weeks: list[dict[str, Any]] = field(default_factory=list)
    address: str = ""
    alt: str = ""
    anchor: str = ""
    """By what a heading is found within the page."""


@dataclass(frozen=True, slots=True)
class GroupShown:
    """Blocks that stand together: the items of a list, or one block."""

    kind: str
    blocks: list[BlockShown]


@dataclass(frozen=True, slots=True)
class CitedShown:
    """A cited sentence in three pieces, the telling words in the middle; `event` is its address, empty without one."""

    number: int
    before: str
    telling: str
    after: str
    event: str


@dataclass(frozen=True, slots=True)
class SourceShown:
    """A document that a brief rests on, with the sentences cited; `url` is its own address on the web."""

    title: str
    publisher: str
    published: str
    address: str
    url: str
    sentences: list[CitedShown]


def content_of(brief: BriefText) -> dict[str, Any]:
    """The brief as its author has it now, as it would be published."""
    return {
        "title": brief.title,
        "standfirst": brief.standfirst,
        "topic": brief.topic,
        "dyads": brief.dyads,
        "body": brief.body,
        "citations": brief.citations,
        "as_of": brief.as_of.isoformat() if brief.as_of else None,
        "record_version": brief.record_version,
    }


def blocks_of(content: Content) -> tuple[Block, ...]:
    """The blocks of a content."""
    return tuple(map(block_from, content["body"]))


def cited_of(content: Content) -> tuple[Cited, ...]:
    """The cited sentences of a content."""
    return tuple(map(Cited.of, content["citations"]))


def words_of(blocks: Sequence[Block]) -> int:
    """How many words the sentences and headings have."""
    return sum(len(text.split()) for text in _texts(blocks))


def minutes_of(content: Content) -> int:
    """Minutes that reading it takes."""
    return minutes_to_read(words_of(blocks_of(content)) + len(str(content["standfirst"]).split()))


def text_of(blocks: Sequence[Block]) -> str:
    """The sentences and headings as plain text."""
    return "\n".join(_texts(blocks))


def sheet_of_content(
    content: Content, byline: str, kicker: str, notes: Sequence[str], pictures: Mapping[int, tuple[str, bytes]]
) -> Sheet:
    """The content as it is printed."""
    return Sheet(
        title=content["title"],
        standfirst=content["standfirst"],
        byline=byline,
        blocks=blocks_of(content),
        cited=cited_of(content),
        kicker=kicker,
        notes=tuple(notes),
        pictures=pictures,
    )


def show_groups(content: Content, charts: str, version: int) -> list[GroupShown]:
    """The blocks as a page shows them; `charts` is the address of the charts of a `version`."""
    blocks = blocks_of(content)
    texts = {own.number: own.text for own in cited_of(content)}
    shown = [_show(number, block, texts, charts, version) for number, block in enumerate(blocks)]
    return [
        GroupShown("list" if kind == "list" else shown[members[0][0]].kind, [shown[number] for number, _ in members])
        for kind, members in groups_of(blocks)
    ]


def show_contents(groups: Sequence[GroupShown]) -> list[BlockShown]:
    """The headings, by which a reader finds the parts."""
    return [block for group in groups if group.kind == "heading" for block in group.blocks if block.level < 3]


def show_sources(content: Content, *, used: set[int] | None = None) -> list[SourceShown]:
    """The cited sentences by document, in the order of their numbers; of `used` alone where given."""
    grouped: dict[str, list[Cited]] = {}
    for own in sorted(cited_of(content), key=lambda own: own.number):
        if used is None or own.number in used:
            grouped.setdefault(own.document, []).append(own)
    return [
        SourceShown(
            title=group[0].title or "Untitled",
            publisher=group[0].publisher or "publisher unknown",
            published=group[0].published,
            address=f"/documents/{group[0].document}",
            url=safe_link(group[0].url),
            sentences=[
                CitedShown(own.number, *own.pieces, f"/events/e{own.mention[1:]}" if own.mention else "")
                for own in group
            ],
        )
        for group in grouped.values()
    ]


def say_moment(moment: datetime.datetime) -> str:
    """A moment as a printed page says it."""
    return f"{moment.day} {moment:%B %Y}"


def _texts(blocks: Sequence[Block]) -> list[str]:
    found = []
    for block in blocks:
        if isinstance(block, Passage):
            found.append(" ".join(own.text for own in block.sentences))
        elif isinstance(block, Heading):
            found.append(block.text)
    return found


def _show(number: int, block: Block, texts: Mapping[int, str], charts: str, version: int) -> BlockShown:
    match block:
        case Heading(text, level):
            return BlockShown("heading", text, level, anchor=f"part-{number}")
        case Remark(text):
            return BlockShown("remark", text)
        case Passage(sentences, item, _):
            told = [
                SentenceShown(own.text, [n for n in own.citations if n in texts], problem or "", f"{number}.{at}")
                for at, (own, problem) in enumerate(zip(sentences, problems(block, texts), strict=True))
            ]
            return BlockShown("statement" if item else "text", sentences=told)
        case Figures(parties, rows):
            return BlockShown("figures", " and ".join(parties), rows=list(rows))
        case Chart(_, title, weeks):
            told_weeks = [dict(week) for week in weeks if week["events"]]
            return BlockShown(
                "chart", title, address=f"{charts}/{number}.svg?version={version}", alt=title, weeks=told_weeks
            )
        case Picture(upload, alt, caption):
            return BlockShown("picture", caption, address=f"/pictures/{upload}", alt=alt)
