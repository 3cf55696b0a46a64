from __future__ import annotations

from datetime import date

import pytest

from dragoman.coding import gazetteer
from dragoman.exchange.countries import crosswalk
from dragoman.exchange.within import Within

WITHIN = Within(gazetteer(""), crosswalk())
DAY = date(2014, 7, 1)


@pytest.mark.parametrize(
    ("name", "code", "rest"),
    [
        ("Armed Forces of the Republic of Armenia", "ARM", "armed forces of the"),
        ("Seoul High Court", "KOR", "high court"),
        ("Sindh High Court", "PAK", "high court"),
        ("Parliament of South Africa", "ZAF", "parliament of"),
        ("Iraqi Kurds", "IRQ", "kurds"),
        ("Bank of Papua New Guinea", "PNG", "bank of"),
    ],
)
def test_the_one_state_that_a_name_speaks_of(name: str, code: str, rest: str) -> None:
    assert WITHIN.state(name, DAY) == (code, rest)


@pytest.mark.parametrize(
    "name", ["Middle East", "Persian Gulf", "Party of National Unity", "South Asia", "American University of Beirut"]
)
def test_directions_regions_and_several_states_are_none(name: str) -> None:
    assert WITHIN.state(name, DAY) is None
    assert WITHIN.province(name) is None


def test_a_province_whose_name_stands_by_itself() -> None:
    assert WITHIN.province("Tatarstan") == "RUS"
    assert WITHIN.province("XinjiangUyghur") == "CHN"
    assert WITHIN.province("Central") is None
