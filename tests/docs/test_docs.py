"""Documentation lags behind the code only until this test runs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from dragoman.cli.app import app
from dragoman.errors import DragomanError
from dragoman.record import TABLES
from dragoman.record.schemas import COMMITS
from dragoman.settings import SETTINGS
from dragoman.terms import RefusalReason

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
STAGES = (
    "read", "coding", "record", "relate", "forecast", "brief", "evaluate", "exchange", "database", "serve", "watch",
)  # fmt: skip


def commands() -> Iterator[tuple[str, Any]]:
    """Every command with its full name; Typer's command objects carry `params` and, for groups, `commands`."""

    def walk(name: str, command: Any) -> Iterator[tuple[str, Any]]:
        if hasattr(command, "commands"):
            if command.invoke_without_command and name != "dragoman":
                yield name, command
            for part, inner in command.commands.items():
                yield from walk(f"{name} {part}", inner)
        else:
            yield name, command

    yield from walk("dragoman", typer.main.get_command(app))


@pytest.mark.parametrize("stage", STAGES)
def test_every_stage_has_its_page(stage: str) -> None:
    assert (DOCS / f"{stage}.md").read_text("utf-8").startswith(f"# {stage}")


@pytest.mark.parametrize(("name", "command"), list(commands()), ids=[name for name, _ in commands()])
def test_every_command_and_option_is_documented(name: str, command: Any) -> None:
    page = (DOCS / "commands.md").read_text("utf-8")
    assert f"## {name}\n" in page
    section = page.split(f"## {name}\n", 1)[1].split("\n## ", 1)[0]
    for parameter in command.params:
        for option in parameter.opts:
            if option.startswith("--") and option != "--help":
                assert f"`{option}" in section, f"{name} {option} is missing from docs/commands.md"


def test_there_are_commands() -> None:
    assert len(list(commands())) >= 10


def test_every_documented_command_exists() -> None:
    page = (DOCS / "commands.md").read_text("utf-8")
    assert set(re.findall(r"^## (dragoman .+)$", page, re.MULTILINE)) == {name for name, _ in commands()}


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_every_setting_is_documented_with_its_default(setting: object) -> None:
    page = (DOCS / "settings.md").read_text("utf-8")
    row = f"| `{setting.variable}` | `{setting.default or 'empty'}` | {setting.help} |"  # type: ignore[attr-defined]
    assert row in page


@pytest.mark.parametrize("table", [*TABLES, "commits"])
def test_every_column_is_documented_with_its_meaning(table: str) -> None:
    page = (DOCS / "record.md").read_text("utf-8")
    section = page.split(f"## {table}\n", 1)[1].split("\n## ", 1)[0]
    for column in {**TABLES, "commits": COMMITS}[table]:
        assert f"| `{column.name}` | {column.metadata[b'meaning'].decode()} |" in section


def test_every_refusal_reason_is_documented() -> None:
    pages = "".join((DOCS / f"{page}.md").read_text("utf-8") for page in ("read", "coding", "exchange"))
    assert [reason for reason in RefusalReason if f"`{reason}`" not in pages] == []


def test_the_error_tree_in_the_module_is_complete() -> None:
    source = (ROOT / "src" / "dragoman" / "errors.py").read_text("utf-8")
    drawn = source.split('"""')[1]

    def family(kind: type[DragomanError]) -> Iterator[type[DragomanError]]:
        yield kind
        for inner in kind.__subclasses__():
            yield from family(inner)

    assert [kind.__name__ for kind in family(DragomanError) if kind.__name__ not in drawn] == []


def test_local_links_in_documentation_lead_somewhere() -> None:
    broken = []
    for page in [*ROOT.glob("*.md"), *DOCS.rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text("utf-8")):
            if "://" not in target and not (page.parent / target).exists():
                broken.append(f"{page.name}: {target}")
    assert broken == []


def test_the_readme_s_make_targets_exist() -> None:
    targets = set(re.findall(r"^make (\w+)$", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE))
    rules = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert targets == {"demo", "test"}
    assert targets <= rules


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = sorted(int(page.name[:4]) for page in (DOCS / "decisions").glob("*.md"))
    assert numbers == list(range(1, len(numbers) + 1))
