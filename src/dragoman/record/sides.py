"""The one code of a side of an event, kept flat beside its actors, by which files tell which events they can hold.

A list of actors has no statistics in a Parquet file; a flat column has, and a question about two actors then reads the
few stretches of a sorted file in which they can stand. See docs/decisions/0010-flat-codes-beside-actors.md.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from functools import reduce
from operator import or_

import ibis

from dragoman.records import Actor, Event, Mention
from dragoman.terms import ARMED_GROUPS

Codes = tuple[str | None, str | None]
"""The `source_code` and `target_code` of an event or mention."""

CODE = r"^[A-Z]{3}$"
"""What every code of an actor looks like: ISO 3166 alpha-3, or PLOVER's."""

_CODE = re.compile(CODE)


def side_code(actors: Iterable[Actor]) -> str | None:
    """The code of all actors of a side, empty where there are none; None where the actors must be looked at.

    That is so where they have several codes, where a name looks like another actor's code, and for armed groups, which
    go by their names: whoever asks for a code, or counts by it, needs no look at the actors of a row that has one here.
    """
    code = ""
    for actor in actors:
        if code not in ("", actor.code) or _is_odd(actor):
            return None
        code = actor.code
    return code


def codes_beside(mention: Mention, event: Event) -> Codes:
    """What stands in a mention's row: the codes of its event, so that both are found together.

    A report that names others than its event does must be looked at: (None, None).
    """
    codes = side_code(event.source), side_code(event.target)
    known = all(party.actor.code in codes and not _is_odd(party.actor) for party in (*mention.source, *mention.target))
    return codes if known and None not in codes else (None, None)


def is_party(side: ibis.Value, party: str) -> ibis.Value:
    """Whether one of the actors on this side has the code, or the name or abbreviation `party`."""
    return side.filter(lambda actor: (actor["code"] == party) | (actor["name"] == party)).length() > 0


def involving(table: ibis.Table, *parties: str, acting: bool = False) -> ibis.Table:
    """The events or mentions in which one of the parties stands on either side, or acts."""
    sides = ("source",) if acting else ("source", "target")
    return table.filter(reduce(or_, (_has(table, side, party) for side in sides for party in parties)))


def between(table: ibis.Table, first: str, second: str, *, directed: bool = False) -> ibis.Table:
    """The events or mentions in which the first acts on the second, or either on the other."""
    forth = _has(table, "source", first) & _has(table, "target", second)
    back = _has(table, "source", second) & _has(table, "target", first)
    acting, acted_on = ([first], [second]) if directed else ([first, second], [first, second])
    # Follows from what comes after; said for each column alone, as only that can be held against a file's statistics.
    may = [
        _may_be(table[column], parties)
        for column, parties in (("source_code", acting), ("target_code", acted_on))
        if all(map(is_code, parties))
    ]
    return table.filter([*may, forth if directed else forth | back])


def among(table: ibis.Table, codes: Collection[Codes]) -> ibis.Table:
    """The events or mentions that have one of these pairs of codes, or may have: at least those."""
    sides = list(zip(*codes, strict=True)) or [(), ()]
    known = [sorted({code for code in side if code is not None}) for side in sides]
    return table.filter(_may_be(table.source_code, known[0]), _may_be(table.target_code, known[1]))


def is_code(party: str) -> bool:
    """Whether a party is named by what looks like a code; names and abbreviations of bodies may look so too."""
    return bool(_CODE.match(party))


def with_codes(table: ibis.Table) -> ibis.Table:
    """A table of events with the codes of its sides told anew from its actors."""
    return table.mutate(source_code=_side_code(table.source), target_code=_side_code(table.target))


def with_codes_of(mentions: ibis.Table, events: ibis.Table) -> ibis.Table:
    """A table of mentions with the codes told anew from its own actors and from the events, which have theirs."""
    theirs = events.select(beside="id", acting="source_code", acted_on="target_code")
    told = mentions.left_join(theirs, mentions.event_id == theirs.beside)
    parties = told.source.concat(told.target)
    strange = parties.filter(lambda p: ~((p["code"] == told.acting) | (p["code"] == told.acted_on)) | _looks_odd(p))
    plain = told.acting.notnull() & told.acted_on.notnull() & (strange.length() == 0)
    found = told.mutate(
        source_code=ibis.ifelse(plain, told.acting, ibis.null("string")),
        target_code=ibis.ifelse(plain, told.acted_on, ibis.null("string")),
    )
    return found.select(mentions.columns)


def _side_code(side: ibis.Value) -> ibis.Value:
    first = side.map(lambda actor: actor["code"])[0]
    strange = side.filter(lambda actor: (actor["code"] != first) | _looks_odd(actor))
    return ibis.ifelse(side.length() == 0, "", ibis.ifelse(strange.length() == 0, first, ibis.null("string")))


def _has(table: ibis.Table, side: str, party: str) -> ibis.Value:
    if not is_code(party):
        return is_party(table[side], party)
    code = table[f"{side}_code"]
    return (code == party) | (code.isnull() & is_party(table[side], party))


def _may_be(code: ibis.Value, parties: Sequence[str]) -> ibis.Value:
    return code.isin(list(parties)) | code.isnull()


def _is_odd(actor: Actor) -> bool:
    """Whether the code alone does not tell who it is: an armed group, or a name that could be another's code."""
    return actor.sector in ARMED_GROUPS or (actor.name != actor.code and is_code(actor.name))


def _looks_odd(actor: ibis.Value) -> ibis.Value:
    group = actor["sector"].isin(sorted(ARMED_GROUPS)).fill_null(False)
    return group | ((actor["name"] != actor["code"]) & actor["name"].re_search(CODE))
