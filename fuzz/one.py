"""Fuzzes a target in a forked child: importing this module loads and instruments what guides the fuzzer, once."""

from __future__ import annotations

import ctypes
import os
import sys
import warnings
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

import atheris

LIBRARIES = ["dragoman", "feedparser", "markdown_it", "pypdf"]
"""The packages whose branches guide the fuzzer."""
_GUIDING = ("dragoman.read", "dragoman.exchange", "dragoman.periods")


def _others() -> Iterator[str]:
    """Dragoman's modules that read nothing; to follow their branches would only cost time."""
    spec = find_spec("dragoman")
    for folder in (spec.submodule_search_locations if spec else None) or []:
        for path in Path(folder).rglob("*.py"):
            name = ".".join(("dragoman", *path.relative_to(folder).with_suffix("").parts)).removesuffix(".__init__")
            if not name.startswith(_GUIDING):
                yield name


with atheris.instrument_imports(include=LIBRARIES, exclude=sorted(_others())):
    from fuzz.targets import FIRST, TARGETS


def fuzz(name: str, words: Sequence[str], told: Path) -> int:
    """Hand a child over to libFuzzer with its own options, and what it says to a file; its exit code."""
    warnings.simplefilter("ignore")
    TARGETS[name](FIRST)
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    with told.open("wb") as stream:
        os.dup2(stream.fileno(), 1)
        os.dup2(stream.fileno(), 2)
    try:
        atheris.Setup([sys.executable, *words], TARGETS[name])
        atheris.Fuzz()
    finally:
        # The library's own way out, on which libFuzzer writes down the input that an exception ended.
        ctypes.CDLL(None).exit(70)
    return 70
