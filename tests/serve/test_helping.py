from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from dragoman.errors import UsageError
from dragoman.pipeline import View
from dragoman.serve.asking import Outlook, Parties
from dragoman.serve.helping import Helpers, NotHelped
from dragoman.serve.reading import ServedRecord
from dragoman.serve.views import Look, chart_of
from dragoman.settings import Settings
from running import KEPT


@pytest.fixture(scope="module")
def record() -> Iterator[ServedRecord]:
    found = ServedRecord(KEPT, Settings.load({}))
    found.start_helpers(1)
    yield found
    found.close_helpers()


def number_of_process(_: ServedRecord) -> int:
    return os.getpid()


def number_of_events(record: ServedRecord) -> int:
    return len(record.events())


def refuse(_: ServedRecord, what: str) -> None:
    raise UsageError(f"{what} cannot be.")


def end(_: ServedRecord) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_helper_finds_in_a_process_of_its_own_what_the_desk_would_find(record: ServedRecord) -> None:
    assert record.apart(number_of_process) != os.getpid()
    assert record.apart(number_of_events) == len(record.events())


def test_what_goes_wrong_there_goes_wrong_here(record: ServedRecord) -> None:
    with pytest.raises(UsageError, match="A cannot be"):
        record.apart(refuse, "A")


def test_a_helper_that_dies_is_replaced_and_the_desk_finds_itself(record: ServedRecord) -> None:
    assert record.helpers is not None
    with pytest.raises(NotHelped):
        record.helpers.ask(record.newest().identity, end, ())
    other = record.apart(number_of_process)
    assert other not in (os.getpid(), None)


def test_another_state_of_the_record_is_not_helped(record: ServedRecord) -> None:
    assert record.helpers is not None
    with pytest.raises(NotHelped):
        record.helpers.ask(("elsewhere", 1), number_of_events, ())
    assert record.apart(number_of_events) == len(record.events())


def test_who_waits_for_a_helper_is_let_go_when_all_end(tmp_path: Path) -> None:
    helpers = Helpers(partial(ServedRecord, str(tmp_path)), 1)
    helpers.close()
    with pytest.raises(NotHelped):
        helpers.ask((), number_of_process, ())


def test_a_helper_ends_when_it_is_told_to(record: ServedRecord) -> None:
    number = record.apart(number_of_process)
    assert record.helpers is not None
    assert number in record.helpers.processes()
    record.helpers.close()
    until = time.monotonic() + 30
    while Path(f"/proc/{number}").exists() and time.monotonic() < until:
        # The dead are there until who started them has looked.
        if "Z" in Path(f"/proc/{number}/stat").read_text("utf-8").rsplit(")", 1)[1][:3]:
            break
        time.sleep(0.05)
    else:
        assert not Path(f"/proc/{number}").exists()


def test_what_is_drawn_goes_to_a_helper_of_its_own(tmp_path: Path) -> None:
    shutil.copytree(KEPT, tmp_path / "record")
    record = ServedRecord(tmp_path / "record", Settings.load({}))
    record.start_helpers(1)
    try:
        drawing, finding = record.apart(number_of_process, drawing=True), record.apart(number_of_process)
        assert len({drawing, finding, os.getpid()}) == 3
        look = Look(Parties("PRK", "RUS"), Outlook(), View.INDICATORS)
        assert chart_of(record, look).startswith(b"<svg")
    finally:
        record.close_helpers()
