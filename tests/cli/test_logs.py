from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest

from dragoman.cli.logs import HIDDEN, Level, LogFormat, hide, set_up
from running import run


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    root = logging.getLogger()
    level, handlers = root.level, list(root.handlers)
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


SECRETS = (
    "postgresql://desk:hunter2@db.example/desk",
    "Authorization: Bearer abc.def-ghi",
    "Cookie: session=abcdef; other=1",
    "https://hooks.example/x?token=hunter2&a=1",
    "password='hunter2'",
    '{"api_key": "hunter2"}',
    "bearer hunter2",
)


@pytest.mark.parametrize("text", SECRETS)
def test_secrets_are_hidden(text: str) -> None:
    told = hide(f"before {text} after" if "ookie" not in text and "uthor" not in text else text)
    assert HIDDEN in told
    assert not any(secret in told for secret in ("hunter2", "abc.def", "abcdef"))


def test_plain_words_stay() -> None:
    for text in ("https://site.example/a:b@c/token", "the token of goodwill", "3 documents of https://s.example/1"):
        assert hide(text) == text


def test_a_line_of_json_tells_level_place_and_what_was_given_beside(capsys: pytest.CaptureFixture[str]) -> None:
    set_up(LogFormat.JSON, Level.INFO)
    set_up(LogFormat.JSON, Level.INFO)
    log = logging.getLogger("dragoman.watch.watcher")
    log.info("read %s", "postgresql://a:hunter2@h/d", extra={"source": "wire", "documents": 3, "token": "hunter2"})
    log.debug("not told")
    try:
        raise ValueError("password=hunter2")
    except ValueError:
        log.exception("failed")
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [line["message"] for line in lines] == ["read postgresql://a:[hidden]@h/d", "failed"]
    assert lines[0] | {"at": ""} == {
        "at": "",
        "level": "info",
        "logger": "dragoman.watch.watcher",
        "message": "read postgresql://a:[hidden]@h/d",
        "source": "wire",
        "documents": 3,
        "token": HIDDEN,
    }
    assert lines[0]["at"].endswith("Z")
    assert "ValueError" in lines[1]["error"]
    assert "hunter2" not in str(lines)


def test_the_command_s_option(tmp_path: object) -> None:
    assert run("--log-format", "json", "--record", tmp_path, "events")[0] == 1
    assert run("--log-format", "xml", "--record", tmp_path, "events")[0] == 2
