"""Builds the record's tables from a coded batch, column by column: events, the rows beside them, and refusals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dragoman.exchange.coded import GLUE, Coded, Solve, codes_of
from dragoman.exchange.codes import Facts
from dragoman.exchange.texts import digits_of, json_objects
from dragoman.record import TABLES, side_key
from dragoman.records import Actor
from dragoman.terms import EventType, RefusalReason, RefusalStage

MAPPING = "1"
"""The version of the mapping to PLOVER; it stands in the event's `coder_version`."""
_EPOCH = date(1970, 1, 1)
_REASONS: tuple[RefusalReason | None, ...] = (
    None,
    RefusalReason.BAD_VALUE,
    RefusalReason.UNKNOWN_CODE,
    RefusalReason.STATEMENT,
    RefusalReason.NO_EVENT,
    RefusalReason.NO_SOURCE,
    RefusalReason.UNKNOWN_ACTOR,
    RefusalReason.NO_TARGET,
)
_NUMBER = {reason: number for number, reason in enumerate(_REASONS)}


@dataclass(slots=True)
class CodeLine:
    """What became of the rows of one code of a provider."""

    label: str
    rows: int = 0
    mapped: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class Built:
    """The tables of a batch, and what its report counts."""

    events: pa.Table
    imported: pa.Table
    refusals: pa.Table
    codes: dict[str, CodeLine]
    repeated: bool
    """Whether an id stands more than once."""
    parties: dict[str, list[int]]
    """For every state how many sides of events name it itself, and how many an office, group or person of it."""


class Sides:
    """The distinct actors or groups of actors on either side of the events of an import, each made once."""

    def __init__(self) -> None:
        self.actors: list[tuple[Actor, ...]] = [()]
        self._numbers: dict[tuple[Actor, ...], int] = {(): 0}
        self._solved: dict[tuple[str, int], int] = {}
        self._column = _as_column(self.actors)
        self._keys = _as_keys(self.actors)

    def numbers(self, keys: pa.Array, days: np.ndarray, solve: Solve) -> np.ndarray:
        """For every row the number of its side; -1 where it cannot be told. 0 is nobody."""
        own, texts = codes_of(keys)
        pairs, inverse = np.unique(own * (1 << 32) + (days.astype(np.int64) + (1 << 31)), return_inverse=True)
        found = np.empty(len(pairs), dtype=np.int64)
        for at, (key, stamp) in enumerate(zip((pairs >> 32).tolist(), (pairs & 0xFFFFFFFF).tolist(), strict=True)):
            day = stamp - (1 << 31)
            question = (texts[key], day)
            number = self._solved.get(question)
            if number is None:
                number = self._solved[question] = self._number(solve(texts[key], _EPOCH + timedelta(days=day)))
            found[at] = number
        numbers: np.ndarray = found[inverse]
        return numbers

    def _number(self, actors: tuple[Actor, ...] | None) -> int:
        if actors is None:
            return -1
        number = self._numbers.setdefault(actors, len(self.actors))
        if number == len(self.actors):
            self.actors.append(actors)
        return number

    def column(self, numbers: np.ndarray) -> pa.Array:
        """The sides as a column of the events' table."""
        self._make()
        return self._column.take(pa.array(numbers))

    def keys_of(self, numbers: np.ndarray) -> pa.Array:
        """The keys of the sides, as they stand beside the actors."""
        self._make()
        return self._keys.take(pa.array(numbers))

    def _make(self) -> None:
        """Turn the actors that came since into columns too."""
        more = self.actors[len(self._keys) :]
        if more:
            self._column = pa.concat_arrays([self._column, _as_column(more)])
            self._keys = pa.concat_arrays([self._keys, _as_keys(more)])


def _as_column(sides: Sequence[tuple[Actor, ...]]) -> pa.Array:
    rows = [
        [{"code": a.code, "name": a.name, "sector": a.sector, "wikidata": a.wikidata} for a in side] for side in sides
    ]
    return pa.array(rows, TABLES["events"].field("source").type)


def _as_keys(sides: Sequence[tuple[Actor, ...]]) -> pa.Array:
    return pa.array([side_key(side) for side in sides], pa.string())


def build(provider: str, file: str, coded: Coded, sides: Sides, *, statements: bool = False) -> Built:
    """The tables for a batch; with `statements` the rows of that refusal are kept without an event."""
    count = coded.rows.table.num_rows
    known_day = pc.is_valid(coded.days).to_numpy(zero_copy_only=False)
    days = pc.fill_null(coded.days.cast(pa.int32()), 0).to_numpy(zero_copy_only=False)
    code, codes = codes_of(coded.code)
    facts = [coded.facts(value) for value in codes]
    both = [sides.numbers(keys, days, coded.solve) for keys in (coded.source, coded.target)]
    turned = np.array([bool(fact and fact.turned) for fact in facts], dtype=bool)[code] if count else np.zeros(0, bool)
    source, target = np.where(turned, both[1], both[0]), np.where(turned, both[0], both[1])

    reason = _reasons(facts, code, known_day, source, target)
    taken = reason == 0
    kept = taken | (reason == _NUMBER[RefusalReason.STATEMENT]) if statements else taken
    texts = json_objects(coded.rows.table) if coded.rows.texts is None else coded.rows.texts
    keys = texts if coded.row_id is None else pc.coalesce(coded.row_id, texts)
    digits, repeated = digits_of(provider, keys)
    events = _events(provider, coded, digits, facts, code, _told_sides(sides, source[taken], target[taken]), taken)
    return Built(
        events,
        _imported(provider, file, coded, digits, texts, taken, kept),
        _refusals(file, coded, digits, texts, reason, (code, codes, facts), ~kept),
        _lines(coded, facts, (code, codes), reason, statements),
        repeated,
        _parties(sides, np.concatenate([source[taken], target[taken]])),
    )


def _reasons(
    facts: list[Facts | None], code: np.ndarray, known_day: np.ndarray, source: np.ndarray, target: np.ndarray
) -> np.ndarray:
    """For every row the number of the reason why it becomes no event; 0 where it becomes one."""
    unknown = _NUMBER[RefusalReason.UNKNOWN_CODE]
    by_code = [unknown if fact is None else _NUMBER[fact.refusal] for fact in facts]
    needs = np.array([bool(fact and fact.needs_target) for fact in facts] or [False], dtype=bool)
    reason: np.ndarray = np.array(by_code or [0], dtype=np.int64)[code]
    for wrong, why in (
        (~known_day, RefusalReason.BAD_VALUE),
        (source == 0, RefusalReason.NO_SOURCE),
        ((source < 0) | (target < 0), RefusalReason.UNKNOWN_ACTOR),
        ((target == 0) & needs[code], RefusalReason.NO_TARGET),
    ):
        reason = np.where((reason == 0) & wrong, _NUMBER[why], reason)
    return reason


def _events(
    provider: str,
    coded: Coded,
    digits: pa.Array,
    facts: list[Facts | None],
    code: np.ndarray,
    sides: dict[str, pa.Array],
    taken: np.ndarray,
) -> pa.Table:
    mask = pa.array(taken)
    schema = TABLES["events"]
    count = int(taken.sum())
    chosen = pa.array(code[taken])

    def told(value: object, kind: pa.DataType) -> pa.Array:
        return pa.array([getattr(fact, str(value)) if fact else None for fact in facts], kind).take(chosen)

    def own(column: pa.Array | None, otherwise: pa.Array) -> pa.Array:
        return otherwise if column is None else pc.coalesce(column.filter(mask), otherwise)

    def always(value: object, kind: pa.DataType) -> pa.Array:
        return pa.repeat(pa.scalar(value, kind), count)

    days = coded.days.filter(mask)
    ends = own(coded.ends, days)
    reported = own(coded.reported, ends)
    nobody = pa.ListArray.from_arrays(pa.array(np.zeros(count + 1, np.int32)), pa.array([], pa.string()))
    version = always(f"{provider}.{MAPPING}", pa.string())
    columns = {
        "id": pc.binary_join_element_wise("e", digits.filter(mask), ""),
        "date": days,
        "date_precision": own(coded.precision, always("day", pa.string())),
        "date_end": ends,
        **sides,
        "type": told("type", pa.string()),
        "mode": told("mode", pa.string()),
        "quad": told("quad", pa.int8()),
        "intensity": told("intensity", pa.float64()),
        "factuality": told("factuality", pa.string()),
        "contested": always(False, pa.bool_()),
        "claimants": nobody,
        "deniers": nobody,
        "domain": told("domain", pa.string()),
        "place": pa.nulls(count, schema.field("place").type) if coded.place is None else coded.place.filter(mask),
        "confidence": pa.nulls(count, pa.float64()),
        "mentions": nobody,
        "outlets": nobody if coded.outlet is None else _listed(coded.outlet.filter(mask)),
        "origins": own(coded.origins, always(1, pa.int32())),
        "first_reported": reported,
        "last_reported": reported,
        "provider": always(provider, pa.string()),
        "coder_version": version if coded.version is None else _joined(version, coded.version.filter(mask)),
        "dismissed": always(False, pa.bool_()),
    }
    return pa.table([columns[name] for name in schema.names], schema=schema)


def _told_sides(sides: Sides, source: np.ndarray, target: np.ndarray) -> dict[str, pa.Array]:
    columns = {"source": source, "target": target}
    keys = {f"{name}_key": sides.keys_of(numbers) for name, numbers in columns.items()}
    return {name: sides.column(numbers) for name, numbers in columns.items()} | keys


def _joined(version: pa.Array, theirs: pa.Array) -> pa.Array:
    return pc.coalesce(pc.binary_join_element_wise(version, theirs, " "), version)


def _listed(column: pa.Array) -> pa.Array:
    """Lists of one value, or of none where it is null."""
    valid = pc.is_valid(column).to_numpy(zero_copy_only=False)
    offsets = np.concatenate([[0], np.cumsum(valid)]).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), column.drop_null())


def _imported(
    provider: str, file: str, coded: Coded, digits: pa.Array, texts: pa.Array, taken: np.ndarray, kept: np.ndarray
) -> pa.Table:
    mask = pa.array(kept)
    own = digits.filter(mask)
    event = pc.binary_join_element_wise("e", own, "")
    count = len(own)
    columns = [
        pc.binary_join_element_wise("i", own, ""),
        pc.if_else(pa.array(taken[kept]), event, pa.scalar(None, pa.string())),
        pa.repeat(pa.scalar(provider), count),
        pa.repeat(pa.scalar(file), count),
        pa.array(coded.rows.lines[kept].astype(np.int64)),
        pa.nulls(count, pa.string()) if coded.row_id is None else coded.row_id.filter(mask),
        texts.filter(mask),
    ]
    return pa.table(columns, schema=TABLES["imported"])


def _refusals(
    file: str,
    coded: Coded,
    digits: pa.Array,
    texts: pa.Array,
    reason: np.ndarray,
    known: tuple[np.ndarray, list[str], list[Facts | None]],
    refused: np.ndarray,
) -> pa.Table:
    code, codes, facts = known
    schema = TABLES["refusals"]
    mask = pa.array(refused)
    count = int(refused.sum())
    details = _details(coded, reason[refused], code[refused], (codes, facts), mask)
    reasons = pa.array([None if why is None else why.value for why in _REASONS], pa.string())
    lines = pa.array(coded.rows.lines[refused]).cast(pa.string())
    columns = {
        "id": pc.binary_join_element_wise("r", digits.filter(mask), ""),
        "stage": pa.repeat(pa.scalar(RefusalStage.IMPORT.value), count),
        "reason": reasons.take(pa.array(reason[refused])),
        "detail": details,
        "input": pa.repeat(pa.scalar(file), count),
        "locator": pc.binary_join_element_wise("line ", lines, ""),
        "row": texts.filter(mask),
    }
    arrays = [columns.get(name, pa.nulls(count, schema.field(name).type)) for name in schema.names]
    return pa.table(arrays, schema=schema)


def _details(
    coded: Coded, reason: np.ndarray, code: np.ndarray, known: tuple[list[str], list[Facts | None]], refused: pa.Array
) -> pa.Array:
    """For every refused row what was found; each text is made once. Only of unknown actors it names the sides."""
    codes, facts = known
    unknown = reason == _NUMBER[RefusalReason.UNKNOWN_ACTOR]
    asked = reason + len(_REASONS) * code
    sides = [np.zeros(len(reason), np.int64)] * 2
    names: list[list[str]] = [[""], [""]]
    if unknown.any():
        for side, column in enumerate((coded.source, coded.target)):
            own, names[side] = codes_of(column.filter(refused))
            sides[side] = np.where(unknown, own, 0)
            asked = asked * len(names[side]) + sides[side]
    _, first, inverse = np.unique(asked, return_index=True, return_inverse=True)
    texts = [
        _detail(_REASONS[number], coded.shown(codes[which]), facts[which], names[0][source], names[1][target])
        for number, which, source, target in zip(
            *(column[first].tolist() for column in (reason, code, *sides)), strict=True
        )
    ]
    return pa.array(texts, pa.string()).take(pa.array(inverse))


def _detail(reason: RefusalReason | None, code: str, facts: Facts | None, source: str, target: str) -> str:
    """What was found, what is allowed, what to do."""
    what = f"{code} ({facts.label})" if facts and facts.label != code else code
    match reason:
        case RefusalReason.STATEMENT:
            return f"{what} is a plain statement, which PLOVER has no type for. Keep such rows with --statements."
        case RefusalReason.UNKNOWN_CODE:
            return f"The code {code!r} is not known; docs/exchange.md lists those that are."
        case RefusalReason.NO_EVENT:
            return f"{what} is no event between actors; PLOVER has no type for it."
        case RefusalReason.BAD_VALUE:
            return "The date of the event cannot be read; a day is needed."
        case RefusalReason.NO_TARGET:
            kind = facts.type if facts and facts.type else EventType.AID
            return f"{what} names nobody acted on, without whom PLOVER allows no {kind}."
        case RefusalReason.NO_SOURCE:
            return f"{what} names nobody who acts; an event needs one."
    named = " / ".join(" ".join((side or "nobody").replace(GLUE, " ").split()) for side in (source, target))
    return f"A side of the event is of no known state or body: {named[:200]}."


def _lines(
    coded: Coded,
    facts: list[Facts | None],
    known: tuple[np.ndarray, list[str]],
    reason: np.ndarray,
    statements: bool,
) -> dict[str, CodeLine]:
    found: dict[str, CodeLine] = {}
    code, codes = known
    pairs, counts = np.unique(code * len(_REASONS) + reason, return_counts=True)
    for pair, rows in zip(pairs.tolist(), counts.tolist(), strict=True):
        which, number = divmod(pair, len(_REASONS))
        fact, why = facts[which], _REASONS[number]
        name = coded.shown(codes[which])
        line = found.setdefault(name, CodeLine(fact.label if fact else name))
        line.rows += rows
        if why is RefusalReason.STATEMENT and statements:
            line.mapped["kept without an event"] += rows
        elif why is not None:
            line.refused[why.value] += rows
        elif fact is not None:
            line.mapped[fact.told] += rows
    return found


def _parties(sides: Sides, numbers: np.ndarray) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for number, count in enumerate(np.bincount(numbers).tolist() if len(numbers) else ()):
        for actor in sides.actors[number] if count else ():
            found.setdefault(actor.code, [0, 0])[actor.sector is not None] += count
    return found
