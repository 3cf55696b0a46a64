"""How the desk does on a million events: many readers at once over all its pages, each pausing between two.

`python -m benchmarks.desk` makes a record of 1 million events (or takes one by `--record`), starts the desk as a
process on loopback, waits until its first pages are ready, lets `--readers` read for `--minutes`, and prints for every
kind of page the median and the 95th percentile of the seconds from asking to the last byte, errors, the desk's
processor seconds, and its resident memory over time. A reader takes a kind of page by its weight, and one of the pages
of that kind at random; busy relations are looked at more often than rare ones. With `--limit` it ends with 1 if a
figure is over what issue 8 allows. The load average of the machine stands beside the figures: what else runs counts.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
from benchmarks.made_record import fill, states

from dragoman.database import utc_now
from dragoman.pipeline import open_record
from dragoman.serve import Desk, Role
from dragoman.serve.accounts import NewAccount, create_account
from dragoman.serve.sampling import publish_sample
from dragoman.settings import Settings

MEDIAN, TAIL = 0.300, 0.800
"""Seconds that issue 8 allows for the median and the 95th percentile of a page."""

GROWTH = 1.10
"""How much more memory the last third of the run may need than the second."""

PATIENCE = 60.0
"""Seconds after which a page that has not come is an error."""

AUTHOR = "a pass phrase of the load run"
"""The password of the author of a brief; the desk listens on loopback for as long as the run takes."""

WEIGHTS = {
    "front": 8,
    "relation, busy": 14,
    "relation, any": 10,
    "relation, another day": 2,
    "timeline": 4,
    "ledger": 5,
    "indicators": 2,
    "responses": 2,
    "wording": 2,
    "ritual": 2,
    "forecasts": 1,
    "network of a relation": 1,
    "chart": 10,
    "event": 12,
    "events": 6,
    "document": 8,
    "actor": 5,
    "map": 2,
    "network": 2,
    "search": 4,
    "questions": 1,
    "method": 1,
    "briefs": 2,
    "brief": 3,
    "JSON of a relation": 3,
}
"""How often each kind of page is asked for."""


@dataclass(slots=True)
class Pages:
    """The addresses of each kind."""

    addresses: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def draw(self, chance: random.Random) -> tuple[str, str]:
        """A kind of page by its weight, and a page of that kind."""
        kinds = [kind for kind in WEIGHTS if self.addresses[kind]]
        (kind,) = chance.choices(kinds, [WEIGHTS[kind] for kind in kinds])
        return kind, chance.choice(self.addresses[kind])


@dataclass(slots=True)
class Figures:
    """What was measured."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: list[str] = field(default_factory=list)
    memory: list[tuple[float, float]] = field(default_factory=list)
    """Seconds since the start, and MiB that the desk held."""
    processor: float = 0.0
    """Processor seconds that the desk took while the readers read."""


def family(process: int) -> list[int]:
    """A process and all that it has started, and so on; needs Linux's /proc."""
    found = [process]
    for one in found:
        for children in Path(f"/proc/{one}/task").glob("*/children"):
            with suppress(OSError):
                found += map(int, children.read_text("ascii").split())
    return found


def resident_mib(process: int) -> float:
    """What a process and those that it started hold in memory now, in MiB; what they share is counted once for each."""
    pages = 0
    for one in family(process):
        with suppress(OSError):
            pages += int(Path(f"/proc/{one}/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def processor_seconds(process: int) -> float:
    """What a process and those that it started have taken of the processors so far."""
    ticks = 0
    for one in family(process):
        with suppress(OSError):
            fields = Path(f"/proc/{one}/stat").read_text("utf-8").rsplit(")", 1)[1].split()
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


async def gather(client: httpx.AsyncClient, chance: random.Random, present: set[str]) -> Pages:
    """The addresses to read: by the record's own lists, not by what is easy."""
    found = Pages()
    add = found.addresses
    codes = [actor.code for actor in states()]
    shares = [1 / (rank + 3) for rank in range(len(codes))]
    busy = [(a, b) for a in codes[:8] for b in codes[:8] if a < b]
    drawn = {tuple(sorted(chance.choices(codes, shares, k=2))) for _ in range(120)}
    pairs = [pair for pair in sorted(drawn) if pair[0] != pair[1]]
    any_pairs = [pair for pair in pairs if (await client.get(f"/events.json?a={pair[0]}&b={pair[1]}")).json()["total"]]
    for a, b in busy:
        add["relation, busy"].append(f"/dyads/{a}/{b}")
        add["JSON of a relation"].append(f"/dyads/{a}/{b}.json")
    for a, b in any_pairs:
        add["relation, any"].append(f"/dyads/{a}/{b}")
    for a, b in [*busy, *any_pairs[:60]]:
        for kind in ("timeline", "ledger", "indicators", "responses", "wording", "ritual", "forecasts"):
            add[kind].append(f"/dyads/{a}/{b}/{kind}")
        add["network of a relation"].append(f"/dyads/{a}/{b}/network")
        add["chart"] += [f"/dyads/{a}/{b}/{name}.svg" for name in ("eras", "series", "ledger")]
        add["events"].append(f"/events?a={a}&b={b}&what=deed")
    add["relation, another day"] += [f"/dyads/{a}/{b}?as_of=2021-06-30" for a, b in any_pairs[:10]]
    for a, b in [*busy[:10], *any_pairs[:20]]:
        rows = (await client.get(f"/events.json?a={a}&b={b}")).json()["rows"]
        add["event"] += [f"/events/{row['id']}" for row in rows[:20]]
        for row in rows[:3]:
            page = (await client.get(f"/events/{row['id']}.json")).json()
            add["document"] += [f"/documents/{report['document']}" for report in page["reports"]]
    add["events"] += ["/events", "/events?type=ASSAULT", "/events?domain=arms&what=deed"]
    add["actor"] += [f"/actors/{code}" for code in [*codes[:20], *chance.sample(codes, 20)]]
    add["search"] += [
        f"/search?q={quote(words)}" for words in ("artillery shells", "treaty", "Russia", "naval exercise")
    ]
    add["brief"] += [f"/briefs/{row['slug']}" for row in (await client.get("/briefs.json")).json()["cards"]]
    for kind in ("front", "map", "network", "questions", "method", "briefs"):
        add[kind].append("/" if kind == "front" else f"/{kind}")
    for kind in list(add):
        add[kind] = [address for address in add[kind] if address.split("?")[0].split("/")[1] in present]
    return found


async def read(
    client: httpx.AsyncClient, pages: Pages, figures: Figures, chance: random.Random, pause: float, until: float
) -> None:
    """One reader."""
    await asyncio.sleep(chance.random() * pause)
    while time.monotonic() < until:
        kind, address = pages.draw(chance)
        started = time.monotonic()
        try:
            answer = await client.get(address)
            figures.seconds[kind].append(time.monotonic() - started)
            # A chart of a relation without an entry says that there is nothing to draw.
            if answer.status_code != 200 and not (kind == "chart" and answer.status_code == 400):
                figures.errors.append(f"{answer.status_code} {address}")
        except httpx.HTTPError as error:
            figures.errors.append(f"{type(error).__name__} {address}")
        await asyncio.sleep(pause)


async def watch(process: int, figures: Figures, started: float, until: float) -> None:
    """Note the memory of the desk."""
    while time.monotonic() < until:
        figures.memory.append((time.monotonic() - started, resident_mib(process)))
        await asyncio.sleep(5)


async def load(base: str, process: int, given: argparse.Namespace) -> Figures:
    """Wait for the desk, gather addresses, let the readers read."""
    chance = random.Random(given.seed)
    figures = Figures()
    # A connection that has long been idle may be closed by the desk while it is asked again.
    limits = httpx.Limits(max_connections=given.readers, keepalive_expiry=2.0)
    async with httpx.AsyncClient(base_url=base, timeout=PATIENCE, limits=limits, trust_env=False) as client:
        await _ready(client, given.warm)
        paths = (await client.get("/openapi.json")).json()["paths"]
        pages = await gather(client, chance, {path.split("/")[1].removesuffix(".json") for path in paths} | {""})
        sys.stderr.write(f"{sum(map(len, pages.addresses.values()))} addresses of {len(pages.addresses)} kinds\n")
        if given.rehearse:
            await read(client, pages, Figures(), random.Random(0), 0.0, time.monotonic() + 60 * given.rehearse)
        started, taken = time.monotonic(), processor_seconds(process)
        until = started + 60 * given.minutes
        readers = [
            read(client, pages, figures, random.Random(given.seed + 1 + n), given.pause, until)
            for n in range(given.readers)
        ]
        await asyncio.gather(watch(process, figures, started, until), *readers)
        figures.processor = processor_seconds(process) - taken
    return figures


async def _ready(client: httpx.AsyncClient, warm: float) -> None:
    """Wait until the desk answers, and then so long that its first pages are ready."""
    for _ in range(240):
        try:
            await client.get("/method")
            break
        except httpx.HTTPError:
            await asyncio.sleep(0.5)
    await client.get("/", timeout=600)
    await asyncio.sleep(warm)


def table(figures: Figures, cores: str) -> str:
    """The figures as text."""
    lines = [f"{'page':<24} {'asked':>6} {'median':>9} {'95%':>9} {'longest':>9}"]
    for kind in WEIGHTS:
        taken = figures.seconds.get(kind)
        if taken:
            lines.append(
                f"{kind:<24} {len(taken):>6} {statistics.median(taken):>8.3f}s {tail(taken):>8.3f}s {max(taken):>8.3f}s"
            )
    everything = [second for taken in figures.seconds.values() for second in taken]
    lines.append(
        f"{'all':<24} {len(everything):>6} {statistics.median(everything):>8.3f}s {tail(everything):>8.3f}s "
        f"{max(everything):>8.3f}s"
    )
    lines.append(f"errors {len(figures.errors)}" + "".join(f"\n  {error}" for error in figures.errors[:10]))
    lines.append(
        f"processor {figures.processor:.0f} s of the desk, {figures.processor / max(1, len(everything)):.3f} s a page"
    )
    step = max(1, len(figures.memory) // 10)
    lines.append("memory MiB " + ", ".join(f"{mib:.0f} at {at:.0f} s" for at, mib in figures.memory[::step]))
    return "\n".join([*lines, cores])


def tail(taken: Sequence[float]) -> float:
    """The 95th percentile."""
    return sorted(taken)[min(len(taken) - 1, int(0.95 * len(taken)))]


def over(figures: Figures) -> list[str]:
    """What is over the limits."""
    found = [f"{len(figures.errors)} errors"] if figures.errors else []
    for kind, taken in figures.seconds.items():
        if statistics.median(taken) > MEDIAN:
            found.append(f"median of {kind}: {statistics.median(taken):.3f} s")
        if tail(taken) > TAIL:
            found.append(f"95% of {kind}: {tail(taken):.3f} s")
    held = [mib for _, mib in figures.memory]
    third = len(held) // 3
    if third and max(held[-third:]) > GROWTH * max(held[third:-third]):
        found.append(f"memory grew from {max(held[third:-third]):.0f} to {max(held[-third:]):.0f} MiB")
    return found


def publish(record: str, database: str) -> None:
    """Publish a brief on a relation of the record, as authors do, so that there is one to read."""
    desk = Desk.open(Settings.load({}, record=record, database=database))
    try:
        with desk.database.session() as session:
            create_account(session, NewAccount("author", "An Author", password=AUTHOR, role=Role.ADMIN), utc_now())
        publish_sample(desk, "author", "POL", "SAU")
    finally:
        desk.search.close()
        desk.database.close()


def free_port() -> int:
    """A port of loopback that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def environment(record: str, database: str) -> Mapping[str, Any]:
    """The desk's settings; nothing limits how often a page may be read."""
    return os.environ | {
        "DRAGOMAN_RECORD": record,
        "DRAGOMAN_DATABASE": database,
        "PYTHONFAULTHANDLER": "1",
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="The desk under load.")
    parser.add_argument("--record", help="A record that is there; without it one is made.")
    parser.add_argument("--desk", help="The address of a desk that runs already on such a record; --process is its.")
    parser.add_argument("--process", type=int, help="The process of that desk.")
    parser.add_argument(
        "--folder", help="Where the desk's own files lie, and stay: a second run is a desk started again."
    )
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--readers", type=int, default=20)
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--pause", type=float, default=3.0, help="Seconds between two pages of a reader.")
    parser.add_argument("--warm", type=float, default=60.0, help="Seconds that the desk is given to make pages ready.")
    parser.add_argument("--rehearse", type=float, default=0.0, help="Minutes of one reader before the run.")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--limit", action="store_true", help="End with 1 if a figure is over the limits.")
    given = parser.parse_args(arguments)
    if given.desk:
        before = os.getloadavg()[0]
        return report(asyncio.run(load(given.desk, given.process or os.getpid(), given)), before, limit=given.limit)
    with ExitStack() as ending:
        folder = given.folder or ending.enter_context(tempfile.TemporaryDirectory())
        record = given.record
        if record is None:
            record = f"{folder}/record"
            sys.stderr.write(f"{fill(record, given.events)} documents made\n")
            open_record(record).compact()
        database = f"sqlite:///{folder}/desk.sqlite"
        if not Path(folder, "desk.sqlite").exists():
            publish(record, database)
        port = free_port()
        words = [sys.executable, "-m", "dragoman", "serve", "--port", str(port)]
        before = os.getloadavg()[0]
        with subprocess.Popen(words, env=environment(record, database)) as desk:
            try:
                figures = asyncio.run(load(f"http://127.0.0.1:{port}", desk.pid, given))
            except httpx.HTTPError as error:
                sys.stdout.write(
                    f"The desk does not answer ({type(error).__name__}); its exit code is {desk.poll()}.\n"
                )
                return 1
            finally:
                desk.terminate()
    return report(figures, before, limit=given.limit)


def report(figures: Figures, before: float, *, limit: bool) -> int:
    """Print the figures; 1 where they are over the limits and these hold."""
    cores = f"load average {before:.1f} before, {os.getloadavg()[0]:.1f} after; {os.cpu_count()} cores"
    sys.stdout.write(f"{table(figures, cores)}\n")
    bad = over(figures)
    sys.stdout.write("".join(f"over the limit: {line}\n" for line in bad))
    return 1 if limit and bad else 0


if __name__ == "__main__":
    sys.exit(main())
