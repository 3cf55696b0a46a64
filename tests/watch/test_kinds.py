"""Each kind of source, and sites that misbehave."""

from __future__ import annotations

import datetime
import gzip
import hashlib
import io
import os
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from dragoman.database import Database, FetchedItem, SourceState
from dragoman.errors import RecordError, UsageError
from dragoman.pipeline import Record
from dragoman.watch import Archive, Kind, Limits, Source, Watcher, source_status
from dragoman.watch.reading import read_pages
from simulated_watch import MINUTE, SECOND, START, Reply, SimulatedClock, Site, rss, sitemap, story

Watch = Callable[..., Watcher]
DAY = datetime.date(2026, 1, 8)


def source(address: str, kind: Kind = Kind.FEED, name: str = "harbour", **changes: object) -> Source:
    values: dict[str, object] = {"interval": 10 * MINUTE, "limits": Limits(spacing=SECOND)} | changes
    return Source(name, kind, (address,), **values)  # type: ignore[arg-type]


def outcomes(database: Database) -> dict[str, str]:
    with database.session() as session:
        rows = session.scalars(select(FetchedItem))
        return {row.address.rpartition("/")[2]: row.outcome for row in rows}


def state(database: Database, name: str = "harbour") -> SourceState:
    with database.session() as session:
        return session.get_one(SourceState, name)


def titles(record: Record) -> list[str]:
    return sorted(row["title"] for row in record.store().snapshot().rows("documents"))


def refusals(record: Record) -> list[str]:
    rows = record.store().snapshot().rows("refusals")
    return sorted(row["reason"] for row in rows if row["stage"] == "read")


def told(number: int) -> bytes:
    text = f"The harbour office counted {number} ships in the roads on Thursday, fewer than in the week before."
    return story(
        f"Count {number}", DAY, text, "No reason was given by the office, which publishes the count every day."
    )


def test_an_index_of_sitemaps_is_followed_and_only_the_newest_pages_are_read(
    watch: Watch, site: Site, record: Record, database: Database, clock: SimulatedClock
) -> None:
    for number in range(6):
        site.put(f"/{number}", told(number))
    hour = 60 * MINUTE
    old = [(site.url(f"/{number}"), START - (9 - number) * hour) for number in range(4)]
    site.put("/a.xml.gz", Reply(gzip.compress(sitemap(old)), media="application/gzip"))
    site.put("/index.xml", sitemap([(site.url("/a.xml.gz"), START)], "sitemapindex", "sitemap"))
    later = START + 15 * MINUTE
    site.put("/b.xml", sitemap([(site.url("/4"), None), (site.url("/5"), None)]), later)
    lists = [(site.url("/a.xml.gz"), START), (site.url("/b.xml"), later)]
    site.put("/index.xml", sitemap(lists, "sitemapindex", "sitemap"), later)
    watcher = watch(source(site.url("/index.xml"), Kind.SITEMAP, limits=Limits(spacing=SECOND, backlog=2)))
    watcher.run(lambda: clock.now() >= START + 45 * MINUTE)
    found = outcomes(database)
    assert {key: found[key] for key in "012345"} == {
        "0": "before", "1": "before", "2": "document", "3": "document", "4": "document", "5": "document",
    }  # fmt: skip
    assert titles(record) == ["Count 2", "Count 3", "Count 4", "Count 5"]
    assert len(site.requests("/a.xml.gz")) == 1
    assert len(site.requests("/index.xml")) == 5


def test_entries_are_read_from_the_feed_itself(
    watch: Watch,
    site: Site,
    record: Record,
    database: Database,
    archive: Archive,
    clock: SimulatedClock,
    tmp_path: Path,
) -> None:
    def feed(*numbers: int) -> Reply:
        items = "".join(
            f"<item><guid isPermaLink='false'>id-{n}</guid><title>Count {n}</title><description>The harbour office "
            f"counted {n} ships in the roads on Thursday, fewer than in the week before.</description></item>"
            for n in numbers
        )
        text = f"<rss version='2.0'><channel><title>Harbour Line</title>{items}</channel></rss>"
        return Reply(text.encode(), media="application/rss+xml")

    site.put("/feed.xml", feed(1, 2))
    site.put("/feed.xml", feed(2, 3), START + 15 * MINUTE)
    watch(source(site.url("/feed.xml"), entry=True)).run(lambda: clock.now() >= START + 45 * MINUTE)
    assert titles(record) == ["Count 1", "Count 2", "Count 3"]
    assert state(database).documents == 3
    assert {seen.path for seen in site.seen} == {"/robots.txt", "/feed.xml"}
    again = Record(tmp_path / "again", record.settings)
    again.add(archive.folder / "2026-01-09.warc.gz")
    assert again.store().snapshot().ids("documents") == record.store().snapshot().ids("documents")


def test_links_of_a_list_are_followed(watch: Watch, site: Site, record: Record, clock: SimulatedClock) -> None:
    site.put("/news/1", told(1))
    site.put("/about", told(2))
    page = (
        b"<html><body><ul><li><a href='/news/1'>Count 1</a></li><li><a href='/about'>About</a></li></ul></body></html>"
    )
    site.put("/news", page)
    watch(source(site.url("/news"), Kind.PAGES, follow=re.compile(r"/news/\d+$"))).once()
    assert titles(record) == ["Count 1"]


def test_a_page_is_looked_at_again_for_corrections(
    watch: Watch, site: Site, record: Record, database: Database, clock: SimulatedClock
) -> None:
    site.put("/1", told(1))
    site.put("/1", told(7), START + 30 * MINUTE)
    site.put_feed("/feed.xml", [(START, site.url("/1"))])
    rechecks = (20 * MINUTE, 40 * MINUTE)
    watch(source(site.url("/feed.xml"), recheck=rechecks)).run(lambda: clock.now() >= START + 120 * MINUTE)
    assert [seen.status for seen in site.requests("/1")] == [200, 304, 200]
    assert titles(record) == ["Count 1", "Count 7"]


def test_a_mailbox_and_a_drop_folder_are_read_once(
    watch: Watch, record: Record, database: Database, clock: SimulatedClock, tmp_path: Path
) -> None:
    inbox, drop = tmp_path / "inbox", tmp_path / "drop"
    for folder in (inbox, drop):
        folder.mkdir()
    body = "The harbour office counted 12 ships in the roads on Thursday, fewer than in the week before."
    (inbox / "1.eml").write_text(f"From: Office <press@h.example>\nSubject: Count 12\n\n{body}\n")
    (inbox / "note.txt").write_text(body)
    (drop / "a.html").write_bytes(told(3))
    (drop / "b.html.part").write_bytes(told(4))
    (drop / "c.png").write_bytes(b"\x89PNG")
    for path in (*inbox.iterdir(), *drop.iterdir()):
        os.utime(path, (START.timestamp() - 60, START.timestamp() - 60))
    both = (
        Source("mail", Kind.MAIL, folder=inbox, interval=10 * MINUTE),
        Source("drop", Kind.DROP, folder=drop, interval=10 * MINUTE),
    )
    watch(*both).run(lambda: clock.now() >= START + 25 * MINUTE)
    assert titles(record) == ["Count 12", "Count 3"]
    assert outcomes(database) == {"1.eml": "document", "a.html": "document", "c.png": "unknown-format"}
    (drop / "a.html").write_bytes(told(5))
    os.utime(drop / "a.html", (START.timestamp(), START.timestamp()))
    watch(*both).run(lambda: clock.now() >= START + 50 * MINUTE)
    assert titles(record) == ["Count 12", "Count 3", "Count 5"]
    assert (state(database, "drop").documents, state(database, "drop").refusals) == (2, 1)


def test_a_folder_that_is_not_there_is_a_failure(watch: Watch, database: Database, tmp_path: Path) -> None:
    watch(Source("drop", Kind.DROP, folder=tmp_path / "none")).once()
    assert "There is no folder" in state(database, "drop").last_error


GDELT_ROW = (
    "1000000001\t20260109\t202601\t2026\t2026.0247\tRUSGOV\tRUSSIA\tRUS\t\t\t\t\tGOV\t\t\tPRKGOV\tNORTH KOREA\tPRK"
    "\t\t\t\t\tGOV\t\t\t1\t036\t036\t03\t1\t4.0\t2\t1\t2\t1.0\t1\tMoscow\tRS\tRS48\t\t55.7522\t37.6156\t-2960561\t1\tPyongyang\tKN\tKN12"
    "\t\t39.0194\t125.755\t-227070\t1\tMoscow\tRS\tRS48\t\t55.7522\t37.6156\t-2960561\t20260109081500\thttps://h.example/1\n"
)


def packed(number: int) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("export.CSV", GDELT_ROW.replace("1000000001", str(1000000001 + number)))
    return stream.getvalue()


def test_gdelts_files_are_fetched_with_those_missed_and_imported(
    watch: Watch, site: Site, record: Record, database: Database, archive: Archive, clock: SimulatedClock
) -> None:
    for number, stamp in enumerate(("20260109080000", "20260109081500", "20260109083000")):
        site.put(f"/{stamp}.export.CSV.zip", Reply(packed(number), media="application/zip"))
        line = f"9 {hashlib.md5(packed(number)).hexdigest()} {site.url(f'/{stamp}.export.CSV.zip')}\n"
        site.put("/lastupdate.txt", Reply(line.encode(), media="text/plain"), START + 15 * number * MINUTE)
    events = source(site.url("/lastupdate.txt"), Kind.GDELT, interval=30 * MINUTE, jitter=SECOND)
    watch(events).run(lambda: clock.now() >= START + 50 * MINUTE)
    assert len(record.events(providers=("gdelt",))) == 3
    assert sorted(path.name[:14] for path in (archive.folder / "data").iterdir()) == [
        "20260109080000", "20260109081500", "20260109083000",
    ]  # fmt: skip
    assert state(database).documents == 3
    assert all(len(site.requests(f"/{stamp}.export.CSV.zip")) == 1 for stamp in ("20260109080000", "20260109081500"))


def test_a_damaged_file_of_events_is_tried_again_and_then_refused(
    watch: Watch, site: Site, record: Record, database: Database, clock: SimulatedClock
) -> None:
    line = f"9 {'0' * 32} {site.url('/20260109080000.export.CSV.zip')}\n"
    site.put("/lastupdate.txt", Reply(line.encode(), media="text/plain"))
    site.put("/20260109080000.export.CSV.zip", Reply(packed(0), media="application/zip"))
    events = source(site.url("/lastupdate.txt"), Kind.GDELT, limits=Limits(spacing=SECOND, tries=3))
    watch(events).run(lambda: clock.now() >= START + 20 * MINUTE)
    assert len(site.requests("/20260109080000.export.CSV.zip")) == 3
    assert refusals(record) == ["unreachable"]


def test_a_redirect_is_followed_and_a_loop_refused(
    watch: Watch, site: Site, record: Record, database: Database, clock: SimulatedClock
) -> None:
    away = site.url("/new", "127.0.0.2")
    site.put("/moved", Reply(b"", 301, headers={"Location": away}))
    site.put("/new", told(1))
    site.put("/loop", Reply(b"", 302, headers={"Location": "/loop"}))
    site.put("/inside", Reply(b"", 302, headers={"Location": "http://169.254.169.254/latest"}))
    site.put_feed("/feed.xml", [(START, site.url(path)) for path in ("/moved", "/loop", "/inside")])
    site.put("/start.xml", Reply(b"", 308, headers={"Location": "/feed.xml"}))
    watch(source(site.url("/start.xml"))).run(lambda: clock.now() >= START + 5 * MINUTE)
    assert titles(record) == ["Count 1"]
    assert outcomes(database) == {"moved": "document", "loop": "unreachable", "inside": "forbidden-address"}
    assert len(site.requests("/loop")) == 6
    assert len(site.requests("/robots.txt")) == 2
    assert state(database).refusals == 2


def test_bombs_endless_answers_and_floods_are_refused_and_counted(
    watch: Watch, site: Site, record: Record, database: Database, clock: SimulatedClock
) -> None:
    bomb = gzip.compress(b"<p>" + b" " * 60_000_000)
    site.put("/bomb", Reply(bomb, headers={"Content-Encoding": "gzip"}))
    site.put("/big", Reply(b"<p>" + b"x" * 11_000_000))
    site.put("/slow", Reply(told(1), slow=3.0))
    site.put("/gone", Reply(b"", 410))
    site.put("/image", Reply(b"\x89PNG", media="image/png"))
    paths = ("/bomb", "/big", "/slow", "/gone", "/image")
    links = [(START, site.url(path)) for path in paths]
    flood = [(START, f"{site.url('/none')}/{number}") for number in range(100)]
    site.put("/feed.xml", Reply(rss([*links, *flood]), media="application/rss+xml"))
    limits = Limits(spacing=SECOND, entries=5, tries=2)
    watch(source(site.url("/feed.xml"), limits=limits)).run(lambda: clock.now() >= START + 8 * MINUTE)
    assert outcomes(database) == {
        "bomb": "too-large",
        "big": "too-large",
        "slow": "unreachable",
        "gone": "unreachable",
        "image": "unknown-format",
    }
    assert len(site.requests("/slow")) == 2
    assert state(database).passed_over == 100
    assert state(database).refusals == 5
    assert refusals(record) == ["too-large", "too-large", "too-large", "unknown-format", "unreachable", "unreachable"]


def test_a_list_that_cannot_be_read_backs_off(
    watch: Watch, site: Site, record: Record, database: Database, clock: SimulatedClock
) -> None:
    site.put("/feed.xml", b"<html><body>Service page</body></html>")
    watch(source(site.url("/feed.xml"), jitter=0 * SECOND)).run(lambda: clock.now() >= START + 150 * MINUTE)
    asked = [(seen.at - START) // MINUTE for seen in site.requests("/feed.xml")]
    assert asked == [0, 10, 30, 70]
    assert state(database).failures == 4
    assert refusals(record) == ["wrong-format"]
    assert "RSS, Atom or a sitemap was looked for" in state(database).last_error


def test_nothing_is_fetched_while_robots_txt_fails(
    watch: Watch, site: Site, record: Record, database: Database, clock: SimulatedClock
) -> None:
    site.put("/robots.txt", lambda count: Reply(b"", 503) if count < 3 else Reply(b"", 404))
    site.put("/1", told(1))
    site.put_feed("/feed.xml", [(START, site.url("/1"))])
    watcher = watch(source(site.url("/feed.xml")))
    watcher.run(lambda: clock.now() >= START + 6 * MINUTE)
    assert {seen.path for seen in site.seen} == {"/robots.txt"}
    assert "robots.txt of" in state(database).last_error
    watcher.run(lambda: clock.now() >= START + 12 * MINUTE)
    assert titles(record) == ["Count 1"]


def test_a_clock_that_is_set_back_keeps_nothing_waiting(
    watch: Watch, site: Site, record: Record, database: Database, clock: SimulatedClock
) -> None:
    site.put("/1", told(1), START - datetime.timedelta(days=40))
    site.put("/feed.xml", Reply(rss([])), START - datetime.timedelta(days=40))
    watch(source(site.url("/feed.xml"))).run(lambda: clock.now() >= START + 5 * MINUTE)
    clock.moment = START - datetime.timedelta(days=30)
    site.put("/feed.xml", Reply(rss([(START, site.url("/1"))])), clock.moment)
    site.pages["/feed.xml"] = site.pages["/feed.xml"][1:2]
    watch(source(site.url("/feed.xml"))).run(lambda: clock.now() >= START - datetime.timedelta(days=29, hours=23))
    assert titles(record) == ["Count 1"]


def test_status_tells_lag_waiting_and_silence(
    watch: Watch, site: Site, database: Database, clock: SimulatedClock
) -> None:
    site.put("/1", told(1), START + 4 * MINUTE)
    site.put("/2", Reply(b"", 500))
    site.put_feed("/feed.xml", [(START, site.url("/2")), (START + 4 * MINUTE, site.url("/1"))])
    feed = source(site.url("/feed.xml"), jitter=0 * SECOND, silence=30 * MINUTE, outlet="Harbour Line")
    watch(feed).run(lambda: clock.now() >= START + 15 * MINUTE)
    (row,) = source_status(database, [feed], clock.now())
    assert (row.documents, row.waiting, row.outlet, row.silent_since) == (1, 1, "Harbour Line", None)
    assert row.lag_seconds is not None
    assert 6 * 60 <= row.lag_seconds <= 7 * 60
    assert row.all_failures >= 3
    assert row.last_success is not None
    (row,) = source_status(database, [feed], clock.now() + 60 * MINUTE)
    last = state(database).last_new
    assert last is not None
    assert row.silent_since == last
    assert row.row()["silent_since"] == last.isoformat()
    assert source_status(database)[0].silent_since is None


def test_a_robots_txt_that_redirects_is_followed(
    watch: Watch, site: Site, record: Record, database: Database, clock: SimulatedClock
) -> None:
    site.put("/robots.txt", lambda count: Reply(b"", 301, headers={"Location": site.url("/rules", "127.0.0.2")}))
    site.put("/rules", Reply(b"User-agent: Dragoman\nDisallow: /1", media="text/plain"))
    site.put("/1", told(1))
    site.put_feed("/feed.xml", [(START, site.url("/1"))])
    watch(source(site.url("/feed.xml"))).once()
    assert outcomes(database) == {"1": "disallowed"}
    assert site.requests("/1") == []


def test_a_single_run_does_not_wait_for_a_site_that_asks_to_come_back_later(
    watch: Watch, site: Site, record: Record, database: Database, clock: SimulatedClock
) -> None:
    site.put("/1", lambda count: Reply(b"", 429, headers={"Retry-After": "7200"}) if count < 1 else told(1))
    site.put("/2", told(2))
    site.put_feed("/feed.xml", [(START, site.url("/1")), (START, site.url("/2", "127.0.0.2"))])
    feed = source(site.url("/feed.xml"), jitter=0 * SECOND)
    watch(feed).once()
    assert clock.now() < START + 5 * MINUTE
    assert titles(record) == ["Count 2"]
    clock.moment = START + 60 * MINUTE
    watch(feed).once()
    assert len(site.requests("/1")) == 1
    clock.moment = START + 130 * MINUTE
    watch(feed).once()
    assert titles(record) == ["Count 1", "Count 2"]


def test_errors_of_record_and_disk_are_waited_out(
    watch: Watch,
    site: Site,
    record: Record,
    database: Database,
    archive: Archive,
    clock: SimulatedClock,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    for number in (1, 2):
        site.put(f"/{number}", told(number))
    site.put_feed("/feed.xml", [(START, site.url("/1")), (START, site.url("/2"))])
    add, failures = Record.add, [RecordError("the record cannot be written"), OSError(28, "No space left on device")]

    def failing(self: Record, *inputs: Any, **options: Any) -> Any:
        if failures:
            raise failures.pop()
        return add(self, *inputs, **options)

    monkeypatch.setattr(Record, "add", failing)
    watch(source(site.url("/feed.xml"))).run(lambda: clock.now() >= START + 5 * MINUTE)
    assert failures == []
    assert titles(record) == ["Count 1", "Count 2"]
    assert "No space left on device" in caplog.text


def test_a_page_of_a_source_that_is_no_longer_watched_is_read_for_another(
    watch: Watch, site: Site, record: Record, database: Database, clock: SimulatedClock
) -> None:
    site.put("/1", Reply(b"", 500))
    site.put_feed("/feed.xml", [(START, site.url("/1"))])
    watch(source(site.url("/feed.xml"))).run(lambda: clock.now() >= START + MINUTE)
    site.put("/1", told(1), clock.now())
    watch(source(site.url("/feed.xml"), name="other")).run(lambda: clock.now() >= START + 5 * MINUTE)
    assert titles(record) == ["Count 1"]
    assert state(database, "other").documents == 1


def test_a_list_that_grows_without_end_fills_no_database(
    watch: Watch, site: Site, record: Record, database: Database, clock: SimulatedClock
) -> None:
    def flood(count: int) -> Reply:
        links = [(START, site.url(f"/none/{count}/{number}")) for number in range(200)]
        return Reply(rss(links), media="application/rss+xml")

    site.put("/feed.xml", flood)
    limits = Limits(spacing=20 * SECOND, waiting=10, backlog=5, tries=1)
    watch(source(site.url("/feed.xml"), interval=MINUTE, limits=limits)).run(lambda: clock.now() >= START + 10 * MINUTE)
    with database.session() as session:
        rows = list(session.scalars(select(FetchedItem).where(FetchedItem.outcome != "before")))
    assert sum(row.done is None for row in rows) <= 10
    assert 20 <= len(rows) <= 50
    assert state(database).passed_over > 100


def test_a_list_longer_than_may_wait_is_read_in_turns(
    watch: Watch, site: Site, record: Record, database: Database, clock: SimulatedClock
) -> None:
    site.put("/feed.xml", Reply(rss([])))
    for number in range(5):
        site.put(f"/{number}", Reply(b"", 410))
    links = [(START, site.url(f"/{number}")) for number in range(5)]
    site.put("/feed.xml", Reply(rss([(START, site.url("/0"))])), START + MINUTE)
    site.put("/feed.xml", Reply(rss(links)), START + 12 * MINUTE)
    limits = Limits(spacing=SECOND, waiting=2)
    watch(source(site.url("/feed.xml"), limits=limits)).run(lambda: clock.now() >= START + 50 * MINUTE)
    assert [len(site.requests(f"/{number}")) for number in range(5)] == [1] * 5
    assert state(database).passed_over == 0


def test_no_file_of_this_machine_is_read_for_an_address(record: Record) -> None:
    with pytest.raises(UsageError, match="no web address"):
        read_pages(record, {"a:*": RecordError("x")})  # type: ignore[dict-item]
