"""What a row of an event counts as in a brief: word or deed, firm or only claimed, ahead or behind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dragoman.records import Mention
from dragoman.relate.evidence import MATERIAL

Row = Mapping[str, Any]


def is_ahead(mention: Mention) -> bool:
    """Whether a possibility lies ahead ("could send"), not behind ("may have sent")."""
    modals = [rule for rule in mention.rules if rule.startswith("modal: ")]
    return bool(modals) and not any(rule.endswith(" have") for rule in modals)


def is_deed(row: Row) -> bool:
    """A material event (quad 2 or 4)."""
    return bool(row["quad"] in MATERIAL)


def is_word(row: Row) -> bool:
    """A verbal event (quad 1 or 3)."""
    return not is_deed(row)


def is_only_claimed(row: Row) -> bool:
    """Whether nobody but outsiders stands behind it: neither an article itself nor the one who did it."""
    doers = {word for actor in row["source"] for word in (actor["code"], actor["name"])}
    return bool(row["claimants"]) and not set(row["claimants"]) & doers


def is_claim(row: Row) -> bool:
    """Told as done, but by outsiders only."""
    return bool(row["factuality"] == "actual" and is_only_claimed(row))
