"""The server as an assistant meets it: a process of its own, spoken to over its standard input and output."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest
from mcp import Client, StdioServerParameters

from dragoman.assist.server import TOOLS
from dragoman.pipeline import Record

DISPATCHES = Path(__file__).parents[2] / "corpora" / "dispatches" / "pages"
Result = TypeVar("Result")


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Record:
    made = Record(tmp_path_factory.mktemp("assist") / "record")
    made.add(*sorted(DISPATCHES.glob("prk-rus-*.html"))[:3])
    return made


def asked(record: Record, work: Callable[[Client], Awaitable[Result]]) -> Result:
    async def talk() -> Result:
        words = ["-m", "dragoman", "--record", record.location, "mcp"]
        async with Client(StdioServerParameters(command=sys.executable, args=words, env=dict(os.environ))) as client:
            return await work(client)

    return asyncio.run(talk())


@pytest.fixture(scope="module")
def told(record: Record) -> dict[str, Any]:
    """All that the tests ask, in one conversation: a server takes seconds to start."""

    async def work(client: Client) -> dict[str, Any]:
        found = await client.call_tool("find_events", {"first": "PRK", "second": "RUS", "limit": 5})
        events = (found.structured_content or {})["events"]
        return {
            "tools": (await client.list_tools()).tools,
            "found": found.structured_content,
            "event": (await client.call_tool("show_event", {"event": events[0]["id"]})).structured_content,
            "ledger": (
                await client.call_tool("show_relation", {"first": "PRK", "second": "RUS", "view": "ledger"})
            ).structured_content,
            "documents": (await client.call_tool("search_documents", {"words": "Pyongyang"})).structured_content,
            "brief": (await client.call_tool("write_brief", {"first": "PRK", "second": "RUS"})).structured_content,
            "wrong": await client.call_tool("show_relation", {"first": "PRK", "second": "RUS", "view": "moods"}),
            "missing": await client.call_tool("show_event", {"event": "e00000000000000000000"}),
        }

    version = record.store().snapshot().version
    return {"version": version, **asked(record, work)}


def test_every_tool_only_reads_and_says_what_it_takes(told: dict[str, Any]) -> None:
    assert sorted(tool.name for tool in told["tools"]) == sorted(TOOLS)
    for tool in told["tools"]:
        assert tool.annotations is not None
        assert (tool.annotations.read_only_hint, tool.annotations.destructive_hint) == (True, False)
        assert tool.description


def test_answers_bring_their_evidence_and_errors_reach_the_assistant(record: Record, told: dict[str, Any]) -> None:
    assert told["found"]["version"] == told["version"]
    assert 1 <= len(told["found"]["events"]) <= 5
    for event in told["found"]["events"]:
        assert event["sentences"], "no event without the sentence that reports it"
    shown = told["event"]
    assert {one["mention"] for one in shown["sentences"]} == set(shown["event"]["mentions"])
    for one in shown["sentences"]:
        mention, document = record.mention(one["mention"])
        assert one["text"] == document.slice(mention.sentence)
        assert (one["document"], one["publisher"]) == (document.id, document.publisher)
    assert told["ledger"]["view"] == "ledger"
    assert all(row["evidence"] for row in told["ledger"]["rows"])
    assert told["documents"]["total"] >= 1
    assert all("pyongyang" in one["excerpt"].lower() for one in told["documents"]["documents"] if one["excerpt"])
    assert told["brief"]["text"].startswith("#")
    assert told["wrong"].is_error
    assert "there are: events" in str(told["wrong"].content)
    assert told["missing"].is_error
    assert record.store().snapshot().version == told["version"], "nothing was written"
