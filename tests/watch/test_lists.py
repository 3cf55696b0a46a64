from __future__ import annotations

import datetime
import gzip
import re
import time

import pytest

from dragoman.errors import ReadError
from dragoman.watch.lists import read_feed_list, read_gdelt, read_links, read_sitemap, read_told
from simulated_watch import START, rss, sitemap

BASE = "https://harbour.example/feed/index.xml"
ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom"><title>Harbour</title>
<entry><id>tag:1</id><title>One</title><link rel="self" href="/self/1"/><link href="../story/1#top"/>
<published>2026-01-09T08:00:00Z</published><updated>2026-01-09T09:00:00+01:00</updated></entry>
<entry><id>tag:2</id><title>No link</title></entry></feed>"""


def nobody(keys: list[str]) -> set[str]:
    return set()


def test_rss_and_atom_name_their_pages() -> None:
    (entry,) = read_feed_list(rss([(START, "https://harbour.example/a")]), BASE, 10).entries
    assert (entry.address, entry.stated) == ("https://harbour.example/a", START)
    (entry,) = read_feed_list(ATOM, BASE, 10).entries
    assert (entry.address, entry.stated) == ("https://harbour.example/story/1", START)


def test_a_permanent_id_stands_for_a_link() -> None:
    feed = b"<rss><channel><item><guid>https://h.example/1</guid></item><item><guid isPermaLink='false'>https://h.example/2</guid></item></channel></rss>"
    assert [entry.address for entry in read_feed_list(feed, BASE, 10).entries] == ["https://h.example/1"]


@pytest.mark.parametrize("data", [b"", b"<html><body>busy</body></html>", b"{}", b"\0\1\2", b"<a/>"])
def test_what_is_no_feed_is_refused(data: bytes) -> None:
    for read in (lambda: read_feed_list(data, BASE, 10), lambda: read_told(data, 10, nobody)):
        with pytest.raises(ReadError):
            read()
    with pytest.raises(ReadError):
        read_sitemap(data, BASE, 10, 10, 1_000_000)


def test_a_feed_of_100_000_items_is_bounded_and_counted() -> None:
    feed = rss([(START, f"https://harbour.example/story/{number}") for number in range(100_000)])
    started = time.monotonic()
    listing = read_feed_list(feed, BASE, 50_000)
    assert (len(listing.entries), listing.passed_over) == (50_000, 50_000)
    told, beyond = read_told(feed, 1_000, lambda keys: set(keys[5:]))
    assert (len(told), beyond) == (5, 99_000)
    assert told[3].feed.count(b"<item>") == 1
    assert len(told[3].feed) < 1_000
    assert time.monotonic() - started < 60


def test_a_sitemap_of_50_000_addresses_gives_the_newest_first() -> None:
    hour = datetime.timedelta(hours=1)
    data = sitemap([(f"https://harbour.example/{n}", START - (n % 1000) * hour) for n in range(50_000)])
    listing = read_sitemap(gzip.compress(data), BASE, 40_000, 10, 10_000_000)
    assert (len(listing.entries), listing.passed_over) == (40_000, 10_000)
    assert listing.entries[0].stated == START
    assert listing.entries[0].address == "https://harbour.example/0"


def test_a_packed_sitemap_that_grows_beyond_the_limit_is_refused() -> None:
    with pytest.raises(ReadError) as told:
        read_sitemap(gzip.compress(b"<urlset>" + b" " * 50_000_000), BASE, 10, 10, 1_000_000)
    assert told.value.reason == "too-large"
    with pytest.raises(ReadError) as told:
        read_sitemap(gzip.compress(sitemap([("https://h.example/", None)] * 500))[:-20], BASE, 10, 10, 1_000_000)
    assert told.value.reason == "damaged"


def test_an_index_names_further_lists_the_newest_first() -> None:
    day = datetime.timedelta(days=1)
    index = sitemap(
        [(f"https://h.example/{n}.xml", START + n * day) for n in range(5)], root="sitemapindex", inner="sitemap"
    )
    listing = read_sitemap(index, BASE, 10, 2, 1_000_000)
    assert [(entry.address, entry.part) for entry in listing.entries] == [
        ("https://h.example/4.xml", "listing"),
        ("https://h.example/3.xml", "listing"),
    ]
    assert listing.passed_over == 3


def test_entities_of_a_list_are_not_undone() -> None:
    bomb = b'<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
    feed = bomb + b"<rss><channel><item><title>&b;</title><link>https://h.example/&f;1</link></item></channel></rss>"
    (entry,) = read_feed_list(feed, BASE, 10).entries
    assert "root" not in entry.address
    told, _ = read_told(feed, 10, nobody)
    assert b"root:" not in told[0].feed


def test_links_of_a_page_are_those_that_the_pattern_finds() -> None:
    page = (
        b"<html><body><p><a href='/news/12#top'>a</a><a href='/about'>b</a>"
        b"<a href='/news/12'>c</a><a href='/news/9'>d</a></p></body></html>"
    )
    listing = read_links(page, "https://h.example/", re.compile(r"/news/\d+$"), 10)
    assert [entry.address for entry in listing.entries] == ["https://h.example/news/12", "https://h.example/news/9"]


LIST = (
    b"100 0123456789abcdef0123456789abcdef http://gdelt.example/gdeltv2/20260109081500.export.CSV.zip\n"
    b"100 0123456789abcdef0123456789abcdef http://gdelt.example/gdeltv2/20260109081500.mentions.CSV.zip\n"
)


def test_gdelt_names_the_newest_file_and_those_missed() -> None:
    (entry,) = read_gdelt(LIST, [], 10).entries
    assert entry.address.endswith("/20260109081500.export.CSV.zip")
    assert (entry.part, entry.digest) == ("data", "md5:0123456789abcdef0123456789abcdef")
    done = ["http://gdelt.example/gdeltv2/20260109073000.export.CSV.zip"]
    stamps = [re.findall(r"\d{14}", entry.address)[0] for entry in read_gdelt(LIST, done, 10).entries]
    assert stamps == ["20260109074500", "20260109080000", "20260109081500"]
    assert len(read_gdelt(LIST, ["http://gdelt.example/gdeltv2/20250109073000.export.CSV.zip"], 10).entries) == 10
    with pytest.raises(ReadError):
        read_gdelt(b"<html>", [], 10)


@pytest.mark.parametrize(
    "link", ["mailto:a@h.example", "javascript:alert(1)", "file:///etc/passwd", "a:*", "data:text/html,x"]
)
def test_links_that_lead_to_no_web_page_are_passed_over(link: str) -> None:
    links = [(START, link), (START, "HTTPS://h.example/1")]
    assert [e.address.lower() for e in read_feed_list(rss(links), BASE, 10).entries] == ["https://h.example/1"]
    assert read_sitemap(sitemap([(link, None)]), BASE, 10, 10, 1_000_000).entries == ()
    page = f"<html><body><p><a href='{link}'>a</a> words</p></body></html>".encode()
    assert read_links(page, BASE, re.compile(""), 10).entries == ()
