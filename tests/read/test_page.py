# ruff: noqa: E501 (content is written as it comes)
from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from dragoman.errors import ReadError
from dragoman.periods import Period, Precision
from dragoman.read.draft import Draft, Page
from dragoman.read.page import read_page

PROSE = (
    "Kenya and Ethiopia reopened the border market at Moyale on Monday, two years after fighting had forced it to close.",
    "Kenya's trade secretary thanked Addis Ababa for “steady and patient work” and promised a second office in the north.",
)


def page_of(pages: Path, name: str, retrieved: datetime | None = None) -> Draft:
    return read_page(Page((pages / name).read_bytes(), name, retrieved=retrieved))


def page_with(head: str = "", above: str = "", below: str = "", url: str | None = None) -> Draft:
    paragraphs = "".join(f"<p>{line}</p>" for line in PROSE)
    text = f"<html><head><meta charset=utf-8>{head}</head><body><article><h1>A market reopens</h1>{above}{paragraphs}{below}</article></body></html>"
    return read_page(Page(text.encode(), "page.html", url))


def test_a_wire_page(pages: Path) -> None:
    draft = page_of(pages, "wire.html")
    assert draft.title == "Poland summons Belarus envoy over border incident"
    assert draft.standfirst is None  # the description in its head is a cut copy of the first sentence
    assert draft.author == "Anna Zielinska and Tom Oakes"
    assert (draft.publisher, draft.section) == ("Meridian Wire", "Europe")
    assert draft.topics == ("Poland", "Belarus", "border")
    assert draft.published is not None
    assert draft.published.period == Period(date(2024, 3, 4))  # the stated local day, though it is the 5th in UTC
    assert draft.url == "https://meridian-wire.example/europe/poland-summons-belarus-envoy"
    assert len(draft.paragraphs) == 4
    assert draft.paragraphs[0].startswith("WARSAW, March 4 (Meridian) - Poland summoned")
    assert draft.paragraphs[-1].endswith("closed a rail crossing last year.")


def test_a_community_page(pages: Path) -> None:
    draft = page_of(pages, "community.html")
    assert draft.title == "Why Ankara Keeps Both Doors Open"
    assert draft.standfirst == "Turkey’s president called Moscow a ‘neighbour’ and NATO a ‘home’ in one week"
    assert (draft.author, draft.section, draft.publisher) == ("Leyla Demirkan", "The Lagoon", "Pages & People")
    assert draft.topics == ("politics",)
    assert draft.published is not None
    assert draft.published.text == "Published 3 days ago"
    assert len(draft.paragraphs) == 3
    assert draft.paragraphs[-1].endswith("an official warned.")


def test_a_ministry_page_laid_out_in_tables_and_windows_1252(pages: Path) -> None:
    draft = page_of(pages, "ministry.html")
    assert draft.title == "Statement on the ceasefire in the northern district"
    assert draft.section == "Statements"
    assert draft.published is not None
    assert draft.published.period == Period(date(2024, 6, 19))
    assert draft.paragraphs[1].endswith("“The agreement is a beginning,” Minister René Okafor said.")
    assert draft.paragraphs[-1] == "The Republic will send two observers to the joint commission."


def test_a_live_page(pages: Path) -> None:
    draft = page_of(pages, "liveblog.html")
    assert draft.title == "Live: leaders meet in Geneva for talks on the strait"
    assert (
        draft.standfirst
        == "Delegations of four states begin two days of talks. Follow the developments as they happen."
    )
    assert draft.published is not None
    assert draft.published.period == Period(date(2025, 9, 2))
    text = " ".join(draft.paragraphs)
    assert "Iran rejected the draft" in text
    assert "Oman's foreign minister offered" in text
    assert "Police closed the streets" in text
    assert "Copy link" not in text


def test_a_page_full_of_furniture(pages: Path) -> None:
    draft = page_of(pages, "furniture.html")
    assert draft.title == "Kenya and Ethiopia reopen border market"
    assert draft.standfirst == "Traders return to Moyale after two years of closure"
    assert (draft.author, draft.publisher, draft.section) == ("Daniel Mutua", "Savanna Daily", "Africa")
    assert draft.topics == ("Kenya", "Ethiopia", "trade")
    assert draft.published is not None
    assert draft.published.text == "Posted on 8 May 2023"
    assert draft.paragraphs == (
        PROSE[0],
        'Kenya\'s trade secretary thanked Addis Ababa for "steady and patient work" and said that customs officers of both '
        "states would share an office.",
        "Ethiopia will send 40 more officers by June, its ministry announced.",
    )


def test_a_blog_whose_name_is_a_heading_too(pages: Path) -> None:
    draft = page_of(pages, "blog.html")
    assert (draft.title, draft.publisher, draft.author) == ("Market reopens", "Blog of Abebe", "Abebe T.")
    assert draft.topics == ("Trade",)
    assert draft.published is not None
    assert draft.published.period == Period(date(2024, 6, 19))
    assert draft.paragraphs[2] == "What next"
    assert draft.paragraphs[3].endswith("published on Sunday.")


def test_a_page_of_line_breaks_is_laid_out_as_text(pages: Path) -> None:
    draft = page_of(pages, "breaks.html")
    assert (draft.title, draft.publisher) == ("Market reopens", "MINISTRY OF TRADE")
    assert draft.published is not None
    assert draft.published.text == "19 June 2024"
    assert [line[:5] for line in draft.paragraphs] == ["Kenya", "Kenya", "Ethio"]


def test_a_page_without_article_is_refused(pages: Path) -> None:
    with pytest.raises(ReadError, match="holds no article text") as caught:
        page_of(pages, "nothing.html")
    assert caught.value.reason == "no-text"


@pytest.mark.parametrize(
    ("head", "above", "url", "period"),
    [
        (
            '<meta property="article:published_time" content="2024-06-19T10:00:00Z">',
            "",
            None,
            Period(date(2024, 6, 19)),
        ),
        ('<meta name="DC.date.issued" content="2024-06-19">', "", None, Period(date(2024, 6, 19))),
        ("", '<time datetime="2024-06-19T23:00:00-04:00">5 hours ago</time>', None, Period(date(2024, 6, 19))),
        ("", '<span itemprop="datePublished" content="2024-06-19">today</span>', None, Period(date(2024, 6, 19))),
        ("", "<p class='date'>June 19, 2024</p>", None, Period(date(2024, 6, 19))),
        ("", "<div>Published: 19 June 2024</div>", None, Period(date(2024, 6, 19))),
        ('<meta name="bt:pubdate" content="2024-06-19">', "", None, Period(date(2024, 6, 19))),
        ("", "", "https://a.example/2024/06/19/market", Period(date(2024, 6, 19))),
        ("", "<p class='date'>June 2024</p>", None, Period(date(2024, 6, 1), Precision.MONTH)),
    ],
)
def test_a_stated_date_is_found(head: str, above: str, url: str | None, period: Period) -> None:
    published = page_with(head, above, url=url).published
    assert published is not None
    assert published.period == period


@pytest.mark.parametrize(
    ("head", "above", "below"),
    [
        ("", "", ""),
        (
            "",
            "",
            "<p>The treaty between both states was signed in Nairobi on 19 June 2024, and holds for ten years.</p>",
        ),
        ("", "", "<footer>© 2024 Savanna Daily</footer>"),
        ('<meta property="article:modified_time" content="2024-06-19">', "", ""),
        ("", "<time class='updated' datetime='2024-06-19'>Updated 19 June 2024</time>", ""),
        ('<script type=\'application/ld+json\'>{"@type":"NewsArticle","dateModified":"2024-06-19"}</script>', "", ""),
        ("", "", "<aside><time datetime='2024-06-19'>19 June 2024</time> Another story</aside>"),
        ('<meta property="og:image" content="https://a.example/uploads/2024/06/19/x.jpg">', "", ""),
        ('<meta name="bt:pubdate" content="2024-06">', "", ""),
        ("<title>What happened on 19 June 2024</title>", "", ""),
        ("", "<img src='/uploads/2024/06/19/market.jpg'>", ""),
        ('<meta property="article:published_time" content="1970-01-01T00:00:00Z">', "", ""),
        (
            "",
            "",
            "<div class='card'><time datetime='2024-06-19'>19 June 2024</time><p class='summary'>Another story</p></div>",
        ),
        ("</head><body><div class='date'>Wednesday, June 19, 2024</div>", "", ""),
    ],
)
def test_a_date_that_is_not_the_publication_is_not_taken(head: str, above: str, below: str) -> None:
    draft = page_with(head, above, below)
    assert draft.published is None or draft.published.updated


def test_what_a_page_says_of_itself_may_be_broken() -> None:
    draft = page_with(
        "<script type='application/ld+json'>{broken</script><script type='application/ld+json'>[1, null, {}]</script>"
    )
    assert draft.title == "A market reopens"
    assert page_with(f"<script type='application/ld+json'>{'[' * 5000}</script>").title == "A market reopens"


def test_a_description_counts_only_where_the_page_shows_it() -> None:
    head = '<meta name="description" content="Traders return after two years">'
    assert page_with(head).standfirst is None
    assert page_with(head, "<div>Traders return after two years</div>").standfirst == "Traders return after two years"


def test_a_summary_under_the_text_is_no_standfirst() -> None:
    assert (
        page_with(below="<div class='card'><p class='summary'>Another story of another day</p></div>").standfirst
        is None
    )
    assert (
        page_with(above="<p class='article-summary'>Traders return at last</p>").standfirst == "Traders return at last"
    )


def test_an_author_named_under_the_text_is_found() -> None:
    assert page_with(below="<p class='author'>Written by Daniel Mutua</p>").author == "Daniel Mutua"


def test_the_host_stands_in_for_an_unnamed_publisher_of_a_fetched_page() -> None:
    assert page_with(url="https://www.savanna.example/a").publisher == "savanna.example"
    assert page_with().publisher is None


def test_an_agency_is_parted_from_the_author() -> None:
    draft = page_with('<meta name="author" content="By Daniel Mutua, Reuters">')
    assert draft.author == "Daniel Mutua"


def test_furniture_that_holds_the_article_is_kept() -> None:
    paragraphs = "".join(f"<p>{line}</p>" for line in PROSE)
    text = f"<html><body><div class='sidebar comments'><h1>A market reopens</h1>{paragraphs}</div></body></html>"
    assert read_page(Page(text.encode(), "page.html")).paragraphs == PROSE


@pytest.mark.parametrize("tag", ["div", "b", "span", "table", "ul", "blockquote"])
def test_deep_nesting_is_refused_at_once(tag: str) -> None:
    text = f"<html><body>{f'<{tag}>' * 100_000}{PROSE[0]}</body></html>"
    with pytest.raises(ReadError) as caught:
        read_page(Page(text.encode(), "page.html"))
    assert caught.value.reason == "too-deep"


@pytest.mark.parametrize("attributes", [[f"a{n}=1" for n in range(50_000)], [f'a{n}=">"' for n in range(50_000)]])
def test_a_tag_of_countless_attributes_is_refused_at_once(attributes: list[str]) -> None:
    with pytest.raises(ReadError) as caught:
        read_page(Page(f"<html><body><p {' '.join(attributes)}>{PROSE[0]}".encode(), "page.html"))
    assert caught.value.reason == "too-large"


def test_a_page_of_countless_elements_is_refused() -> None:
    with pytest.raises(ReadError) as caught:
        read_page(Page(b"<html><body>" + b"<p>a</p>" * 300_000, "page.html"))
    assert caught.value.reason == "too-large"


@pytest.mark.parametrize(
    "data",
    [
        b"<html>",
        b"<!doctype html>",
        b"<html><body></body></html>",
        b"<html><body><script>var a = '" + b"text. " * 100 + b"'</script></body></html>",
        b"<html><head><title>Only a title of a page</title></head></html>",
        b"<html><body><p>Short.</p></body></html>",
        b"<!-- " + b"comment " * 100 + b"-->",
    ],
)
def test_an_empty_page_is_refused(data: bytes) -> None:
    with pytest.raises(ReadError) as caught:
        read_page(Page(data, "page.html"))
    assert caught.value.reason == "no-text"


def test_the_marks_that_close_an_agency_s_report_go(pages: Path) -> None:
    draft = page_of(pages, "state-media.html")
    assert draft.title == "Minister meets Mongolian envoy"
    first, second = draft.paragraphs
    assert first.endswith("spoke with him about trade across the border.")
    assert second.endswith("promised to visit the Mongolian capital in spring.")


def test_an_outlet_that_names_itself_is_no_author(pages: Path) -> None:
    draft = page_of(pages, "outlet-author.html")
    assert (draft.author, draft.publisher) == (None, "Savanna Daily")


@pytest.mark.parametrize(
    ("kind", "name", "author"),
    [
        ("Person", "Savanna Daily", "Savanna Daily"),
        ("Organization", "Meridian Wire", "Meridian Wire"),
        ("Organization", "Savanna Daily", None),
    ],
)
def test_only_the_outlet_itself_as_an_organization_is_left_out(kind: str, name: str, author: str | None) -> None:
    note = f'{{"@type":"NewsArticle","author":{{"@type":"{kind}","name":"{name}"}},"publisher":"Savanna Daily"}}'
    assert page_with(f"<script type='application/ld+json'>{note}</script>").author == author


def test_a_title_and_one_line(pages: Path) -> None:
    draft = page_of(pages, "notice.html")
    assert (draft.title, draft.publisher, draft.author) == (
        "Kenya recalls its ambassador",
        "Savanna Daily",
        "Daniel Mutua",
    )
    assert draft.published is not None
    assert draft.published.text == "Published 25 days ago"
    assert draft.paragraphs == ("Kenya recalled its ambassador from Ethiopia on Wednesday.",)


def test_a_title_alone(pages: Path) -> None:
    draft = page_of(pages, "headline.html")
    assert (draft.title, draft.author) == ("Kenya recalls its ambassador from Ethiopia", "Daniel Mutua")
    assert draft.published is not None
    assert draft.published.period == Period(date(2024, 6, 19))
    assert draft.paragraphs == ()


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("<title>A market reopens - Savanna Daily</title>", ""),
        ("<title>A market reopens</title>", "<h2>A market reopens</h2>"),
        ("<title>A market reopens | Savanna Daily</title>", "<h1>Savanna Daily</h1><h2>A market reopens</h2>"),
        ("<meta property='og:title' content='A market reopens'>", ""),
        ("<title>A market reopens</title>", "<h1>A market reopens</h1>"),
    ],
)
def test_a_menu_is_never_the_title(head: str, body: str) -> None:
    line = "Kenya reopened the border market at Moyale on Monday."
    menu = "<div>Home World Politics Business Sport</div>"
    text = f"<html><head>{head}</head><body>{menu}{body}<p>Published 19 June 2024</p><p>{line}</p></body></html>"
    draft = read_page(Page(text.encode(), "page.html"))
    assert (draft.title, draft.standfirst, draft.paragraphs) == ("A market reopens", None, (line,))


def test_links_under_a_single_line_are_no_text() -> None:
    line = "Kenya reopened the border market at Moyale on Monday."
    links = "".join(f"<li><a href='/{n}'>Another story of another day, number {n}</a></li>" for n in range(3))
    text = f"<html><body><h1>A market reopens</h1><p>{line}</p><ul>{links}</ul></body></html>"
    assert read_page(Page(text.encode(), "page.html")).paragraphs == (line,)


@pytest.mark.parametrize(
    "body",
    [
        "<h1>Page not found</h1><p>The page was removed.</p>",
        "<h1>404 error</h1>",
        "<h1>Sign in</h1><form><input></form>",
        "<h1>World news</h1>"
        + "".join(f"<p><a href='/{n}'>Another story of another day, {n}</a></p>" for n in range(9)),
    ],
)
def test_pages_of_next_to_no_text_that_are_no_articles_are_refused(body: str) -> None:
    with pytest.raises(ReadError) as caught:
        read_page(Page(f"<html><body>{body}</body></html>".encode(), "page.html"))
    assert caught.value.reason == "no-text"


def test_advertisements_and_newsletter_boxes_without_classes_go(pages: Path) -> None:
    draft = page_of(pages, "boxes.html")
    assert [line.split()[0] for line in draft.paragraphs] == ["NAIROBI,", "Both", "What", "The", "The"]
    assert draft.paragraphs[2] == "What next"
    assert draft.paragraphs[-1].startswith("The talks go on tomorrow")


def test_a_control_character_after_what_is_no_part_of_the_article_goes_with_it() -> None:
    draft = page_with(
        below="<p>Both sides <nav>Home</nav>agreed &#1;to meet again in Nairobi in the second week of May.</p>"
    )
    assert draft.paragraphs[:2] == PROSE
    assert "agreed to meet again in Nairobi" in " ".join(draft.paragraphs)
