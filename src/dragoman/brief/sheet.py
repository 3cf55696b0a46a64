"""A brief as it is printed: title, standfirst, blocks and cited sentences, whether composed or edited by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from dragoman.brief.blocks import Block, Chart, Figures, Heading, Passage, Remark, Sentence
from dragoman.brief.compose import Brief
from dragoman.brief.plain import more
from dragoman.brief.statement import Citation
from dragoman.brief.wording import say_date
from dragoman.errors import BriefError
from dragoman.records import Document


@dataclass(frozen=True, slots=True)
class Cited:
    """A cited sentence with what a reader must know of its document; `mark` is where its telling words stand in it."""

    number: int
    document: str
    mention: str
    part: str
    start: int
    end: int
    text: str
    mark: tuple[int, int]
    title: str | None
    publisher: str | None
    published: str
    url: str | None

    @property
    def pieces(self) -> tuple[str, str, str]:
        """The sentence in three pieces, the telling words in the middle."""
        start, end = self.mark
        return self.text[:start], self.text[start:end], self.text[end:]

    def data(self) -> dict[str, Any]:
        """As it is stored."""
        return asdict(self) | {"mark": list(self.mark)}

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Cited:
        """The cited sentence that is stored so; a `BriefError` where it is none."""
        try:
            start, end = data["mark"]
            return cls(**{**data, "mark": (start, end)})
        except (KeyError, TypeError, ValueError) as error:
            raise BriefError(
                f"A citation of the brief lacks or mistakes {error}; docs/serve.md lists the keys."
            ) from error


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is printed; `kicker` stands above the title, `byline` below the standfirst, `notes` are corrections.

    `pictures` are their media types and bytes by number.
    """

    title: str
    standfirst: str
    byline: str
    blocks: tuple[Block, ...]
    cited: tuple[Cited, ...]
    kicker: str = ""
    notes: tuple[str, ...] = ()
    pictures: Mapping[int, tuple[str, bytes]] = field(default_factory=dict)

    @property
    def texts(self) -> dict[int, str]:
        """The cited texts by number."""
        return {own.number: own.text for own in self.cited}

    @property
    def sources(self) -> list[tuple[Cited, list[Cited]]]:
        """The cited sentences grouped by document, in the order of their first numbers."""
        grouped: dict[str, list[Cited]] = {}
        for own in self.cited:
            grouped.setdefault(own.document, []).append(own)
        return [(group[0], group) for group in grouped.values()]


def sheet_of(brief: Brief) -> Sheet:
    """The composed brief as it is printed."""
    return Sheet(
        title=brief.headline,
        standfirst=brief.standfirst,
        byline=f"As of {_as_of(brief)} · record version {brief.version} · every sentence opens to its source",
        blocks=tuple(_blocks(brief)),
        cited=tuple(cited(citation, brief.documents[citation.document_id]) for citation in brief.citations),
        kicker=brief.title if brief.title != brief.headline else "",
    )


def cited(citation: Citation, document: Document) -> Cited:
    """A citation with the particulars of its document."""
    return Cited(
        number=citation.number,
        document=citation.document_id,
        mention=citation.mention_id,
        part=citation.span.part.value,
        start=citation.span.start,
        end=citation.span.end,
        text=citation.text,
        mark=citation.predicate,
        title=document.title,
        publisher=document.publisher,
        published=say_published(document),
        url=document.url,
    )


def say_published(document: Document) -> str:
    """When a document was published, in words; what is unknown says so."""
    if document.published is not None:
        return say_date(document.published.start, document.published.precision).split(" ", 1)[1]
    return f"no date; the page says “{document.published_text}”" if document.published_text else "no date"


def coder_remark(brief: Brief) -> Remark:
    """What the coder was measured to get right."""
    error = brief.measured
    return Remark(
        f"Coded by machine: on {error.texts} labelled texts {error.precision * 100:.0f}% of the events it coded were "
        f"right, and it found {error.recall * 100:.0f}% of those there were."
    )


def used_numbers(blocks: Sequence[Block]) -> set[int]:
    """The citations that blocks use."""
    return {
        number for block in blocks if isinstance(block, Passage) for own in block.sentences for number in own.citations
    }


def _blocks(brief: Brief) -> list[Block]:
    found: list[Block] = []
    for relation in brief.relations:
        if len(brief.relations) > 1:
            found.append(Heading(relation.title, 1))
        aside: list[Block] = [
            *(
                [Chart(relation.parties, f"{relation.title}: words and deeds by week", relation.weeks)]
                if relation.weeks
                else []
            ),
            Figures(relation.parties, relation.figures),
            coder_remark(brief),
        ]
        for section in relation.sections:
            summary = section.title == "In brief"
            if not summary:
                found += aside
                aside = []
            found.append(Heading(section.title))
            found += [Remark(section.note)] if section.note and not summary else []
            found += [
                Passage(
                    (Sentence(" ".join(own.text.split()), tuple(citation.number for citation in own.citations)),),
                    item=True,
                    composed=True,
                )
                for own in section.statements
            ]
            found += [Remark(more(section.left_out))] if section.left_out else []
        found += aside
    return found


def _as_of(brief: Brief) -> str:
    return say_date(brief.as_of, "day").removeprefix("on ") if brief.as_of else "an unknown day"
