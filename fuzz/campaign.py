"""A campaign: every target in turn, in processes of their own, with a state file from which it goes on after a stop."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from fuzz.aims import AIMS

HERE = Path(__file__).parent
KEPT = HERE / "corpus"
"""The corpora that the repository keeps: a zip archive for each target."""
KEPT_STATE = HERE / "state.json"
"""The tallies of the campaigns so far, kept in the repository: a campaign in a new folder goes on from them."""
WORDS = HERE / "words"
"""libFuzzer's dictionaries: words that mean something to a target."""
SECONDS = 10
"""Longest time for one input."""
MEMORY = 1024
"""Most memory of the whole process, in MB; a document may make it grow by less than that."""
LONGEST = 4096
"""Longest input that the fuzzer makes, in bytes; the corpus may hold longer ones."""
Fuzz = Callable[[str, Sequence[str], Path], int]
"""Runs the fuzzer on a target with options and a file for what it says: `one.fuzz`."""
_DONE = re.compile(r"stat::number_of_executed_units:\s*(\d+)")
_PEAK = re.compile(r"stat::peak_rss_mb:\s*(\d+)")
_AT = re.compile(r"^#(\d+)\t", re.MULTILINE)
_COVERED = re.compile(r"cov: (\d+)")
_LEFT = re.compile(r"Test unit written to (\S+)")


@dataclass(slots=True)
class Tally:
    """What is known of one target: executions, seconds, the largest process, edges reached, and findings by hash."""

    executions: int = 0
    seconds: float = 0.0
    peak_mb: int = 0
    edges: int = 0
    findings: dict[str, str] = field(default_factory=dict)
    """For every input that ended a run: what became of it on its own ("Broken: …", "hang", "memory", or "harmless")."""


class State:
    """The tallies in a file, written after every round, so that a killed campaign goes on where it was."""

    def __init__(self, path: Path) -> None:
        self._path = path
        known = next((one for one in (path, KEPT_STATE) if one.exists()), None)
        told = json.loads(known.read_text("utf-8")) if known else {}
        self.tallies = {name: Tally(**told.get(name, {})) for name in AIMS}

    def save(self) -> None:
        """Write all tallies, whole or not at all."""
        self.save_at(self._path)

    def save_at(self, path: Path) -> None:
        """The same into another file."""
        waiting = path.with_suffix(".new")
        waiting.write_text(json.dumps({name: asdict(one) for name, one in self.tallies.items()}, indent=1), "utf-8")
        waiting.replace(path)


def unpack(name: str, folder: Path) -> Path:
    """A folder with the kept corpus of a target, beside what earlier rounds found."""
    corpus = folder / "corpus" / name
    corpus.mkdir(parents=True, exist_ok=True)
    kept = KEPT / f"{name}.zip"
    if kept.exists():
        with zipfile.ZipFile(kept) as archive:
            for member in archive.namelist():
                if not (corpus / Path(member).name).exists():
                    (corpus / Path(member).name).write_bytes(archive.read(member))
    return corpus


def round_of(fuzz: Fuzz, name: str, folder: Path, runs: int, seconds: int, tally: Tally) -> None:
    """One process of the fuzzer: at most so many runs and seconds."""
    corpus, left = unpack(name, folder), folder / "findings" / name
    left.mkdir(parents=True, exist_ok=True)
    words = WORDS / f"{name}.dict"
    options = [
        f"-runs={runs}", f"-max_total_time={seconds}", f"-timeout={SECONDS}", f"-rss_limit_mb={MEMORY}",
        f"-max_len={LONGEST}", "-print_final_stats=1", f"-artifact_prefix={left}/",
        *([f"-dict={words}"] if words.exists() else []), str(corpus),
    ]  # fmt: skip
    started = time.monotonic()
    code = fuzz(name, options, folder / "told")
    tally.seconds += time.monotonic() - started
    told = (folder / "told").read_text("utf-8", "replace")
    counts = [int(number) for number in (*_DONE.findall(told), *_AT.findall(told))]
    if not counts:
        raise SystemExit(f"{name}: the fuzzer did not run (exit {code}): {told[-2000:]}")
    tally.executions += max(counts)
    tally.peak_mb = max([tally.peak_mb, *map(int, _PEAK.findall(told))])
    tally.edges = max([tally.edges, *map(int, _COVERED.findall(told))])
    for path in _LEFT.findall(told):
        key = hashlib.sha256(Path(path).read_bytes()).hexdigest()[:16]
        tally.findings[key] = judged(name, Path(path))


def judged(name: str, path: Path) -> str:
    """What an input that ended a run does in a process of its own: the fuzzer's clock also counts what others do."""
    command = [sys.executable, "-m", "fuzz.replay", name, str(path)]
    try:
        done = subprocess.run(command, cwd=HERE.parent, capture_output=True, text=True, check=False, timeout=600)
    except subprocess.TimeoutExpired:
        return "hang: over 600 seconds"
    if done.returncode:
        return (done.stderr.strip().splitlines() or [f"exit {done.returncode}"])[-1][:200]
    told = json.loads(done.stdout.splitlines()[-1])
    if told["seconds"] > SECONDS:
        return f"hang: {told['seconds']} CPU seconds"
    if told["mb"] > MEMORY:
        return f"memory: {told['mb']} MB"
    return f"harmless: {told['seconds']} CPU seconds, {told['mb']} MB"


def judge_again(name: str, folder: Path, tally: Tally) -> None:
    """Look once more at what was found and is not harmless: it may have been mended since."""
    bad = {key for key, what in tally.findings.items() if not what.startswith("harmless")}
    for path in (folder / "findings" / name).glob("*") if bad else ():
        key = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
        if key in bad and (now := judged(name, path)).startswith("harmless"):
            tally.findings[key] = f"{now}; before it was mended: {tally.findings[key]}"


def campaign(
    fuzz: Fuzz,
    folder: Path,
    share: float,
    wanted: list[str],
    say: Callable[[str], object],
    round_seconds: int,
    seconds: float | None = None,
) -> bool | None:
    """Run all targets in turn until each has had its share of runs; whether nothing but harmless inputs was found.

    After so many `seconds` no further round begins; None where some targets have not had their share then.
    """
    until = time.monotonic() + seconds if seconds else float("inf")
    folder.mkdir(parents=True, exist_ok=True)
    state = State(folder / "state.json")
    for name in wanted:
        judge_again(name, folder, state.tallies[name])
    state.save()

    def waiting() -> list[str]:
        """Those that lack most of their share, first."""
        left = {name: state.tallies[name].executions / (AIMS[name].runs * share) for name in wanted}
        return sorted((name for name in wanted if left[name] < 1), key=lambda name: left[name])

    while names := waiting():
        for name in names:
            if time.monotonic() > until:
                return None
            tally, aim = state.tallies[name], int(AIMS[name].runs * share)
            round_of(fuzz, name, folder, max(1000, aim - tally.executions), round_seconds, tally)
            state.save()
            bad = sum(not one.startswith("harmless") for one in tally.findings.values())
            say(f"{name}: {tally.executions:,} of {aim:,}, {tally.edges} edges, {tally.peak_mb} MB, {bad} findings")
    return all(one.startswith("harmless") for name in wanted for one in state.tallies[name].findings.values())


def keep(fuzz: Fuzz, folder: Path, most: int) -> None:
    """Put the tallies, and the smallest corpora that reach the same edges, into the repository, `most` of each."""
    State(folder / "state.json").save_at(KEPT_STATE)
    KEPT.mkdir(exist_ok=True)
    for name in AIMS:
        corpus, small = folder / "corpus" / name, folder / "small" / name
        if not corpus.exists():
            continue
        small.mkdir(parents=True, exist_ok=True)
        fuzz(name, ["-merge=1", str(small), str(corpus)], folder / "told")
        files = sorted(small.iterdir(), key=lambda path: (path.stat().st_size, path.name))[:most]
        if not files:
            # A merge that failed leaves nothing; what was kept before is better.
            continue
        with zipfile.ZipFile(KEPT / f"{name}.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
            for path in sorted(files, key=lambda path: path.name):
                archive.writestr(zipfile.ZipInfo(path.name, (2026, 1, 1, 0, 0, 0)), path.read_bytes())


def table(state: State) -> list[str]:
    """The lines of the table in docs/reliability.md."""
    lines = ["| target | executions | edges | largest process | found and mended | open |", "|---|---|---|---|---|---|"]
    for name, tally in state.tallies.items():
        bad = sum(not one.startswith("harmless") for one in tally.findings.values())
        mended = sum("mended" in one for one in tally.findings.values())
        whose = "" if AIMS[name].own else " (a library's parser)"
        lines.append(
            f"| {name}{whose} | {tally.executions:,} | {tally.edges:,} | {tally.peak_mb} MB | {mended} | {bad} |"
        )
    for words, own in (("own parsers", True), ("HTML, PDF, feeds", False)):
        total = sum(tally.executions for name, tally in state.tallies.items() if AIMS[name].own is own)
        lines.append(f"| **{words}** | **{total:,}** | | | | |")
    return lines
