from __future__ import annotations

import os
from pathlib import Path

import pytest

from dragoman.errors import ReadError
from dragoman.read import Input, find_inputs
from dragoman.read.inputs import open_input
from dragoman.records import Refusal


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("b.txt", "a.html", "README.md", "readme.txt", ".hidden", "sub/c.odd", "sub/.git/d.txt", "sub/e"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return tmp_path


def names(arguments: list[str], folder: Path) -> list[str]:
    return [
        f"{found.reason}: {found.input}" if isinstance(found, Refusal) else str(Path(found.name).relative_to(folder))
        for found in find_inputs(arguments)
    ]


def test_a_folder_is_walked_in_order_without_hidden_and_readme_files(folder: Path) -> None:
    assert names([str(folder)], folder) == ["a.html", "b.txt", "sub/c.odd", "sub/e"]


def test_patterns_give_files_once(folder: Path) -> None:
    assert names([str(folder / "*.txt")], folder) == ["b.txt"]
    assert names([str(folder / "**" / "*")], folder) == ["a.html", "b.txt", "sub/c.odd", "sub/e"]
    assert names([str(folder / "s*")], folder) == ["sub/c.odd", "sub/e"]


def test_a_file_named_outright_is_taken_even_if_it_is_a_readme(folder: Path) -> None:
    assert names([str(folder / "README.md")], folder) == ["README.md"]


def test_a_file_whose_name_looks_like_a_pattern_is_a_file(folder: Path) -> None:
    (folder / "x[1].txt").write_text("x")
    assert names([str(folder / "x[1].txt")], folder) == ["x[1].txt"]


def test_what_is_missing_is_refused_and_the_rest_goes_on(folder: Path) -> None:
    found = names(
        [str(folder / "no.txt"), str(folder / "*.pdf"), str(folder / "b.txt"), "a\0b", "x" * 5000, ""], folder
    )
    assert found[2] == "b.txt"
    assert [entry.partition(":")[0] for entry in found[:2] + found[3:]] == ["missing"] * 5


def test_an_empty_folder_and_a_pipe_are_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    found = list(find_inputs([str(tmp_path / "empty"), str(tmp_path / "pipe"), str(tmp_path)]))
    assert [entry.reason for entry in found if isinstance(entry, Refusal)] == ["missing"] * 4


def test_a_loop_of_links_ends(folder: Path) -> None:
    (folder / "sub" / "loop").symlink_to(folder)
    assert "sub/e" in names([str(folder)], folder)


def test_addresses_are_told_from_paths() -> None:
    found = list(
        find_inputs(["https://a.example/x?y=*", "http://a.example", "ftp://a.example/x", "file:///etc/passwd"])
    )
    assert [entry.url for entry in found if isinstance(entry, Input)] == ["https://a.example/x?y=*", "http://a.example"]
    assert [entry.reason for entry in found if isinstance(entry, Refusal)] == ["forbidden-address"] * 2


def test_a_file_that_cannot_be_opened_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="cannot be opened") as caught:
        open_input(Input("gone", path=tmp_path / "gone"))
    assert caught.value.reason == "missing"
