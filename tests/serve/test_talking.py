from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from dragoman.database import Account, Ban, Comment
from dragoman.serve import Desk, Role
from publishing import published
from signing import Signed, signed_in


@pytest.fixture
def slug(client: TestClient, desk: Desk) -> str:
    return published(client, desk)[1]


def comment(person: Signed, slug: str, text: str, parent: str = "") -> int:
    answer = person.post(f"/briefs/{slug}/comments", text=text, parent=parent)
    assert answer.status_code == 303, answer.text
    return int(answer.headers["location"].rsplit("-", 1)[1])


def page(client: TestClient, slug: str) -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"/briefs/{slug}.json").json()
    return found


def test_who_is_not_signed_in_is_asked_to(client: TestClient, slug: str) -> None:
    client.cookies.clear()
    told = client.get(f"/briefs/{slug}").text
    assert "Sign in to comment" in told
    assert "Nobody has commented yet" in told
    assert client.post(f"/briefs/{slug}/comments", data={"text": "x"}).status_code in (401, 403)


def test_answers_stand_under_what_they_answer(client: TestClient, desk: Desk, slug: str) -> None:
    reader = signed_in(client, desk)
    first = comment(reader, slug, "One.")
    comment(reader, slug, "Two.", str(first))
    comment(reader, slug, "Three.")
    comments: Any = page(client, slug)["comments"]
    one, three = comments
    assert [own["html"] for own in one["answers"]] == ["<p>Two.</p>"]
    assert three["answers"] == []
    assert page(client, slug)["comment_count"] == 3


def test_a_thread_does_not_grow_deeper_without_end(client: TestClient, desk: Desk, slug: str) -> None:
    reader = signed_in(client, desk)
    parent = ""
    for number in range(12):
        parent = str(comment(reader, slug, f"{number}", parent))

    def depth(own: dict[str, Any]) -> int:
        return 1 + max(map(depth, own["answers"]), default=0)

    assert max(map(depth, page(client, slug)["comments"])) <= 7


@pytest.mark.parametrize(
    "fields",
    [
        {"text": ""},
        {"text": "  \n "},
        {"text": "x" * 5_001},
        {"text": "x", "parent": "999"},
        {"text": "x", "parent": "²"},
    ],
)
def test_what_is_no_comment_is_refused(client: TestClient, desk: Desk, slug: str, fields: dict[str, str]) -> None:
    assert signed_in(client, desk).post(f"/briefs/{slug}/comments", **fields).status_code in (400, 404)


def test_one_takes_back_one_s_own_alone(client: TestClient, desk: Desk, slug: str) -> None:
    reader = signed_in(client, desk)
    number = comment(reader, slug, "One.")
    other = signed_in(client, desk, "reader", "other")
    assert other.post(f"/comments/{number}/remove").status_code == 404
    assert signed_in(client, desk).post(f"/comments/{number}/remove").status_code == 303
    assert page(client, slug)["comments"] == []


def test_an_insight_is_structured(client: TestClient, desk: Desk, slug: str) -> None:
    reader = signed_in(client, desk)
    groups = page(client, slug)["groups"]
    sentence = next(s for g in groups for b in g["blocks"] for s in b["sentences"])
    given = [
        {"kind": "agrees"},
        {"kind": "disputes", "place": sentence["place"], "text": "It was a Tuesday."},
        {"kind": "source", "url": "https://wire.example/a?b=c"},
    ]
    for fields in given:
        assert reader.post(f"/briefs/{slug}/insights", **fields).status_code == 303
    insights = page(client, slug)["insights"]
    assert [own["kind"] for own in insights] == ["agrees", "disputes", "source"]
    assert insights[1]["quote"] == sentence["text"]


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "hates"},
        {"kind": "disputes", "text": "No."},
        {"kind": "disputes", "place": "0.0"},
        {"kind": "disputes", "place": "9999.0", "text": "No."},
        {"kind": "disputes", "place": "²", "text": "No."},
        {"kind": "source"},
        {"kind": "source", "url": "javascript:alert(1)"},
        {"kind": "source", "url": "data:text/html,x"},
        {"kind": "source", "url": "https://"},
        {"kind": "source", "url": "http://[::1"},
    ],
)
def test_what_is_no_insight_is_refused(client: TestClient, desk: Desk, slug: str, fields: dict[str, str]) -> None:
    assert signed_in(client, desk).post(f"/briefs/{slug}/insights", **fields).status_code == 400


def test_a_report_waits_for_a_moderator_who_hides_what_it_is_of(client: TestClient, desk: Desk, slug: str) -> None:
    number = comment(signed_in(client, desk), slug, "Rude.")
    other = signed_in(client, desk, "reader", "other")
    for _ in range(2):
        assert other.post("/complaints", kind="comment", subject=number, reason="It is rude.").status_code == 303
    moderator = signed_in(client, desk, "moderator")
    (report,) = client.get("/moderation.json").json()["reports"]
    assert (report["text"], report["reason"], report["author_name"]) == ("Rude.", "It is rude.", "a-reader")
    assert client.get("/moderation").status_code == 200
    moderator.post("/moderation/settle", complaint=report["id"], outcome="hide")
    assert client.get("/moderation.json").json()["reports"] == []
    assert [own["hidden"] for own in page(client, slug)["comments"]] == [True]
    client.cookies.clear()
    assert page(client, slug)["comments"] == []


def test_a_hidden_comment_that_is_answered_leaves_its_place(client: TestClient, desk: Desk, slug: str) -> None:
    reader = signed_in(client, desk)
    first = comment(reader, slug, "Rude.")
    comment(reader, slug, "Please be kind.", str(first))
    signed_in(client, desk, "moderator").post("/moderation/hide", kind="comment", subject=first)
    client.cookies.clear()
    told = client.get(f"/briefs/{slug}").text
    assert "Rude." not in told
    assert "This comment was taken away." in told
    assert "Please be kind." in told


def test_a_banned_reader_reads_and_writes_nothing_until_the_ban_is_lifted(
    client: TestClient, desk: Desk, slug: str
) -> None:
    signed_in(client, desk)
    signed_in(client, desk, "moderator").post("/moderation/ban", name="a-reader", days="7", reason="Rude.")
    reader = signed_in(client, desk)
    assert client.get(f"/briefs/{slug}").status_code == 200
    assert reader.post(f"/briefs/{slug}/comments", text="x").status_code == 403
    moderator = signed_in(client, desk, "moderator")
    assert [own["name"] for own in client.get("/moderation.json").json()["bans"]] == ["a-reader"]
    moderator.post("/moderation/lift", name="a-reader")
    assert signed_in(client, desk).post(f"/briefs/{slug}/comments", text="x").status_code == 303
    with desk.database.session() as session:
        assert session.scalars(select(Ban.lifted)).one() is not None


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.ADMIN])
def test_moderators_are_not_banned(client: TestClient, desk: Desk, slug: str, role: Role) -> None:
    signed_in(client, desk, role, "chief")
    moderator = signed_in(client, desk, "moderator")
    assert moderator.post("/moderation/ban", name="chief").status_code == 400
    assert moderator.post("/moderation/ban", name="nobody").status_code == 404


def test_a_locked_brief_takes_no_comments(client: TestClient, desk: Desk, slug: str) -> None:
    moderator = signed_in(client, desk, "moderator")
    moderator.post("/moderation/lock", kind="brief", name=slug)
    reader = signed_in(client, desk)
    assert reader.post(f"/briefs/{slug}/comments", text="x").status_code == 403
    assert "No more comments are taken here." in client.get(f"/briefs/{slug}").text


def test_a_closed_community_takes_nothing(client: TestClient, desk: Desk, slug: str) -> None:
    signed_in(client, desk, "moderator").post("/moderation/lock", kind="community", name="east-asia")
    author = signed_in(client, desk, "author")
    assert author.post(f"/briefs/{slug}/comments", text="x").status_code == 403
    assert author.post("/briefs/compose", title="x", community="east-asia").status_code == 400
    author.post(f"/briefs/{slug}/save", title="New", text="x")
    assert author.post(f"/briefs/{slug}/publish", note="n", unsupported="yes").status_code == 403


def test_a_hidden_brief_is_not_shown_again_by_its_author(client: TestClient, desk: Desk, slug: str) -> None:
    with desk.database.session() as session:
        number = client.get(f"/briefs/{slug}.json").json()["number"]
        assert session.scalars(select(Account.name)).all() == ["a-author"]
    signed_in(client, desk, "moderator").post("/moderation/hide", kind="brief", subject=number)
    author = signed_in(client, desk, "author")
    author.post(f"/briefs/{slug}/save", title="New", text="x")
    assert author.post(f"/briefs/{slug}/publish", note="n", unsupported="yes").status_code == 403
    client.cookies.clear()
    assert client.get(f"/briefs/{slug}").status_code == 404
    for address in ("/briefs", "/briefs.rss", "/briefs.atom", "/c/east-asia"):
        assert f"/briefs/{slug}" not in client.get(address).text
    signed_in(client, desk, "moderator").post("/moderation/hide", kind="brief", subject=number, on="no")
    client.cookies.clear()
    assert client.get(f"/briefs/{slug}").status_code == 200


def test_a_moderator_makes_a_community(client: TestClient, desk: Desk) -> None:
    moderator = signed_in(client, desk, "moderator")
    assert (
        moderator.post("/moderation/communities", slug="the-gulf", name="The Gulf", about="A\n\nB").status_code == 303
    )
    assert client.get("/c/the-gulf.json").json()["about"] == "<p>A</p><p>B</p>"
    for wrong in ("The Gulf", "", "a/b", "-", "new"):
        assert moderator.post("/moderation/communities", slug=wrong, name="x").status_code == 400
    assert [own["slug"] for own in client.get("/c.json").json()["communities"]] == ["the-gulf"]


def test_comments_of_a_draft_are_not_taken(client: TestClient, desk: Desk, slug: str) -> None:
    author = signed_in(client, desk, "author")
    draft = author.post("/briefs/compose", title="Draft", community="east-asia").headers["location"].split("/")[2]
    assert author.post(f"/briefs/{draft}/comments", text="x").status_code == 404
    with desk.database.session() as session:
        assert session.scalars(select(Comment)).all() == []
