"""Does what the answers of sites ask for: names what lists have, reads pages, refuses, and writes it all down."""

from __future__ import annotations

import datetime
import hashlib
import logging
from collections.abc import Iterable, Sequence
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from dragoman.database import Database, FetchedItem
from dragoman.errors import FetchError, ReadError
from dragoman.pipeline import Record
from dragoman.read import Answer
from dragoman.read.transfer import charset_of
from dragoman.terms import RefusalReason
from dragoman.watch.answers import Later, Meaning, Moved, Refused, Same, Taken, back_off
from dragoman.watch.archive import Archive
from dragoman.watch.folders import changed_files
from dragoman.watch.holding import insert_missing
from dragoman.watch.hosts import host_of
from dragoman.watch.items import BEFORE, Items, key_of, known_keys, name_entries
from dragoman.watch.lists import Entry, Listing, Told, read_feed_list, read_gdelt, read_links, read_sitemap, read_told
from dragoman.watch.reading import Outcome, read_files, read_pages
from dragoman.watch.sources import Kind, Source
from dragoman.watch.states import States

log = logging.getLogger(__name__)

AT_ONCE = 100
"""Files of a folder, or entries of a feed, that are read in one go."""

Page = tuple[Source, FetchedItem, Meaning]


class Handler:
    """What a watcher does with answers; each thing is done only after the record's commit."""

    def __init__(
        self, record: Record, database: Database, states: States, items: Items, archive: Archive, random: Random
    ) -> None:
        self._record = record
        self._database = database
        self._states = states
        self._items = items
        self._archive = archive
        self._random = random
        self._most_bytes = record.settings.document_bytes
        self.tally = Outcome()

    def listed(self, source: Source, hops: int, address: str, meaning: Meaning, now: datetime.datetime) -> None:
        """What came of asking for a source's list."""
        match meaning:
            case Taken(answer):
                try:
                    self._read_list(source, answer, now)
                except ReadError as error:
                    self._refuse_list(source, address, error, now)
            case Same():
                with self._database.session() as session:
                    self._states.succeed(session, source, now)
            case Moved(place):
                self._states.move(source, place, hops + 1, now)
            case Later(why, wait):
                log.warning("%s: %s", source.name, why)
                self._states.fail(source, now, why, wait)
            case Refused(error):
                self._refuse_list(source, address, error, now)

    def items(self, pages: Sequence[Page], now: datetime.datetime) -> None:
        """What came of asking for pages, further lists and files of events."""
        batch: list[tuple[Source, FetchedItem, Answer | ReadError]] = []
        for source, item, meaning in pages:
            match meaning:
                case Taken(answer) if item.part == "page":
                    if item.content_hash == _digest(answer.body):
                        self._looked_at(source, item, now, **_validators(answer))
                    else:
                        self._archive.keep(answer)
                        batch.append((source, item, answer))
                case Taken(answer):
                    self._take_other(source, item, answer, now)
                case Same():
                    self._looked_at(source, item, now)
                case Moved(place):
                    moved: dict[str, Any] = {
                        "location": place,
                        "hops": item.hops + 1,
                        "host": host_of(place),
                        "next_try": now,
                    }
                    self._items.put(item, **moved)
                case Later(why, wait):
                    error = self._put_off(source, item, why, wait, now)
                    if error is not None:
                        batch.append((source, item, error))
                case Refused(error):
                    batch.append((source, item, error))
        if batch:
            self._read(batch, now)

    def pages(self, source: Source, now: datetime.datetime) -> None:
        """Write down the pages of a list that is no page itself; each is asked for by itself from then on."""
        with self._database.session() as session:
            name_entries(session, source, [Entry(address) for address in source.addresses], now, first=False)
        self._states.let_go(source, next_due=now + source.interval)

    def folder(self, source: Source, now: datetime.datetime) -> None:
        """Read the files of a folder that are new or have changed, some at a time."""
        folder = source.folder or Path()
        if not folder.is_dir():
            self._states.fail(source, now, f"There is no folder {folder}; make it, or change the source.")
            return
        with self._database.session() as session:
            rows = session.execute(
                select(FetchedItem.address, FetchedItem.etag).where(FetchedItem.source == source.name)
            )
            known = {row.address: row.etag for row in rows}
        found = changed_files(folder, known, now, mail=source.kind is Kind.MAIL)
        outcomes = read_files(self._record, [path for path, _ in found[:AT_ONCE]])
        with self._database.session() as session:
            for path, state in found[:AT_ONCE]:
                outcome = outcomes[str(path)]
                row = {"address": str(path), "part": "file", "etag": state, "outcome": outcome.word}
                self._put_done(session, source, row, now)
            self._count(session, source, outcomes.values(), now)
            more = {"next_due": now} if len(found) > AT_ONCE else {}
            self._states.succeed(session, source, now, **more)

    def _read_list(self, source: Source, answer: Answer, now: datetime.datetime) -> None:
        if source.entry:
            self._read_told(source, answer, now)
            return
        listing = self._listing(source, answer)
        with self._database.session() as session:
            first = self._is_first(session, source)
            named = name_entries(session, source, listing.entries, now, first=first)
            seen = _validators(answer) if not named.left else {}
            self._states.succeed(session, source, now, passed_over=listing.passed_over + named.left, **seen)
        log.info("%s: %d named, %d new, %d to read", source.name, len(listing.entries), named.new, named.waiting)
        self._tell_passed_over(source, answer.url, listing.passed_over)

    def _listing(self, source: Source, answer: Answer) -> Listing:
        limits = source.limits
        match source.kind:
            case Kind.FEED:
                return read_feed_list(answer.body, answer.url, limits.entries)
            case Kind.SITEMAP:
                return read_sitemap(answer.body, answer.url, limits.entries, limits.lists, self._most_bytes)
            case Kind.GDELT:
                return read_gdelt(answer.body, self._items.done_data(source.name), max(limits.backlog, 1))
            case _:
                charset = charset_of(answer.headers.get("content-type"))
                pattern = source.follow
                if pattern is None:
                    raise ReadError(RefusalReason.EMPTY, f"The source {source.name} has no list; give it “follow”.")
                return read_links(answer.body, answer.url, pattern, limits.entries, charset)

    def _read_told(self, source: Source, answer: Answer, now: datetime.datetime) -> None:
        """Read the entries of a feed from the feed itself."""
        with self._database.session() as session:
            first = self._is_first(session, source)

            def known(keys: list[str]) -> set[str]:
                addresses = {_told_address(source, key): key for key in keys}
                return {addresses[found] for found in known_keys(session, source.name, addresses)}

            told, passed_over = read_told(answer.body, source.limits.entries, known)
        earliest = datetime.datetime.min.replace(tzinfo=datetime.UTC)
        by_time = sorted(told, key=lambda entry: entry.stated or earliest, reverse=True)
        wanted = by_time[: source.limits.backlog] if first else by_time
        before = by_time[source.limits.backlog :] if first else []
        chosen = wanted[:AT_ONCE]
        if chosen:
            self._archive.keep(answer)
        outcomes = read_pages(self._record, {_told_address(source, t.key): _alone(answer, t) for t in chosen})
        with self._database.session() as session:
            for entry in chosen:
                address = _told_address(source, entry.key)
                row = {"address": address, "published": entry.stated, "outcome": outcomes[address].word}
                self._put_done(session, source, row, now)
            for entry in before:
                row = {"address": _told_address(source, entry.key), "published": entry.stated, "outcome": BEFORE}
                self._put_done(session, source, row, now)
            self._count(session, source, outcomes.values(), now)
            rest = {"next_due": now} if len(wanted) > AT_ONCE else _validators(answer)
            self._states.succeed(session, source, now, passed_over=passed_over, **rest)
        self._tell_passed_over(source, answer.url, passed_over)

    def _count(self, session: Session, source: Source, outcomes: Iterable[Outcome], now: datetime.datetime) -> None:
        """Add what pages gave to their source, and to what this watcher did."""
        found = list(outcomes)
        self._states.count(session, source.name, found, now)
        for outcome in found:
            self.tally.add(outcome)

    def _is_first(self, session: Session, source: Source) -> bool:
        """Whether nothing was ever named by the source."""
        found = select(FetchedItem.id).where(FetchedItem.source == source.name).limit(1)
        return session.scalar(found) is None

    def _put_done(self, session: Session, source: Source, row: dict[str, Any], now: datetime.datetime) -> None:
        key = key_of(row["address"])
        values = {"source": source.name, "address_hash": key, "first_seen": now, "done": now, "tries": 0, **row}
        insert_missing(session, FetchedItem, [values])
        session.execute(
            update(FetchedItem)
            .where(FetchedItem.source == source.name, FetchedItem.address_hash == key)
            .values(done=now, reads=FetchedItem.reads + 1, **row)
        )

    def _refuse_list(self, source: Source, address: str, error: ReadError, now: datetime.datetime) -> None:
        """A list that may not be had or cannot be read: a refusal in the record, and a failure of the source."""
        log.warning("%s: %s", source.name, error)
        outcomes = read_pages(self._record, {address: error})
        with self._database.session() as session:
            self._count(session, source, outcomes.values(), now)
        self._states.fail(source, now, str(error))

    def _tell_passed_over(self, source: Source, address: str, count: int) -> None:
        if count:
            told = ReadError(
                RefusalReason.TOO_LARGE,
                f"The list names more than {source.limits.entries:,} entries; those beyond are not looked at "
                f"({count:,} when this was first seen). Raise limits.entries of the source {source.name}.",
            )
            read_pages(self._record, {address: told})

    def _take_other(self, source: Source, item: FetchedItem, answer: Answer, now: datetime.datetime) -> None:
        """A further list, or a file of events."""
        if item.part == "data":
            self._import(source, item, answer, now)
            return
        limits = source.limits
        try:
            listing = read_sitemap(answer.body, answer.url, limits.entries, limits.lists, self._most_bytes)
        except ReadError as error:
            self._read([(source, item, error)], now)
            return
        with self._database.session() as session:
            named_before = select(FetchedItem.id).where(
                FetchedItem.source == source.name,
                FetchedItem.part == "listing",
                FetchedItem.first_seen < item.first_seen,
            )
            first = item.reads == 0 and session.scalar(named_before.limit(1)) is None
            pages = [entry for entry in listing.entries if entry.part == "page"]
            named = name_entries(session, source, pages, now, first=first)
            seen = {"next_try": now + source.interval} if named.left else {"next_try": None, **_validators(answer)}
            done = {"done": now, "outcome": "listing", "tries": 0, "reads": item.reads + 1}
            self._items.put(item, session, **done, **seen, **_arrived(item))
        self._tell_passed_over(source, item.address, listing.passed_over)

    def _import(self, source: Source, item: FetchedItem, answer: Answer, now: datetime.datetime) -> None:
        wanted = (item.etag or "").removeprefix("md5:")
        found = hashlib.md5(answer.body, usedforsecurity=False).hexdigest()
        if wanted and wanted != found:
            error = self._put_off(source, item, f"{item.address} came damaged: its MD5 is not as listed.", None, now)
            if error is not None:
                self._read([(source, item, error)], now)
            return
        summary = self._record.import_events("gdelt", self._archive.keep_file(answer))
        outcome = Outcome(int(summary.events > 0), int(summary.known > 0), summary.reasons)
        with self._database.session() as session:
            done = {"done": now, "next_try": None, "outcome": "import", "reads": item.reads + 1}
            self._items.put(item, session, **done, **_arrived(item))
            self._count(session, source, [outcome], now)

    def _read(self, batch: Sequence[tuple[Source, FetchedItem, Answer | ReadError]], now: datetime.datetime) -> None:
        """Read pages into the record, then write down that they are done."""
        outcomes = read_pages(self._record, {item.address: found for _, item, found in batch})
        with self._database.session() as session:
            for source, item, found in batch:
                outcome = outcomes[item.address]
                values: dict[str, Any] = {"done": now, "outcome": outcome.word, "tries": 0, **_arrived(item)}
                if isinstance(found, Answer):
                    values |= _validators(found) | {"content_hash": _digest(found.body), "reads": item.reads + 1}
                    if source.kind is Kind.PAGES and source.follow is None:
                        self._states.answered(session, source.name, now)
                values["next_try"] = self._next_look(source, item, now, had=isinstance(found, Answer))
                self._items.put(item, session, **values)
                self._count(session, source, [outcome], now)
        for source, item, _ in batch:
            log.info("%s: %s: %s", source.name, item.address, outcomes[item.address].word)

    def _looked_at(self, source: Source, item: FetchedItem, now: datetime.datetime, **values: object) -> None:
        """A page that has not changed."""
        with self._database.session() as session:
            again = self._next_look(source, item, now, had=True)
            seen = {"done": now, "next_try": again, "tries": 0, "reads": item.reads + 1}
            self._items.put(item, session, **seen, **_arrived(item), **values)
            if source.kind is Kind.PAGES and source.follow is None:
                self._states.answered(session, source.name, now)

    def _next_look(
        self, source: Source, item: FetchedItem, now: datetime.datetime, *, had: bool
    ) -> datetime.datetime | None:
        """When a page is looked at again: one that is a source itself always, another as its source says."""
        if source.kind is Kind.PAGES and source.follow is None:
            return now + source.interval + source.jitter * self._random.random()
        if not had or item.part != "page" or item.reads >= len(source.recheck):
            return None
        return now + source.recheck[item.reads]

    def _put_off(
        self, source: Source, item: FetchedItem, why: str, wait: datetime.timedelta | None, now: datetime.datetime
    ) -> ReadError | None:
        """Try again later, or refuse after the last try; a wait that the site asks for is no try."""
        log.warning("%s: %s: %s", source.name, item.address, why)
        self._states.count_failure(source.name, why)
        tries = item.tries + (wait is None)
        if tries >= source.limits.tries:
            return FetchError(RefusalReason.UNREACHABLE, f"{why} It was tried {tries} times.")
        later = now + (back_off(tries) if wait is None else wait)
        self._items.put(item, tries=tries, next_try=later, **_arrived(item))
        return None


def _arrived(item: FetchedItem) -> dict[str, Any]:
    """A redirect that was followed is forgotten."""
    return {"location": None, "hops": 0, "host": host_of(item.address)}


def _validators(answer: Answer) -> dict[str, Any]:
    """What a later request may name, so that an unchanged page is not sent again."""
    return {"etag": answer.headers.get("etag"), "last_modified": answer.headers.get("last-modified")}


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _told_address(source: Source, key: str) -> str:
    return f"{source.address}#{key}"


def _alone(answer: Answer, told: Told) -> Answer:
    """The answer as if the feed held one entry alone."""
    headers = {"content-type": "application/xml; charset=utf-8"}
    return Answer(answer.url, answer.status, headers, told.feed, answer.retrieved)
