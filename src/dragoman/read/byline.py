"""The line that says who wrote an article and when."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dragoman.read.dates import Dating, find_datings
from dragoman.read.furniture import furniture

_LONGEST = 200
_BY = re.compile(r"(?:(?:written|posted|reported|story|words|text) )?by:?\s+", re.IGNORECASE)
_READ = re.compile(r"(?:reading time:?\s*)?(?<!\d)\d+[ -]?min(?:ute)?s?(?:[ -]read)?\b(?:\s*read)?", re.IGNORECASE)
_CLOCK = re.compile(
    r"(?:\bat )?\b\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?: ?[ap]\.?m\.?)?(?: ?(?:UTC|GMT|[A-Z]{2,4}T)\b)?"
    r"|\b(?:UTC|GMT)\b(?: ?[+-]\d{1,2}(?::?\d{2})?)?|\b(?:IST|EST|EDT|CET|CEST|BST|KST|JST|PST|PDT|MSK|ET)\b"
)
_EDGE = " \t|·•,;:-–—/()"
_CUT = re.compile(r"\s*(?:[|·•;/(\[<]|,| [-–—] | (?:in|for|at|with|is an?|via) |@|\S+@\S+)\s*")
_PARTICLES = tuple("de del della van von der den da dos al el bin bint ibn la le ten ter di du y of the and &".split())
_NAME = re.compile(
    rf"[^\W\d_][\w.'’\-]*(?: (?:(?:{'|'.join(_PARTICLES)}) )*+"
    r"[^\W\d_][\w.'’\-]*){0,9}"
)


@dataclass(frozen=True, slots=True)
class Byline:
    """What one line says of author, agency and date; any of them may be missing."""

    author: str | None
    agency: str | None
    dating: Dating | None


def read_byline(line: str) -> Byline | None:
    """The byline or date line that `line` is; None if it is something else."""
    if len(line) > _LONGEST:
        return None
    found = find_datings(line)
    dating = next((entry[0] for entry in found if not entry[0].updated), found[0][0] if found else None)
    rest = line
    for _, start, end in reversed(found):
        rest = f"{rest[:start]} | {rest[end:]}"
    rest = _CLOCK.sub(" ", _READ.sub(" ", rest)).strip(_EDGE)
    by = _BY.match(rest)
    if by is not None:
        author, agency = clean_author(rest[by.end() :])
        if author is None and agency is None and not furniture().nobody.fullmatch(rest[by.end() :].strip(_EDGE)):
            return None
        return Byline(author, agency, dating)
    if dating is None:
        return None
    words = re.findall(r"[^\W\d_][\w.'’-]*", rest)
    if re.search(r"[.!?]$", line) and words and not line.endswith(("a.m.", "p.m.")):
        return None  # a sentence that names a date
    if len(words) > 4 or any(word[0].islower() for word in words if word not in _PARTICLES):
        return None
    return Byline(None, None, dating)


def joined(first: Byline, second: Byline) -> Byline:
    """Two lines taken as one byline; a date of publication goes before one of change."""
    dating = second.dating if first.dating is None or (first.dating.updated and second.dating) else first.dating
    return Byline(first.author or second.author, first.agency or second.agency, dating)


def clean_author(text: str) -> tuple[str | None, str | None]:
    """The person or body and the agency that a byline names: "By X, Reuters" gives X and Reuters."""
    text = " ".join(_READ.sub(" ", text[:_LONGEST]).split())
    text = _BY.sub("", text, count=1) if _BY.match(text) else text
    parts = [part.strip(_EDGE) for part in _CUT.split(text)]
    parts = [part for part in parts if part]
    agencies = furniture().agencies
    agency = next((agencies[part.casefold()] for part in parts if part.casefold() in agencies), None)
    if not parts:
        return None, agency
    first = parts[0]
    if first.casefold() in agencies:
        return agencies[first.casefold()], agency
    if furniture().nobody.fullmatch(first) or not _is_name(first):
        return None, agency
    return first, agency


def _is_name(text: str) -> bool:
    if len(text) > 80 or _NAME.fullmatch(text) is None or ("." in text and "/" in text):
        return False
    words = text.split()
    return all(word in _PARTICLES or not word[0].islower() for word in words)
