from __future__ import annotations

import datetime
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from dragoman.database import Database, FetchedItem, SourceState
from dragoman.pipeline import Record
from dragoman.relate.series import Step
from dragoman.watch import Archive, Kind, Limits, Source, Watcher, source_status
from simulated_watch import MINUTE, PLEDGED, SECOND, START, Reply, SimulatedClock, Site, rss, story

PAGES = sorted((Path(__file__).parents[2] / "corpora" / "dispatches" / "pages").glob("*.html"))
INTERVAL = 5 * MINUTE
SPACING = 10 * SECOND
Watch = Callable[..., Watcher]


def source(address: str, kind: Kind = Kind.FEED, name: str = "harbour", **changes: object) -> Source:
    values: dict[str, object] = {"interval": INTERVAL, "jitter": 30 * SECOND, "limits": Limits(spacing=SPACING)}
    return Source(name, kind, (address,), **(values | changes))  # type: ignore[arg-type]


def items(database: Database, part: str = "page") -> dict[str, FetchedItem]:
    with database.session() as session:
        rows = session.scalars(select(FetchedItem).where(FetchedItem.part == part))
        return {row.address.rpartition("/")[2]: row for row in rows}


def state(database: Database, name: str = "harbour") -> SourceState:
    with database.session() as session:
        return session.get_one(SourceState, name)


def documents(record: Record) -> dict[str, str]:
    """The documents of a record: id and address."""
    rows = record.store().snapshot().rows("documents")
    return {row["id"]: row["url"] for row in rows}


def refusals(record: Record) -> list[tuple[str, str]]:
    rows = record.store().snapshot().rows("refusals")
    return sorted((row["reason"], row["input"] or "") for row in rows if row["stage"] == "read")


def test_an_hour_of_a_local_news_site(
    watch: Watch,
    site: Site,
    record: Record,
    database: Database,
    archive: Archive,
    clock: SimulatedClock,
    tmp_path: Path,
) -> None:
    """Every new page once, lag under two intervals, no host more often than its limit, and all of it kept."""
    bodies = [page.read_bytes() for page in PAGES[:14]]
    appears = {f"/story/{number}": START + number * 4 * MINUTE for number in range(10)}
    for number, (path, moment) in enumerate(appears.items()):
        site.put(path, bodies[number], moment)
    site.put("/story/3", lambda count: Reply(b"broken", 500) if count < 2 else bodies[3], appears["/story/3"])
    busy = Reply(b"busy", 429, headers={"Retry-After": "90"})
    site.put("/story/5", lambda count: busy if count < 1 else bodies[5], appears["/story/5"])
    site.put("/story/7", lambda count: Reply(bodies[7], slow=2.0 if count < 1 else 0.0), appears["/story/7"])
    site.put("/robots.txt", Reply(b"User-agent: *\nCrawl-delay: 20\nDisallow: /private/\n", media="text/plain"))
    site.put("/private/plan", bodies[0])
    site.put_feed(
        "/feed.xml",
        [*((moment, site.url(path)) for path, moment in appears.items()), (START, site.url("/private/plan"))],
    )
    site.put("/statement", bodies[10])
    site.put("/statement", bodies[10].replace(b"</body>", b"<!-- another advert --></body>"), START + 20 * MINUTE)
    site.put("/statement", bodies[11], START + 40 * MINUTE)
    feed = source(site.url("/feed.xml"))
    page = source(site.url("/statement", "127.0.0.2"), Kind.PAGES, "ministry")

    watcher = watch(feed, page)
    watcher.run(lambda: clock.now() >= START + 60 * MINUTE)

    found = items(database)
    for path, moment in appears.items():
        item = found[path.rpartition("/")[2]]
        assert item.outcome == "document", path
        assert len([seen for seen in site.requests(path) if seen.status == 200]) == (2 if path == "/story/7" else 1)
        assert item.done is not None
        assert item.done - moment < 2 * INTERVAL, path
    assert site.requests("/private/plan") == []
    assert found["plan"].outcome == "disallowed"
    assert [seen.status for seen in site.requests("/statement")].count(304) >= 5
    assert len(site.requests("/robots.txt")) == 2
    for host, least in (("127.0.0.1", 20 * SECOND), ("127.0.0.2", SPACING)):
        moments = [seen.at for seen in site.seen if seen.host == host]
        assert len(moments) > 12
        assert min(later - earlier for earlier, later in pairwise(moments)) >= least
    assert any(seen.status == 304 for seen in site.requests("/feed.xml"))
    # The page that only changed its advert was read, and gave the document that was known; the changed one a second.
    assert len(documents(record)) == 12
    assert (state(database).documents, state(database, "ministry").documents) == (10, 2)
    assert state(database, "ministry").known == 1
    assert state(database).all_failures == 4
    assert refusals(record) == [("disallowed", site.url("/private/plan"))]

    again = Record(tmp_path / "again", record.settings)
    again.add(archive.folder / "2026-01-09.warc.gz")
    assert documents(again) == documents(record)


def test_a_restart_goes_on_and_reads_nothing_twice(
    watch: Watch, site: Site, record: Record, database: Database, clock: SimulatedClock
) -> None:
    for number in range(3):
        site.put(f"/story/{number}", PAGES[number].read_bytes())
    site.put_feed("/feed.xml", [(START + number * SECOND, site.url(f"/story/{number}")) for number in range(3)])
    clock.moment += MINUTE
    watcher = watch(source(site.url("/feed.xml")))
    while len(site.requests("/story/2")) + len(site.requests("/story/1")) < 1:
        if not watcher.step():
            clock.wait(10)
    watcher.close()
    second = watch(source(site.url("/feed.xml")))
    second.once()
    second.once()
    assert sorted(seen.path for seen in site.seen if seen.path.startswith("/story")) == [
        "/story/0",
        "/story/1",
        "/story/2",
    ]
    assert len(documents(record)) == 3


def test_a_crash_between_fetch_and_commit_loses_nothing(
    watch: Watch, site: Site, record: Record, database: Database, clock: SimulatedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.put("/story/0", PAGES[0].read_bytes())
    site.put_feed("/feed.xml", [(START, site.url("/story/0"))])
    with monkeypatch.context() as patched:
        patched.setattr(Record, "add", _killed)
        with pytest.raises(KeyboardInterrupt):
            watch(source(site.url("/feed.xml"))).once()
    assert items(database)["0"].done is None
    # The process that held it lives (it is this one), so what it held runs out by time.
    clock.moment += 16 * MINUTE
    watch(source(site.url("/feed.xml"))).once()
    assert items(database)["0"].outcome == "document"
    assert len(documents(record)) == 1


def _killed(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def test_what_a_dead_process_held_is_free_at_once(
    watch: Watch, site: Site, database: Database, clock: SimulatedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.put("/story/0", PAGES[0].read_bytes())
    site.put_feed("/feed.xml", [(START, site.url("/story/0"))])
    with monkeypatch.context() as patched:
        patched.setattr(Record, "add", _killed)
        patched.setattr("os.getpid", lambda: 2**22 + 1)  # no process has this number
        with pytest.raises(KeyboardInterrupt):
            watch(source(site.url("/feed.xml"))).once()
    clock.wait(30)
    watch(source(site.url("/feed.xml"))).once()
    assert items(database)["0"].outcome == "document"


def test_two_watchers_at_once_fetch_nothing_twice(
    watch: Watch, site: Site, record: Record, database: Database, clock: SimulatedClock
) -> None:
    for number in range(4):
        site.put(f"/story/{number}", PAGES[number].read_bytes())
    links = [(START, site.url(f"/story/{number}")) for number in range(4)]
    site.put_feed("/feed.xml", links)
    site.put_feed("/other.xml", links)
    feeds = (source(site.url("/feed.xml")), source(site.url("/other.xml"), name="other"))
    first, second = watch(*feeds), watch(*feeds)
    for _ in range(30):
        first.step()
        second.step()
        clock.wait(5)
    stories = sorted(seen.path for seen in site.seen if seen.path.startswith("/story"))
    assert stories == [f"/story/{number}" for number in range(4)]
    moments = [seen.at for seen in site.seen]
    assert min(later - earlier for earlier, later in pairwise(moments)) >= SPACING
    assert sorted(row.outcome for row in _rows(database)) == ["document"] * 4 + ["elsewhere"] * 4
    assert len(documents(record)) == 4


def _rows(database: Database) -> list[FetchedItem]:
    with database.session() as session:
        return list(session.scalars(select(FetchedItem)))


def test_while_a_source_is_silent_the_series_has_a_gap_and_no_zero(
    watch: Watch, site: Site, record: Record, database: Database, clock: SimulatedClock
) -> None:
    site.put("/pledge", PLEDGED)
    site.put("/feed.xml", Reply(rss([(START, site.url("/pledge"))])))
    later = START + datetime.timedelta(days=70)
    site.put(
        "/letter",
        story("A letter", later.date(), LETTER, "The letter was printed on the first page of the paper."),
        later,
    )
    site.put("/feed.xml", Reply(rss([(later, site.url("/letter")), (START, site.url("/pledge"))])), later)
    feed = source(site.url("/feed.xml"), silence=datetime.timedelta(days=7))
    watch(feed).once()
    clock.moment = START + datetime.timedelta(days=30)
    watch(feed).once()
    (row,) = source_status(database, [feed], clock.now())
    assert row.silent_since == state(database).last_new
    clock.moment = later + MINUTE
    watch(feed).once()
    assert source_status(database, [feed], clock.now())[0].silent_since is None
    months = [row for row in record.dyad("RUS", "PRK").series(Step.MONTH) if row.source == "RUS"]
    told: list[dict[str, Any]] = [dict(row.row()) for row in months]
    assert [row["start"] for row in told] == ["2026-01-01", "2026-02-01", "2026-03-01"]
    assert told[0]["words_cooperation"]["count"] > 0
    assert told[1]["words_cooperation"] is None


LETTER = "Russia praised North Korea on Friday, and its president Vladimir Putin thanked Kim Jong Un in a letter."
