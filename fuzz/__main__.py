"""`python -m fuzz`: a campaign that can be stopped and started again, its table, and keeping its corpus."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from fuzz.aims import AIMS
from fuzz.campaign import State, campaign, keep, table


def main() -> int:
    """Run what the arguments say; 1 where something was found."""
    parser = argparse.ArgumentParser(prog="python -m fuzz", description="Fuzz every reader and importer.")
    parser.add_argument("--folder", type=Path, default=Path("build/fuzz"), help="where state and corpora lie")
    parser.add_argument("--share", type=float, default=1.0, help="the share of a full campaign: 1 is a million runs")
    parser.add_argument("--round-seconds", type=int, default=60, help="of a target before the next one's turn")
    parser.add_argument("--seconds", type=float, help="begin no further round after so long; 2 where some are left")
    parser.add_argument("--keep", type=int, metavar="MOST", help="put the smallest corpora into fuzz/corpus instead")
    parser.add_argument("--table", action="store_true", help="only print what the state file tells")
    parser.add_argument("targets", nargs="*", help=f"which of {', '.join(AIMS)}; default all")
    given = parser.parse_args()
    if given.table:
        sys.stdout.write("\n".join(table(State(given.folder / "state.json"))) + "\n")
        return 0
    # This instruments what it loads and needs the extra `fuzz`; the table does without.
    from fuzz.one import fuzz

    if given.keep:
        keep(fuzz, given.folder, given.keep)
        return 0

    def say(text: str) -> None:
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()

    wanted = given.targets or list(AIMS)
    done = campaign(fuzz, given.folder, given.share, wanted, say, given.round_seconds, given.seconds)
    return {True: 0, False: 1, None: 2}[done]


if __name__ == "__main__":
    sys.exit(main())
