"""What stands on a page and is no part of its article."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

_ENDING = re.compile(r"[.!?…:][\"'’”»)\]]*$")
# Agencies close a report with such a mark, on a line of its own or behind the last sentence.
_END_MARK = re.compile(r"(?<=[.!?\"”’)])\s+(?:[-–—]+\s?(?:0|30|ends?)\s?[-–—]+|\(ends?\)|#{3})$", re.IGNORECASE)
_EDGE = " \t•·|*-–—>»›◦▪‣#"
_PROSE = 60
_LONG = 160
_BOX_PROSE = 90


@dataclass(frozen=True, slots=True)
class Furniture:
    """The patterns of data/furniture.toml, compiled."""

    line: re.Pattern[str]
    inbox: re.Pattern[str]
    end: re.Pattern[str]
    box: re.Pattern[str]
    topics: re.Pattern[str]
    institution: re.Pattern[str]
    nobody: re.Pattern[str]
    sections: frozenset[str]
    agencies: dict[str, str]
    tags: frozenset[str]
    roles: frozenset[str]
    classes: re.Pattern[str]


@cache
def furniture() -> Furniture:
    """The table of patterns, read once."""
    table = tomllib.loads(resources.files(__package__).joinpath("data/furniture.toml").read_text("utf-8"))
    return Furniture(
        line=_either(table["line"]),
        inbox=_either(table["inbox"]),
        end=_either(table["end"]),
        box=_either(table["box"]),
        topics=_either(table["topics"]),
        institution=_either(table["institution"]),
        nobody=_either(table["nobody"]),
        sections=frozenset(table["sections"]),
        agencies={name.casefold(): name for name in table["agencies"]},
        tags=frozenset(table["html"]["tags"]),
        roles=frozenset(table["html"]["roles"]),
        classes=_either(table["html"]["classes"]),
    )


def is_furniture(line: str) -> bool:
    """Whether a line by itself is page furniture."""
    bare = line.strip(_EDGE)
    if not any(map(str.isalnum, bare)):
        return True
    return len(bare) <= 400 and (furniture().line.fullmatch(bare) is not None or _invites(line) or _is_menu(bare))


def _is_menu(line: str) -> bool:
    """Whether a line is a site's menu run together ("Home World Politics Business")."""
    words = line.casefold().split()
    if len(words) < 3 or words[0] not in ("home", "menu") or not line.replace(" ", "").isalpha():
        return False
    known = furniture().sections
    return sum(word in known for word in words[1:]) * 2 > len(words) - 1


def _invites(line: str) -> bool:
    """Whether a line invites to a newsletter."""
    return furniture().inbox.fullmatch(line.strip(_EDGE)) is not None


def is_prose(line: str) -> bool:
    """Whether a line reads as a paragraph of an article rather than a label, a title or a link."""
    return len(line) >= _LONG or (len(line) >= _PROSE and _ENDING.search(line) is not None)


def is_closed(line: str) -> bool:
    """Whether a line ends as a sentence does."""
    return _ENDING.search(line) is not None


def ends_article(line: str) -> bool:
    """Whether a line heads what follows an article: the author's portrait, the comments."""
    return len(line) <= 120 and furniture().end.fullmatch(line.strip(_EDGE)) is not None


def begins_box(line: str) -> bool:
    """Whether a line heads a box of links or a sign-up box."""
    return len(line) <= 120 and furniture().box.fullmatch(line.strip(_EDGE)) is not None


def article_lines(lines: Sequence[str]) -> list[str]:
    """The lines that belong to the article: furniture, boxes and all after the article's end are left out."""
    kept: list[str] = []
    prose = box = False
    for above, line in zip((None, *lines), lines, strict=False):
        if ends_article(line):
            if prose:
                break
            continue
        if begins_box(line):
            box = True
            continue
        if box and not (len(line) >= _BOX_PROSE and is_closed(line)):
            continue
        box = False
        if not is_furniture(line):
            kept.append(_END_MARK.sub("", line))
            prose = prose or is_prose(line)
        elif _invites(line) and kept and kept[-1] == above and _is_heading(above):
            kept.pop()
    return kept


def _is_heading(line: str) -> bool:
    """Whether a line could be the name of a box: a few words and no sentence."""
    return len(line) < _PROSE and len(line.split()) <= 5 and not is_closed(line)


def named_topics(lines: Iterable[str]) -> tuple[str, ...]:
    """The topics of lines such as "Tags: sanctions, energy"."""
    found: list[str] = []
    for line in lines:
        match = furniture().topics.fullmatch(line.strip(_EDGE))
        if match is not None:
            found += split_topics(match["topics"])
    return tuple(dict.fromkeys(found))


def split_topics(text: str) -> list[str]:
    """The topics of one listing, at commas, semicolons, bars or dots."""
    return [part for part in (piece.strip(" #\t•·") for piece in re.split(r"[,;|•·]|\s#", text)) if part]


def _either(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)
