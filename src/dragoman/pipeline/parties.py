"""The actors that a question names: codes, names and abbreviations."""

from __future__ import annotations

from functools import cache

from dragoman.coding import gazetteer
from dragoman.coding.gazetteer import NameKind
from dragoman.terms import NON_STATE_CODES


def party_code(party: str) -> str:
    """The code of a state that is called by a name ("North Korea"), a body's short name, or the words as they are.

    Capital letters make no difference. A name that belongs to several actors stays as it is.
    """
    code = party.strip().upper()
    if code in gazetteer().states or code in NON_STATE_CODES or code in ("EUR", "UNO"):
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
