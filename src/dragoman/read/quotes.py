"""Spans between quotation marks, apostrophes told apart from them."""

from __future__ import annotations

import re
from dataclasses import dataclass

_CURLY_OPEN = {"“": "”", "«": "»"}
_CURLY_CLOSE = {"”": "“", "»": "«"}
_DEEPEST = 8
_AHEAD = 600  # characters in which a quotation is looked for that an apostrophe might end
_SINGLES = "‘’'"
# Words that begin with an apostrophe: 'n', 'em, 'til, '90s.
_ELIDED = re.compile(r"['‘’](?:n['’]|(?:em|til|tis|twas|cause|bout|round|cos|ere)\b|\d\ds?\b)", re.IGNORECASE)


@dataclass(slots=True)
class _Open:
    mark: str
    start: int


def quoted_spans(text: str) -> list[tuple[int, int]]:
    """Offsets of what stands between quotation marks (the marks left out), in order; inner quotes come after outer.

    A quotation that runs on over a paragraph break, where the next paragraph repeats the opening mark, gives one span
    for each paragraph. A mark without its partner gives none.
    """
    spans: list[tuple[int, int]] = []
    start = 0
    carried: str | None = None
    while start <= len(text):
        end = text.find("\n\n", start)
        end = len(text) if end < 0 else end
        following = text[end + 2 : end + 3]
        carried = _paragraph(text, start, end, following, carried, spans)
        start = end + 2
    return sorted(set(spans), key=lambda span: (span[0], -span[1]))


def _paragraph(
    text: str, start: int, end: int, following: str, carried: str | None, spans: list[tuple[int, int]]
) -> str | None:
    """Add the spans of one paragraph; returns the mark of a quotation that runs on into the next one."""
    stack: list[_Open] = []
    at = start
    if carried is not None and text.startswith(carried, start, end):
        stack.append(_Open(carried, start + 1))
        at = start + 1
    for index in range(at, end):
        del stack[:-_DEEPEST]
        character = text[index]
        if character in _CURLY_OPEN:
            _forget(stack, character)
            stack.append(_Open(character, index + 1))
        elif character in _CURLY_CLOSE:
            _close(text, stack, (_CURLY_CLOSE[character], '"'), index, spans)
        elif character == '"':
            _straight(text, start, end, index, stack, spans)
        elif character in _SINGLES:
            _single(text, start, end, index, stack, spans)
    for opened in stack:
        if opened.mark in '“"' and following == opened.mark:
            _add(text, opened.start, end, spans)
            return opened.mark
    return None


def _straight(text: str, start: int, end: int, index: int, stack: list[_Open], spans: list[tuple[int, int]]) -> None:
    if _opens(text, start, end, index) and not any(opened.mark == '"' for opened in stack):
        stack.append(_Open('"', index + 1))
    else:
        _close(text, stack, ('"', "“"), index, spans)


def _single(text: str, start: int, end: int, index: int, stack: list[_Open], spans: list[tuple[int, int]]) -> None:
    character = text[index]
    before = text[index - 1] if index > start else " "
    after = text[index + 1] if index + 1 < end else " "
    if before.isalnum() and after.isalnum():
        return  # Pyongyang's
    if _ELIDED.match(text, index, end) or (_ELIDED.match(text, max(start, index - 2), end) and before.lower() == "n"):
        return  # 'em, rock 'n' roll
    inside = any(opened.mark in "‘'" for opened in stack)
    if character == "‘" or (character == "'" and not inside and _opens(text, start, end, index)):
        if character == "‘":
            _forget(stack, "‘")
        stack.append(_Open(character, index + 1))
        return
    if inside and not (_plural(text, index, end) and _closes_later(text, index + 1, end)):
        _close(text, stack, ("‘",) if character == "’" else ("'", "‘"), index, spans)


def _opens(text: str, start: int, end: int, index: int) -> bool:
    """Whether a straight mark at `index` stands where a quotation begins."""
    before = text[index - 1] if index > start else " "
    after = text[index + 1] if index + 1 < end else " "
    return not after.isspace() and after not in ".,;:!?)]" and (before.isspace() or before in "([{“‘\"'—–-/:")


def _plural(text: str, index: int, end: int) -> bool:
    """Whether the mark may be the apostrophe of a plural: the ministers' meeting."""
    return text[index - 1] in "sS" and index + 2 < end and text[index + 1] == " " and text[index + 2].isalpha()


def _closes_later(text: str, at: int, end: int) -> bool:
    """Whether a sure closing mark follows before another quotation opens."""
    for index in range(at, min(end, at + _AHEAD)):
        if text[index] == "‘":
            return False
        if text[index] in "'’":
            inner = text[index - 1].isalnum() and index + 1 < end and text[index + 1].isalnum()
            if not inner and not text[index - 1].isspace() and not _plural(text, index, end):
                return True
    return False


def _close(text: str, stack: list[_Open], marks: tuple[str, ...], index: int, spans: list[tuple[int, int]]) -> None:
    """Close the innermost open quotation with one of these marks; what was opened inside it and never closed falls."""
    for position in range(len(stack) - 1, -1, -1):
        if stack[position].mark in marks:
            _add(text, stack[position].start, index, spans)
            del stack[position:]
            return


def _forget(stack: list[_Open], mark: str) -> None:
    """An opening mark of the same kind at the top was never closed: drop it."""
    if stack and stack[-1].mark == mark:
        stack.pop()


def _add(text: str, start: int, end: int, spans: list[tuple[int, int]]) -> None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        spans.append((start, end))
