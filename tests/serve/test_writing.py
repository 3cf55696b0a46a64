from __future__ import annotations

import io

import pytest
from fastapi.testclient import TestClient
from PIL import Image
from sqlalchemy import select

from dragoman.database import AuditEntry, BriefText, BriefVersion
from dragoman.serve import Desk
from publishing import add_community, composed, published
from signing import signed_in


def picture(form: str = "PNG", size: tuple[int, int] = (8, 6)) -> bytes:
    sink = io.BytesIO()
    Image.new("RGB", size, "navy").save(sink, form)
    return sink.getvalue()


def edit(client: TestClient, slug: str) -> dict[str, object]:
    found: dict[str, object] = client.get(f"/briefs/{slug}/edit.json").json()
    return found


def test_a_composed_brief_is_wholly_supported_and_publishes_as_it_is(client: TestClient, desk: Desk) -> None:
    author, slug = composed(client, desk)
    page = edit(client, slug)
    assert page["lacking"] == []
    assert "[1]" in str(page["text"])
    saved = author.post(f"/briefs/{slug}/save", title=page["brief_title"], community="east-asia", text=page["text"])
    assert saved.status_code == 303
    assert edit(client, slug)["text"] == page["text"]
    assert author.post(f"/briefs/{slug}/publish").headers["location"] == f"/briefs/{slug}"
    client.cookies.clear()
    assert client.get(f"/briefs/{slug}").status_code == 200


def test_a_draft_is_its_author_s_alone(client: TestClient, desk: Desk) -> None:
    _, slug = composed(client, desk)
    other = signed_in(client, desk, "author", "another")
    assert client.get(f"/briefs/{slug}").status_code == 404
    assert client.get(f"/briefs/{slug}/edit").status_code == 404
    assert other.post(f"/briefs/{slug}/save", title="Mine").status_code == 404
    client.cookies.clear()
    for address in (f"/briefs/{slug}", f"/briefs/{slug}.pdf", f"/briefs/{slug}.jsonld", f"/briefs/{slug}/charts/0.svg"):
        assert client.get(address).status_code == 404
    assert slug not in client.get("/briefs").text + client.get("/briefs.rss").text


def test_another_author_s_published_brief_cannot_be_changed(client: TestClient, desk: Desk) -> None:
    _, slug = published(client, desk)
    other = signed_in(client, desk, "author", "another")
    assert client.get(f"/briefs/{slug}").status_code == 200
    for path in ("save", "publish", "withdraw", "sources"):
        assert other.post(f"/briefs/{slug}/{path}", title="Mine", note="x", event="e1").status_code == 403


def test_a_sentence_without_support_is_marked_and_publishes_only_with_the_tick(client: TestClient, desk: Desk) -> None:
    author, slug = composed(client, desk)
    author.post(f"/briefs/{slug}/save", title="By hand", text="Kim will win. Nobody knows [999].")
    assert [own["problem"] for own in edit(client, slug)["lacking"]] == [  # type: ignore[attr-defined]
        "it names no source",
        "it cites [999], which is not among the sources",
    ]
    refused = author.post(f"/briefs/{slug}/publish")
    assert refused.status_code == 400
    assert "have no support" in refused.text
    assert author.post(f"/briefs/{slug}/publish", unsupported="yes").status_code == 303
    client.cookies.clear()
    page = client.get(f"/briefs/{slug}").text
    assert page.count('class="unsupported"') == 2
    assert "2 sentences of this brief have no support" in page


def test_a_correction_needs_a_note_and_leaves_the_old_state_readable(client: TestClient, desk: Desk) -> None:
    author, slug = published(client, desk)
    author.post(f"/briefs/{slug}/save", title="Better", text="Kim spoke [1].")
    assert client.get(f"/briefs/{slug}.json").json()["title"] != "Better"
    assert author.post(f"/briefs/{slug}/publish").status_code == 400
    assert author.post(f"/briefs/{slug}/publish", note="The title was wrong.").status_code == 303
    page = client.get(f"/briefs/{slug}.json").json()
    assert page["title"] == "Better"
    assert [own["note"] for own in page["corrections"]] == ["The title was wrong."]
    assert "The title was wrong." in client.get(f"/briefs/{slug}").text
    old = client.get(f"/briefs/{slug}/versions/1.json").json()
    assert (old["title"] != "Better", old["newest"]) == (True, 2)
    assert client.get(f"/briefs/{slug}/versions/3").status_code == 404


def test_publishing_what_is_published_already_changes_nothing(client: TestClient, desk: Desk) -> None:
    author, slug = published(client, desk)
    assert author.post(f"/briefs/{slug}/publish", note="Again").status_code == 400
    with desk.database.session() as session:
        assert session.scalars(select(BriefVersion.number)).all() == [1]


def test_the_next_brief_on_the_same_relation_tells_what_changed(client: TestClient, desk: Desk) -> None:
    author, _ = published(client, desk)
    answer = author.post("/briefs/compose", dyads="RUS/PRK", community="east-asia")
    second = answer.headers["location"].split("/")[2]
    with desk.database.session() as session:
        brief = session.scalars(select(BriefText).where(BriefText.slug == second)).one()
    # Nothing has changed since, and so nothing is told as changed.
    assert not any(block.get("text") == "What changed since the previous brief" for block in brief.body)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"dyads": "PRK"}, "no pair"),
        ({"dyads": "PRK RUS; A B; C D; E F; G H; I J; K L"}, "1 to 6"),
        ({"dyads": "PRK RUS", "as_of": "yesterday"}, "yesterday"),
        ({"title": ""}, "title"),
        ({"dyads": "PRK RUS", "community": "nowhere"}, "community"),
        ({"dyads": "PRK ZZZ"}, "no event"),
    ],
)
def test_what_cannot_be_composed_is_told(client: TestClient, desk: Desk, fields: dict[str, str], told: str) -> None:
    add_community(desk)
    author = signed_in(client, desk, "author")
    answer = author.post("/briefs/compose", **({"community": "east-asia"} | fields))
    assert answer.status_code in (400, 404)
    assert told in answer.text


def test_an_event_of_the_record_becomes_a_source(client: TestClient, desk: Desk) -> None:
    add_community(desk)
    author = signed_in(client, desk, "author")
    slug = author.post("/briefs/compose", title="Blank", community="east-asia").headers["location"].split("/")[2]
    event = desk.record.events("PRK", "RUS")[0]
    for _ in range(2):
        assert author.post(f"/briefs/{slug}/sources", event=event["id"]).status_code == 303
    sources = edit(client, slug)["sources"]
    cited = [own for source in sources for own in source["sentences"]]  # type: ignore[attr-defined]
    assert [own["number"] for own in cited] == list(range(1, len(cited) + 1))
    assert author.post(f"/briefs/{slug}/sources", event="e" + "0" * 20).status_code == 400
    assert author.post(f"/briefs/{slug}/sources", event="../etc").status_code == 400


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_a_picture_is_written_anew_and_served_as_what_it_is(client: TestClient, desk: Desk, form: str) -> None:
    author, slug = composed(client, desk)
    sent = picture(form) + b"<script>alert(1)</script>"
    answer = client.post(
        f"/briefs/{slug}/picture",
        data={"csrf": author.form_token, "alt": "A port"},
        files={"picture": ('"><script>x</script>.exe', sent, "text/html")},
    )
    assert answer.status_code == 303, answer.text
    number = edit(client, slug)["pictures"][0]["number"]  # type: ignore[index]
    served = client.get(f"/pictures/{number}")
    assert served.headers["content-type"] == f"image/{form.lower()}"
    assert served.headers["x-content-type-options"] == "nosniff"
    assert b"<script>" not in served.content
    client.cookies.clear()
    assert client.get(f"/pictures/{number}").status_code == 404


@pytest.mark.parametrize("content", [b"", b"<svg onload=alert(1)>", b"GIF89a" + b"0" * 50, picture()[:40]])
def test_what_is_no_picture_is_refused(client: TestClient, desk: Desk, content: bytes) -> None:
    author, slug = composed(client, desk)
    answer = client.post(
        f"/briefs/{slug}/picture",
        data={"csrf": author.form_token, "alt": "A port"},
        files={"picture": ("a.png", content, "image/png")},
    )
    assert answer.status_code == 400


def test_a_picture_of_another_brief_cannot_be_shown(client: TestClient, desk: Desk) -> None:
    author, slug = composed(client, desk)
    answer = author.post(f"/briefs/{slug}/save", title="T", text="[[picture 77 | x | y]]")
    assert answer.status_code == 400
    assert "no picture 77" in answer.text


def test_what_is_taken_down_is_gone_for_readers_and_comes_back(client: TestClient, desk: Desk) -> None:
    author, slug = published(client, desk)
    author.post(f"/briefs/{slug}/withdraw")
    assert client.get(f"/briefs/{slug}").status_code == 200
    author.post(f"/briefs/{slug}/save", title="Anew", text="Kim spoke [1].")
    client.cookies.clear()
    assert client.get(f"/briefs/{slug}").status_code == 404
    again = signed_in(client, desk, "author")
    assert again.post(f"/briefs/{slug}/publish", note="Checked.").status_code == 303


@pytest.mark.parametrize(("form", "head"), [("md", b"# "), ("pdf", b"%PDF"), ("docx", b"PK")])
def test_a_published_brief_is_there_in_every_form(client: TestClient, desk: Desk, form: str, head: bytes) -> None:
    _, slug = published(client, desk)
    client.cookies.clear()
    answer = client.get(f"/briefs/{slug}.{form}")
    assert (answer.status_code, answer.content[: len(head)]) == (200, head)


def test_every_step_stands_in_the_audit_log(client: TestClient, desk: Desk) -> None:
    published(client, desk)
    with desk.database.session() as session:
        actions = session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert [action for action in actions if "brief" in action] == ["compose_brief", "publish_brief"]
