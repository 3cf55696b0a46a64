"""What the desk says of itself in /openapi.json holds whatever it is asked: no failure, no status that is not told."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.python import asgi
from schemathesis.specs.openapi.checks import status_code_conformance

from deskmaking import add_people
from dragoman.serve import Desk, Role, create_app
from dragoman.settings import Settings
from running import KEPT

CHECKS = [not_a_server_error, status_code_conformance]

EXAMPLES = {"GET": 3, "POST": 3}
"""Examples of each operation and mode: values that fit its document, and values that do not."""


@pytest.fixture
def asked(tmp_path: Path) -> Iterator[tuple[Any, Any, dict[str, str], dict[str, str]]]:
    """The document, a client, what stands for things that are there, and the token of an administrator."""
    shutil.copytree(KEPT, tmp_path / "record")
    desk = Desk.open(Settings.load({"DRAGOMAN_SERVE_LIMITS": "off"}, record=str(tmp_path / "record")))
    _, token = add_people(desk.database)[Role.ADMIN]
    event = desk.record.events("PRK", "RUS")[0]
    mention, document = desk.record.mention(event["mentions"][0])
    there = {"first": "PRK", "second": "RUS", "party": "PRK", "code": "PRK"}
    there |= {"events": event["id"], "documents": document.id, "mentions": mention.id}
    app = create_app(desk)
    with asgi.get_client(app) as client:  # type: ignore[arg-type]
        schema = schemathesis.openapi.from_asgi("/openapi.json", app, timeout=300)
        yield schema, client, there, {"authorization": f"Bearer {token}"}


@pytest.mark.parametrize("who", ["nobody", "admin"])
def test_whatever_is_asked_is_answered_as_the_document_says(asked: Any, who: str) -> None:
    schema, client, there, headers = asked
    operations = [found.ok() for found in schema.get_all_operations()]
    assert len(operations) > 10
    wrong: list[str] = []
    # What reads comes first: what an administrator does may take away what there is to read.
    for operation in sorted(operations, key=lambda one: (one.method.upper() != "GET", one.path)):
        for fixed in known_parts(operation.path, there):
            for mode in GenerationMode:
                ask(operation, mode, fixed, client, headers if who == "admin" else {}, wrong)
    assert wrong == []


def known_parts(path: str, there: dict[str, str]) -> list[dict[str, str]]:
    """The parts of a path that are left to chance, and those that lead to something."""
    named = {name: there[name] for name in ("first", "second", "party", "code") if f"{{{name}}}" in path}
    kind = path.split("/")[1]
    if "{identity}" in path and kind in there:
        named["identity"] = there[kind]
    return [{}, named] if named else [{}]


def ask(
    operation: Any, mode: Any, fixed: dict[str, str], client: Any, headers: dict[str, str], wrong: list[str]
) -> None:
    """Ask an operation some examples, and note those that are answered wrongly."""

    @settings(
        max_examples=EXAMPLES[operation.method.upper()],
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(mode, path_parameters=fixed or None))
    def one(case: Any) -> None:
        answer = case.call(session=client, headers=headers, allow_redirects=False)
        try:
            case.validate_response(answer, checks=CHECKS)
        except Exception as error:  # noqa: BLE001 (Schemathesis raises groups of its own)
            wrong.append(f"{case.method} {answer.request.url}: {answer.status_code} {str(error)[:300]}")

    try:
        one()
    except Unsatisfiable:
        # Some operations take nothing that could be said wrongly.
        if mode is GenerationMode.POSITIVE:
            raise
