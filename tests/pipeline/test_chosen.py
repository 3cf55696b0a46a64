"""A relation of the events of some providers alone is that of a record which holds nothing else."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from dragoman.brief import render_brief
from dragoman.errors import RecordMissing, UsageError
from dragoman.exchange import gdelt, icews
from dragoman.pipeline import Record, View, Wish, view_note, view_rows
from dragoman.pipeline.remembered import forget
from dragoman.records import Correction
from dragoman.terms import CorrectionKind
from provided import GDELT, ICEWS, line, write
from running import run

KOREAN = {"Source Name": "Military (North Korea)", "Source Country": "North Korea", "Target Name": "Russia"}
CODES = ("036", "050", "072", "0312", "112", "138", "040", "057", "064", "193")
LAST = "2024-06-19"


def icews_file(folder: Path) -> Path:
    lines = [
        line(
            icews.COLUMNS,
            {**ICEWS, **KOREAN, "Target Country": "Russia", "Event ID": str(number), "CAMEO Code": code}
            | {"Event Date": f"2023-{1 + number:02}-11"},
        )
        for number, code in enumerate(CODES)
    ]
    return write(folder / "icews.tab", "\t".join(icews.COLUMNS), *lines)


def gdelt_file(folder: Path) -> Path:
    actors = {"Actor1Code": "RUSGOV", "Actor1CountryCode": "RUS", "Actor1Name": "MOSCOW"}
    actors |= {"Actor2Code": "PRK", "Actor2CountryCode": "PRK", "Actor2Name": "NORTH KOREA"}
    when = {"SQLDATE": LAST.replace("-", ""), "DATEADDED": f"{LAST.replace('-', '')}120000"}
    lines = [line(gdelt.COLUMNS, {**GDELT, **actors, **when, "GLOBALEVENTID": str(number)}) for number in range(3)]
    return write(folder / "gdelt.tab", *lines)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("providers")


@pytest.fixture(scope="module")
def alone(ten_pages: Path, folder: Path) -> dict[str, Record]:
    """For each provider a record of its events alone."""
    found = {name: Record(folder / name) for name in ("dragoman", "icews", "gdelt")}
    found["dragoman"].add(ten_pages)
    found["icews"].import_events("icews", icews_file(folder))
    found["gdelt"].import_events("gdelt", gdelt_file(folder))
    return found


@pytest.fixture(scope="module")
def mixed(alone: dict[str, Record], folder: Path) -> Record:
    made = Record(shutil.copytree(alone["dragoman"].location, folder / "mixed"))
    made.import_events("icews", folder / "icews.tab")
    made.import_events("gdelt", folder / "gdelt.tab")
    return made


@pytest.mark.parametrize("as_of", [None, date(2024, 6, 30)], ids=["today", "as of a day"])
@pytest.mark.parametrize("provider", ["dragoman", "icews", "gdelt"])
def test_every_view_is_that_of_a_record_of_this_provider_alone(
    mixed: Record, alone: dict[str, Record], provider: str, as_of: date | None
) -> None:
    one = mixed.dyad("PRK", "RUS", as_of=as_of, providers=[provider])
    other = alone[provider].dyad("PRK", "RUS", as_of=as_of)
    for view in View:
        assert view_rows(one, view, Wish()) == view_rows(other, view, Wish()), view
    assert {event["provider"] for event in one.events()} == {provider}
    assert one.response_matrix() == other.response_matrix()
    assert (one.today, one.coverage, one.kept_rates()) == (other.today, other.coverage, other.kept_rates())


def test_what_was_read_for_all_is_not_taken_for_what_one_brought(mixed: Record) -> None:
    forget()
    whole = mixed.dyad("PRK", "RUS")
    counts = {
        name: len(mixed.dyad("PRK", "RUS", providers=[name]).happenings) for name in ("dragoman", "icews", "gdelt")
    }
    assert counts["icews"] == len(CODES)
    assert counts["gdelt"] == 3
    assert len(whole.happenings) == sum(counts.values())
    assert len(mixed.dyad("PRK", "RUS", providers=["icews", "gdelt"]).happenings) == len(CODES) + 3
    assert whole.within(date(2024, 6, 19), None).providers == ()


def test_a_brief_of_one_provider_tells_of_its_events_alone(mixed: Record, alone: dict[str, Record]) -> None:
    made, expected = (
        mixed.dyad("PRK", "RUS", providers=["dragoman"]).brief(),
        alone["dragoman"].dyad("PRK", "RUS").brief(),
    )
    assert made.sections == expected.sections
    assert render_brief(made, "md")


def test_the_note_says_whose_events_are_read(mixed: Record) -> None:
    def note(*providers: str) -> str:
        return view_note(mixed.dyad("PRK", "RUS", providers=providers), View.SERIES, Wish()) or ""

    assert note("icews") == "the events are of icews 10"
    assert note("dragoman") == "the events are of dragoman alone, as asked"
    assert note("icews", "gdelt") == "the events are of gdelt 3, icews 10, counted side by side and never merged"
    assert note("ucdp") == "of ucdp alone, as asked, there is no event"


def test_a_provider_without_any_event_has_no_day_to_count_to(mixed: Record) -> None:
    with pytest.raises(RecordMissing, match="no dated document of ucdp"):
        mixed.dyad("PRK", "RUS", providers=["ucdp"]).series()
    with pytest.raises(RecordMissing, match="no event between PRK and RUS of ucdp"):
        mixed.dyad("PRK", "RUS", providers=["ucdp"]).brief()


def test_a_provider_that_cannot_be_is_wrong_use(mixed: Record) -> None:
    with pytest.raises(UsageError, match="no provider 'gdlet'; there are dragoman, acled"):
        mixed.dyad("PRK", "RUS", providers=["gdlet"])


def test_the_command_takes_several_providers(mixed: Record, tmp_path: Path) -> None:
    asked = (
        "--record",
        mixed.location,
        "relate",
        "PRK",
        "RUS",
        "--show",
        "events",
        "--as",
        "json",
        "--out",
        tmp_path / "e.json",
    )
    code, _, notes = run(*asked, "--provider", "icews", "--provider", "gdelt")
    assert code == 0
    assert {row["provider"] for row in json.loads((tmp_path / "e.json").read_text("utf-8"))["rows"]} == {
        "icews",
        "gdelt",
    }
    assert "gdelt 3, icews 10" in notes
    code, told, notes = run(*asked, "--provider", "nobody")
    assert (code, told) == (2, "")
    assert "there are dragoman" in notes


def test_what_a_person_said_is_heard_of_the_chosen_too(mixed: Record, tmp_path: Path) -> None:
    record = Record(shutil.copytree(mixed.location, tmp_path / "record"))
    first = record.dyad("PRK", "RUS", providers=["icews"]).events()[0]["id"]
    record.correct(Correction(CorrectionKind.DISMISS, first, "a reader", datetime(2026, 1, 1, tzinfo=UTC)))
    events = record.dyad("PRK", "RUS", providers=["icews"]).events()
    assert len(events) == len(CODES) - 1
    assert first not in {event["id"] for event in events}
