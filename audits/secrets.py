"""Whether a kept file holds a secret: `python -m audits.secrets` looks through what git tracks; 1 if one does."""

from __future__ import annotations

import math
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
PATTERNS = {
    "private key": re.compile(r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY(?: BLOCK)?-----"),
    "AWS access key": re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    "GitHub token": re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{60,})\b"),
    "Slack token": re.compile(r"\bxox[abposr]-[A-Za-z0-9-]{10,}"),
    "Google key": re.compile(r"\bAIza[0-9A-Za-z_-]{35}\b"),
    "model provider's key": re.compile(r"\bsk-[A-Za-z0-9_-]{20,}\b"),
    "package index's token": re.compile(r"\bpypi-AgE[A-Za-z0-9_-]{50,}"),
    "signed web token": re.compile(r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}"),
    "password in an address": re.compile(r"\b[a-z][a-z0-9+]*://[^\s/:@'\"{}$<>]+:(?=[^\s/@]*\d)[^\s/@'\"{}$<>]{8,}@"),
}
_NAMED = re.compile(
    r"(?i)(?:password|passwd|secret|token|api_?key)['\"]?\s*[:=]\s*['\"](?P<secret>[A-Za-z0-9+/_=.-]{20,})['\"]"
)
_LEAST_BITS = 3.5
"""Least entropy of a letter, in bits, from which a named value counts as a secret and not as words."""
_LONGEST = 2_000_000


def bits(text: str) -> float:
    """The entropy of a text's letters, in bits a letter."""
    counts = Counter(text)
    return -sum(count / len(text) * math.log2(count / len(text)) for count in counts.values())


def secrets_in(text: str) -> Iterator[tuple[int, str]]:
    """The line and kind of everything in a text that looks like a secret."""
    for kind, pattern in PATTERNS.items():
        for match in pattern.finditer(text):
            yield text.count("\n", 0, match.start()) + 1, kind
    for match in _NAMED.finditer(text):
        if bits(match["secret"]) >= _LEAST_BITS and re.search(r"\d", match["secret"]):
            yield text.count("\n", 0, match.start()) + 1, "named secret"


def tracked(root: Path) -> list[Path]:
    """The files that git tracks."""
    done = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, text=True, check=True)
    return [root / name for name in done.stdout.split("\0") if name]


def main() -> int:
    """Look through every tracked file; the value itself is never shown."""
    found = 0
    paths = tracked(ROOT)
    for path in paths:
        if not path.is_file() or path.stat().st_size > _LONGEST:
            continue
        for line, kind in secrets_in(path.read_bytes().decode("utf-8", "replace")):
            found += 1
            sys.stderr.write(
                f"{path.relative_to(ROOT)}:{line}: looks like a secret ({kind}); take it out and revoke it.\n"
            )
    sys.stderr.write(f"{len(paths)} files, {found} that look like secrets.\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
