"""Runs the command as a person does, in this process."""

from __future__ import annotations

import io
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from unittest import mock

from dragoman.cli.app import main

KEPT = Path(__file__).parent / "record" / "first_version"
"""A small record, written by the first version; copy it before writing to it."""


def run(*words: object) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of a command."""
    out, notes = io.StringIO(), io.StringIO()
    with mock.patch.object(sys, "argv", ["dragoman", *map(str, words)]), redirect_stdout(out), redirect_stderr(notes):
        try:
            main()
            code = 0
        except SystemExit as done:
            code = int(done.code or 0)
    return code, out.getvalue(), notes.getvalue()
