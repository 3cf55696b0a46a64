from __future__ import annotations

import pytest

from dragoman.serve.going import local_address


@pytest.mark.parametrize("wanted", ["/", "/dyads/PRK/RUS?as_of=2024-01-01#ledger", "/search?q=a%2F%2Fb", "/a//b"])
def test_a_path_of_this_desk_is_gone_to(wanted: str) -> None:
    assert local_address(wanted) == wanted


@pytest.mark.parametrize(
    "wanted",
    [
        "",
        "events/e1",
        "//evil.example",
        "///evil.example",
        "https://evil.example/",
        "javascript:alert(1)",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\r\nSet-Cookie: a=b",
        " //evil.example",
        "/\0",
        "//[",
        "/" + "a" * 2000,
    ],
)
def test_anything_else_is_not(wanted: str) -> None:
    assert local_address(wanted, "/home") == "/home"
