"""`PYTHONPATH=tests python -m benchmarks.faults`: try every fault and write the table of docs/reliability.md."""

from __future__ import annotations

import argparse
import json
import math
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from benchmarks.faults import clocks, disks, kills, network, writers
from benchmarks.faults.children import loaded_coder
from benchmarks.faults.outcome import Outcome

from dragoman.read import Input, ReadOptions, find_inputs, read_input
from dragoman.records import Document

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reliability.md"
BEGIN, END = "<!-- faults: made by python -m benchmarks.faults -->\n", "<!-- end of faults -->\n"


def sample(folder: Path) -> Path:
    """Five sample pages and notes."""
    folder.mkdir()
    dispatches = ROOT / "corpora" / "dispatches"
    for page in [
        *sorted((dispatches / "pages").glob("prk-rus-*.html"))[:4],
        *sorted(dispatches.glob("notes/prk-*"))[:1],
    ]:
        shutil.copy(page, folder)
    return folder


def merged(path: Path, outcomes: list[Outcome]) -> list[Outcome]:
    """The outcomes of this run and those that the file holds of others, which is written anew."""
    told = {one["fault"]: one for one in json.loads(path.read_text("utf-8"))} if path.exists() else {}
    told |= {outcome.fault: asdict(outcome) for outcome in outcomes}
    path.write_text(json.dumps(list(told.values()), indent=1, ensure_ascii=False), "utf-8")
    return [Outcome(**one) for one in told.values()]


def table(outcomes: list[Outcome]) -> str:
    """The table, between its marks."""
    head = "| fault | tried | lost or wrong | seen |\n|---|---|---|---|\n"
    return BEGIN + head + "".join(f"{outcome.line()}\n" for outcome in outcomes) + END


def put(text: str, page: Path) -> None:
    """Put the table in the place of the one that stands in the page."""
    before, _, rest = page.read_text("utf-8").partition(BEGIN)
    _, mark, after = rest.partition(END)
    if not mark:
        raise SystemExit(
            f"{page} has no place for the table: it must hold the lines {BEGIN.strip()} and {END.strip()}."
        )
    page.write_text(before + text + after, "utf-8")


def main() -> int:
    """Try what the arguments say; 1 where anything was lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200, help="kills in all")
    parser.add_argument("--of", action="append", default=[], help="only kills in this: add, import, compact, review …")
    parser.add_argument("--times", type=int, default=10, help="how often every other fault is tried")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--only", choices=("kills", "disks", "network", "feeds", "clocks", "writers", "postgres"))
    parser.add_argument("--folder", type=Path, help="where to work; default a folder that is removed")
    parser.add_argument("--keep", action="store_true", help="do not touch docs/reliability.md")
    parser.add_argument("--seconds", type=float, default=math.inf, help="no kill begins later; 2 where some are left")
    parser.add_argument("--told", type=Path, help="a file of outcomes to add to; kills go on from it")
    given = parser.parse_args()
    until = time.monotonic() + given.seconds
    coder = loaded_coder()
    folder = given.folder or Path(tempfile.mkdtemp(prefix="dragoman-faults-"))
    folder.mkdir(exist_ok=True)
    pages = sample(folder / "pages")
    for item in find_inputs([str(pages)]):
        if isinstance(item, Input):
            for document in read_input(item, ReadOptions()):
                if isinstance(document, Document):
                    coder.code(document)
    held = {one.fault: one for one in merged(given.told, [])} if given.told else {}

    def note(outcome: Outcome) -> None:
        if given.told:
            merged(given.told, [outcome])

    groups: dict[str, Callable[[], list[Outcome]]] = {
        "disks": lambda: [
            disks.full(pages, folder / "full", given.times, given.seed),
            disks.read_only(pages, folder / "read-only", given.times),
        ],
        "clocks": lambda: [clocks.jumping(pages, folder / "clocks", given.times)],
        "network": lambda: network.trouble(folder / "network", given.times),
        "feeds": lambda: [network.feeds(folder / "feeds")],
        "writers": lambda: [writers.at_once(pages, folder / "writers", given.times)],
        "postgres": lambda: [writers.going_away(given.times)],
        "kills": lambda: kills.all_kills(pages, folder / "kills", given.kills, given.seed, given.of, held, note, until),
    }
    outcomes: list[Outcome] = []
    for name, tried in groups.items():
        if given.only in (None, name):
            for outcome in tried():
                sys.stderr.write(f"{outcome.line()}\n")
                sys.stderr.flush()
                outcomes.append(outcome)
    if given.folder is None:
        shutil.rmtree(folder)
    text = table(merged(given.told, outcomes) if given.told else outcomes)
    sys.stdout.write(text)
    if not given.keep:
        put(text, PAGE)
    if any(outcome.lost for outcome in outcomes):
        return 1
    return 2 if time.monotonic() > until else 0


if __name__ == "__main__":
    sys.exit(main())
