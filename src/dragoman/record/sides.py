"""Who stands on a side of an event, kept flat beside its actors: by it files tell which events they can hold.

A list of actors has no statistics in a Parquet file; a flat column has, and a question about two actors then reads the
few stretches of a sorted file in which they can stand, and no list at all. See
docs/decisions/0010-flat-keys-beside-actors.md.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import lru_cache, reduce
from operator import or_

import ibis

from dragoman.records import Actor, Event
from dragoman.terms import ARMED_GROUPS, NON_STATE_CODES

Keys = tuple[str | None, str | None]
"""The `source_key` and `target_key` of an event or mention."""

Stands = Callable[[ibis.Table, str, str], ibis.Value]
"""Whether a party stands on a side, `source` or `target`, of each row of a table."""

CODE = r"^[A-Z]{3}$"
"""What every code of an actor looks like: ISO 3166 alpha-3, or PLOVER's."""

JOINT = "+"
"""What stands before, between and after the keys of several actors of one side: `+CHN+RUS+`."""

_CODE = re.compile(CODE)
KEYS = ("source_key", "target_key")
"""The columns that tell who stands on a side; null tells nothing."""


def side_key(actors: Iterable[Actor]) -> str | None:
    """The key of the one actor of a side, the sorted keys of several as in `+CHN+RUS+`, empty where there is none.

    None where the actors must be looked at: whoever asks for a code needs no look at the actors of a row that has a
    key. That is so where a name looks like another actor's code, and where a key holds what parts those of several.
    """
    keys = set()
    for actor in actors:
        if _is_odd(actor):
            return None
        keys.add(actor.key)
    if len(keys) < 2:
        key = next(iter(keys), "")
        return None if _is_joint(key) else key
    return None if any(JOINT in key for key in keys) else f"{JOINT}{JOINT.join(sorted(keys))}{JOINT}"


def side_keys(event: Event) -> Keys:
    """What stands in an event's row."""
    return side_key(event.source), side_key(event.target)


def keys_beside(source: Sequence[Actor], target: Sequence[Actor], keys: Keys) -> Keys:
    """What stands in the row of a mention of these actors: the keys of its event, so that both are found together.

    A report that names others than its event does must be looked at: (None, None). So must one that tells otherwise
    than its event who of several stands on which side.
    """
    if None in keys:
        return None, None
    if any(map(_is_joint, keys)):
        return keys if (side_key(source), side_key(target)) == keys else (None, None)
    known = all(actor.key in keys and not _is_odd(actor) for actor in (*source, *target))
    return keys if known else (None, None)


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
    if directed:
        return table.filter(forth)
    back = _has(table, "source", second) & _has(table, "target", first)
    # Follows from what comes after; said for each column alone, as only that can be held against a file's statistics.
    either = [
        _bears(table[column], first) | _bears(table[column], second) | table[column].isnull()
        for column in KEYS
        if is_code(first) and is_code(second)
    ]
    return table.filter([*either, forth | back])


def like_pair(table: ibis.Table, first: str, second: str) -> ibis.Table:
    """The events or mentions that may stand between two codes, by their keys alone; those without a key are left out.

    At least those that do, and few others; which way each goes `ways_of` tells of its keys. Said in as few words as can
    be: whatever is said more of a key, DuckDB asks of every row, and not once for each word of a file's dictionary.
    """
    return table.filter(*(_may_bear(table[name], first) | _may_bear(table[name], second) for name in KEYS))


@lru_cache(65_536)
def ways_of(keys: Keys, first: str, second: str) -> tuple[bool, bool]:
    """Whether the first of two codes acts on the second in an event of these keys, and the second on the first."""
    (acts, other_acts), (acted_on, other_acted_on) = (
        [key is not None and _key_bears(key, code) for code in (first, second)] for key in keys
    )
    return acts and other_acted_on, other_acts and acted_on


def both_ways(table: ibis.Table, first: str, second: str, *, whole: bool = False) -> ibis.Table:
    """The events or mentions between the two, with two columns more: `forth`, the first acts on the second, and `back`.

    Actors are looked at only where a key is null; these are few and lie together. So counting, which asks for no
    actors, need not read those of a whole stretch of a file. With `whole` every row is known to have both keys.
    """
    if not (is_code(first) and is_code(second)):
        return _with_ways(table, _has, first, second)
    source, target = table.source_key, table.target_key
    keyed = table.filter(*(_bears(key, first) | _bears(key, second) for key in (source, target)))
    found = _with_ways(keyed, _bears_on, first, second)
    if whole:
        return found
    bare = [table.filter(source.isnull()), table.filter(source.notnull(), target.isnull())]
    return ibis.union(found, *(_with_ways(part, _has, first, second) for part in bare))


def among(table: ibis.Table, keys: Collection[Keys]) -> ibis.Table:
    """The events or mentions that have one of these pairs of keys, or may have: at least those."""
    sides = list(zip(*keys, strict=True)) or [(), ()]
    conditions = []
    for column, side in zip(KEYS, sides, strict=True):
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
    several = is_joint(told.acting) | is_joint(told.acted_on)
    alike = (_side_key(told.source) == told.acting) & (_side_key(told.target) == told.acted_on)
    plain = told.acting.notnull() & told.acted_on.notnull()
    plain &= ibis.ifelse(several, alike.fill_null(False), strange.length() == 0)
    found = told.mutate(
        source_key=ibis.ifelse(plain, told.acting, ibis.null("string")),
        target_key=ibis.ifelse(plain, told.acted_on, ibis.null("string")),
    )
    return found.select(mentions.columns)


def is_joint(key: ibis.Value) -> ibis.Value:
    """Whether a key is that of several actors."""
    return key.startswith(JOINT)


def keys_in(key: ibis.Value) -> ibis.Value:
    """The keys of the several actors whose key this is, as a list."""
    # By a pattern: Spark reads what it splits by as one, DuckDB does not unless told so.
    return key.substr(1, key.length() - 2).re_split(f"[{JOINT}]")


def _side_key(side: ibis.Value) -> ibis.Value:
    keys = side.map(_key_of).unique().sort()
    odd = side.filter(_looks_odd).length() > 0
    several = keys.length() > 1
    parted = keys.filter(lambda key: ibis.ifelse(several, key.contains(JOINT), key.startswith(JOINT))).length() > 0
    return ibis.cases(
        (keys.length() == 0, ""),
        (odd | parted, ibis.null("string")),
        (keys.length() == 1, keys[0]),
        else_=ibis.literal(JOINT) + keys.join(JOINT) + JOINT,
    )


def _key_of(actor: ibis.Value) -> ibis.Value:
    """`Actor.key` as an expression."""
    named = actor["code"].isin(sorted(NON_STATE_CODES)) | actor["sector"].isin(sorted(ARMED_GROUPS)).fill_null(False)
    return ibis.ifelse(named, actor["code"] + ":" + actor["name"], actor["code"])


def _with_ways(table: ibis.Table, stands: Stands, first: str, second: str) -> ibis.Table:
    forth = stands(table, "source", first) & stands(table, "target", second)
    back = stands(table, "source", second) & stands(table, "target", first)
    return table.filter(forth | back).mutate(forth=forth, back=back)


def _may_bear(key: ibis.Value, code: str) -> ibis.Value:
    return key.startswith(code) | key.contains(JOINT + code)


def _key_bears(key: str, code: str) -> bool:
    """As `_bears`, of a plain key."""
    own = key[1:-1].split(JOINT) if _is_joint(key) else [key]
    return any(one == code or one.startswith(f"{code}:") for one in own)


def _bears_on(table: ibis.Table, side: str, code: str) -> ibis.Value:
    return _bears(table[f"{side}_key"], code)


def _has(table: ibis.Table, side: str, party: str) -> ibis.Value:
    if not is_code(party):
        return is_party(table[side], party)
    key = table[f"{side}_key"]
    return _bears(key, party) | (key.isnull() & is_party(table[side], party))


def _bears(key: ibis.Value, code: str) -> ibis.Value:
    """Whether the key is of an actor with this code, or of several of whom one has it."""
    among_several = key.contains(f"{JOINT}{code}{JOINT}") | key.contains(f"{JOINT}{code}:")
    return (key == code) | key.startswith(f"{code}:") | (is_joint(key) & among_several)


def _is_joint(key: str | None) -> bool:
    return key is not None and key.startswith(JOINT)


def _is_odd(actor: Actor) -> bool:
    """Whether the name could be asked for as another actor's code."""
    return actor.name != actor.code and is_code(actor.name)


def _looks_odd(actor: ibis.Value) -> ibis.Value:
    return (actor["name"] != actor["code"]) & actor["name"].re_search(CODE)
