from __future__ import annotations

import gzip
import io
import struct
import zipfile
from pathlib import Path

from dragoman.exchange.files import Block, Source, blocks, find_sources
from dragoman.read import Fetched
from dragoman.records import Refusal
from dragoman.terms import RefusalReason


def text_of(source: Source | Refusal) -> str:
    assert isinstance(source, Source)
    return b"".join(part.data for part in blocks(source) if isinstance(part, Block)).decode()


def test_files_folders_archives_and_compressed_files_are_opened(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a\n")
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr("in/b.txt", "b\n")
        archive.writestr("in/c.txt", "c\n")
    with gzip.open(tmp_path / "d.gz", "wb") as stream:
        stream.write(b"d\n")
    found = list(find_sources([str(tmp_path)], None))
    assert [text_of(source) for source in found] == ["a\n", "b\n", "c\n", "d\n"]
    assert [source.name.split("/")[-1] for source in found if isinstance(source, Source)][1] == "b.txt"


def test_what_is_missing_is_a_refusal_and_the_rest_goes_on(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a\n")
    missing, there = find_sources([str(tmp_path / "none"), str(tmp_path / "a.txt")], None)
    assert isinstance(missing, Refusal)
    assert missing.reason is RefusalReason.MISSING
    assert text_of(there) == "a\n"


def test_an_archive_without_its_end_is_refused(tmp_path: Path) -> None:
    whole = tmp_path / "whole.zip"
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", "\n".join(map(str, range(10_000))))
    cut = tmp_path / "cut.zip"
    cut.write_bytes(whole.read_bytes()[:5000])
    (found,) = find_sources([str(cut)], None)
    assert isinstance(found, Refusal)
    assert found.reason is RefusalReason.DAMAGED


def test_a_file_that_breaks_off_gives_what_came_before(tmp_path: Path) -> None:
    whole = gzip.compress("".join(f"{number}\n" for number in range(50_000)).encode())
    (tmp_path / "cut.gz").write_bytes(whole[: len(whole) // 2])
    (source,) = find_sources([str(tmp_path / "cut.gz")], None)
    assert isinstance(source, Source)
    *parts, last = blocks(source, size=1000)
    assert isinstance(last, Refusal)
    assert last.reason is RefusalReason.DAMAGED
    assert len(parts) > 5


def test_blocks_hold_whole_lines_and_know_their_first(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("one\ntwo\nthree\nfour")
    (source,) = find_sources([str(tmp_path / "a.txt")], None)
    assert isinstance(source, Source)
    found = [(part.first_line, part.data) for part in blocks(source, size=6) if isinstance(part, Block)]
    assert b"".join(data for _, data in found) == b"one\ntwo\nthree\nfour"
    assert [line for line, _ in found] == [
        1 + b"".join(d for _, d in found[:at]).count(b"\n") for at in range(len(found))
    ]
    assert all(data.endswith(b"\n") for _, data in found[:-1])


class Bulk:
    """A fetcher that answers from a table, and remembers how it was asked."""

    def __init__(self, pages: dict[str, bytes]) -> None:
        self.pages = pages
        self.asked: list[tuple[str, bool]] = []

    def get(self, url: str, *, bulk: bool = False) -> Fetched:
        self.asked.append((url, bulk))
        return Fetched(url, 200, None, self.pages[url], None)  # type: ignore[arg-type]


def test_gdelts_list_of_newest_files_leads_to_its_events(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "e.zip", "w") as archive:
        archive.writestr("x.export.CSV", "row\n")
    listed = "http://data.example/20200101.export.CSV.zip"
    digest = "0" * 32
    page = f"10 {digest} {listed}\n11 {digest} http://data.example/20200101.mentions.CSV.zip\n".encode()
    fetcher = Bulk({"http://data.example/lastupdate.txt": page, listed: (tmp_path / "e.zip").read_bytes()})
    (source,) = find_sources(["http://data.example/lastupdate.txt"], fetcher)  # type: ignore[arg-type]
    assert text_of(source) == "row\n"
    assert fetcher.asked == [("http://data.example/lastupdate.txt", True), (listed, True)]


def test_an_archive_with_an_empty_list_entry_is_read_or_refused(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("b.csv", "1\n")
        listed = archive.fp.tell() if archive.fp else 0
    whole = packed.getvalue()
    nameless = struct.pack("<4s4B4HL2L5H2L", b"PK\x01\x02", 20, 3, 20, *(0,) * 4, 0x21, *(0,) * 10)
    entries = whole[listed:-22] + nameless
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 2, 2, len(entries), listed, 0)
    path = tmp_path / "a.zip"
    path.write_bytes(whole[:listed] + entries + end)
    assert [source.name for source in find_sources([str(path)], None) if not isinstance(source, Refusal)] == [
        f"{path}!b.csv"
    ]
