"""The kept corpora hold what the fuzzer found worth keeping: every input must still end in documents or refusals."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from fuzz.aims import AIMS
from fuzz.campaign import KEPT, State, table
from fuzz.targets import TARGETS

from fuzz import campaign


@pytest.mark.parametrize("name", TARGETS)
@pytest.mark.filterwarnings("ignore")  # libraries warn of the oddities that they mend
def test_every_kept_input_ends_in_documents_or_refusals(name: str) -> None:
    with zipfile.ZipFile(KEPT / f"{name}.zip") as archive:
        members = archive.namelist()
        for member in members:
            TARGETS[name](archive.read(member))
    assert members


def test_every_target_has_its_aim() -> None:
    assert list(TARGETS) == list(AIMS)
    assert sum(aim.runs for aim in AIMS.values() if aim.own) >= 1_000_000
    assert all(aim.runs >= 50_000 for aim in AIMS.values() if not aim.own)


def test_a_campaign_goes_on_from_its_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(campaign, "KEPT_STATE", tmp_path / "kept.json")
    path = tmp_path / "state.json"
    state = State(path)
    state.tallies["text"].executions = 7
    state.tallies["text"].findings["a"] = "harmless: 0.1 CPU seconds, 2 MB"
    state.tallies["pdf"].findings["b"] = "hang: 12 CPU seconds"
    state.save()
    again = State(path)
    assert again.tallies == state.tallies
    lines = table(again)
    assert "| text | 7 | 0 | 0 MB | 0 | 0 |" in lines
    assert "| pdf (a library's parser) | 0 | 0 | 0 MB | 0 | 1 |" in lines
    assert "| **own parsers** | **7** | | | | |" in lines


def test_a_campaign_in_a_new_folder_goes_on_from_what_the_repository_keeps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(campaign, "KEPT_STATE", tmp_path / "kept.json")
    state = State(tmp_path / "first.json")
    state.tallies["csv"].executions = 9
    state.save_at(tmp_path / "kept.json")
    assert State(tmp_path / "second.json").tallies["csv"].executions == 9
