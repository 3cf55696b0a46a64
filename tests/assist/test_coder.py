"""The coder and the writer before a server of their own: a stand-in on loopback that answers in OpenAI's form."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from dragoman.assist.coder import SCHEMA, ModelCoder
from dragoman.assist.model import Model
from dragoman.assist.writer import unsupported, write
from dragoman.coding import gazetteer
from dragoman.errors import ModelError
from dragoman.pipeline import Record
from dragoman.settings import Settings
from dragoman.terms import EventType, Factuality, Part
from making import make_document
from running import run

SENTENCE = "North Korea condemned South Korea on Monday over the drills."
DOCUMENT = make_document(f"{SENTENCE} Russia may send grain to Mali.", title="Drills condemned")
GOOD = {
    "sentence": SENTENCE,
    "deed": "condemned",
    "source": "North Korea",
    "target": "South Korea",
    "type": "ACCUSE",
    "factuality": "actual",
}


class Answering(BaseHTTPRequestHandler):
    """Answers every question with what the test says; keeps what was asked."""

    content: str = "{}"
    status: int = 200
    asked: list[dict[str, Any]] = []  # noqa: RUF012 (set anew by every test)
    keys: list[str | None] = []  # noqa: RUF012

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        type(self).asked.append(body | {"path": self.path})
        type(self).keys.append(self.headers.get("Authorization"))
        told = json.dumps({"choices": [{"message": {"role": "assistant", "content": self.content}}]}).encode()
        self.send_response(self.status)
        self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def model(answer: object, status: int = 200) -> Iterator[Model]:
    text = answer if isinstance(answer, str) else json.dumps(answer)
    handler = type("Handler", (Answering,), {"content": text, "status": status, "asked": [], "keys": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        made = Model(f"http://127.0.0.1:{server.server_port}/v1", "small", "secret-key")
        yield made
        Answering.asked, Answering.keys = handler.asked, handler.keys  # type: ignore[attr-defined]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_proposal_that_the_text_supports_becomes_a_mention_with_its_offsets() -> None:
    with model({"events": [GOOD, GOOD]}) as small:
        coding = ModelCoder(small, gazetteer()).code(DOCUMENT)
    (mention,) = coding.mentions
    assert coding.refusals == ()
    assert (mention.type, mention.factuality, mention.quad) == (EventType.ACCUSE, Factuality.ACTUAL, mention.quad)
    assert [party.actor.code for party in (*mention.source, *mention.target)] == ["PRK", "KOR"]
    assert DOCUMENT.slice(mention.sentence) == SENTENCE
    assert DOCUMENT.slice(mention.predicate) == "condemned"
    assert [DOCUMENT.slice(party.span) for party in (*mention.source, *mention.target)] == [
        "North Korea",
        "South Korea",
    ]
    assert mention.sentence.part is Part.BODY
    assert mention.coder_version == "model:small"
    (asked,) = Answering.asked
    assert (asked["path"], asked["temperature"], asked["model"]) == ("/v1/chat/completions", 0, "small")
    assert asked["response_format"]["json_schema"]["schema"] == SCHEMA
    assert SENTENCE in asked["messages"][1]["content"]
    assert Answering.keys == ["Bearer secret-key"]


def test_what_the_text_does_not_support_is_dropped_and_counted() -> None:
    wrong: dict[str, list[Any]] = {
        "unsupported": [{**GOOD, "sentence": "North Korea bombed South Korea."}, {**GOOD, "deed": "bombed"}, 7],
        "no-source": [{**GOOD, "source": "Kim"}, {**GOOD, "source": "Russia"}, {**GOOD, "source": "drills"}],
        "no-target": [{**GOOD, "target": "Japan"}],
        "same-party": [{**GOOD, "target": "North Korea"}],
        "unknown-code": [{**GOOD, "type": "BOMB"}, {**GOOD, "factuality": "sure"}],
    }
    proposals = [one for group in wrong.values() for one in group]
    with model({"events": proposals}) as small:
        coding = ModelCoder(small, gazetteer()).code(DOCUMENT)
    assert coding.mentions == ()
    assert [one.reason.value for one in coding.refusals] == [reason for reason, group in wrong.items() for _ in group]
    assert all(one.document_id == DOCUMENT.id and one.coder_version == "model:small" for one in coding.refusals)


@pytest.mark.parametrize("answer", ["no JSON", "[1]", '{"events": 3}', '{"other": []}', '{"events": [null]}'])
def test_an_answer_of_another_form_gives_nothing(answer: str) -> None:
    with model(answer) as small:
        coder = ModelCoder(small, gazetteer())
        if answer in ("no JSON", "[1]"):
            with pytest.raises(ModelError):
                coder.code(DOCUMENT)
        else:
            assert coder.code(DOCUMENT).mentions == ()


def test_a_model_that_fails_is_told_without_the_key() -> None:
    with model({}, status=401) as small, pytest.raises(ModelError, match="status 401") as told:
        small.ask("", "", "x", {})
    gone = Model("http://127.0.0.1:1/v1", "small", "secret-key")
    with pytest.raises(ModelError, match="does not answer") as silent:
        gone.ask("", "", "x", {})
    assert "secret-key" not in f"{told.value}{silent.value}{gone!r}"


EVIDENCE = ["North Korea shipped 200 shells to Russia on Wednesday, calling it “brotherly help”."]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("North Korea shipped 200 shells to Russia.", None),
        ("On Wednesday North Korea shipped shells, calling it “brotherly help”.", None),
        ("North Korea shipped 300 shells to Russia.", "the number 300"),
        ("North Korea shipped shells to China.", "the name China"),
        ("North Korea shipped shells to Russia as “a gift”.", "the quotation"),
        ("The leadership quietly considers further military cooperation.", "longer words"),
    ],
)
def test_a_sentence_is_held_against_what_it_cites(text: str, why: str | None) -> None:
    found = unsupported(text, EVIDENCE)
    assert (found is None) if why is None else (found is not None and why in found)


def test_a_brief_keeps_supported_sentences_with_their_citations(tmp_path: Path) -> None:
    record = Record(tmp_path / "record")
    pages = Path(__file__).parents[2] / "corpora" / "dispatches" / "pages"
    record.add(*sorted(pages.glob("prk-rus-*.html"))[:3])
    brief = record.brief(("PRK", "RUS"))
    first = next(statement for section in brief.sections for statement in section.statements)
    answer = {
        "sentences": [
            {"text": first.text, "cites": [1]},
            {"text": first.text, "cites": [9999]},
            {"text": "Atlantis declared war.", "cites": [1]},
            {"text": "No citation at all.", "cites": []},
        ]
    }
    with model(answer) as small:
        draft = write(small, brief)
    assert [one.text for one in draft.sentences] == [first.text.strip()]
    assert draft.sentences[0].citations == first.citations
    assert len(draft.dropped) == 3


@pytest.fixture
def dispatch(tmp_path: Path) -> Path:
    path = tmp_path / "dispatch.txt"
    path.write_text(f"{SENTENCE} Russia may send grain to Mali.", "utf-8")
    return path


def named(small: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable, value in (("ADDRESS", small.endpoint), ("KEY", small.key)):
        monkeypatch.setenv(f"DRAGOMAN_MODEL_{variable}", value)
    monkeypatch.setenv("DRAGOMAN_MODEL", small.name)


def test_the_command_prints_what_the_text_supports_and_counts_the_rest(
    dispatch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with model({"events": [GOOD, {**GOOD, "deed": "bombed"}]}) as small:
        named(small, monkeypatch)
        code, out, notes = run("model", "code", dispatch)
    assert code == 0, notes
    told = json.loads(out)
    assert (told["source"], told["target"], told["deed"]) == (["PRK"], ["KOR"], "condemned")
    assert (told["sentence"], told["coder_version"]) == (SENTENCE, "model:small")
    assert "1 events, 1 dropped (unsupported 1)" in notes
    assert "secret-key" not in notes + out + repr(Settings.load())


def test_the_command_writes_prose_that_its_citations_support(
    dispatch: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = tmp_path / "record"
    assert run("--record", record, "add", dispatch, "--retrieved", "2026-01-09")[0] == 0
    sentences = [
        {"text": "North Korea condemned South Korea over the drills.", "cites": [1]},
        {"text": "France bombed Japan.", "cites": [1]},
    ]
    with model({"sentences": sentences}) as small:
        named(small, monkeypatch)
        code, out, notes = run("--record", record, "model", "brief", "PRK", "KOR")
        assert json.loads(run("--record", record, "model", "brief", "PRK", "KOR", "--as", "json")[1])["dropped"]
    assert code == 0, notes
    assert "North Korea condemned South Korea over the drills. [1]" in out
    assert SENTENCE in out
    assert "France" not in out
    assert "1 sentences by small, 1 dropped" in notes


def test_without_a_model_the_command_says_what_to_set(dispatch: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DRAGOMAN_MODEL_ADDRESS", raising=False)
    code, _, notes = run("model", "code", dispatch)
    assert (code, "DRAGOMAN_MODEL_ADDRESS" in notes) == (2, True)
