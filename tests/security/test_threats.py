"""The threat model names tests; they must be there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
_NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
_STATEMENTS = re.compile(r"\b(?:SELECT|INSERT INTO|UPDATE|DELETE FROM|DROP|ALTER|CREATE)\b")
ALLOWED = {
    "record/engines.py": "a view over the record's own files, whose names are quoted",
    "serve/search/tables.py": "a constant, the tokenizer's options",
    "database/dumping.py": "the name of the table of revisions, a constant",
}
"""Where SQL holds something else than constants, and why that is no danger."""


def rows() -> list[list[str]]:
    table = (ROOT / "docs" / "security.md").read_text("utf-8").partition("## Threats")[2].partition("\n## ")[0]
    lines = [line.strip("| ").split(" | ") for line in table.splitlines() if line.startswith("| ")]
    return lines[1:]


def functions_of(path: Path) -> set[str]:
    return {node.name for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.FunctionDef)}


def test_every_threat_names_a_test_and_every_named_test_is_there() -> None:
    found = rows()
    assert len(found) >= 20
    for threat, defence, tests in found:
        named = _NAMED.findall(tests)
        assert named, f"no test holds: {threat}"
        assert defence
        for file, name in named:
            assert (ROOT / file).is_file(), f"{file} is gone, which held: {threat}"
            assert name in functions_of(ROOT / file), f"{file}::{name} is gone, which held: {threat}"


def test_no_statement_is_put_together_from_text() -> None:
    offenders = []
    for path in sorted((ROOT / "src" / "dragoman").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.JoinedStr):
                continue
            text = "".join(str(part.value) for part in node.values if isinstance(part, ast.Constant))
            if _STATEMENTS.search(text) and any(isinstance(part, ast.FormattedValue) for part in node.values):
                offenders.append(path.relative_to(ROOT / "src" / "dragoman").as_posix())
    assert sorted(set(offenders) - set(ALLOWED)) == []
