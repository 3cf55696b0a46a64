"""The parties that a person names in a correction: written out in full, so that they mean the same for ever."""

from __future__ import annotations

import re
from collections.abc import Iterable

from dragoman.records import Actor

SEPARATOR = ";"
"""What stands between two parties."""

_CODE = re.compile(r"[A-Z]{3}")


def spell_parties(actors: Iterable[Actor]) -> str:
    """Parties in full: “CODE:Name” or “CODE:Name:SECTOR”, with semicolons between."""
    return f"{SEPARATOR} ".join(
        f"{actor.code}:{actor.name}" + (f":{actor.sector}" if actor.sector else "") for actor in actors
    )


def parse_parties(text: str) -> tuple[Actor, ...]:
    """The parties of a text that `spell_parties` gave, each once, sorted by key; anything else is a `ValueError`."""
    found = {actor.key: actor for actor in (_parse(part.strip()) for part in text.split(SEPARATOR))}
    return tuple(found[key] for key in sorted(found))


def is_spelled(text: str) -> bool:
    """Whether a party is written out in full already."""
    return bool(_CODE.fullmatch(text.split(":", 1)[0].strip())) and ":" in text


def _parse(text: str) -> Actor:
    code, _, rest = (part.strip() for part in text.partition(":"))
    name, sign, sector = (part.strip() for part in rest.rpartition(":"))
    if not sign or not _CODE.fullmatch(sector):
        name, sector = rest, ""
    if not _CODE.fullmatch(code) or not name or len(name) > 200 or not name.isprintable():
        raise ValueError(f"{text[:80]!r} is no party; write CODE:Name or CODE:Name:SECTOR")
    return Actor(code, name, sector or None)
