"""The article from which the project began goes through the commands as a reader would want it."""

from __future__ import annotations

import io
import json
import re
import sys
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from dragoman.cli.app import main
from dragoman.pipeline import Record
from dragoman.record import document_from
from dragoman.records import Document, Mention, Party
from dragoman.terms import DateBasis

pytestmark = pytest.mark.eval_data

QUOTED = {"blood bond", "beacon of resistance", "unflinching commitment to sovereignty"}
NOT_DONE = {"exercises", "arms", "intelligence"}


@dataclass(frozen=True)
class Seed:
    """The record that the command made, and the lines of the article's file."""

    record: Record
    file: Path
    lines: list[str]
    code: int

    @property
    def document(self) -> Document:
        (row,) = self.record.store().snapshot().rows("documents")
        return document_from(row)

    def mentions(self, event: dict[str, Any]) -> list[Mention]:
        return [self.record.mention(key)[0] for key in event["mentions"]]


def run(*words: str) -> tuple[int, str, str]:
    """The exit code, standard output and standard error of a command."""
    out, notes = io.StringIO(), io.StringIO()
    with (
        mock.patch.object(sys, "argv", ["dragoman", *words]),
        redirect_stdout(out),
        redirect_stderr(notes),
        pytest.raises(SystemExit) as left,
    ):
        main()
    return int(left.value.code or 0), out.getvalue(), notes.getvalue()


def make(file: Path, folder: Path, *options: str) -> Seed:
    code, out, notes = run("--record", str(folder), "add", *options, str(file))
    assert out == "", notes
    return Seed(Record(folder), file, [line for line in file.read_text("utf-8").splitlines() if line.strip()], code)


@pytest.fixture(scope="module")
def article(eval_data: Path) -> Path:
    (file,) = sorted((eval_data / "seed").glob("*.txt"))
    return file


@pytest.fixture(scope="module")
def seed(article: Path, tmp_path_factory: pytest.TempPathFactory) -> Seed:
    return make(article, tmp_path_factory.mktemp("seed") / "record", "--retrieved", "2026-01-26")


def test_adding_ends_with_0(seed: Seed) -> None:
    assert seed.code == 0


def test_head_and_foot_of_the_page_become_metadata(seed: Seed) -> None:
    document = seed.document
    logo, title, standfirst, byline = seed.lines[:4]
    assert (document.title, document.standfirst) == (title, standfirst)
    assert document.author == re.fullmatch(r"By (.+?) ?Published .+", byline)[1]  # type: ignore[index]
    assert document.section == logo.removesuffix(" logo") == "The Swamp"
    assert document.topics == ("politics",)
    assert document.published_text == "Published 25 days ago"


def test_the_date_counts_back_from_the_retrieval(seed: Seed) -> None:
    document = seed.document
    assert document.published is not None
    assert (str(document.published), document.published_basis) == ("2026-01-01", DateBasis.RELATIVE)
    assert document.available == date(2026, 1, 1)


def test_without_a_retrieval_the_date_is_unknown(article: Path, tmp_path: Path) -> None:
    document = make(article, tmp_path / "record").document
    assert (document.published, document.published_basis) == (None, None)
    assert document.published_text == "Published 25 days ago"
    assert document.available is None


def test_the_body_is_the_article_and_no_furniture(seed: Seed) -> None:
    first, last = 4, seed.lines.index("politics")
    assert seed.document.body.split("\n\n") == seed.lines[first:last]


def events(seed: Seed, *parties: str) -> list[dict[str, Any]]:
    code, out, notes = run("--record", seed.record.location, "events", *parties, "--as", "json")
    assert code == 0, notes
    found: list[dict[str, Any]] = json.loads(out)
    return found


def test_the_message_is_support_from_kim_in_his_words(seed: Seed) -> None:
    support = [
        event
        for event in events(seed, "PRK", "RUS")
        if (event["source"], event["target"], event["type"], event["factuality"])
        == (["PRK"], ["RUS"], "SUPPORT", "actual")
    ]
    mentions = [mention for event in support for mention in seed.mentions(event)]
    quoted = [seed.document.slice(quote).rstrip(",") for mention in mentions for quote in mention.quotes]
    assert set(quoted) == QUOTED
    for mention in mentions:
        assert any(_is_kim(party, seed.document) for party in mention.source), seed.document.slice(mention.sentence)
    assert all("Kim Jong Un" in event["source_names"] for event in support)


def _is_kim(party: Party, document: Document) -> bool:
    words = document.slice(party.span)
    return party.actor.name == "Kim Jong Un" or "Kim" in words or "North Korean leader" in words


def test_common_work_is_only_what_analysts_hold_possible(seed: Seed) -> None:
    common = [event for event in events(seed, "PRK", "RUS") if event["type"] == "COOPERATE"]
    assert {(event["factuality"], *event["claimants"]) for event in common} == {("possible", "analyst")}


def test_third_parties_criticise_north_korea(seed: Seed) -> None:
    accusers = {
        code
        for event in events(seed, "PRK")
        if event["type"] == "ACCUSE" and event["factuality"] == "actual" and event["target"] == ["PRK"]
        for code in event["source"]
    }
    assert accusers == {"USA", "EUR"}


def test_nothing_is_told_as_done_that_the_article_only_asks_about(seed: Seed) -> None:
    found = events(seed)
    assert found
    for event in found:
        assert event["type"] != "AID"
        done = event["factuality"] == "actual"
        assert not (done and event["type"] == "COOPERATE")
        assert not (done and event["domain"] in NOT_DONE)


def test_adding_again_adds_nothing(seed: Seed) -> None:
    before = seed.record.store().snapshot()
    tables = {name: before.ids(name) for name in ("documents", "mentions", "events", "refusals")}
    code, _, notes = run("--record", seed.record.location, "add", "--retrieved", "2026-01-26", str(seed.file))
    assert code == 0
    assert "0 added, 1 known, 0 refused" in notes
    after = seed.record.store().snapshot()
    assert after.version == before.version
    assert {name: after.ids(name) for name in tables} == tables


def test_the_record_verifies(seed: Seed) -> None:
    code, out, notes = run("--record", seed.record.location, "record", "verify")
    assert (code, out) == (0, ""), notes


def test_every_citation_of_the_brief_resolves(seed: Seed) -> None:
    code, out, notes = run("--record", seed.record.location, "brief", "PRK", "RUS", "--as", "json")
    assert code == 0, notes
    brief = json.loads(out)
    document = seed.document
    parts = {"title": document.title or "", "standfirst": document.standfirst or "", "body": document.body}
    numbers = set()
    for citation in brief["citations"]:
        numbers.add(citation["number"])
        assert citation["document"] == document.id
        assert parts[citation["part"]][citation["start"] : citation["end"]] == citation["text"] != ""
    cited = [statement["citations"] for statement in _statements(brief)]
    assert cited
    assert all(cited)
    assert {number for group in cited for number in group} <= numbers


def _statements(value: object) -> Iterator[dict[str, Any]]:
    """Every statement of a brief, wherever it stands in it."""
    if isinstance(value, list):
        for entry in value:
            yield from _statements(entry)
    elif isinstance(value, dict):
        yield from value.get("statements", ())
        for key, entry in value.items():
            if key != "statements":
                yield from _statements(entry)
