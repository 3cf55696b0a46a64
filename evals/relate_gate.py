"""The gate of `relate`: merging and the ledger's matcher on their gold sets against pinned floors.

`python -m evals.relate_gate` fails if a score lies under its floor or a set is another than the one that its floors
were set on. `--write` raises floors that are beaten and writes the figures into docs/relate.md; `--lower` lets it lower
them, in a commit of its own with a reason.
"""

from __future__ import annotations

import argparse
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from evals.gate import digest, judge, raised

from dragoman.coding import Coder
from dragoman.evaluate.ledger import load_ledger_pairs, score_ledger
from dragoman.evaluate.merging import load_groups, score_merging, score_rule

HERE = Path(__file__).parent
HAPPENINGS = HERE / "relate" / "happenings.jsonl"
LEDGER = HERE / "relate" / "ledger.jsonl"
FLOORS = HERE / "relate" / "floors.toml"
PAGE = HERE.parent / "docs" / "relate.md"
START, END = "<!-- measured -->\n", "<!-- end of measured -->"
KEYS = {
    "rule": ("bcubed_precision", "bcubed_recall", "bcubed_f1"),
    "merging": ("bcubed_precision", "bcubed_recall", "bcubed_f1"),
    "ledger": ("precision", "recall", "f1", "label_accuracy"),
}


def measure() -> dict[str, dict[str, Any]]:
    """Score merging (the rule alone, and coder and rule together) and the ledger's matcher."""
    groups, coder = load_groups(HAPPENINGS), Coder()
    found = {"rule": score_rule(groups, coder), "merging": score_merging(groups, coder)}
    flat = {
        name: {**scores, **{f"bcubed_{key}": value for key, value in scores["bcubed"].items()}}
        for name, scores in found.items()
    }
    return {**flat, "ledger": score_ledger(load_ledger_pairs(LEDGER))}


def report(found: Mapping[str, Mapping[str, Any]]) -> str:
    """The measured part of docs/relate.md."""
    rule, merging, ledger = found["rule"], found["merging"], found["ledger"]
    return "\n".join(
        [
            f"Measured on `evals/relate/happenings.jsonl` ({rule['reports']} reports of {rule['happenings']}",
            f"happenings in {rule['groups']} groups, {rule['decisions']} decisions) and `evals/relate/ledger.jsonl`",
            f"({ledger['n']} pairs, {ledger['pairs']} of them of a word and what became of it), not tuned on:",
            "",
            "| | precision | recall | F1 |",
            "|---|---|---|---|",
            f"| merging, the rule alone (B-cubed) | {_three(rule['bcubed'])} |",
            f"| merging, coder and rule together, {merging['matched']} reports found (B-cubed) | "
            f"{_three(merging['bcubed'])} |",
            f"| the ledger's matcher, pair or none | {_three(ledger)} |",
            "",
            f"Of the pairs that the matcher finds, {ledger['label_accuracy']:.0%} get the right state.",
        ]
    )


def _three(scores: Mapping[str, Any]) -> str:
    return " | ".join(f"{scores[key]:.3f}" for key in ("precision", "recall", "f1"))


def main() -> int:
    """Run the gate; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="raise beaten floors and write the figures into the docs")
    parser.add_argument("--lower", action="store_true", help="with --write: set floors to the measurement")
    given = parser.parse_args()
    found = measure()
    pinned = tomllib.loads(FLOORS.read_text("utf-8")) if FLOORS.exists() else {}
    sets = {"happenings_sha256": digest(HAPPENINGS), "ledger_sha256": digest(LEDGER)}
    if given.write:
        lines = ["# Floors of the gate of relate. Raised when beaten, never lowered silently."]
        lines += [f'{name} = "{value}"' for name, value in sets.items()]
        for name, keys in KEYS.items():
            after = raised(found[name], pinned.get(name, {}), given.lower, keys)
            lines += ["", f"[{name}]", *(f"{key} = {value}" for key, value in after.items())]
        FLOORS.write_text("\n".join(lines) + "\n", "utf-8")
        before, rest = PAGE.read_text("utf-8").split(START, 1)
        PAGE.write_text(f"{before}{START}{report(found)}\n{END}{rest.split(END, 1)[1]}", "utf-8")
        return 0
    problems = [problem for name in KEYS for problem in judge(found[name], pinned[name], name)]
    problems += [
        f"{name} differs: read the change of the set, then --write" for name in sets if pinned[name] != sets[name]
    ]
    for name, keys in KEYS.items():
        for key in keys:
            sys.stdout.write(f"{name:<10}{key:<28}{found[name][key]:>8}   floor {pinned[name][key]}\n")
    for problem in problems:
        sys.stderr.write(f"gate: {problem}\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
