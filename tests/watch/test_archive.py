from __future__ import annotations

import gzip
from pathlib import Path
from threading import Thread

from dragoman.read import Answer, Input, ReadOptions, read_input
from dragoman.records import Document
from dragoman.watch import Archive
from simulated_watch import DELIVERED, MINUTE, PLEDGED, START


def answer(
    body: bytes = PLEDGED, url: str = "https://harbour.example/1", headers: dict[str, str] | None = None
) -> Answer:
    return Answer(url, 200, {"content-type": "text/html; charset=utf-8"} | (headers or {}), body, START)


def addresses(path: Path) -> list[str | None]:
    found = list(read_input(Input(str(path), path=path), ReadOptions()))
    assert all(isinstance(one, Document) for one in found), found
    return [one.url for one in found if isinstance(one, Document)]


def test_a_page_is_read_again_as_it_came(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    coded = {"content-encoding": "gzip", "transfer-encoding": "chunked", "x-odd": "a\r\nWARC-Type: none"}
    path = archive.keep(answer(headers=coded))
    assert path.name == "2026-01-09.warc.gz"
    archive.keep(answer(DELIVERED, "https://harbour.example/2"))
    assert addresses(path) == ["https://harbour.example/1", "https://harbour.example/2"]
    text = gzip.decompress(path.read_bytes()).decode()
    assert "X-Archive-Orig-content-encoding: gzip" in text
    (document, _) = read_input(Input(str(path), path=path), ReadOptions())
    assert isinstance(document, Document)
    assert document.retrieved == START


def test_a_file_a_day(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    late = Answer("https://h.example/", 200, {}, PLEDGED, START + 24 * 60 * MINUTE)
    assert {archive.keep(one).name for one in (answer(), late)} == {"2026-01-09.warc.gz", "2026-01-10.warc.gz"}


def test_what_a_killed_watcher_left_half_written_is_cut_off(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    path = archive.keep(answer())
    whole = path.read_bytes()
    for torn in (whole[: len(whole) // 2], whole[:3]):
        path.write_bytes(whole + torn)
        archive.keep(answer(DELIVERED, "https://harbour.example/2"))
        assert addresses(path) == ["https://harbour.example/1", "https://harbour.example/2"]
        path.write_bytes(whole)
        path.with_suffix(".length").write_text(f"{len(whole):020d}")


def test_without_the_length_beside_the_whole_members_are_found(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    path = archive.keep(answer())
    whole = path.read_bytes()
    for beside in (None, "junk", f"{10**9:020d}"):
        path.write_bytes(whole + whole[:100])
        if beside is None:
            path.with_suffix(".length").unlink()
        else:
            path.with_suffix(".length").write_text(beside)
        archive.keep(answer(DELIVERED, "https://harbour.example/2"))
        assert len(addresses(path)) == 2


def test_several_watchers_write_into_one_file(tmp_path: Path) -> None:
    def work(name: int) -> None:
        for number in range(10):
            Archive(tmp_path).keep(answer(url=f"https://harbour.example/{name}/{number}"))

    threads = [Thread(target=work, args=(name,)) for name in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(addresses(tmp_path / "2026-01-09.warc.gz"))) == 40


def test_a_file_of_events_lies_in_the_archive_whatever_its_address(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    for url in (
        "https://h.example/v2/2026.export.CSV.zip",
        "https://h.example/%2e%2e/..%2f..%2fetc",
        "https://h.example/",
    ):
        path = archive.keep_file(answer(b"PK", url))
        assert path.parent == tmp_path / "data"
        assert path.read_bytes() == b"PK"
