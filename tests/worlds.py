"""Small made-up worlds for the tests of link forecasting."""

from __future__ import annotations

import numpy as np

from dragoman.forecast.links.facts import Facts, Names, facts_of

STATES = ("Aland", "Bland", "Cland", "Dland", "Eland")
NAMES = Names(
    (*STATES, *(f"{sector}_({state})" for sector in ("Army", "Police", "Citizen") for state in STATES), "Ann_Other"),
    ("Consult", "Accuse", "Fight", "Make_a_visit"),
)


def regular_world(days: int = 60, seed: int = 5) -> Facts:
    """Aland accuses Bland, who fights Aland two days later; police fight their own citizens; the rest is noise."""
    random = np.random.default_rng(seed)
    rows: list[tuple[int, int, int, int]] = []
    for day in range(days):
        one, other = random.choice(5, 2, replace=False)
        rows.append((int(one), 0, int(other), day))
        if day % 3 == 0:
            rows += [(0, 1, 1, day), (1, 2, 0, day + 2)]
        home = int(random.integers(5))
        rows.append((10 + home, 2, 15 + home, day))
        rows.append((int(random.integers(5)), 3, int(random.integers(5, 21)), day))
    columns = np.unique(np.array(rows), axis=0).T
    return facts_of(columns[0], columns[1], columns[2], columns[3]).of_days(0, days - 1)
