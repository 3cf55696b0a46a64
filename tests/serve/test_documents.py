from __future__ import annotations

import re

import pytest
from fastapi.testclient import TestClient

from dragoman.serve import Desk


@pytest.fixture
def document(desk: Desk) -> str:
    """The document that has most codings."""
    mentions = desk.record.newest().rows("mentions")
    ids = [str(row["document_id"]) for row in mentions]
    return max(sorted(set(ids)), key=ids.count)


def test_the_text_is_all_there_and_its_codings_are_marked(client: TestClient, desk: Desk, document: str) -> None:
    data = client.get(f"/documents/{document}.json").json()
    kept = next(row for row in desk.record.newest().rows("documents") if row["id"] == document)
    told = "\n\n".join("".join(piece["text"] for piece in paragraph["pieces"]) for paragraph in data["body"])
    assert told == kept["body"].strip("\n")
    marked = {key for paragraph in data["body"] for piece in paragraph["pieces"] for key in piece["keys"]}
    marked |= {key for piece in (*data["headline"], *data["standfirst"]) for key in piece["keys"]}
    assert marked == {coding["id"] for coding in data["codings"]} != set()


def test_every_coding_has_one_place_in_the_text_and_leads_to_its_event(client: TestClient, document: str) -> None:
    page = client.get(f"/documents/{document}").text
    codings = client.get(f"/documents/{document}.json").json()["codings"]
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    for coding in codings:
        assert ids.count(coding["id"]) == 1
        assert f'href="/events/{coding["event"]}#{coding["id"]}"' in page


@pytest.mark.parametrize("name", ["types", "factualities", "parties"])
def test_a_filter_shows_as_many_codings_as_it_says(client: TestClient, document: str, name: str) -> None:
    choices = client.get(f"/documents/{document}.json").json()[name]
    assert choices
    for choice in choices:
        shown = client.get(choice["address"].replace(document, f"{document}.json")).json()
        assert len(shown["codings"]) == choice["codings"]
        assert shown["clear"] == f"/documents/{document}"


@pytest.mark.parametrize("path", ["d00000000000000000000", "x%00", "%E2%82%AC"])
def test_a_document_that_is_not_there_is_not_found(client: TestClient, path: str) -> None:
    assert client.get(f"/documents/{path}").status_code in (400, 404)


def test_a_filter_of_no_known_word_is_refused(client: TestClient, document: str) -> None:
    assert client.get(f"/documents/{document}?type=FOO").status_code == 400
