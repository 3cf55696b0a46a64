"""A clock that jumps: a small library between the programs and the system's clock moves it by years at every look."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

from benchmarks.faults.children import command, in_child, loaded_coder
from benchmarks.faults.outcome import Outcome, compared, state

_SOURCE = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <sys/time.h>
#include <time.h>
static unsigned looks = 0;
static long jump(void) {
  unsigned look = __atomic_fetch_add(&looks, 1, __ATOMIC_RELAXED);
  return ((long)((look * 2654435761u) >> 8) % 1200000000L) - 600000000L;
}
int clock_gettime(clockid_t which, struct timespec *at) {
  static int (*real)(clockid_t, struct timespec *) = 0;
  if (!real) real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
  int result = real(which, at);
  if (!result && (which == CLOCK_REALTIME || which == CLOCK_REALTIME_COARSE)) at->tv_sec += jump();
  return result;
}
int gettimeofday(struct timeval *at, void *zone) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  at->tv_sec = now.tv_sec;
  at->tv_usec = now.tv_nsec / 1000;
  return 0;
}
time_t time(time_t *at) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (at) *at = now.tv_sec;
  return now.tv_sec;
}
"""


def jumping(pages: Path, folder: Path, points: int) -> Outcome:
    """Add, compact and vacuum while the clock jumps by up to 19 years to and fro at every look."""
    folder.mkdir(parents=True)
    outcome = Outcome("clock that jumps by years", 0)
    library = folder / "jump.so"
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        outcome.seen = "not tried: needs a C compiler"
        return outcome
    subprocess.run(
        [compiler, "-shared", "-fPIC", "-O1", "-x", "c", "-", "-o", str(library), "-ldl"],
        input=_SOURCE, text=True, check=True,
    )  # fmt: skip
    command(folder / "told", "--record", folder / "unbroken", "add", pages)
    wanted, outcome.lost = in_child(partial(state, folder / "unbroken"))
    # One process, in which each command runs as a child of its own: to load everything takes far longer than the rest.
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.faults.clocks", str(pages), str(folder), str(points)],
        env={**os.environ, "LD_PRELOAD": str(library)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        outcome.lost.append(f"it ended with {done.returncode}: {done.stderr[-300:]}")
        return outcome
    outcome.lost += json.loads(done.stdout)
    for number in range(points):
        outcome.lost += compared(f"time {number}", in_child(partial(state, folder / str(number))), wanted)
        outcome.tried += 1
    outcome.seen = "add, compact and vacuum: same rows and ids, versions in order"
    return outcome


def _run(pages: Path, folder: Path, points: int) -> list[str]:
    """Run the commands in this process, before whose clock the library stands; what is wrong."""
    loaded_coder()
    wrong = []
    if abs(time.time() - time.time()) < 1 and abs(time.time() - time.time()) < 1:
        wrong.append("the clock does not jump")
    for number in range(points):
        told = folder / f"told-{number}"
        for words in (["add", str(pages)], ["record", "compact"], ["record", "vacuum", "--keep", "1d"]):
            code = command(told, "--record", folder / str(number), *words)
            if code:
                wrong.append(f"time {number}: {words[0]} ended with {code}: {told.read_text('utf-8')[-300:]}")
    return wrong


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_run(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))))
