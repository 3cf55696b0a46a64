"""Puts what `dragoman relate` prints of the sample dispatches into docs/relate.md, so that the page cannot go stale.

`python -m evals.relate_page` prints the blocks; `--write` puts them into the page; tests/docs/test_relate_page.py
holds that the page shows what the commands print.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from dragoman.cli.telling import tell
from dragoman.pipeline import Record, View, Wish, view_rows

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "relate.md"
SAMPLES = ROOT / "corpora" / "dispatches"
PARTIES = ("PRK", "RUS")
SHOWN = (View.ERAS, View.LEDGER, View.INDICATORS, View.RITUAL, View.WORDING)


def blocks(record: Record) -> dict[View, str]:
    """What the command prints of each view."""
    dyad = record.dyad(*PARTIES)
    return {view: tell(view, view_rows(dyad, view, Wish())) for view in SHOWN}


def with_blocks(page: str, shown: Mapping[View, str]) -> str:
    """The page with each block between its marks; a page without the marks of a view is a `ValueError`."""
    for view, text in shown.items():
        start, end = f"<!-- {view} -->\n", f"<!-- end of {view} -->"
        if start not in page or end not in page:
            raise ValueError(f"{PAGE.name} lacks the marks {start.strip()} and {end}.")
        before, rest = page.split(start, 1)
        after = rest.split(end, 1)[1]
        page = f"{before}{start}```\n$ dragoman relate {' '.join(PARTIES)} --show {view}\n{text}\n```\n{end}{after}"
    return page


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the blocks, or write them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="put the blocks into docs/relate.md")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        record = Record(Path(folder) / "record")
        record.add(SAMPLES)
        shown = blocks(record)
    if given.write:
        PAGE.write_text(with_blocks(PAGE.read_text("utf-8"), shown), "utf-8")
    else:
        sys.stdout.write("\n\n".join(shown.values()) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
