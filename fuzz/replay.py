"""Run one target on files, without a fuzzer: `python -m fuzz.replay TARGET FILE…` prints seconds and memory of each."""

from __future__ import annotations

import json
import resource
import sys
import time
import warnings
from pathlib import Path

from fuzz.targets import FIRST, TARGETS


def main(name: str, paths: list[str]) -> None:
    """One line of JSON for every file: CPU seconds, and by how much the process grew."""
    warnings.simplefilter("ignore")
    TARGETS[name](FIRST)
    for path in paths:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        started = time.process_time()
        TARGETS[name](Path(path).read_bytes())
        seconds = time.process_time() - started
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        sys.stdout.write(json.dumps({"file": path, "seconds": round(seconds, 3), "mb": grown // 1024}) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
