# ruff: noqa: E501 (content is written as it comes)
from __future__ import annotations

from datetime import date

import pytest

from dragoman.errors import ReadError
from dragoman.periods import Period
from dragoman.read.draft import Draft, Item, Page
from dragoman.read.feed import read_feed

TEXT = "Kenya and Ethiopia reopened the border market at Moyale on Monday, officials said."
RSS = f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>Savanna Daily</title><language>en-ke</language>
<item><title>A market &amp; a road reopen</title><link>https://s.example/a</link><pubDate>Mon, 08 May 2023 23:30:00 -0500</pubDate>
<dc:creator>Daniel Mutua</dc:creator><category>Africa</category><category>Trade</category>
<description>Traders return to Moyale</description>
<content:encoded><![CDATA[<p>{TEXT}</p><p>“We are glad,” he said.</p><p>The post A market reopens appeared first on Savanna Daily.</p>]]></content:encoded></item>
<item><title>Teaser only</title><description>{TEXT} [&#8230;] Read more</description></item>
<item><title>Title over again</title><description>Title over again - Paper</description></item>
<item><description>Too short</description></item>
<item><description>{TEXT}</description></item>
</channel></rss>"""
ATOM = f"""<feed xmlns="http://www.w3.org/2005/Atom"><title>Ministry</title>
<entry><title>Statement</title><link rel="alternate" href="https://m.example/1"/><published>2024-06-19T23:00:00-04:00</published><updated>2024-07-01T00:00:00Z</updated><content type="html">&lt;p&gt;{TEXT}&lt;/p&gt;</content></entry>
<entry><title>Changed statement</title><updated>2024-07-01T00:00:00Z</updated><summary>{TEXT}</summary></entry>
</feed>"""


def feed(text: str | bytes) -> list[Item]:
    return list(read_feed(Page(text.encode() if isinstance(text, str) else text, "feed.xml")))


def drafts(items: list[Item]) -> list[Draft]:
    return [item.outcome for item in items if isinstance(item.outcome, Draft)]


def test_rss_entries_become_drafts() -> None:
    items = feed(RSS)
    first, teaser, repeated, untitled = drafts(items)
    assert (first.title, first.standfirst) == ("A market & a road reopen", "Traders return to Moyale")
    assert first.paragraphs == (TEXT, "“We are glad,” he said.")
    assert (first.author, first.publisher, first.topics) == ("Daniel Mutua", "Savanna Daily", ("Africa", "Trade"))
    assert (first.url, first.language) == ("https://s.example/a", "en-ke")
    assert first.published is not None
    assert first.published.period == Period(date(2023, 5, 8))
    assert teaser.paragraphs == (TEXT,)
    assert repeated.paragraphs == ()
    assert (untitled.title, untitled.paragraphs) == (None, (TEXT,))
    assert [item.locator for item in items] == [f"item {number}" for number in range(1, 6)]


def test_an_entry_without_title_and_sentence_is_refused() -> None:
    refused = feed(RSS)[3].outcome
    assert isinstance(refused, ReadError)
    assert refused.reason == "no-text"


def test_atom_dates_of_change_are_not_dates_of_publication() -> None:
    stated, changed = drafts(feed(ATOM))
    assert stated.published is not None
    assert stated.published.period == Period(date(2024, 6, 19))
    assert changed.published is not None
    assert changed.published.updated
    assert changed.publisher == "Ministry"


def test_dc_date_is_a_date_of_publication() -> None:
    text = RSS.replace("<pubDate>Mon, 08 May 2023 23:30:00 -0500</pubDate>", "<dc:date>2023-05-08T10:00:00Z</dc:date>")
    published = drafts(feed(text))[0].published
    assert published is not None
    assert (published.period, published.updated) == (Period(date(2023, 5, 8)), False)


def test_a_feed_that_breaks_off_gives_its_entries_and_a_refusal() -> None:
    items = feed(RSS[: RSS.index("<item><title>Title over")])
    assert len(drafts(items)) == 2
    last = items[-1].outcome
    assert isinstance(last, ReadError)
    assert last.reason == "damaged"


def test_an_empty_feed_is_refused() -> None:
    with pytest.raises(ReadError, match="no entries") as caught:
        feed("<rss version='2.0'><channel><title>x</title></channel></rss>")
    assert caught.value.reason == "empty"


def test_entities_do_not_grow_without_end() -> None:
    bomb = '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    bomb += '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><rss version="2.0"><channel><item><title>&c;</title></item></channel></rss>'
    for item in feed(bomb):
        assert not isinstance(item.outcome, Draft) or len(item.outcome.title or "") < 100


def test_a_file_named_in_the_feed_is_not_opened() -> None:
    text = '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hostname">]><rss version="2.0"><channel><item><title>Host &x; end</title></item></channel></rss>'
    (draft,) = drafts(feed(text))
    assert draft.title is not None
    assert draft.title.startswith("Host")
    assert "localhost" not in draft.title


def test_the_declared_encoding_is_used() -> None:
    text = RSS.replace("UTF-8", "windows-1252", 1).encode("cp1252")
    assert drafts(feed(text))[0].paragraphs[1] == "“We are glad,” he said."
    with pytest.raises(ReadError) as caught:
        feed(b"<rss version='2.0'><channel><item><title>Ren\xe9 and</title></item></channel></rss>")
    assert caught.value.reason == "not-text"
