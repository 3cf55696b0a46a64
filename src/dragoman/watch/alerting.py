"""Looks at what has changed in the record since the last look, by the rules, and tells of it."""

from __future__ import annotations

import datetime
import logging
from collections.abc import Iterator, Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from dragoman.database import Database, SourceState, WatchedDyad, WatchMark
from dragoman.errors import RecordMissing
from dragoman.pipeline import Record
from dragoman.pipeline.parties import party_code
from dragoman.watch.alerts import store
from dragoman.watch.channels import Channel, Sender
from dragoman.watch.delivery import deliver
from dragoman.watch.findings import Finding, find, find_odds, looks
from dragoman.watch.holding import insert_missing
from dragoman.watch.rules import Rule, RuleKind
from dragoman.watch.sources import Source
from dragoman.watch.status import silent_since

log = logging.getLogger(__name__)

MARK = "alerts"
Found = list[tuple[Rule, Finding]]
Pair = tuple[str, str]


class Alerting:
    """The rules of one record, and the channels to which their alerts go."""

    def __init__(
        self,
        record: Record,
        database: Database,
        rules: Sequence[Rule],
        channels: Sequence[Channel],
        sender: Sender,
        sources: Sequence[Source] = (),
    ) -> None:
        self._record = record
        self._database = database
        self._rules = rules
        self._channels = channels
        self._sender = sender
        self._sources = {source.name: source for source in sources}

    def __call__(self, now: datetime.datetime) -> None:
        """Find, write down and send what is due."""
        self.look(now)
        deliver(self._database, self._channels, self._sender, now)

    def look(self, now: datetime.datetime) -> list[str]:
        """Look at what has changed since the last look; the ids of new alerts.

        What stood in the record at the first look is no news. A look that breaks off is made again, as the version up
        to which was looked is written together with the alerts.
        """
        try:
            version = self._record.store().snapshot().version
        except RecordMissing:
            version = None
        with self._database.session() as session:
            mark = session.get(WatchMark, MARK)
            before = mark.version if mark else None
        found = self._silent(now)
        if version is not None and before is not None and version != before:
            found += self._changed(before, version)
        with self._database.session() as session:
            new = store(session, found, self._channels, version or 0, now)
            if version is not None and version != before:
                _set_mark(session, version, now)
        for key in new:
            log.info("alert %s", key)
        return new

    def _changed(self, before: int, after: int) -> Found:
        found: Found = []
        try:
            odds_before = self._forecasts(before)
        except RecordMissing:
            log.warning("version %d of the record is gone; what came until version %d is not told", before, after)
            return []
        odds_after = self._forecasts(after)
        for pair, rules in self._by_pair().items():
            was, now = looks(self._record, pair, before, after)
            changed = was.state != now.state
            for rule in rules:
                if rule.kind is RuleKind.ODDS:
                    found += [(rule, one) for one in find_odds(rule, pair, odds_before, odds_after, now)]
                elif changed:
                    found += [(rule, one) for one in find(rule, was, now)]
        return found

    def _forecasts(self, version: int) -> list[dict[str, object]]:
        if not any(rule.kind is RuleKind.ODDS for rule in self._rules):
            self._record.store().snapshot(version)
            return []
        return self._record.store().snapshot(version).rows("forecasts")

    def _by_pair(self) -> dict[Pair, list[Rule]]:
        watched = self._watched()
        found: dict[Pair, list[Rule]] = {}
        for rule in self._rules:
            pairs = [*rule.dyads, *(watched if rule.watchlist else ())]
            for pair in dict.fromkeys(tuple(sorted(pair)) for pair in pairs):
                found.setdefault((pair[0], pair[1]), []).append(rule)
        return found

    def _watched(self) -> list[Pair]:
        with self._database.session() as session:
            rows = session.execute(select(WatchedDyad.first, WatchedDyad.second).order_by(WatchedDyad.id))
            return [(party_code(row.first), party_code(row.second)) for row in rows]

    def _silent(self, now: datetime.datetime) -> Found:
        rules = [rule for rule in self._rules if rule.kind is RuleKind.SILENCE]
        if not rules:
            return []
        with self._database.session() as session:
            states = list(session.scalars(select(SourceState).where(SourceState.name.in_(self._sources))))
        return [(rule, one) for rule in rules for one in _silences(rule, states, self._sources, now)]


def _set_mark(session: Session, version: int, now: datetime.datetime) -> None:
    values = {"version": version, "at": now}
    insert_missing(session, WatchMark, [{"name": MARK, **values}])
    session.execute(update(WatchMark).where(WatchMark.name == MARK).values(**values))


def _silences(
    rule: Rule, states: Sequence[SourceState], sources: dict[str, Source], now: datetime.datetime
) -> Iterator[Finding]:
    for state in states:
        source = sources[state.name]
        since = silent_since(state, source, now)
        if since is None or (rule.sources and state.name not in rule.sources):
            continue
        named = source.outlet or state.name
        success = (
            f"answered last on {state.last_success:%Y-%m-%d %H:%M} UTC" if state.last_success else "never answered"
        )
        error = f" The last error: {state.last_error}" if state.last_error else ""
        yield Finding(
            f"{state.name}|{since.isoformat()}",
            f"{named} is silent since {since:%Y-%m-%d %H:%M} UTC",
            f"The source {state.name} gave no new document since {since:%Y-%m-%d %H:%M} UTC, longer than it may be "
            f"silent; it {success}. The record has a gap there, which is no zero.{error}",
            (),
        )
