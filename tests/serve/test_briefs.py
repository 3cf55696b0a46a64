from __future__ import annotations

import datetime
import json
import re
from pathlib import Path
from xml.etree import ElementTree as Tree

import feedparser
import pytest
from fastapi.testclient import TestClient
from lxml import html as lxml_html
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from deskmaking import PAYLOADS
from dragoman.database import Account, BriefText, BriefVersion, Comment, Community, Insight
from dragoman.read import ReadOptions, read_input
from dragoman.read.inputs import Input
from dragoman.records import Document
from dragoman.serve import Desk
from dragoman.serve.publish.content import content_of
from publishing import add_community, composed, published
from signing import signed_in


def test_the_page_has_the_form_of_an_article(client: TestClient, desk: Desk) -> None:
    _, slug = published(client, desk)
    client.cookies.clear()
    now = desk.now()
    desk.now = lambda: now + datetime.timedelta(days=25, minutes=1)
    told = client.get(f"/briefs/{slug}").text
    for words in ("East Asia", "A-Author", "Published 25 days ago", "min read", "About the author", "Reader insights",
                  "Comments", "Sign in to comment"):  # fmt: skip
        assert words in told
    assert f"{now:%B %Y}" in told


def test_our_own_reader_reads_the_page_back(client: TestClient, desk: Desk, tmp_path: Path) -> None:
    author, slug = composed(client, desk)
    with desk.database.session() as session:
        session.execute(update(Account).values(display_name="Ada Brandt", about="I write on the capitals."))
    author.post(
        f"/briefs/{slug}/save",
        title="Pyongyang and Moscow sign what they had promised each other",
        standfirst="A treaty comes into force, and the neighbours take note of it.",
        topic="diplomacy",
        text=client.get(f"/briefs/{slug}/edit.json").json()["text"],
    )
    author.post(f"/briefs/{slug}/publish")
    author.post(f"/briefs/{slug}/comments", text="A comment that is no part of the article at all, and long enough.")
    author.post(f"/briefs/{slug}/insights", kind="agrees", text="An insight that is no part of it either, surely not.")
    client.cookies.clear()
    page = client.get(f"/briefs/{slug}")
    file = tmp_path / "brief.html"
    file.write_bytes(page.content)
    (document,) = read_input(Input(str(file), path=file), ReadOptions())
    assert isinstance(document, Document)
    assert document.title == "Pyongyang and Moscow sign what they had promised each other"
    assert document.standfirst == "A treaty comes into force, and the neighbours take note of it."
    assert document.author == "Ada Brandt"
    assert document.published is not None
    assert document.published.start == desk.now().date()
    assert document.section == "East Asia"
    data = client.get(f"/briefs/{slug}.json").json()
    sentences = [s["text"] for g in data["groups"] for b in g["blocks"] for s in b["sentences"]]
    assert sentences
    assert [s for s in sentences if " ".join(s.split()) not in " ".join(document.body.split())] == []
    for furniture in ("[1]", "no part of", "Sign in", "I write on the capitals", "Sources", "events between the two",
                      "min read", "East Asia", "Report to the moderators", "Published"):  # fmt: skip
        assert furniture not in document.body


def test_it_tells_machines_what_it_is(client: TestClient, desk: Desk) -> None:
    author, slug = published(client, desk)
    author.post(f"/briefs/{slug}/save", title="Anew </script><b>", text="Kim spoke [1].")
    author.post(f"/briefs/{slug}/publish", note="The title.")
    client.cookies.clear()
    page = client.get(f"/briefs/{slug}").text
    (told,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    data = json.loads(told)
    assert data == client.get(f"/briefs/{slug}.jsonld").json()
    assert (data["@type"], data["headline"]) == ("NewsArticle", "Anew </script><b>")
    assert data["url"] == f"http://desk.example/briefs/{slug}"
    assert [own["text"] for own in data["correction"]] == ["The title."]


@pytest.mark.parametrize("address", ["/briefs", "/c/east-asia", "/authors/a-author"])
@pytest.mark.parametrize("form", ["rss", "atom"])
def test_feeds_hold_what_is_published(client: TestClient, desk: Desk, address: str, form: str) -> None:
    _, slug = published(client, desk)
    client.cookies.clear()
    answer = client.get(f"{address}.{form}")
    assert answer.headers["content-type"].startswith(f"application/{form}+xml")
    found = feedparser.parse(answer.content)
    assert not found.bozo
    assert [entry.link for entry in found.entries] == [f"http://desk.example/briefs/{slug}"]
    assert found.entries[0].author == "A-Author"
    assert client.get(address).text.count(f"{address}.{form}") >= 1


def test_feeds_without_briefs_are_well_formed(client: TestClient) -> None:
    for form in ("rss", "atom"):
        Tree.fromstring(client.get(f"/briefs.{form}").content)
    for address in (
        "/c/none",
        "/c/none.rss",
        "/authors/none",
        "/authors/none.atom",
        "/briefs/none",
        "/briefs/none.pdf",
    ):
        assert client.get(address).status_code == 404


def test_lists_are_cut_into_pages_the_newest_first(client: TestClient, desk: Desk) -> None:
    _, slug = published(client, desk)
    with desk.database.session() as session:
        first = session.scalars(select(BriefText)).one()
        place, writer, body, version = first.community_id, first.author_id, first.body, first.record_version
    from_day = desk.now()
    with desk.database.session() as session:
        for number in range(25):
            brief = BriefText(
                slug=f"b-{number}",
                community_id=place,
                author_id=writer,
                title=f"B {number}",
                topic="Trade",
                body=body,
                record_version=version,
                citations=first.citations,
                state="published",
                published=from_day + datetime.timedelta(minutes=number),
            )
            session.add(brief)
            session.flush()
            _version(session, brief)
    page = client.get("/briefs.json").json()
    assert ([card["slug"] for card in page["cards"]][:2], len(page["cards"]), page["after"]) == (
        ["b-24", "b-23"],
        20,
        2,
    )
    rest = client.get("/briefs.json?page=2").json()
    assert (rest["cards"][-1]["slug"], rest["after"]) == (slug, None)
    assert len(client.get("/briefs.json?topic=trade&page=2").json()["cards"]) == 5
    related = client.get("/briefs/b-1.json").json()["related"]
    assert len(related) == 4
    assert all(own["topic"] == "Trade" for own in related)


def _version(session: Session, brief: BriefText) -> None:
    session.add(BriefVersion(brief_id=brief.id, number=1, content=content_of(brief)))


def test_its_chart_is_an_image_of_its_own(client: TestClient, desk: Desk) -> None:
    _, slug = published(client, desk)
    client.cookies.clear()
    page = client.get(f"/briefs/{slug}").text
    (address,) = re.findall(rf'src="(/briefs/{slug}/charts/[^"]+)"', page)
    chart = client.get(address)
    assert (chart.status_code, chart.headers["content-type"]) == (200, "image/svg+xml")
    assert client.get(f"/briefs/{slug}/charts/9999.svg").status_code == 404
    assert client.get(f"/briefs/{slug}/charts/0.svg?version=0").status_code == 404


def test_nothing_that_people_or_documents_wrote_can_run(client: TestClient, desk: Desk) -> None:
    add_community(desk)
    author, slug = composed(client, desk)
    bad = " ".join(PAYLOADS)
    author.post(
        f"/briefs/{slug}/save",
        title=bad[:300],
        standfirst=bad,
        topic=bad[:60],
        text=f"## {bad}\n\n- {bad} [1]\n\n{bad}",
    )
    assert author.post(f"/briefs/{slug}/publish", unsupported="yes").status_code == 303
    for payload in PAYLOADS:
        author.post(f"/briefs/{slug}/comments", text=payload)
        author.post(f"/briefs/{slug}/insights", kind="agrees", text=payload)
    with desk.database.session() as session:
        session.execute(update(Account).values(display_name=bad[:120], about=bad))
        session.execute(update(Community).values(name=bad[:120], about=bad))
        brief = session.scalars(select(BriefText).where(BriefText.slug == slug)).one()
        # What only a hole elsewhere could bring here stays text too.
        session.add(
            Insight(brief_id=brief.id, account_id=author.account_id, kind="source", url="javascript:window.stolen=1")
        )
        session.add(Comment(brief_id=brief.id, account_id=author.account_id, text='https://x.example/"onmouseover="x'))
        hostile = [{**own, "title": bad, "publisher": bad, "url": PAYLOADS[3]} for own in brief.citations[:3]]
        brief.citations = [*hostile, *brief.citations[3:]]
        brief.body = [*brief.body, {"kind": "chart", "parties": ["A", "B"], "title": bad, "weeks": [
            {"week": "2024-01-01", "kind": "words", "events": 1}]}]  # fmt: skip
    author.post(f"/briefs/{slug}/publish", unsupported="yes", note=bad)
    moderator = signed_in(client, desk, "moderator")
    number = client.get(f"/briefs/{slug}.json").json()["number"]
    moderator.post("/complaints", kind="brief", subject=number, reason=bad)
    addresses = [f"/briefs/{slug}", "/briefs", "/c", "/c/east-asia", "/authors/a-author", "/moderation",
                 f"/briefs/{slug}/versions/1", f"/briefs/{slug}/versions/2"]  # fmt: skip
    pages = [client.get(address) for address in addresses]
    signed_in(client, desk, "author")
    pages += [client.get(f"/briefs/{slug}/edit"), client.get("/briefs/new")]
    for page in pages:
        assert page.status_code == 200
        harmless(page.text)
    chart = client.get(f"/briefs/{slug}/charts/{len(brief.body) - 1}.svg?version=2")
    assert "<script" not in chart.text
    for form in ("rss", "atom"):
        Tree.fromstring(client.get(f"/briefs.{form}").content)
    assert client.get(f"/briefs/{slug}.pdf").content.startswith(b"%PDF")
    assert client.get(f"/briefs/{slug}.docx").content.startswith(b"PK")


def harmless(page: str) -> None:
    """Nothing in a page runs but the desk's own scripts, and no link leads to code."""
    tree = lxml_html.fromstring(page)
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        assert element.tag not in ("iframe", "object", "embed"), lxml_html.tostring(element)
        assert [name for name in element.attrib if name.startswith("on") or name in ("style", "srcdoc")] == []
        for name in ("href", "src", "action"):
            assert not str(element.get(name, "")).strip().lower().startswith(("javascript:", "data:", "vbscript:"))
        if element.tag == "script":
            assert str(element.get("src", "")).startswith("/static/") or element.get("type") == "application/ld+json"
        if element.tag == "svg":
            raise AssertionError("an svg within a page")
