from __future__ import annotations

import ctypes
import subprocess
import sys

import pytest

from dragoman.cli import memory

_HEAPS = """
import ctypes, re, runpy, tempfile, threading
few_arenas = runpy.run_path({module!r})["few_arenas"]  # by itself: all of Dragoman would take seconds to load
library = ctypes.CDLL(None)
library.malloc.restype = ctypes.c_void_p
library.fopen.restype = ctypes.c_void_p
def heaps():
    with tempfile.NamedTemporaryFile() as file:
        stream = ctypes.c_void_p(library.fopen(file.name.encode(), b"w"))
        library.malloc_info(0, stream)
        library.fclose(stream)
        return len(re.findall("<heap nr=", open(file.name).read()))
if {called}:
    assert few_arenas()
before = heaps()
together = threading.Barrier(12)
def work():
    together.wait()
    library.malloc(ctypes.c_size_t(1000))
    together.wait()
threads = [threading.Thread(target=work) for _ in range(12)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(before, heaps())
"""


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "malloc_info"), reason="only glibc tells of its heaps")
def test_threads_share_the_heaps_that_there_are() -> None:
    def heaps(called: bool) -> list[int]:
        words = [sys.executable, "-c", _HEAPS.format(called=called, module=memory.__file__)]
        return list(map(int, subprocess.run(words, capture_output=True, text=True, check=True).stdout.split()))

    before, after = heaps(called=True)
    assert after <= max(2, before)
    before, after = heaps(called=False)
    assert after > max(2, before)
