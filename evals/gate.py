"""The gate: the coder's scores on the gold sets against pinned floors.

`python evals/gate.py` fails if a score lies under its floor, if the gold set is another than the one that the floors
were set on, or if the stored measurement is not what the coder scores now. `--write` stores the measurement and raises
floors that are beaten; a floor is lowered only with `--lower`, which belongs into a commit of its own with a reason.
"""

from __future__ import annotations

import argparse
import hashlib
import math
import sys
import tomllib
from pathlib import Path
from typing import Any

from dragoman.cli.evaluation import worst_errors
from dragoman.coding import Coder
from dragoman.evaluate import EventScores, load_gold, score_events

HERE = Path(__file__).parent
GOLD = HERE / "coding" / "gold.jsonl"
HELDOUT = HERE / "coding" / "heldout.jsonl"
DOCS = HERE.parent / "docs" / "coding.md"
START, END = "<!-- measured -->", "<!-- end of measured -->"
FLOORS = HERE / "floors.toml"
MEASURED = HERE.parent / "src" / "dragoman" / "evaluate" / "data" / "measured.toml"
HIGHER = ("precision", "recall", "f1", "direction_accuracy", "factuality_accuracy", "claimant_accuracy")
LOWER = ("false_events_on_empty",)
SLACK = 0.005
"""Room under a measured score when a floor is raised to it, so that a tie in the parser does not fail the gate."""


def report(scored: EventScores, heldout: dict[str, Any]) -> str:
    """The measured part of docs/coding.md: tables by type, factuality and style, and the worst errors."""
    summary = scored.summary()
    lines = [
        f"On the {summary['n']} texts of `evals/coding/gold.jsonl`, which the rules were worked on against, and on the "
        f"{heldout['n']} texts of `evals/coding/heldout.jsonl`, which nobody who works on the coder reads:",
        "",
        "| | gold | held out |",
        "|---|---|---|",
        *(f"| {key.replace('_', ' ')} | {summary[key]:.3f} | {heldout[key]:.3f} |" for key in (*HIGHER, *LOWER)),
    ]
    for group in ("by_type", "by_factuality", "by_style"):
        lines += ["", f"| gold, {group.replace('_', ' ')} | n | precision | recall | F1 |", "|---|---|---|---|---|"]
        for name, row in summary[group].items():
            shown = (f"{row[key]:.2f}" if row[key] is not None else "–" for key in ("precision", "recall", "f1"))
            lines.append(f"| {name} | {row['n']} | {' | '.join(shown)} |")
    lines += ["", "The twenty texts of the gold set with the most errors:", "", "```", worst_errors(scored, 20), "```"]
    return "\n".join(lines)


def judge(found: dict[str, Any], floors: dict[str, float]) -> list[str]:
    """What falls short of its floor."""
    problems = [f"{key} is {found[key]}, under its floor {floors[key]}" for key in HIGHER if found[key] < floors[key]]
    problems += [f"{key} is {found[key]}, over its ceiling {floors[key]}" for key in LOWER if found[key] > floors[key]]
    return problems


def raised(found: dict[str, Any], floors: dict[str, float], lower: bool) -> dict[str, float]:
    """The floors after this measurement: never worse than before unless `lower`."""
    reached = {key: math.floor((found[key] - SLACK) * 100) / 100 for key in HIGHER}
    reached |= {key: math.ceil((found[key] + SLACK) * 100) / 100 for key in LOWER}
    if lower:
        return reached
    better = {key: max(reached[key], floors.get(key, 0.0)) for key in HIGHER}
    return better | {key: min(reached[key], floors.get(key, 1.0)) for key in LOWER}


def main() -> int:
    """Run the gate; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="store the measurement and raise beaten floors")
    parser.add_argument(
        "--lower", action="store_true", help="with --write: set floors to the measurement, lower ones too"
    )
    options = parser.parse_args()
    coder = Coder()
    scored = score_events(load_gold(GOLD), coder)
    heldout = score_events(load_gold(HELDOUT), coder).summary()
    found = scored.summary()
    digest = hashlib.sha256(GOLD.read_bytes()).hexdigest()
    pinned = tomllib.loads(FLOORS.read_text("utf-8")) if FLOORS.exists() else {}
    if options.write:
        write(heldout, raised(found, pinned.get("floors", {}), options.lower), digest)
        before, _, rest = DOCS.read_text("utf-8").partition(START)
        after = rest.partition(END)[2]
        DOCS.write_text(f"{before}{START}\n{report(scored, heldout)}\n{END}{after}", "utf-8")
        return 0
    problems = judge(found, pinned["floors"])
    if digest != pinned["gold_sha256"]:
        problems.append(
            "the gold set is not the one that the floors were set on; run with --write after reading the change"
        )
    stored = tomllib.loads(MEASURED.read_text("utf-8"))
    if any(stored[key] != heldout[key] for key in ("precision", "recall", "f1")):
        problems.append("data/measured.toml is not what the coder scores now; run with --write")
    for key in (*HIGHER, *LOWER):
        sys.stdout.write(f"{key:<24}{found[key]:>8}   floor {pinned['floors'][key]}\n")
    for problem in problems:
        sys.stderr.write(f"gate: {problem}\n")
    return 1 if problems else 0


def write(heldout: dict[str, Any], floors: dict[str, float], digest: str) -> None:
    """Store floors and measurement."""
    lines = [
        "# Floors of the gate, over evals/coding/gold.jsonl. Raised when beaten, never lowered silently.",
        f'gold_sha256 = "{digest}"',
        "",
        "[floors]",
    ]
    FLOORS.write_text("\n".join([*lines, *(f"{key} = {floors[key]}" for key in (*HIGHER, *LOWER))]) + "\n", "utf-8")
    kept = ("precision", "recall", "f1", "factuality_accuracy", "claimant_accuracy", "false_events_on_empty")
    # What readers are shown is the score on the texts that nobody tuned on.
    measured = [
        "# Written by evals/gate.py --write: the scores on evals/coding/heldout.jsonl.",
        f"texts = {heldout['n']}",
    ]
    measured += [f"{key} = {heldout[key]}" for key in kept]
    measured.append(f'heldout_sha256 = "{hashlib.sha256(HELDOUT.read_bytes()).hexdigest()}"')
    MEASURED.write_text("\n".join(measured) + "\n", "utf-8")


if __name__ == "__main__":
    sys.exit(main())
