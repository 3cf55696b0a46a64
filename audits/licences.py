"""Whether everything that is installed may stand beside Apache-2.0: `python -m audits.licences` ends with 1 if not."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from importlib.metadata import Distribution, distributions

_GPL = re.compile(r"\b(?:[AL]?GPL|GNU (?:Affero |Lesser |Library )?General Public|GNU Lesser|Affero)", re.IGNORECASE)
_FREE = re.compile(
    r"\b(?:MPL|Mozilla|MIT|BSD|Apache|ISC|PSF|Python Software Foundation|Zlib|Unlicense|public domain)", re.I
)
_LONGEST = 200

ALLOWED = {
    "pyphen": "GPL, LGPL or MPL, as one likes: it is used under the MPL 1.1",
}
"""Packages that name such a licence beside others, and on what ground they may be used."""


def stated(distribution: Distribution) -> list[str]:
    """What a package says of its licence: the expression, short words of the field, and the classifiers."""
    told = distribution.metadata
    words = [*(told.get_all("License-Expression") or ()), *(told.get_all("License") or ())]
    words += [one.rpartition(" :: ")[2] for one in told.get_all("Classifier") or () if one.startswith("License ::")]
    return [word.strip() for word in words if word and len(word) <= _LONGEST]


def is_copyleft(words: Iterable[str]) -> bool:
    """Whether what is stated leaves only a licence of the GPL's family.

    An expression with OR gives a choice; an exception (“GPL with …”) does not.
    """
    words = list(words)
    if any(" OR " in word and any(not _GPL.search(part) for part in re.split(r"\s+OR\s+", word)) for word in words):
        return False
    named = [word for word in words if _GPL.search(word)]
    return bool(named) and not any(_FREE.search(word) for word in words if not _GPL.search(word))


def forbidden(found: Iterable[tuple[str, list[str]]]) -> list[str]:
    """The packages that may not be depended on, each with what it says."""
    return [
        f"{name}: {', '.join(words)}"
        for name, words in sorted(found)
        if any(_GPL.search(word) for word in words) and name.casefold() not in ALLOWED
        and is_copyleft(words)
    ]  # fmt: skip


def main() -> int:
    """Look at every installed package; say which may not be there, and which say nothing of a licence."""
    found = {one.metadata["Name"]: stated(one) for one in distributions() if one.metadata["Name"]}
    wrong = forbidden(found.items())
    for line in wrong:
        sys.stderr.write(f"not allowed beside Apache-2.0: {line}\n")
    silent = sorted(name for name, words in found.items() if not words)
    sys.stderr.write(
        f"{len(found)} packages, {len(wrong)} under a licence that is not allowed"
        f"{f'; these state theirs in a file alone: {chr(44).join(silent)}' if silent else ''}.\n"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
