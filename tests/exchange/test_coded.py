from __future__ import annotations

import pyarrow as pa

from dragoman.exchange.coded import numbers


def test_a_number_that_its_kind_cannot_hold_is_null() -> None:
    texts = pa.array(["7", "-7.4", "1e20", "-1e20", "1e999", "9223372036854775807", "2147483648", "x", None])
    assert numbers(texts, pa.int64()).to_pylist() == [7, -7, None, None, None, None, 2147483648, None, None]
    assert numbers(texts, pa.int32()).to_pylist() == [7, -7, None, None, None, None, None, None, None]


def test_degrees_are_finite() -> None:
    assert numbers(pa.array(["48.5", "1e999", "-1e999", "nan"])).to_pylist() == [48.5, None, None, None]
