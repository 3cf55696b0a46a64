"""Whatever stands in a file of events, an import gives rows or refusals, and loses none."""

from __future__ import annotations

import datetime
import io
import zipfile
from contextlib import nullcontext
from pathlib import Path
from typing import IO, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dragoman.coding import gazetteer
from dragoman.exchange import PROVIDERS, acled, gdelt, icews, polecat, provider_named, ucdp
from dragoman.exchange.build import Sides, build
from dragoman.exchange.files import Block, Source, blocks, find_sources
from dragoman.records import Refusal
from provided import ACLED, GDELT, ICEWS, POLECAT, UCDP, line

often = settings(
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
TABLES = {
    "gdelt": (gdelt.COLUMNS, GDELT, "\t"),
    "icews": (icews.COLUMNS, ICEWS, "\t"),
    "polecat": (polecat.COLUMNS, POLECAT, "\t"),
    "acled": (acled.COLUMNS, ACLED, ","),
    "ucdp": (ucdp.COLUMNS, UCDP, ","),
}
CELLS = st.text(max_size=12) | st.sampled_from(
    ("-", "0", "1e999", "NaN", "2024-02-30", "99999999", "\x00", '"', '""', "é", "193", "---", "2147483648", "-1")
)


def outcome(provider: str, data: bytes, path: Path | None = None) -> tuple[int, int]:
    """Rows that came in, and refusals, of the bytes of one file."""
    source = Source("file", lambda: nullcontext(cast("IO[bytes]", io.BytesIO(data))), path)
    made = provider_named(provider, gazetteer(""), datetime.date(2014, 1, 1))
    imported = refused = 0
    for piece in made.rows(source):
        if isinstance(piece, Refusal):
            refused += 1
            continue
        refused += len(piece.rejected)
        if piece.table.num_rows:
            built = build(provider, "file", made.code(piece), Sides())
            imported += built.imported.num_rows
            refused += built.refusals.num_rows
    return imported, refused


@often
@given(data=st.binary(max_size=300))
@pytest.mark.parametrize("provider", PROVIDERS)
def test_any_bytes(provider: str, data: bytes, tmp_path: Path) -> None:
    outcome(provider, data, tmp_path / "icews14" / "train.txt")


@often
@given(changes=st.dictionaries(st.integers(0, 60), CELLS, max_size=6))
@pytest.mark.parametrize("provider", TABLES)
def test_a_row_with_any_cells_is_taken_or_refused_and_its_neighbours_stay(
    provider: str, changes: dict[int, str]
) -> None:
    columns, values, mark = TABLES[provider]
    odd = {**values}
    for number, cell in changes.items():
        column = columns[number % len(columns)]
        odd[column] = cell if mark == "," else cell.translate({9: " ", 10: " ", 13: " "})
    key = next(name for name in columns if name in values)
    good = line(columns, {**values, key: "4711"}, mark)
    text = "\n".join([mark.join(columns), good, line(columns, odd, mark)]) + "\n"
    imported, refused = outcome(provider, text.encode("utf-8", "replace"))
    assert imported >= 1
    assert imported + refused >= (2 if odd.get(key) != "4711" else 1)


@often
@given(data=st.binary(max_size=300), at=st.integers(0, 400))
def test_a_damaged_archive_gives_blocks_or_refusals(data: bytes, at: int, tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", "x,y\n" * 50)
        archive.writestr("../../b.csv", "1\n")
    whole = packed.getvalue()
    path = tmp_path / "file"
    path.write_bytes(whole[:at] + data + whole[at:])
    for source in find_sources([str(path)], None):
        if isinstance(source, Refusal):
            continue
        for block in blocks(source):
            assert isinstance(block, Refusal | Block)
    assert [one.name for one in tmp_path.iterdir()] == ["file"], "nothing is ever unpacked to disk"
