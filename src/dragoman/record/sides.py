"""Who alone stands on a side of an event, kept flat beside its actors: by it files tell which events they can hold.

A list of actors has no statistics in a Parquet file; a flat column has, and a question about two actors then reads the
few stretches of a sorted file in which they can stand. See docs/decisions/0010-flat-keys-beside-actors.md.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from functools import partial, reduce
from operator import or_

import ibis

from dragoman.records import Actor, Event
from dragoman.terms import ARMED_GROUPS, NON_STATE_CODES

Keys = tuple[str | None, str | None]
"""The `source_key` and `target_key` of an event or mention."""

CODE = r"^[A-Z]{3}$"
"""What every code of an actor looks like: ISO 3166 alpha-3, or PLOVER's."""

_CODE = re.compile(CODE)


def side_key(actors: Iterable[Actor]) -> str | None:
    """The key of the one actor of a side, empty where there is none; None where the actors must be looked at.

    That is so where there are several, and where a name looks like another actor's code: whoever asks for a code needs
    no look at the actors of a row that has a key.
    """
    key = ""
    for actor in actors:
        if key not in ("", actor.key) or _is_odd(actor):
            return None
        key = actor.key
    return key


def side_keys(event: Event) -> Keys:
    """What stands in an event's row."""
    return side_key(event.source), side_key(event.target)


def keys_beside(actors: Iterable[Actor], keys: Keys) -> Keys:
    """What stands in the row of a mention of these actors: the keys of its event, so that both are found together.

    A report that names others than its event does must be looked at: (None, None).
    """
    known = all(actor.key in keys and not _is_odd(actor) for actor in actors)
    return keys if known and None not in keys else (None, None)


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
        reduce(or_, map(partial(_is_like, table[column]), parties), table[column].isnull())
        for column, parties in (("source_key", acting), ("target_key", acted_on))
        if all(map(is_code, parties))
    ]
    return table.filter([*may, forth if directed else forth | back])


def directed_in_parts(table: ibis.Table, first: str, second: str) -> list[ibis.Table]:
    """The events or mentions in which the first acts on the second, as tables without a common row.

    The first needs no look at actors, which are read for the others alone; these are few and lie together. So counting,
    which asks for no actors, need not read those of a whole stretch of a file.
    """
    source, target = table.source_key, table.target_key
    if not (is_code(first) and is_code(second)):
        return [between(table, first, second, directed=True)]
    acting, acted_on = is_party(table.source, first), is_party(table.target, second)
    own = _is_like(source, first), _bears(source, first)
    return [
        table.filter(*own, _is_like(target, second), _bears(target, second)),
        table.filter(*own, target.isnull(), acted_on),
        table.filter(source.isnull(), _is_like(target, second) | target.isnull(), acting, acted_on),
    ]


def among(table: ibis.Table, keys: Collection[Keys]) -> ibis.Table:
    """The events or mentions that have one of these pairs of keys, or may have: at least those."""
    sides = list(zip(*keys, strict=True)) or [(), ()]
    conditions = []
    for column, side in zip(("source_key", "target_key"), sides, strict=True):
        known = sorted({key for key in side if key is not None})
        conditions.append(table[column].isin(known) | table[column].isnull() if known else table[column].isnull())
    return table.filter(conditions)


def is_code(party: str) -> bool:
    """Whether a party is named by what looks like a code; names and abbreviations of bodies may look so too."""
    return bool(_CODE.match(party))


def with_keys(table: ibis.Table) -> ibis.Table:
    """A table of events with the keys of its sides told anew from its actors."""
    return table.mutate(source_key=_side_key(table.source), target_key=_side_key(table.target))


def with_keys_of(mentions: ibis.Table, events: ibis.Table) -> ibis.Table:
    """A table of mentions with the keys told anew from its own actors and from the events, which have theirs."""
    theirs = events.select(beside="id", acting="source_key", acted_on="target_key")
    told = mentions.left_join(theirs, mentions.event_id == theirs.beside)
    parties = told.source.concat(told.target)
    strange = parties.filter(lambda p: ~_key_of(p).isin([told.acting, told.acted_on]) | _looks_odd(p))
    plain = told.acting.notnull() & told.acted_on.notnull() & (strange.length() == 0)
    found = told.mutate(
        source_key=ibis.ifelse(plain, told.acting, ibis.null("string")),
        target_key=ibis.ifelse(plain, told.acted_on, ibis.null("string")),
    )
    return found.select(mentions.columns)


def _side_key(side: ibis.Value) -> ibis.Value:
    first = side.map(_key_of)[0]
    strange = side.filter(lambda actor: (_key_of(actor) != first) | _looks_odd(actor))
    return ibis.ifelse(side.length() == 0, "", ibis.ifelse(strange.length() == 0, first, ibis.null("string")))


def _key_of(actor: ibis.Value) -> ibis.Value:
    """`Actor.key` as an expression."""
    named = actor["code"].isin(sorted(NON_STATE_CODES)) | actor["sector"].isin(sorted(ARMED_GROUPS)).fill_null(False)
    return ibis.ifelse(named, actor["code"] + ":" + actor["name"], actor["code"])


def _has(table: ibis.Table, side: str, party: str) -> ibis.Value:
    if not is_code(party):
        return is_party(table[side], party)
    key = table[f"{side}_key"]
    return _bears(key, party) | (key.isnull() & is_party(table[side], party))


def _bears(key: ibis.Value, code: str) -> ibis.Value:
    """Whether the key is of an actor with this code."""
    return (key == code) | key.startswith(f"{code}:")


def _is_like(key: ibis.Value, code: str) -> ibis.Value:
    """Whether the key begins with this code, as a stretch of the order in which files are sorted."""
    return (key >= code) & (key < code[:-1] + chr(ord(code[-1]) + 1))


def _is_odd(actor: Actor) -> bool:
    """Whether the name could be asked for as another actor's code."""
    return actor.name != actor.code and is_code(actor.name)


def _looks_odd(actor: ibis.Value) -> ibis.Value:
    return (actor["name"] != actor["code"]) & actor["name"].re_search(CODE)
