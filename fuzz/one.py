"""Fuzz one target in this process, which `python -m fuzz` starts: TARGET, libFuzzer's options, folders of inputs."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator
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
    from fuzz.targets import TARGETS


def main() -> None:
    """Hand the process over to libFuzzer, which ends it."""
    warnings.simplefilter("ignore")
    name = sys.argv.pop(1)
    atheris.Setup(sys.argv, TARGETS[name].run)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
