"""The gate of `forecast`: link forecasts on a real year against pinned floors, and what they may cost.

`python -m evals.forecast_gate FOLDER` (a quarter of an hour on two cores) fails if a score lies under its floor, or if
fitting and predicting need more seconds or memory than `evals/forecast/floors.toml` allows. CI does not run it.
"""

from __future__ import annotations

import argparse
import sys
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

from dragoman.forecast.links.scoring import score_links

FLOORS = Path(__file__).parent / "forecast" / "floors.toml"


def shortfalls(found: Mapping[str, float], floors: Mapping[str, Mapping[str, float]]) -> list[str]:
    """What lies under its floor or costs too much, a line each."""
    short = [
        f"{key} is {found[key]:.4f}, floor {floor}" for key, floor in floors["links"].items() if found[key] < floor
    ]
    spent = {"seconds": found["fit_seconds"] + found["predict_seconds"], "peak_mb": found["peak_mb"]}
    return short + [
        f"{key} are {spent[key]:.0f}, at most {most}" for key, most in floors["costs"].items() if spent[key] > most
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """Score, print, judge."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="the folder of the graph, with train.txt, valid.txt and test.txt")
    folder = parser.parse_args(arguments).folder
    found = score_links(*(folder / f"{part}.txt" for part in ("train", "valid", "test"))).summary()
    sys.stdout.write("".join(f"{key:16} {value}\n" for key, value in found.items()))
    short = shortfalls(found, tomllib.loads(FLOORS.read_text("utf-8")))
    sys.stderr.write("".join(f"{line}\n" for line in short))
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(main())
