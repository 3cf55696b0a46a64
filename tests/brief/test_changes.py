from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from dragoman.brief import Earlier


def row(factuality: str, *mentions: str) -> dict[str, Any]:
    return {"factuality": factuality, "mentions": list(mentions)}


THEN = Earlier.of(date(2025, 1, 1), 3, [row("possible", "m1", "m2"), row("actual", "m3")], {}, {})


@pytest.mark.parametrize(
    ("now", "new", "was"),
    [
        (row("actual", "m9"), True, None),
        (row("possible", "m1"), False, None),
        (row("actual", "m2", "m9"), False, "possible"),
        (row("actual", "m1", "m3"), False, None),
    ],
)
def test_an_event_is_new_unchanged_or_told_otherwise(now: dict[str, Any], new: bool, was: str | None) -> None:
    assert (THEN.is_new(now), THEN.was(now)) == (new, was)
