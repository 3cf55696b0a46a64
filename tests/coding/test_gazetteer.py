from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from dragoman.coding import Coder, coder_version, gazetteer
from dragoman.coding.gazetteer import NameKind
from dragoman.errors import DataError, SettingError
from dragoman.periods import parse_period
from dragoman.pipeline import Record
from dragoman.records import Document
from dragoman.settings import Settings

GROUP = """
[[group]]
name = "Harbour Guard"
aliases = ["HGD"]
code = "SOM"
sector = "REB"
"""


def folder(path: Path, text: str, name: str = "mine.toml") -> str:
    path.mkdir(exist_ok=True)
    (path / name).write_text(text, encoding="utf-8")
    return str(path)


def test_without_a_folder_the_gazetteer_is_our_own() -> None:
    assert gazetteer("") is gazetteer()
    assert gazetteer().mark == ""
    assert Coder().version == coder_version()


def test_a_folder_s_actors_join_ours(tmp_path: Path) -> None:
    names = gazetteer(folder(tmp_path, GROUP))
    (entry,) = names.names["HGD"]
    assert (entry.actor.code, entry.actor.name, entry.actor.sector) == ("SOM", "Harbour Guard", "REB")
    assert names.names.keys() > gazetteer().names.keys()
    assert names.states == gazetteer().states
    assert names.short == gazetteer().short
    assert names.blocked == gazetteer().blocked


def test_a_folder_is_read_once_and_its_folders_too(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    folder(tmp_path / "inner", GROUP)
    assert "Harbour Guard" in gazetteer(str(tmp_path)).names
    assert gazetteer(str(tmp_path)) is gazetteer(str(tmp_path))


def test_the_coder_codes_with_a_user_s_actors(tmp_path: Path) -> None:
    text = "The Harbour Guard attacked Kenya on Monday."
    document = Document(None, None, text, published=parse_period("2024-06-20"))
    (mention,) = Coder(gazetteer(folder(tmp_path, GROUP))).code(document).mentions
    assert [party.actor.name for party in mention.source] == ["Harbour Guard"]
    assert mention.coder_version.startswith(f"{coder_version()}+actors.")


def test_the_version_follows_the_content_of_the_folder(tmp_path: Path) -> None:
    first = gazetteer(folder(tmp_path / "one", GROUP)).mark
    same = gazetteer(folder(tmp_path / "two", GROUP)).mark
    other = gazetteer(folder(tmp_path / "three", GROUP.replace("HGD", "HGU"))).mark
    renamed = gazetteer(folder(tmp_path / "four", GROUP, "other.toml")).mark
    assert first == same
    assert len({first, other, renamed}) == 3
    assert len(first) == len("+actors.") + 8


def test_the_user_s_person_has_the_user_s_terms_under_every_spelling(tmp_path: Path) -> None:
    name = next(
        entry
        for entries in gazetteer().names.values()
        for entry in entries
        if entry.kind is NameKind.PERSON and entry.actor.sector == "GOV" and entry.name != entry.actor.name
    )
    row = f"""
[[person]]
name = "{name.actor.name}"
state = "{name.actor.code}"
terms = [{{ office = "president", from = "1901-01-01", until = "1901-12-31" }}]
"""
    joined = gazetteer(folder(tmp_path, row))
    for spelling in (name.name, name.actor.name):
        entries = [e for e in joined.names[spelling] if e.actor.name == name.actor.name]
        assert [entry.in_office(date(1901, 6, 1)) for entry in entries] == [True]


def test_the_user_s_entry_stands_in_place_of_ours(tmp_path: Path) -> None:
    row = '[[group]]\nname = "M23"\ncode = "COD"\nsector = "CRM"\n'
    joined = gazetteer(folder(tmp_path, row))
    assert [entry.actor.sector for entry in gazetteer().names["M23"]] == ["REB"]
    assert [entry.actor.sector for entry in joined.names["M23"]] == ["CRM"]


def test_a_user_s_state_keeps_what_ours_knows(tmp_path: Path) -> None:
    row = '[[state]]\ncode = "MDA"\nname = "Moldova"\naliases = ["Moldavskaya"]\n\n'
    row += '[[state.organ]]\nname = "Harbour Bureau"\nsector = "SPY"\n'
    joined = gazetteer(folder(tmp_path, row))
    assert joined.states["MDA"] == gazetteer().states["MDA"]
    for name in ("Moldavskaya", "Harbour Bureau", "Moldova", "Chisinau"):
        assert {entry.actor.code for entry in joined.names[name]} == {"MDA"}


def test_a_user_s_new_state_can_have_persons(tmp_path: Path) -> None:
    row = '[[state]]\ncode = "XLA"\nname = "Lantern"\n\n[[person]]\nname = "Ana Lantern"\nstate = "XLA"\n'
    assert gazetteer(folder(tmp_path, row)).names["Ana Lantern"][0].actor.code == "XLA"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[group]\n", "is not TOML"),
        ('[[groups]]\nname = "A"\n', "no table 'groups'"),
        ('[group]\nname = "Harbour Guard"\ncode = "SOM"\n', "write \\[\\[group\\]\\]"),
        ('[[group]]\nname = "Harbour Guard"\n', "'Harbour Guard' .*no code"),
        ('[[group]]\nname = "Harbour Guard"\ncode = "QQQ"\n', "'Harbour Guard' .*QQQ is the code of no state"),
        ('[[group]]\nname = "Harbour Guard"\ncode = "SOM"\nsector = "XXX"\n', "'Harbour Guard' .*PLOVER's sectors"),
        ('[[group]]\nname = "Harbour Guard"\ncode = "SOM"\nalias = ["A"]\n', "'Harbour Guard' .*no key alias"),
        ('[[group]]\nname = "Harbour Guard"\ncode = "SOM"\naliases = "HGD"\n', "'Harbour Guard' .*list of texts"),
        ('[[group]]\nname = "Harbour Guard"\ncode = "SOM"\naliases = [""]\n', "'Harbour Guard' .*list of texts"),
        ('[[group]]\nname = 7\ncode = "SOM"\n', "entry 7 .*text in quotes"),
        ('[[person]]\nname = "Ana Quay"\nstate = "SOM"\nterms = [{ office = "president" }]\n', "'Ana Quay' .*no from"),
        (
            '[[person]]\nname = "Ana Quay"\nstate = "SOM"\nterms = [{ office = "president", from = 2024-01-01 }]\n',
            "'Ana Quay' .*from must be a text",
        ),
        (
            '[[person]]\nname = "Ana Quay"\nstate = "SOM"\nterms = [{ office = "president", from = "soon" }]\n',
            "'Ana Quay' .*soon",
        ),
        ('[[state]]\nname = "Lantern"\n', "'Lantern' .*no code"),
    ],
)
def test_a_malformed_file_is_an_error_that_names_file_and_entry(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(DataError, match=f"mine.toml.*{said}"):
        gazetteer(folder(tmp_path, text))


def test_a_file_that_is_not_utf_8_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_bytes(b'[[group]]\nname = "\xff"\n')
    with pytest.raises(DataError, match=r"mine.toml is not TOML"):
        gazetteer(str(tmp_path))


def test_a_missing_folder_is_a_wrong_setting(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="DRAGOMAN_ACTORS"):
        gazetteer(str(tmp_path / "nowhere"))


def test_a_record_codes_with_the_actors_of_its_settings(tmp_path: Path) -> None:
    actors = folder(tmp_path / "actors", GROUP)
    (tmp_path / "note.txt").write_text("The Harbour Guard attacked Kenya on Monday.\n", encoding="utf-8")
    record = Record(tmp_path / "record", Settings.load({"DRAGOMAN_ACTORS": actors}))
    record.add(tmp_path / "note.txt")
    (event,) = record.events("Harbour Guard")
    assert "+actors." in event["coder_version"]
