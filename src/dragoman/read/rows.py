"""Tables of articles: JSON lines and CSV, a row at a time."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime

from dragoman.errors import ReadError
from dragoman.read.clean import clean_text
from dragoman.read.dates import read_dating
from dragoman.read.draft import Draft, Item, digest
from dragoman.read.furniture import article_lines, split_topics
from dragoman.read.lines import TextLines, byte_lines
from dragoman.read.options import COLUMNS, ReadOptions
from dragoman.read.text import paragraph_lines
from dragoman.read.transfer import Readable
from dragoman.terms import RefusalReason

_DELIMITERS = ",\t;|"
_JOINTS = {"body": "\n\n", "author": " and "}


def read_jsonl(stream: Readable, options: ReadOptions) -> Iterator[Item]:
    """One draft, or the reason why there is none, for every line that is not blank."""
    for number, line in byte_lines(stream, options.document_bytes):
        if isinstance(line, Item):
            yield line
        elif line.strip():
            yield _json_item(line, f"line {number}", options)


def read_csv(stream: Readable, options: ReadOptions) -> Iterator[Item]:
    """One draft, or the reason why there is none, for every row under the header; the locator is the row's first line.

    Raises `ReadError` (wrong-format) where no column holds a title or text.
    """
    csv.field_size_limit(max(csv.field_size_limit(), options.document_bytes + 1))
    rows = TextLines(stream, options.document_bytes)
    try:
        first = next(rows)
    except StopIteration:
        raise ReadError(RefusalReason.EMPTY, "Found no header line; give a table with a header.") from None
    delimiter = _delimiter(first)
    try:
        header = [cell.strip() for cell in next(csv.reader([first], delimiter=delimiter), [])]
    except csv.Error as error:
        raise ReadError(
            RefusalReason.WRONG_FORMAT, f"The header is no row of a table ({error}); save it with plain line ends."
        ) from error
    names = field_names(header, options.columns)
    lacking = [column for field, column in options.columns.items() if field not in names]
    if lacking:
        raise ReadError(
            RefusalReason.WRONG_FORMAT,
            f"There is no column {lacking[0]!r}; found {', '.join(header)[:300]}. Name a column of the table.",
        )
    if not {"title", "standfirst", "body"} & set(names):
        raise ReadError(
            RefusalReason.WRONG_FORMAT,
            f"No column holds a title or text; found {', '.join(header)[:300]}. "
            "Name the columns, for instance body=COLUMN.",
        )
    reader = csv.reader(rows, delimiter=delimiter, strict=True)
    while True:
        rows.begin()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except ReadError as error:
            yield Item(error, rows.content, f"line {rows.first}")
            continue
        except csv.Error as error:
            broken = ReadError(RefusalReason.DAMAGED, f"The row is no CSV ({error}); quote its fields rightly.")
            yield Item(broken, rows.content, f"line {rows.first}")
            continue
        if any(cell.strip() for cell in cells):
            yield _row_item(cells, header, names, rows)


def read_row(row: Mapping[str, object], names: Mapping[str, str], reader: str) -> Draft:
    """The draft of one row; `names` maps fields to keys of `row`.

    Raises `ReadError` (no-text) where the row has neither title nor text.
    """
    values = {field: _value(row.get(name), _JOINTS.get(field, ", ")) for field, name in names.items()}
    body, title = values.get("body") or "", values.get("title")
    standfirst = values.get("standfirst")
    if not (body or title or standfirst):
        raise ReadError(
            RefusalReason.NO_TEXT,
            f"The row has no title and no text; found {', '.join(map(str, row))[:200] or 'nothing'}. "
            "Name the columns, for instance body=COLUMN.",
        )
    if not body and standfirst and not title:
        body, standfirst = standfirst, None
    published = values.get("published")
    return Draft(
        reader,
        title=title,
        standfirst=standfirst,
        paragraphs=tuple(article_lines(paragraph_lines(clean_text(body)))),
        author=values.get("author"),
        publisher=values.get("publisher"),
        section=values.get("section"),
        topics=tuple(split_topics(values.get("topics") or "")),
        published=read_dating(published) if published else None,
        retrieved=read_moment(values.get("retrieved")),
        language=values.get("language"),
        url=values.get("url"),
    )


def read_moment(text: str | None) -> datetime | None:
    """A moment in ISO notation, in UTC where it names no zone; None for anything else."""
    try:
        moment = datetime.fromisoformat((text or "").strip())
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def field_names(keys: Iterable[str], columns: Mapping[str, str]) -> dict[str, str]:
    """Which key holds which field: as declared, else by the usual names."""
    by_name = {key.strip().casefold(): key for key in keys}
    found: dict[str, str] = {}
    for field, usual in COLUMNS.items():
        wanted = (columns[field],) if field in columns else usual
        name = next((by_name[name.casefold()] for name in wanted if name.casefold() in by_name), None)
        if name is not None and (field in columns or name not in columns.values()):
            found[field] = name
    return found


def _value(value: object, joint: str = ", ") -> str | None:
    """A cell as text; a list of texts joined; the name of an object; null, true, false and empty texts as None."""
    if isinstance(value, list):
        parts = [_value(entry) for entry in value if not isinstance(entry, list)]
        value = joint.join(part for part in parts if part)
    if isinstance(value, dict):
        value = value.get("name")
    if isinstance(value, bool) or (isinstance(value, float) and not math.isfinite(value)):
        return None
    if isinstance(value, int | float):
        return str(value)
    return value.strip() or None if isinstance(value, str) else None


def _json_row(line: bytes, options: ReadOptions) -> Draft:
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ReadError(
            RefusalReason.NOT_TEXT,
            f"Byte {error.start} of the line (0x{line[error.start]:02x}) is not UTF-8, as JSON must be.",
        ) from error
    try:
        row = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ReadError(
            RefusalReason.DAMAGED, f"The line is no JSON ({str(error)[:120]}); write one JSON object a line."
        ) from error
    if not isinstance(row, dict):
        raise ReadError(
            RefusalReason.WRONG_FORMAT, f"The line holds a JSON {type(row).__name__}; write one JSON object a line."
        )
    return read_row(row, field_names(row, options.columns), "jsonl")


def _json_item(line: bytes, locator: str, options: ReadOptions) -> Item:
    content = digest(line)
    try:
        return Item(_json_row(line, options), content, locator)
    except ReadError as error:
        return Item(error, content, locator)


def _row_item(cells: list[str], header: list[str], names: Mapping[str, str], rows: TextLines) -> Item:
    locator = f"line {rows.first}"
    if len(cells) > len(header) and any(cell.strip() for cell in cells[len(header) :]):
        broken = ReadError(
            RefusalReason.DAMAGED,
            f"The row has {len(cells)} fields, the header {len(header)}; quote fields that hold the delimiter.",
        )
        return Item(broken, rows.content, locator)
    try:
        return Item(read_row(dict(zip(header, cells, strict=False)), names, "csv"), rows.content, locator)
    except ReadError as error:
        return Item(error, rows.content, locator)


def _delimiter(header: str) -> str:
    """The delimiter that divides the header into most cells; a comma where none does."""
    return max(_DELIMITERS, key=lambda mark: (header.count(mark), -_DELIMITERS.index(mark)))
