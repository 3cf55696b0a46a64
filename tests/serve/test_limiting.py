from __future__ import annotations

import pytest

from dragoman.errors import SettingError
from dragoman.serve import limiting
from dragoman.serve.limiting import Limits, Rate, address_key, parse_rates
from dragoman.settings import SETTINGS


class Clock:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_a_bucket_is_used_up_and_fills_again() -> None:
    clock = Clock()
    limits = Limits({"write": Rate(2, 60)}, clock)
    assert [limits.wait("write", "ada") for _ in range(3)] == [0, 0, 30]
    clock.seconds = 29
    assert limits.wait("write", "ada") == pytest.approx(1)
    clock.seconds = 30
    assert limits.wait("write", "ada") == 0
    clock.seconds = 10_000
    assert [limits.wait("write", "ada") for _ in range(3)] == [0, 0, 30]


def test_buckets_are_apart_by_what_and_by_whom() -> None:
    limits = Limits({"write": Rate(1, 60), "search": Rate(1, 60)}, Clock())
    assert [limits.wait("write", "ada"), limits.wait("search", "ada"), limits.wait("write", "eve")] == [0, 0, 0]
    assert limits.wait("write", "ada") == 60


def test_looking_takes_nothing() -> None:
    limits = Limits({"write": Rate(1, 60)}, Clock())
    assert [limits.wait("write", "ada", take=False) for _ in range(3)] == [0, 0, 0]
    limits.wait("write", "ada")
    assert limits.wait("write", "ada", take=False) == 60


def test_what_has_no_rate_is_not_limited() -> None:
    assert [Limits({}).wait("write", "ada") for _ in range(100)] == [0] * 100


def test_the_buckets_that_are_kept_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limiting, "MOST_KEPT", 3)
    limits = Limits({"write": Rate(1, 60)}, Clock())
    for who in "abcdef":
        limits.wait("write", who)
    assert len(limits._buckets) == 3
    assert limits.wait("write", "f") == 60


def test_rates_are_read() -> None:
    assert parse_rates("sign-in=10/300, write=1/0.5") == {"sign-in": Rate(10, 300), "write": Rate(1, 0.5)}
    assert parse_rates("off") == {}


def test_the_default_names_every_rate_that_the_desk_knows() -> None:
    default = next(setting.default for setting in SETTINGS if setting.name == "serve_limits")
    assert set(parse_rates(default)) == {"sign-in", "sign-up", "reset", "comment", "search", "write"}


@pytest.mark.parametrize("text", ["write", "write=", "write=x/60", "write=0/60", "write=1/0", "write=1/inf", "on"])
def test_a_rate_that_cannot_be_is_told(text: str) -> None:
    with pytest.raises(SettingError, match="DRAGOMAN_SERVE_LIMITS"):
        parse_rates(text)


@pytest.mark.parametrize(
    ("host", "key"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("testclient", "testclient"),
        (None, "unknown"),
    ],
)
def test_an_address_stands_for_a_household(host: str | None, key: str) -> None:
    assert address_key(host) == key
