from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import typer

from dragoman.cli.app import app

DEPLOY = Path(__file__).parents[2] / "deploy"
UNITS = sorted(DEPLOY.glob("*.service"))


def command_of(words: list[str]) -> tuple[Any, list[str]]:
    """The command that the words name, and the words after it."""
    found: Any = typer.main.get_command(app)
    while hasattr(found, "commands") and words and words[0] in found.commands:
        found, words = found.commands[words[0]], words[1:]
    return found, words


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_runs_a_command_that_there_is_with_its_options(unit: Path) -> None:
    text = unit.read_text("utf-8")
    (line,) = re.findall(r"^ExecStart=/opt/dragoman/bin/dragoman (.+)$", text, re.MULTILINE)
    command, words = command_of(shlex.split(line))
    known = {option for parameter in command.params for option in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= known
    for name in ("User=dragoman", "NoNewPrivileges=yes", "ProtectSystem=strict", "UMask=0077"):
        assert name in text
    assert "password" not in text.lower().replace("passwords of", "")


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_finds_nothing_wrong(unit: Path, tmp_path: Path) -> None:
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("there is no systemd-analyze here")
    copied = tmp_path / unit.name
    # The program need not be installed where the tests run.
    copied.write_text(unit.read_text("utf-8").replace("/opt/dragoman/bin/dragoman", "/bin/true"), "utf-8")
    done = subprocess.run([program, "verify", str(copied)], capture_output=True, text=True, check=False)
    about = [line for line in done.stderr.splitlines() if unit.name in line]
    assert about == []


def test_the_container_copies_what_there_is() -> None:
    text = (DEPLOY / "Containerfile").read_text("utf-8")
    root = DEPLOY.parent
    for line in re.findall(r"^COPY (?!--from)(.+)$", text, re.MULTILINE):
        *sources, _ = line.split()
        assert [source for source in sources if not (root / source).exists()] == []
    assert re.search(r"^USER \d+$", text, re.MULTILINE), "it runs as an ordinary user"
