"""How a process that runs for months keeps its memory flat."""

from __future__ import annotations

import ctypes

ARENAS = 2
_M_ARENA_MAX = -8


def few_arenas() -> bool:
    """Let all threads share two of the C library's heaps; whether it could be said (only to glibc).

    It would else give each of the threads that tables are read and written by, up to eight for every core, a heap of
    its own, and what is freed in one is of no use to the others: memory then climbs for hours by a mebibyte a minute.
    To be called before many threads have run.
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):
        return False
    return bool(mallopt(_M_ARENA_MAX, ARENAS))
