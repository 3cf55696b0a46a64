"""The actors that a question names: codes, names and abbreviations."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from dragoman.coding import gazetteer
from dragoman.coding.gazetteer import Gazetteer, NameKind
from dragoman.errors import UsageError
from dragoman.records import Actor
from dragoman.relate.naming import SEPARATOR, is_spelled, parse_parties, spell_parties
from dragoman.terms import NON_STATE_CODES

_BODIES = ("EUR", "UNO")
_ACTING = (NameKind.STATE, NameKind.BODY, NameKind.GROUP, NameKind.PERSON, NameKind.ORGAN, NameKind.ENTITY)


def party_code(party: str) -> str:
    """The code of a state that is called by a name ("North Korea"), a body's short name, or the words as they are.

    Capital letters make no difference. A name that belongs to several actors stays as it is.
    """
    code = party.strip().upper()
    if code in gazetteer().states or code in NON_STATE_CODES or code in _BODIES:
        return code
    return _called().get(party.strip().removeprefix("the ").casefold(), party)


@cache
def _called() -> dict[str, str]:
    """Names of states with their codes, and names of bodies and groups with the name they bear in the record."""
    meant: dict[str, set[str]] = {}
    for name, entries in gazetteer().names.items():
        for entry in entries:
            if entry.kind is NameKind.STATE:
                meant.setdefault(name.casefold(), set()).add(entry.actor.code)
            elif entry.kind in (NameKind.BODY, NameKind.GROUP):
                meant.setdefault(name.casefold(), set()).add(entry.actor.name)
    return {name: next(iter(actors)) for name, actors in meant.items() if len(actors) == 1}


def parties_in_full(text: str, known: Gazetteer) -> str:
    """Parties that a person names, with semicolons between, written out in full for a correction.

    A state goes by its code or name, a body, group or person by a name that the gazetteer knows, anybody else as
    CODE:Name:SECTOR. A `UsageError` says what cannot be told.
    """
    parts = [part.strip() for part in text.split(SEPARATOR) if part.strip()]
    if not parts:
        raise UsageError("An event has somebody on either side; name a party, or dismiss the event.")
    try:
        return spell_parties(parse_parties("; ".join(spell_parties([_named(part, known)]) for part in parts)))
    except ValueError as error:
        raise UsageError(f"{error}.") from error


def _named(part: str, known: Gazetteer) -> Actor:
    if is_spelled(part):
        (actor,) = parse_parties(part)
        if actor.code not in known.states and actor.code not in NON_STATE_CODES and actor.code not in _BODIES:
            raise UsageError(f"{actor.code!r} is no code of a state (ISO 3166 alpha-3) or body (PLOVER).")
        return actor
    code = part.upper()
    if code in known.states:
        return known.states[code]
    folded = part.removeprefix("the ").casefold()
    found = {
        replace(entry.actor, wikidata=None): entry.actor
        for name, entries in known.names.items()
        if name.casefold() == folded
        for entry in entries
        if entry.kind in _ACTING
    }
    if len(found) != 1:
        told = f"may be {', '.join(sorted(spell_parties([a]) for a in found))}" if found else "is not known"
        raise UsageError(f"“{part[:80]}” {told}; write a code, a full name, or CODE:Name:SECTOR.")
    return next(iter(found.values()))
