from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from dragoman.serve.kept import Kept


def one(_: object) -> int:
    return 1


def test_what_many_ask_for_at_once_is_found_once() -> None:
    kept, times = Kept(10, 2), []

    def find() -> str:
        times.append(threading.get_ident())
        time.sleep(0.05)
        return "found"

    with ThreadPoolExecutor(8) as threads:
        got = list(threads.map(lambda _: kept.get("key", find, one, within=False), range(8)))
    assert got == ["found"] * 8
    assert len(times) == 1


def test_what_was_not_asked_for_the_longest_goes_first() -> None:
    kept = Kept(2, 1)
    for key in ("a", "b", "a", "c"):
        kept.get(key, lambda: key, one, within=False)  # noqa: B023
    found: list[str] = []
    for key in ("a", "c", "b"):
        kept.get(key, lambda: found.append(key), one, within=False)  # noqa: B023
    assert found == ["b"]
    assert kept.held == 2


def test_what_is_larger_than_all_room_is_given_and_not_kept() -> None:
    kept = Kept(3, 1)
    assert kept.get("key", lambda: "xxxx", len, within=False) == "xxxx"
    assert kept.held == 0


def test_after_a_failure_the_next_tries() -> None:
    kept = Kept(3, 1)

    def fail() -> int:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        kept.get("key", fail, one, within=False)
    assert kept.get("key", lambda: 7, one, within=False) == 7


def test_finding_one_thing_may_ask_for_another_when_all_slots_are_taken() -> None:
    kept = Kept(10, 2)

    def outer(name: str) -> str:
        def inner() -> str:
            time.sleep(0.02)
            return "inner"

        def find() -> str:
            time.sleep(0.02)
            return name + kept.get("inner", inner, one, within=True)

        return kept.get(name, find, one, within=False)

    with ThreadPoolExecutor(6) as threads:
        assert sorted(threads.map(outer, "abcdef")) == [f"{name}inner" for name in "abcdef"]


def test_no_more_threads_find_at_once_than_there_are_slots() -> None:
    kept, now, most = Kept(10, 2), [0], [0]
    lock = threading.Lock()

    def find() -> int:
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
        time.sleep(0.02)
        with lock:
            now[0] -= 1
        return 1

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda key: kept.get(key, find, one, within=False), range(8)))
    assert most[0] == 2


def test_what_is_gone_is_let_go() -> None:
    kept = Kept(10, 1)
    for key in range(4):
        kept.get(key, lambda: 1, one, within=False)
    kept.forget(lambda key: key != 3)
    assert kept.held == 1


def test_what_was_looked_at_last_stays_longest() -> None:
    kept = Kept(2, 1)
    kept.get("a", lambda: "A", lambda _: 1, within=False)
    kept.get("b", lambda: "B", lambda _: 1, within=False)
    assert (kept.peek("a"), kept.peek("c")) == ("A", None)
    kept.get("c", lambda: "C", lambda _: 1, within=False)
    assert (kept.peek("a"), kept.peek("b")) == ("A", None)
