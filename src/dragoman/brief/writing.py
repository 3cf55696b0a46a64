"""A brief as the plain text in which people edit it, and back: headings, items, paragraphs, `[12]` for a citation.

    ## A heading            ### A smaller one
    > A remark of the composer
    - An item of a list, with its sources. [1][2]
    A paragraph. [3] Each of its sentences names its own sources. [4]
    [[chart PRK/RUS]]       [[figures PRK/RUS]]
    [[picture 3 | what it shows | caption]]

An empty line parts two paragraphs. A backslash before a sign takes its meaning away.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from dragoman.brief.blocks import Block, Chart, Figures, Heading, Passage, Picture, Remark, Sentence
from dragoman.errors import UsageError
from dragoman.relate.readings import sentence_spans

LONGEST = 400_000
"""Characters of a brief as plain text."""

MOST_BLOCKS = 2_000
"""Blocks of a brief."""

_MARKER = re.compile(r"(?<!\\)\s*\[(\d{1,5}(?:\s*,\s*\d{1,5})*)\]")
_HEADING = re.compile(r"(#{1,3})\s+(.+)")
_THING = re.compile(r"\[\[\s*(chart|figures|picture)\s+(.*?)\s*\]\]")
_NEEDS_ESCAPE = re.compile(r"\[(?=\d)")
_LINE_SIGN = re.compile(r"(?=#{1,3}\s|>\s|-\s|\[\[|\\)")


def format_text(blocks: Sequence[Block]) -> str:
    """The blocks as plain text."""
    parts: list[str] = []
    for above, block in zip((None, *blocks), blocks, strict=False):
        close = isinstance(block, Passage) and isinstance(above, Passage) and block.item and above.item
        parts.append(("\n" if close else "\n\n") if above is not None else "")
        parts.append(_line(block))
    return "".join(parts)


def parse_text(text: str, known: Sequence[Block]) -> tuple[Block, ...]:
    """The blocks of a plain text; `known` are those that it had before.

    What equals a composed item or remark of them stays one; charts and figures are taken from them by their pair. A
    `UsageError` names what cannot be read.
    """
    if len(text) > LONGEST:
        raise UsageError(f"The text has {len(text):,} characters; a brief may have {LONGEST:,}.")
    composed = {
        own.text: set(own.citations)
        for block in known
        if isinstance(block, Passage) and block.composed
        for own in block.sentences
    }
    remarks = {block.text for block in known if isinstance(block, Remark)}
    blocks = tuple(block for line in _lines(text) for block in _block(line, known, composed, remarks))
    if len(blocks) > MOST_BLOCKS:
        raise UsageError(f"The text has {len(blocks):,} blocks; a brief may have {MOST_BLOCKS:,}.")
    return blocks


def sentences_of(text: str) -> tuple[Sentence, ...]:
    """The sentences of a text, each with the citations whose numbers stand in it or right behind it."""
    clean, marks = _without_markers(text)
    spans = list(sentence_spans(clean))
    found: list[list[int]] = [[] for _ in spans]
    for at, numbers in marks:
        place = next((n for n, (_, end) in enumerate(spans) if at <= end), len(spans) - 1)
        if spans:
            found[place] += numbers
    return tuple(
        Sentence(clean[start:end], tuple(dict.fromkeys(own))) for (start, end), own in zip(spans, found, strict=True)
    )


def _line(block: Block) -> str:
    match block:
        case Heading(text, level):
            return f"{'#' * level} {_one_line(text)}"
        case Remark(text):
            return f"> {_one_line(text)}"
        case Passage(sentences, item, _):
            told = " ".join(map(_sentence, sentences))
            return f"- {told}" if item else _LINE_SIGN.sub(r"\\", told, count=1) if _LINE_SIGN.match(told) else told
        case Figures(parties, _):
            return f"[[figures {'/'.join(parties)}]]"
        case Chart(parties, _, _):
            return f"[[chart {'/'.join(parties)}]]"
        case Picture(number, alt, caption):
            return f"[[picture {number} | {_cell(alt)} | {_cell(caption)}]]"


def _sentence(own: Sentence) -> str:
    markers = "".join(f"[{number}]" for number in own.citations)
    text = _NEEDS_ESCAPE.sub(r"\\[", _one_line(own.text))
    return f"{text} {markers}" if markers else text


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _cell(text: str) -> str:
    return _one_line(text).replace("|", "¦").replace("]]", "] ]")


def _lines(text: str) -> Iterator[str]:
    """The blocks' own lines; lines of one paragraph are joined."""
    waiting: list[str] = []
    for line in (*text.splitlines(), ""):
        bare = " ".join(line.split())
        special = bool(_HEADING.match(bare) or bare.startswith(("> ", "- ")) or _THING.fullmatch(bare))
        if waiting and (not bare or special):
            yield " ".join(waiting)
            waiting = []
        if special:
            yield bare
        elif bare:
            waiting.append(bare)


def _block(line: str, known: Sequence[Block], composed: dict[str, set[int]], remarks: set[str]) -> Iterable[Block]:
    heading, thing = _HEADING.fullmatch(line), _THING.fullmatch(line)
    if heading is not None:
        return [Heading(heading[2].strip(), len(heading[1]))]
    if thing is not None:
        return [_thing(thing[1], thing[2], known)]
    if line.startswith("> "):
        told = line[2:].strip()
        return [Remark(told)] if told in remarks else _passage(told, False)
    item = line.startswith("- ")
    told = line[2:] if item else line.removeprefix("\\")
    clean, marks = _without_markers(told)
    numbers = tuple(dict.fromkeys(number for _, own in marks for number in own))
    whole = clean.strip()
    if whole in composed and numbers and composed[whole].issuperset(numbers):
        return [Passage((Sentence(whole, numbers),), item, composed=True)]
    return _passage(told, item)


def _passage(text: str, item: bool) -> list[Block]:
    sentences = sentences_of(text)
    return [Passage(sentences, item)] if sentences else []


def _thing(kind: str, rest: str, known: Sequence[Block]) -> Block:
    if kind == "picture":
        number, *cells = [cell.strip() for cell in rest.split("|")]
        if not number.isdecimal() or len(number) > 9 or not cells or not cells[0]:
            raise UsageError(
                f"[[picture {rest}]] cannot be read; write [[picture 3 | what it shows | caption]] with the picture's "
                "number. What it shows is read aloud to those who cannot see it."
            )
        return Picture(int(number), cells[0], " ".join(cells[1:]))
    wanted = tuple(part.strip() for part in rest.split("/"))
    there = [block for block in known if isinstance(block, Chart if kind == "chart" else Figures)]
    found = next((block for block in there if block.parties == wanted), None)
    if found is None:
        pairs = ", ".join(f"[[{kind} {'/'.join(block.parties)}]]" for block in there) or "none"
        raise UsageError(f"[[{kind} {rest}]] is not in this brief; there are: {pairs}.")
    return found


def _without_markers(text: str) -> tuple[str, list[tuple[int, list[int]]]]:
    """The text without its markers, and for each the place where it stood and its numbers."""
    pieces: list[str] = []
    marks: list[tuple[int, list[int]]] = []
    last = length = 0
    for match in _MARKER.finditer(text):
        piece = text[last : match.start()].replace("\\[", "[")
        pieces.append(piece)
        length += len(piece)
        marks.append((length, [int(number) for number in match[1].split(",")]))
        last = match.end()
    pieces.append(text[last:].replace("\\[", "["))
    return "".join(pieces).rstrip(), marks
