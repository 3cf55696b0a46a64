"""Turns lines of text into columns of text; a row of the wrong shape is set aside, never squeezed into columns."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

from dragoman.exchange.files import Block
from dragoman.exchange.texts import lines_of
from dragoman.terms import RefusalReason

PARSED_BYTES = 1 << 22
"""How much of a block one thread parses at a time."""
FEW = 1000
"""Among so many first values it shows whether a column repeats a few."""
MOST_LINES_OF_A_ROW = 40
"""A quoted field that runs over more lines than this has lost its closing quote."""


_CONTROLS_TO_SPACES = bytes(32 if code < 32 and code not in (9, 10) else code for code in range(256))


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that is not taken, with the line that it begins on."""

    line: int
    reason: RefusalReason
    detail: str
    text: str


@dataclass(slots=True)
class Rows:
    """Rows of one provider as columns of text (null where empty), and where each stands in its file.

    `texts` are the lines that the rows were, where their files name no columns.
    """

    table: pa.Table
    lines: np.ndarray
    rejected: list[Rejected] = field(default_factory=list)
    texts: pa.Array | None = None

    def keep(self, mask: np.ndarray) -> Rows:
        """Those rows that the mask marks; what was rejected stays."""
        chosen = pa.array(mask)
        texts = None if self.texts is None else self.texts.filter(chosen)
        return Rows(self.table.filter(chosen), self.lines[mask], self.rejected, texts)


def clean(data: bytes) -> bytes:
    """The bytes as UTF-8 without control characters; a line that is not UTF-8 is read as Windows-1252 or Latin-1."""
    data = data.removeprefix(b"\xef\xbb\xbf")
    if b"\x00" in data:
        data = data.replace(b"\x00", b"")
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n")
    data = data.translate(_CONTROLS_TO_SPACES)
    if data.isascii():
        return data
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return b"\n".join(_recoded(line) for line in data.split(b"\n"))
    return data


def _recoded(line: bytes) -> bytes:
    for encoding in ("utf-8", "cp1252", "latin-1"):
        try:
            return line.decode(encoding).encode("utf-8")
        except UnicodeDecodeError:
            continue
    return line.decode("utf-8", "replace").encode("utf-8")


def split_tabs(block: Block, names: Sequence[str], *, texts: bool = False, wanted: Sequence[str] | None = None) -> Rows:
    """The lines of a block as columns with these names, or only those `wanted`; there is no quoting.

    With `texts` the lines are given too. A line with further cells that are all empty is taken, if its last proper cell
    is filled: nothing in it is shifted.
    Any other number of cells is rejected (`wrong-columns`).
    """
    data = clean(block.data)
    count = len(names)
    wanted = names if wanted is None else wanted
    invalid: list[tuple[int, str, int]] = []
    spare: list[tuple[int, str]] = []

    def decide(row: arrow_csv.InvalidRow) -> str:
        cells = row.text.split("\t")
        if row.actual_columns > count and not any(cells[count:]) and cells[count - 1]:
            spare.append((row.number, "\t".join(cells[:count])))
        else:
            invalid.append((row.number, row.text, row.actual_columns))
        return "skip"

    lines = lines_of(data)
    bare = pc.any(pc.equal(pc.binary_length(lines), 0)).as_py()
    table = None if bare else _read(data, names, wanted, None)
    if table is not None and table.num_rows == len(lines):
        return Rows(table, np.arange(len(lines)) + block.first_line, [], lines if texts else None)
    table = _taken(data, names, wanted, decide)
    rejected = [_miscounted(block.first_line + n - 1, text, found, count) for n, text, found in invalid if text]
    taken = np.ones(len(lines) if table.num_rows or invalid or spare else 0, dtype=bool)
    taken[[one[0] - 1 for one in invalid] + [one[0] - 1 for one in spare]] = False
    at = np.flatnonzero(taken)
    if spare:
        more = _taken("\n".join(text for _, text in spare).encode("utf-8"), names, wanted, lambda _: "skip")
        table = pa.concat_tables([table, more])
        at = np.concatenate([at, np.array([number for number, _ in spare]) - 1])
    own = lines.take(pa.array(at))
    rows = Rows(table, at + block.first_line, rejected, own if texts else None)
    if bare:
        rows = rows.keep(pc.not_equal(pc.utf8_trim(own, "\t"), "").to_numpy(zero_copy_only=False))
    return rows


def _taken(
    data: bytes, names: Sequence[str], wanted: Sequence[str], decide: Callable[[arrow_csv.InvalidRow], str]
) -> pa.Table:
    """The lines that add up; `decide` hears of the others."""
    table = _read(data, names, wanted, decide)
    if table is None:
        raise ValueError("a table that is read line by line is always read")
    return table


def _read(
    data: bytes, names: Sequence[str], wanted: Sequence[str], decide: Callable[[arrow_csv.InvalidRow], str] | None
) -> pa.Table | None:
    """The lines as a table; without `decide` by several threads at once, and None if any line does not add up."""
    if not data[:1].strip(b"\n") and not data.strip(b"\n"):
        return pa.table({name: pa.array([], pa.string()) for name in wanted})
    whole = decide is not None
    try:
        return arrow_csv.read_csv(
            pa.py_buffer(data),
            read_options=arrow_csv.ReadOptions(
                column_names=list(names),
                use_threads=not whole,
                block_size=min(max(len(data) + 1, 1 << 16), (1 << 31) - 1) if whole else PARSED_BYTES,
            ),
            parse_options=arrow_csv.ParseOptions(
                delimiter="\t", quote_char=False, ignore_empty_lines=False, invalid_row_handler=decide
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                include_columns=list(wanted),
                strings_can_be_null=True,
                null_values=[""],
            ),
        ).combine_chunks()
    except pa.ArrowInvalid:
        if whole:
            raise
        return None


def _miscounted(line: int, text: str, found: int, wanted: int) -> Rejected:
    return Rejected(
        line,
        RefusalReason.WRONG_COLUMNS,
        f"The row has {found} cells; {wanted} are allowed. Look at the line in the file, and mend it.",
        text,
    )


def split_quoted(lines: Sequence[str], first_line: int, names: Sequence[str]) -> Rows:
    """Lines with comma-separated, possibly quoted cells as columns; a cell may run over several lines."""
    columns: list[list[str | None]] = [[] for _ in names]
    numbers: list[int] = []
    rejected: list[Rejected] = []
    for start, count, cells in _records(lines, len(names)):
        if cells is None:
            text = "\n".join(lines[start : start + count])
            if text.strip():
                found = len(next(csv.reader([text]), []))
                rejected.append(_miscounted(first_line + start, text, found, len(names)))
            continue
        numbers.append(first_line + start)
        for column, cell in zip(columns, cells, strict=True):
            column.append(cell or None)
    arrays = [pa.array(column, pa.string()) for column in columns]
    return Rows(pa.table(arrays, names=list(names)), np.array(numbers, dtype=np.int64), rejected)


def _records(lines: Sequence[str], count: int) -> Iterator[tuple[int, int, list[str] | None]]:
    """Each record with its first line and number of lines; None where the cells do not add up.

    A record that runs over lines and does not add up is given up after its first line, so that a lost quote costs one
    row and not all that follow.
    """
    at = 0
    while at < len(lines):
        length, quotes = 1, lines[at].count('"')
        while quotes % 2 and at + length < len(lines) and length < MOST_LINES_OF_A_ROW:
            quotes += lines[at + length].count('"')
            length += 1
        cells = _cells(lines[at : at + length]) if quotes % 2 == 0 else None
        if cells is None or len(cells) != count:
            yield at, 1, None
            at += 1
        else:
            yield at, length, cells
            at += length


def _cells(lines: Sequence[str]) -> list[str] | None:
    try:
        records = list(csv.reader([f"{line}\n" for line in lines]))
    except csv.Error:
        return None
    return records[0] if len(records) == 1 else None


def filled(column: pa.Array | pa.ChunkedArray, *empty: str) -> pa.Array:
    """The column with null where it holds nothing or one of the words for nothing, and without spaces around."""
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    array = pc.utf8_trim_whitespace(array)
    nothing = pc.is_in(array, value_set=pa.array(["", *empty]))
    return pc.if_else(nothing, pa.scalar(None, pa.string()), array)


def misplaced(rows: Rows, anchors: dict[str, str]) -> tuple[np.ndarray, list[Rejected]]:
    """Which rows hold in some column what can never stand there, and a rejection for each.

    `anchors` gives for a column the regular expression that each of its filled cells matches in full. They stand at the
    beginning, the middle and the end of a row, so that a shift by a lost or added separator shows.
    """
    bad = np.zeros(rows.table.num_rows, dtype=bool)
    found: list[Rejected] = []
    for name, pattern in anchors.items():
        wrong = pc.fill_null(pc.invert(_fits(rows.table[name], f"^(?:{pattern})$")), False)
        wrong = wrong.to_numpy(zero_copy_only=False) & ~bad
        for index in np.flatnonzero(wrong):
            cell = rows.table[name][int(index)].as_py()
            detail = f"The column {name} holds {cell[:60]!r}, which cannot stand there; the row is taken for shifted."
            text = _line(rows, int(index))
            found.append(Rejected(int(rows.lines[index]), RefusalReason.BAD_VALUE, detail, text))
        bad |= wrong
    return bad, found


def _line(rows: Rows, index: int) -> str:
    """A row as the line that it was, as far as that is known."""
    if rows.texts is not None:
        return str(rows.texts[index])
    (row,) = rows.table.slice(index, 1).to_pylist()
    return "\t".join(value or "" for value in row.values())


def _fits(column: pa.ChunkedArray, pattern: str) -> pa.Array:
    """Whether each value matches; where few differ, each is looked at once."""
    array = column.combine_chunks()
    if len(array) < FEW or pc.count_distinct(array.slice(0, FEW)).as_py() > FEW // 4:
        return pc.match_substring_regex(array, pattern)
    encoded = array.dictionary_encode()
    return pc.match_substring_regex(encoded.dictionary, pattern).take(encoded.indices)
