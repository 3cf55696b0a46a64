"""A standalone Spark cluster on loopback, from the PySpark package: for the tests marked `spark` and the benchmark.

`python -m benchmarks.cluster --workers 2 -- COMMAND…` starts a master and its workers, runs the command with
DRAGOMAN_SPARK_MASTER set to the master's address, stops the cluster and ends as the command did.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from dragoman.record.spark import find_java

PATIENCE = 180
"""Seconds in which a master or worker must be up."""

MASTER = "DRAGOMAN_SPARK_MASTER"
"""The variable that names the master to the tests."""


@contextmanager
def cluster(workers: int, cores: int = 1, memory: str = "1g") -> Iterator[str]:
    """A master and so many workers with their cores and memory; the master's address, until the block ends."""
    find_java()
    home = Path(str(importlib.util.find_spec("pyspark").origin)).parent  # type: ignore[union-attr]
    environment = {
        **os.environ,
        "SPARK_HOME": str(home),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_DAEMON_MEMORY": "256m",
        "PYSPARK_PYTHON": sys.executable,
    }
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="spark-", ignore_cleanup_errors=True)))
        common = ["--host", "127.0.0.1", "--webui-port", "0"]
        master = ["master.Master", *common, "--port", "0"]
        told = stack.enter_context(
            _daemon(home, master, folder / "master.log", environment, r"(spark://127[\d.]+:\d+)")
        )
        for number in range(workers):
            work = ["--cores", str(cores), "--memory", memory, "--work-dir", str(folder / f"work-{number}"), told]
            log = folder / f"worker-{number}.log"
            worker = ["worker.Worker", *common, *work]
            stack.enter_context(_daemon(home, worker, log, environment, r"(Successfully registered with master)"))
        yield told


@contextmanager
def _daemon(
    home: Path, arguments: Sequence[str], log: Path, environment: Mapping[str, str], pattern: str
) -> Iterator[str]:
    """A part of the cluster, once its log shows the pattern; what the pattern's group held."""
    command = [str(home / "bin" / "spark-class"), f"org.apache.spark.deploy.{arguments[0]}", *arguments[1:]]
    with log.open("wb") as sink:
        process = subprocess.Popen(command, stdout=sink, stderr=sink, env=environment, start_new_session=True)
    try:
        yield _shown(process, log, pattern)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _shown(process: subprocess.Popen[bytes], log: Path, pattern: str) -> str:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        found = re.search(pattern, log.read_text("utf-8", "replace"))
        if found:
            return found[1]
        time.sleep(0.1)
    raise RuntimeError(f"Spark did not start within {PATIENCE} s; its log ends:\n{log.read_text('utf-8')[-2000:]}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command beside a cluster."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("command", nargs="+")
    given = parser.parse_args(arguments)
    with cluster(given.workers) as master:
        environment = {**os.environ, MASTER: master, "SPARK_LOCAL_IP": "127.0.0.1", "PYSPARK_PYTHON": sys.executable}
        return subprocess.run(given.command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
