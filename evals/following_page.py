"""Puts into docs/relate.md how often deeds followed words in a real year of coded events, beside any day's odds.

`python -m evals.following_page FOLDER` imports a temporal knowledge graph (the checking data's `icews14`) into a record
of its own and prints the block; `--write` puts it into the page.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from dragoman.pipeline import Record
from dragoman.relate.following import WITHIN, Coded, Followed, following
from dragoman.terms import Domain, EventType, Factuality

PAGE = Path(__file__).parents[1] / "docs" / "relate.md"
START, END = "<!-- following -->\n", "<!-- end of following -->"


def coded(record: Record) -> list[Coded]:
    """Every event of the record that is dated to a day, once for each pair of its sides."""
    return [
        Coded(
            date.fromisoformat(str(event["date"])[:10]),
            source,
            target,
            EventType(event["type"]),
            Domain(event["domain"]) if event["domain"] else None,
            Factuality(event["factuality"]),
        )
        for event in record.events()
        if event["date"] and event["date_precision"] == "day"
        for source in event["source"]
        for target in event["target"]
        if source != target
    ]


def block(found: Sequence[Followed], events: int) -> str:
    """The table, and what was counted."""
    lines = [
        f"Of {events:,} events between two sides:\n",
        "| word | field | words | relations | followed | " + " | ".join(f"{days} days" for days in WITHIN) + " |",
        "|---|---|---|---|---|" + "---|" * len(WITHIN),
    ]
    for one in found:
        shares = " | ".join(f"{a:.0%} ({b:.0%})" for a, b in zip(one.within, one.any_day, strict=True))
        lines.append(f"| {one.course} | {one.domain} | {one.words:,} | {one.dyads:,} | {one.followed:,} | {shares} |")
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the block, or write it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="the graph's folder, such as eval/icews14")
    parser.add_argument("--write", action="store_true", help="put the block into docs/relate.md")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        record = Record(Path(folder) / "record")
        record.import_events("tkg", given.folder)
        events = coded(record)
    days = [event.day for event in events]
    text = block(following(events, min(days), max(days)), len(events))
    if not given.write:
        sys.stdout.write(text)
        return 0
    before, rest = PAGE.read_text("utf-8").split(START, 1)
    PAGE.write_text(f"{before}{START}{text}{END}{rest.split(END, 1)[1]}", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
