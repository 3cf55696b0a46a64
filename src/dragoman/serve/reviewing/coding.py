"""What a reviewer judges of a mention: six fields, as texts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from dragoman.coding import gazetteer
from dragoman.errors import UsageError
from dragoman.periods import parse_period
from dragoman.pipeline.parties import parties_in_full
from dragoman.records import Mention, Party
from dragoman.relate.naming import parse_parties, spell_parties
from dragoman.settings import Settings
from dragoman.terms import Domain, EventType, Factuality

FIELDS = ("type", "source", "target", "factuality", "date", "domain")
"""The fields that a reviewer may change; an empty date or domain is not known."""

_COMMITTING = (EventType.AGREE, EventType.THREATEN)

Word = TypeVar("Word", EventType, Factuality, Domain)


def coded_values(mention: Mention) -> dict[str, str]:
    """The fields as the machine coded them; parties are written out in full."""
    return {
        "type": mention.type.value,
        "source": _spelled(mention.source),
        "target": _spelled(mention.target),
        "factuality": mention.factuality.value,
        "date": str(mention.date) if mention.date else "",
        "domain": mention.domain.value if mention.domain else "",
    }


def checked_values(told: Mapping[str, str], coded: Mapping[str, str], settings: Settings) -> dict[str, str]:
    """Those of the told fields that differ from what was coded, as they are kept; what cannot be is a `UsageError`."""
    found = dict(coded)
    for field in FIELDS:
        value = told.get(field)
        if value is not None and value.strip() != coded[field]:
            found[field] = _checked(field, value.strip(), settings)
    if EventType(found["type"]) in _COMMITTING and found["factuality"] == Factuality.ACTUAL:
        raise UsageError(f"{found['type']} commits the future: it is pledged, possible or denied, never actual.")
    return {field: value for field, value in found.items() if value != coded[field]}


def _spelled(parties: tuple[Party, ...]) -> str:
    full = spell_parties(party.actor for party in parties)
    return spell_parties(parse_parties(full)) if full else ""


def _checked(field: str, value: str, settings: Settings) -> str:
    match field:
        case "type":
            return _word(EventType, value, field)
        case "factuality":
            return _word(Factuality, value, field)
        case "domain":
            return _word(Domain, value, field) if value else ""
        case "date":
            return str(parse_period(value)) if value else ""
        case _:
            return parties_in_full(value, gazetteer(settings.actors))


def _word(kind: type[Word], value: str, field: str) -> str:
    try:
        return kind(value).value
    except ValueError as error:
        raise UsageError(f"“{value[:40]}” is no {field} of an event; {', '.join(kind)} are.") from error
