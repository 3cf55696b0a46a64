from __future__ import annotations

import threading

from dragoman.pipeline.lazily import lazily


class Slow:
    """Something whose value waits for a signal."""

    def __init__(self, signal: threading.Event) -> None:
        self.signal = signal
        self.times = 0

    @lazily
    def value(self) -> int:
        """How often it was found."""
        self.signal.wait(5)
        self.times += 1
        return self.times


def test_it_is_found_once_for_an_object() -> None:
    ready = threading.Event()
    ready.set()
    slow = Slow(ready)
    assert [slow.value, slow.value] == [1, 1]
    assert Slow.value.__doc__ == "How often it was found."


def test_one_object_does_not_wait_for_another() -> None:
    never, now = threading.Event(), threading.Event()
    now.set()
    waiting = Slow(never)
    thread = threading.Thread(target=lambda: waiting.value)
    thread.start()
    assert Slow(now).value == 1
    assert waiting.times == 0
    never.set()
    thread.join()
