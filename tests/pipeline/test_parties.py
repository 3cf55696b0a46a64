from __future__ import annotations

import pytest

from dragoman.coding import gazetteer
from dragoman.errors import UsageError
from dragoman.pipeline.parties import parties_in_full


@pytest.mark.parametrize(
    ("told", "full"),
    [
        ("prk", "PRK:North Korea"),
        ("RUS; PRK; rus", "PRK:North Korea; RUS:Russia"),
        ("North Korea", "PRK:North Korea"),
        ("the NATO", "IGO:NATO"),
        ("Kim Jong Un", "PRK:Kim Jong Un:GOV"),
        ("RUS:Kaliningrad garrison:MIL", "RUS:Kaliningrad garrison:MIL"),
    ],
)
def test_parties_are_written_out(told: str, full: str) -> None:
    assert parties_in_full(told, gazetteer()) == full


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ("", "somebody on either side"),
        (" ; ", "somebody on either side"),
        ("Atlantis", "“Atlantis” is not known"),
        ("XXX:Somebody", "'XXX' is no code"),
        ("PRK:", "is no party"),
    ],
)
def test_a_party_that_cannot_be_told_is_refused(told: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        parties_in_full(told, gazetteer())
