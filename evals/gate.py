"""The gate: the coder's scores on the gold sets against pinned floors.

`python evals/gate.py` fails if a score lies under its floor, if a set is another than the one that its floors were set
on, or if the stored measurement is not what the coder scores now. With the checking data at hand
(DRAGOMAN_EVAL_DATA) the event-pair file is scored too. `--write` stores the measurement and raises floors that are
beaten; a floor is lowered only with `--lower`, which belongs into a commit of its own with a reason.
"""

from __future__ import annotations

import argparse
import hashlib
import math
import os
import sys
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dragoman.cli.evaluation import worst_errors
from dragoman.coding import Coder
from dragoman.evaluate import EventScores, load_gold, load_pairs, score_events, score_pairs

HERE = Path(__file__).parent
GOLD = HERE / "coding" / "gold.jsonl"
HELDOUT = (HERE / "coding" / "heldout.jsonl", HERE / "coding" / "heldout_2.jsonl")
DOCS = HERE.parent / "docs" / "coding.md"
START, END = "<!-- measured -->", "<!-- end of measured -->"
FLOORS = HERE / "floors.toml"
MEASURED = HERE.parent / "src" / "dragoman" / "evaluate" / "data" / "measured.toml"
HIGHER = ("precision", "recall", "f1", "direction_accuracy", "factuality_accuracy", "claimant_accuracy")
LOWER = ("false_events_on_empty", "expected_calibration_error")
PAIRS_KEYS = ("macro_f1", "quad_macro_f1")
SLACK = 0.005
"""Room under a measured score when a floor is raised to it, so that a tie in the parser does not fail the gate."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """The scores on the worked-on set, on the held-out ones together, on all, and on the event pairs if at hand."""

    gold: EventScores
    heldout: EventScores
    pairs: dict[str, Any] | None

    @property
    def everything(self) -> EventScores:
        """All sets together."""
        return EventScores((*self.gold.outcomes, *self.heldout.outcomes), self.gold.seconds + self.heldout.seconds)


def measure(coder: Coder) -> Measurement:
    """Code every set."""
    heldout = [text for path in HELDOUT for text in load_gold(path)]
    data = os.environ.get("DRAGOMAN_EVAL_DATA")
    pairs = score_pairs(load_pairs(Path(data) / "eval" / "pairs_dev.tsv")) if data else None
    return Measurement(score_events(load_gold(GOLD), coder), score_events(heldout, coder), pairs)


def report(found: Measurement) -> str:
    """The measured part of docs/coding.md: scores, tables by type, factuality and style, and the worst errors."""
    columns = [found.gold.summary(), found.heldout.summary(), found.everything.summary()]
    everything = columns[2]
    lines = [
        f"On the {columns[0]['n']} texts of `evals/coding/gold.jsonl`, whose errors are read when the coder is worked",
        f"on, and on the {columns[1]['n']} texts of `heldout.jsonl` and `heldout_2.jsonl`, which nobody reads",
        "who works on it:",
        "",
        "| | gold | held out | all |",
        "|---|---|---|---|",
        *(
            f"| {key.replace('_', ' ')} | {' | '.join(f'{column[key]:.3f}' for column in columns)} |"
            for key in (*HIGHER, *LOWER)
        ),
    ]
    if found.pairs:
        lines += [
            "",
            f"Types alone, spans given, on the {found.pairs['n']} real sentences of the checking data: macro-F1 "
            f"{found.pairs['macro_f1']:.3f}, quad macro-F1 {found.pairs['quad_macro_f1']:.3f}, accuracy "
            f"{found.pairs['accuracy']:.3f}.",
        ]
    for group in ("by_type", "by_factuality", "by_style"):
        lines += ["", f"| all, {group.replace('_', ' ')} | n | precision | recall | F1 |", "|---|---|---|---|---|"]
        for name, row in everything[group].items():
            shown = (f"{row[key]:.2f}" if row[key] is not None else "–" for key in ("precision", "recall", "f1"))
            lines.append(f"| {name} | {row['n']} | {' | '.join(shown)} |")
    lines += [
        "",
        "The twenty texts of the gold set with the most errors:",
        "",
        "```",
        worst_errors(found.gold, 20),
        "```",
    ]
    return "\n".join(lines)


def judge(found: Mapping[str, Any], floors: Mapping[str, float], name: str = "gold") -> list[str]:
    """What falls short of its floor; a figure that could not be measured falls short."""
    problems = []
    for key, floor in floors.items():
        value = found[key]
        over = key in LOWER
        if value is None or (value > floor if over else value < floor):
            problems.append(f"{name}: {key} is {value}, {'over its ceiling' if over else 'under its floor'} {floor}")
    return problems


def raised(
    found: Mapping[str, Any],
    floors: Mapping[str, float],
    lower: bool,
    keys: Sequence[str] = (*HIGHER, *LOWER),
) -> dict[str, float]:
    """The floors after this measurement: never worse than before unless `lower`."""
    after = {}
    for key in keys:
        if key in LOWER:
            reached = math.ceil((found[key] + SLACK) * 100) / 100
            after[key] = reached if lower else min(reached, floors.get(key, 1.0))
        else:
            reached = math.floor((found[key] - SLACK) * 100) / 100
            after[key] = reached if lower else max(reached, floors.get(key, 0.0))
    return after


def digest(*paths: Path) -> str:
    """A hash over the bytes of files."""
    whole = hashlib.sha256()
    for path in paths:
        whole.update(path.read_bytes())
    return whole.hexdigest()


def main() -> int:
    """Run the gate; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="store the measurement and raise beaten floors")
    parser.add_argument(
        "--lower", action="store_true", help="with --write: set floors to the measurement, lower ones too"
    )
    options = parser.parse_args()
    found = measure(Coder())
    scores = {"gold": found.gold.summary(), "heldout": found.heldout.summary()}
    if found.pairs:
        scores["pairs"] = found.pairs
    pinned = tomllib.loads(FLOORS.read_text("utf-8")) if FLOORS.exists() else {}
    if options.write:
        write(found, scores, pinned, options.lower)
        return 0
    problems = [p for name, some in scores.items() for p in judge(some, pinned[name], name)]
    for name, paths in (("gold", (GOLD,)), ("heldout", HELDOUT)):
        if digest(*paths) != pinned[f"{name}_sha256"]:
            problems.append(f"the {name} set is not the one that its floors were set on; read the change, then --write")
    stored = tomllib.loads(MEASURED.read_text("utf-8"))
    if any(stored[key] != scores["heldout"][key] for key in ("precision", "recall", "f1")):
        problems.append("data/measured.toml is not what the coder scores now; run with --write")
    for name, some in scores.items():
        for key, floor in pinned[name].items():
            sys.stdout.write(f"{name:<10}{key:<28}{some[key]:>8}   floor {floor}\n")
    for problem in problems:
        sys.stderr.write(f"gate: {problem}\n")
    return 1 if problems else 0


def write(found: Measurement, scores: Mapping[str, Mapping[str, Any]], pinned: Mapping[str, Any], lower: bool) -> None:
    """Store floors, measurement and the docs' tables."""
    lines = [
        "# Floors of the gate. Raised when beaten, never lowered silently.",
        f'gold_sha256 = "{digest(GOLD)}"',
        f'heldout_sha256 = "{digest(*HELDOUT)}"',
    ]
    for name in ("gold", "heldout", "pairs"):
        keys = PAIRS_KEYS if name == "pairs" else (*HIGHER, *LOWER)
        before = pinned.get(name, {})
        after = raised(scores[name], before, lower, keys) if name in scores else before
        lines += ["", f"[{name}]", *(f"{key} = {value}" for key, value in after.items())]
    FLOORS.write_text("\n".join(lines) + "\n", "utf-8")
    heldout = scores["heldout"]
    kept = ("precision", "recall", "f1", "factuality_accuracy", "claimant_accuracy", "false_events_on_empty")
    # What readers are shown is the score on the texts that nobody tuned on.
    measured = [
        "# Written by evals/gate.py --write: the scores on evals/coding/heldout.jsonl and heldout_2.jsonl.",
        f"texts = {heldout['n']}",
        *(f"{key} = {heldout[key]}" for key in kept),
        f'heldout_sha256 = "{digest(*HELDOUT)}"',
    ]
    MEASURED.write_text("\n".join(measured) + "\n", "utf-8")
    before, _, rest = DOCS.read_text("utf-8").partition(START)
    after_docs = rest.partition(END)[2]
    DOCS.write_text(f"{before}{START}\n{report(found)}\n{END}{after_docs}", "utf-8")


if __name__ == "__main__":
    sys.exit(main())
