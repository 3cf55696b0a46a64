"""How many link questions a second the ranker answers with 25,000 entities.

`python -m benchmarks.links` draws a record of 25,000 entities and 250 relations with the skew of real event data (few
parties do most), fits on it and asks about two further days. The seconds include features, trees and scores of all
entities. Ends with 1 if fewer than 150 questions a second are answered.
"""

from __future__ import annotations

import argparse
import sys
import time

import numpy as np
from numpy.typing import NDArray

from dragoman.forecast.links import Facts, LinkForecaster, Names, Queries, facts_of
from dragoman.forecast.links.ranker import TREES, LinkTrees
from dragoman.forecast.links.scoring import peak_mib

ENTITIES = 25_000
RELATIONS = 250
LEAST = 150


def drawn_record(days: int, per_day: int, seed: int = 0) -> Facts:
    """Facts between parties of very unequal activity, a third of them between pairs that met before."""
    random = np.random.default_rng(seed)
    count = days * per_day
    source, target = (random.choice(ENTITIES, count, p=_skewed(ENTITIES)) for _ in range(2))
    relation = random.choice(RELATIONS, count, p=_skewed(RELATIONS))
    repeated = random.random(count) < 1 / 3
    earlier = (random.random(count) * np.arange(count)).astype(np.int64)
    source[repeated], target[repeated] = source[earlier[repeated]], target[earlier[repeated]]
    return facts_of(source, relation, target, np.repeat(np.arange(days), per_day))


def _skewed(count: int) -> NDArray[np.float64]:
    """Shares by Zipf and Mandelbrot's law; the first has some two in a hundred, as China has in ICEWS."""
    shares = 1 / (np.arange(count) + 5.0)
    return shares / float(shares.sum())


def main() -> int:
    """Fit, ask, print questions a second."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--days", type=int, default=365)
    options.add_argument("--per-day", type=int, default=800)
    options.add_argument("--window", type=int, default=10, help="days of lessons; hardly matters to the speed")
    options.add_argument("--trees", type=int, default=TREES)
    chosen = options.parse_args()
    facts = drawn_record(chosen.days, chosen.per_day)
    names = Names(tuple(f"Party {i}" for i in range(ENTITIES)), tuple(f"Type {i}" for i in range(RELATIONS)))
    started = time.perf_counter()
    forecaster = LinkForecaster(names, window=chosen.window, passes=1, trees=LinkTrees(trees=chosen.trees))
    forecaster.fit(facts.of_days(0, chosen.days - 3))
    sys.stdout.write(f"fitted on {len(facts)} facts in {time.perf_counter() - started:.0f} s\n")
    asked, seconds, busy = 0, 0.0, time.process_time()
    for day in (chosen.days - 2, chosen.days - 1):
        today = facts.of_days(day, day)
        both = today.both_ways(RELATIONS)
        begun = time.perf_counter()
        forecaster.predict(Queries(day, both.source, both.relation))
        seconds += time.perf_counter() - begun
        asked += len(both)
        forecaster.observe(today)
    busy = time.process_time() - busy
    rate = asked / seconds
    sys.stdout.write(
        f"{asked} questions in {seconds:.1f} s ({busy:.1f} s of processors): {rate:.0f} a second; "
        f"peak {peak_mib():.0f} MiB\n"
    )
    return 0 if rate >= LEAST else 1


if __name__ == "__main__":
    sys.exit(main())
