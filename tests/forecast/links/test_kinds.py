"""Country and sector from names."""

from __future__ import annotations

from dragoman.forecast.links.kinds import kinds_of


def test_country_and_sector_are_read_from_brackets() -> None:
    kinds = kinds_of(["Police_(Aland)", "Aland", "Army_(Aland)", "Police_(Bland)", "Ann_Other"])
    assert kinds.country.tolist() == [1, 1, 1, 2, 0]
    assert kinds.sector[0] == kinds.sector[3] != kinds.sector[2]
    assert kinds.sector[1] not in (kinds.sector[0], kinds.sector[4])


def test_a_name_that_tells_nothing_has_number_nought() -> None:
    kinds = kinds_of(["Ann_Other", "Strange_Union"])
    assert kinds.country.tolist() == [0, 0]
    assert kinds.sector.tolist() == [0, 0]
