"""Makes what the views say readable: days as people write them, states by name, one of something in the singular."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from dragoman.brief.names import KINDS, say_name
from dragoman.terms import NON_STATE_CODES

_UNPRINTABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_QUOTED = re.compile(r"(“[^”]*”)")
_DAY = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_CODE = re.compile(r"\b[A-Z]{3}\b")
_ONE = re.compile(r"\b1 (days|deeds|words|documents|times|origins)\b")
_BY = re.compile(r"\b(?:claimed|denied|confirmed|reported) by [^;.:]*", re.IGNORECASE)
_KIND = re.compile(rf"\b(?:{'|'.join(KINDS)})\b(?! reports)")


def plain(text: str, names: Mapping[str, str]) -> str:
    """The text of a view with names for the codes in `names`, and days as “9 January 2025”; quotations stay."""
    return "".join(part if part.startswith("“") else _said(part, names) for part in _QUOTED.split(text))


def _said(text: str, names: Mapping[str, str]) -> str:
    text = _DAY.sub(_say_day, text)
    text = _CODE.sub(lambda found: _name(found[0], names), text)
    text = _BY.sub(lambda found: _KIND.sub(lambda kind: KINDS[kind[0]], found[0]), text)
    return _ONE.sub(lambda found: f"1 {found[1][:-1]}", text)


def _name(code: str, names: Mapping[str, str]) -> str:
    return say_name(names[code]) if code in names and code not in NON_STATE_CODES else code


def printable(text: str) -> str:
    """The text without the characters that no page and no XML can hold."""
    return _UNPRINTABLE.sub("", text)


def more(count: int) -> str:
    """How many more there are in the record."""
    return "One more of this kind is in the record." if count == 1 else f"{count} more of this kind are in the record."


def _say_day(found: re.Match[str]) -> str:
    try:
        day = date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return found[0]
    return f"{day.day} {day:%B %Y}"
