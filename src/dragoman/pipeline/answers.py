"""Who answered the events of a relation, in a record too large to hold: only what comes in question is read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import reduce
from operator import or_

import ibis
import pyarrow as pa

from dragoman.pipeline.happenings import EVENT_SIZE, stored_happenings
from dragoman.pipeline.remembered import remembered
from dragoman.record import EventFilter, Snapshot, among_values, filter_events, involving, sentences
from dragoman.record.rows import Row
from dragoman.record.sides import is_joint, keys_in
from dragoman.relate import Happening
from dragoman.relate.bearing import SAID, STRONG, TELLING, VAGUE, Placed, Rarity, place, words_told
from dragoman.relate.columns import called_by, day_of, party_of, stands_in
from dragoman.relate.evidence import MATERIAL
from dragoman.relate.responses import MatrixRow, Response, answers_to, response_matrix
from dragoman.terms import Factuality

ASKED = 10
"""In a large record, the most telling events of a relation, whose answers are told where none is named."""

LAST_DAYS = 365
"""In a large record, the last days from which these events are taken where no days are given."""

NEWEST = 5_000
"""In a large record, the newest events of the two actors, from which it is told who responds to whom."""

SAMPLE = 5_000
"""Sentences of a large record in which the rarity of words is reckoned."""


def stored_answers(
    snapshot: Snapshot, parties: Sequence[str], event_id: str | None, days: tuple[date, date], window_days: int
) -> list[tuple[Happening, list[Response]]]:
    """The answers to one event of two parties, or to their `ASKED` most telling ones of these days: newest first.

    Deeds that nobody contests tell more than words, then those of more independent origins and of higher intensity.
    """
    asked, following, rarity = remembered(
        snapshot,
        ("answers", *parties, event_id, days, window_days),
        lambda: _in_question_of(snapshot, parties, event_id, days, window_days),
        lambda found: EVENT_SIZE * (len(found[0]) + len(found[1])),
    )
    answers = answers_to(following, asked, window_days=window_days, rarity=rarity)
    return list(zip(asked, answers, strict=True))[::-1]


def _in_question_of(
    snapshot: Snapshot, parties: Sequence[str], event_id: str | None, days: tuple[date, date], window_days: int
) -> tuple[list[Happening], list[Happening], Rarity]:
    """The events whose answers are told, those that may answer one of them, and how rare words are."""
    rarity = remembered(
        snapshot, "rarity", lambda: Rarity(map(words_told, sentences(snapshot, SAMPLE))), lambda _: SAMPLE
    )
    events = stored_happenings(snapshot, _most_telling(snapshot, parties, event_id, days))
    starts = [one for event in events if (one := place(event)) is not None]
    if not starts:
        return [], [], rarity
    following = stored_happenings(snapshot, _in_question(snapshot, starts, window_days, rarity))
    return [start.happening for start in starts], following, rarity


def newest_matrix(snapshot: Snapshot, parties: Sequence[str], window_days: int) -> list[MatrixRow]:
    """Who responds to whom in the `NEWEST` events of either of two parties."""
    events = involving(_placed(snapshot), *parties)
    newest = events.order_by([events.day.desc(), events.id.asc()]).limit(NEWEST)
    return response_matrix(stored_happenings(snapshot, newest.drop("day")), window_days=window_days)


def _placed(snapshot: Snapshot) -> ibis.Table:
    """The events that may answer or be answered, with their `day`; see `bearing.place`."""
    table = snapshot.table("events")
    vague = table.date_precision.isin([precision.value for precision in VAGUE]).fill_null(False)
    said = table.factuality.isin([factuality.value for factuality in SAID])
    return table.filter(~table.dismissed, said, ~vague).mutate(day=day_of(table)).filter(ibis._.day.notnull())


def _most_telling(
    snapshot: Snapshot, parties: Sequence[str], event_id: str | None, days: tuple[date, date]
) -> ibis.Table:
    events = _placed(snapshot)
    events = events.filter(events.day.between(*days) if event_id is None else events.id == event_id)
    events = filter_events(events, EventFilter(parties=tuple(parties)))
    firm = events.quad.isin(MATERIAL) & (events.factuality == Factuality.ACTUAL.value) & ~events.contested
    ranked = events.order_by(
        [firm.desc(), events.origins.desc(), events.intensity.abs().desc(), events.day.desc(), events.id.asc()]
    )
    return ranked.limit(ASKED).drop("day")


def _in_question(snapshot: Snapshot, starts: Sequence[Placed], window_days: int, rarity: Rarity) -> ibis.Table:
    """The events that may answer one of these: at least all that `bearing` would find."""
    parties = sorted(frozenset().union(*(start.parties for start in starts)))
    common = sorted(frozenset.intersection(*(start.parties for start in starts)))
    named = sorted({stem for start in starts for stem in start.named})
    events = _placed(snapshot)
    windows = [events.day.between(start.day, start.day + timedelta(days=window_days)) for start in starts]
    near = ibis.memtable(_near(snapshot, events.filter(reduce(or_, windows)), parties, common))
    reported = snapshot.rows("events", near.aggregate(first=near.first_reported.min(), last=near.last_reported.max()))
    first, last = reported[0]["first"], reported[0]["last"]
    mentions = snapshot.table("mentions").select("event_id", "document_id", "text", "available")
    table = snapshot.table("events")
    if first is not None and last is not None:
        # Files of other days need not be read.
        mentions = mentions.filter(mentions.available.between(first, last) | mentions.available.isnull())
        table = table.filter(table.first_reported.between(first, last) | table.first_reported.isnull())
    told = near.join(mentions, near.id == mentions.event_id)
    told = told.select("id", "day", "domain", "wide", "bears", "document_id", "text")
    # What two reports share with an event may stand one word in each: all reports of what comes in question are read.
    naming = told.filter(told.bears | told.text.re_search(_any_of(named)) if named else told.bears)
    rows = snapshot.rows("mentions", told.semi_join(naming.select("id").distinct(), "id"))
    kept = sorted(_kept(starts, rows, window_days, rarity))
    return among_values(table, "id", kept)


def _near(snapshot: Snapshot, events: ibis.Table, parties: Sequence[str], common: Sequence[str]) -> pa.Table:
    """Of the events those that bear on one of the parties, or that one does who is none of the common ones.

    Two questions, as a file's statistics answer each: actors are looked at only where their keys do not tell.
    """
    source, target = events.source_key, events.target_key
    told, untold = events.filter(source.notnull(), target.notnull()), events.filter(source.isnull() | target.isnull())
    asked = (
        told.mutate(
            wide=is_joint(target),
            bears=reduce(or_, (stands_in(target, party) for party in parties)),
            apart=ibis.ifelse(
                is_joint(source),
                keys_in(source).filter(lambda key: ~called_by(key).isin(common)).length() > 0,
                (source != "") & ~called_by(source).isin(common),
            ),
        ),
        untold.mutate(
            wide=untold.target.length() > 1,
            bears=untold.target.filter(lambda actor: party_of(actor).isin(parties)).length() > 0,
            apart=untold.source.filter(lambda actor: ~party_of(actor).isin(common)).length() > 0,
        ),
    )
    columns = ("id", "day", "domain", "first_reported", "last_reported", "wide", "bears")
    return pa.concat_tables(
        snapshot.columns("events", near.filter(near.bears | near.apart).select(*columns)) for near in asked
    )


def _kept(starts: Sequence[Placed], rows: Iterable[Row], window_days: int, rarity: Rarity) -> set[str]:
    """The ids of the rows that share a domain, a document or telling words with an event before them."""
    window = timedelta(days=window_days)
    reports: dict[str, list[Row]] = {}
    for row in rows:
        reports.setdefault(row["id"], []).append(row)
    found = set()
    for key, own in reports.items():
        first, day = own[0], own[0]["day"]
        words = frozenset().union(*(words_told(row["text"]) for row in own if row["text"]))
        documents = {row["document_id"] for row in own}
        if any(
            _may_answer(start, first, words, documents, rarity) for start in starts if _within(start.day, day, window)
        ):
            found.add(key)
    return found


def _within(start: date, day: date, window: timedelta) -> bool:
    return start <= day <= start + window


def _may_answer(start: Placed, row: Row, words: frozenset[str], documents: set[str], rarity: Rarity) -> bool:
    if row["bears"] and (
        row["wide"]
        or (start.domain is not None and row["domain"] == start.domain.value)
        or not start.documents.isdisjoint(documents)
    ):
        return True
    return rarity.weight(start.words & words) >= (TELLING if row["bears"] else STRONG)


def _any_of(stems: Sequence[str]) -> str:
    """A pattern that finds a word that begins with one of the stems, whatever its capitals."""
    return rf"(?i)(?:^|[^\pL\pN])(?:{'|'.join(map(re.escape, stems))})"
