"""The worked examples of Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, and cases worked by hand."""

from __future__ import annotations

import pytest

from dragoman.exchange.reliability import krippendorff_alpha

BINARY = ("0100000010", "1110010000")
NOMINAL = ("aabbdcccedda", "babbbcccedd" + "d")
MISSING = ("123321412...", "123322412 5.3".replace(" ", ""), ".333234225" + "1.", "123324412" + "51.")


def units(coders: tuple[str, ...]) -> list[tuple[str | None, ...]]:
    return [tuple(None if value == "." else value for value in unit) for unit in zip(*coders, strict=True)]


@pytest.mark.parametrize(
    ("coders", "alpha"),
    [(BINARY, 0.095), (NOMINAL, 0.692), (MISSING, 0.743)],
    ids=["binary, two coders", "nominal, two coders", "nominal, four coders, missing values"],
)
def test_the_published_examples(coders: tuple[str, ...], alpha: float) -> None:
    assert krippendorff_alpha(units(coders)) == pytest.approx(alpha, abs=0.0005)


def test_two_units_by_hand() -> None:
    # Values a a, a b: observed 2/4 of the pairs differ; expected 2*3*1/(4*3) = 1/2; alpha = 1 - (1/2)/(1/2).
    assert krippendorff_alpha([("a", "a"), ("a", "b")]) == pytest.approx(0)


def test_perfect_agreement_is_one() -> None:
    assert krippendorff_alpha([("a", "a"), ("b", "b")]) == 1


def test_systematic_disagreement_lies_below_zero() -> None:
    # Observed 1; expected 2*2*2/(4*3) = 2/3; alpha = 1 - 3/2.
    assert krippendorff_alpha([("a", "b"), ("b", "a")]) == pytest.approx(-0.5)


@pytest.mark.parametrize("nothing", [[], [("a", None)], [("a", "a"), ("a", "a")]])
def test_what_is_not_defined_is_none(nothing: list[tuple[str | None, ...]]) -> None:
    assert krippendorff_alpha(nothing) is None
