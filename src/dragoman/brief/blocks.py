"""What the text of a brief is made of: blocks, as values and as the plain data that is stored of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dragoman.errors import BriefError

Data = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence and the numbers of the citations that carry it."""

    text: str
    citations: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 parts relations, 2 sections, 3 what is in them."""

    text: str
    level: int = 2


@dataclass(frozen=True, slots=True)
class Remark:
    """What the composer says of a section or of the coding; never written by hand, so it needs no source."""

    text: str


@dataclass(frozen=True, slots=True)
class Passage:
    """Sentences: an item of a list, or a paragraph; `composed` where they stand as the record gave them."""

    sentences: tuple[Sentence, ...]
    item: bool = False
    composed: bool = False


@dataclass(frozen=True, slots=True)
class Figures:
    """A small table of numbers about a pair of actors."""

    parties: tuple[str, str]
    rows: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """Words and deeds of a pair by week: the numbers from which the chart is drawn."""

    parties: tuple[str, str]
    title: str
    weeks: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture by the number of its upload."""

    number: int
    alt: str
    caption: str = ""


Block = Heading | Remark | Passage | Figures | Chart | Picture


def block_data(block: Block) -> Data:
    """A block as it is stored; docs/serve.md lists the kinds and keys."""
    match block:
        case Heading(text, level):
            return {"kind": "heading", "text": text, "level": level}
        case Remark(text):
            return {"kind": "remark", "text": text}
        case Passage(sentences, item, composed):
            told = [{"text": own.text, "citations": list(own.citations)} for own in sentences]
            return {"kind": "statement" if item else "text", "sentences": told, "composed": composed}
        case Figures(parties, rows):
            return {"kind": "figures", "parties": list(parties), "rows": [list(row) for row in rows]}
        case Chart(parties, title, weeks):
            return {"kind": "chart", "parties": list(parties), "title": title, "weeks": [dict(week) for week in weeks]}
        case Picture(number, alt, caption):
            return {"kind": "picture", "number": number, "alt": alt, "caption": caption}


def block_from(data: Mapping[str, Any]) -> Block:
    """The block that is stored so; a `BriefError` where it is none."""
    try:
        match data["kind"]:
            case "heading":
                return Heading(data["text"], data["level"])
            case "remark":
                return Remark(data["text"])
            case "statement" | "text" as kind:
                told = tuple(Sentence(own["text"], tuple(own["citations"])) for own in data["sentences"])
                return Passage(told, kind == "statement", data["composed"])
            case "figures":
                return Figures(_pair(data["parties"]), tuple((label, number) for label, number in data["rows"]))
            case "chart":
                return Chart(_pair(data["parties"]), data["title"], tuple(data["weeks"]))
            case "picture":
                return Picture(data["number"], data["alt"], data["caption"])
    except (KeyError, TypeError, ValueError) as error:
        raise BriefError(f"A block of the brief lacks or mistakes {error}; docs/serve.md lists the keys.") from error
    raise BriefError(f"A block of the brief is of the kind {data['kind']!r}; docs/serve.md lists the kinds.")


def _pair(parties: Sequence[str]) -> tuple[str, str]:
    first, second = parties
    return first, second
