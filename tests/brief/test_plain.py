from __future__ import annotations

import pytest

from dragoman.brief.plain import more, plain

NAMES = {"PRK": "North Korea", "USA": "United States", "IGO": "NATO"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Confirmed by PRK on 2023-09-17", "Confirmed by North Korea on 17 September 2023"),
        ("claimed by USA and analyst on 2024-05-02", "claimed by the United States and analysts on 2 May 2024"),
        ("kept after 1 days", "kept after 1 day"),
        ("an IGO and the XYZ", "an IGO and the XYZ"),
        ("on 2023-13-45", "on 2023-13-45"),
        ("he said “PRK, 2023-09-17” of PRK", "he said “PRK, 2023-09-17” of North Korea"),
    ],
)
def test_codes_and_days_become_words_outside_quotations(text: str, told: str) -> None:
    assert plain(text, NAMES) == told


def test_one_is_in_the_singular() -> None:
    assert (more(1)[:3], more(2)[:6]) == ("One", "2 more")
