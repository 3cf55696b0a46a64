from __future__ import annotations

import pytest

from dragoman.evaluate import expected_calibration_error


def test_right_as_often_as_said_is_no_error() -> None:
    assert expected_calibration_error([0.75] * 4, [True, True, True, False]) == pytest.approx(0)


def test_the_gap_is_weighted_by_the_size_of_its_bin() -> None:
    assert expected_calibration_error([0.95, 0.95, 0.05, 0.05], [True, False, False, False]) == pytest.approx(0.25)


def test_certainty_falls_into_the_last_bin() -> None:
    assert expected_calibration_error([1.0], [True]) == 0


def test_nothing_rated_has_no_error() -> None:
    assert expected_calibration_error([], []) is None
