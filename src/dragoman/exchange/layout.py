"""Reads tables of text by their layout: which columns, in which order, with which certain marks of a shifted row."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pyarrow.compute as pc

from dragoman.exchange.columns import Rows, clean, misplaced, split_quoted, split_tabs
from dragoman.exchange.files import Block, Source, blocks, refusal
from dragoman.records import Refusal
from dragoman.terms import RefusalReason

SAMPLE_LINES = 200
DAY = r"\d{4}-\d{2}-\d{2}"
NUMBER = r"-?\d+(\.\d+)?([eE][-+]?\d+)?"


@dataclass(frozen=True, slots=True)
class Layout:
    """How the files of a provider are cut: `orders` are the column lists that they come in, the longest first.

    With `header` a first line of names decides, in whatever order; all `needed` must be among them. `anchors` are
    explained at `columns.misplaced`. Where there is no header, `used` are the columns that the provider's module reads,
    besides those with an anchor: the others only stay in the line, which is kept whole.
    """

    orders: tuple[tuple[str, ...], ...]
    needed: tuple[str, ...]
    anchors: Mapping[str, str] = field(default_factory=dict)
    header: bool = True
    quoted: bool = False
    used: frozenset[str] = frozenset()


def read_rows(source: Source, layout: Layout) -> Iterator[Rows | Refusal]:
    """The rows of a file in batches; a file of another layout is refused as a whole."""
    names: tuple[str, ...] | None = None
    carried: list[str] = []
    carried_line = 1
    for block in blocks(source):
        if isinstance(block, Refusal):
            yield block
            continue
        if names is None:
            chosen = _choose(block, layout)
            if isinstance(chosen, str):
                yield refusal(RefusalReason.WRONG_FORMAT, chosen, source.name)
                return
            names = chosen
        if layout.quoted:
            lines = clean(block.data).decode("utf-8").split("\n")
            if lines and not lines[-1]:
                lines.pop()
            first = carried_line if carried else block.first_line
            lines = carried + lines
            cut = _whole(lines)
            carried, carried_line = lines[cut:], first + cut
            rows = split_quoted(lines[:cut], first, names)
        else:
            rows = split_tabs(block, names, texts=not layout.header, wanted=_wanted(names, layout))
        yield _checked(rows, layout, names)
    if carried and names:
        yield _checked(split_quoted(carried, carried_line, names), layout, names)


def _wanted(names: Sequence[str], layout: Layout) -> Sequence[str]:
    """The columns to be made of those with these names."""
    if layout.header or not layout.used:
        return names
    return [name for name in names if name in layout.used or name in layout.anchors or name in layout.needed]


def _whole(lines: Sequence[str]) -> int:
    """How many of the lines hold whole records: those before an open quote, if it is near the end."""
    odd = [line.count('"') % 2 for line in lines]
    left = sum(odd) % 2
    if not left:
        return len(lines)
    for at in range(len(lines) - 1, max(-1, len(lines) - 40), -1):
        if odd[at]:
            return at
    return len(lines)


def _choose(block: Block, layout: Layout) -> tuple[str, ...] | str:
    """The names of the columns, or why the file is none of this provider's."""
    lines = [line for line in clean(block.data[: 1 << 20]).decode("utf-8").split("\n")[: SAMPLE_LINES + 1] if line]
    if not lines:
        return "The file is empty."
    rows = list(csv.reader(lines)) if layout.quoted else [line.split("\t") for line in lines]
    usual = Counter(map(len, rows[1:] or rows)).most_common(1)[0][0]
    first = tuple(cell.strip().strip('"') for cell in rows[0])
    standard = layout.orders[0]
    if layout.header and len(set(map(_plain, first)) & set(map(_plain, standard))) * 2 > len(standard):
        known = {_plain(name): name for order in layout.orders for name in order}
        found = tuple(known.get(_plain(cell), cell or f"column {n}") for n, cell in enumerate(first, start=1))
        lost = [name for name in layout.needed if name not in found]
        if lost:
            return f"The header has no column {lost[0]!r}; {', '.join(layout.needed)} are needed."
        if len(found) != usual and found[: len(standard)] == standard:
            return _distinct(standard)
        return _distinct(found)
    fitting = [order for order in layout.orders if len(order) == usual]
    if not fitting:
        allowed = " or ".join(str(len(order)) for order in layout.orders)
        return f"The rows have {usual} cells, and there is no header; {allowed} are allowed. Check the provider."
    return fitting[0]


def _distinct(names: Sequence[str]) -> tuple[str, ...]:
    counts: Counter[str] = Counter()
    found = []
    for name in names:
        counts[name] += 1
        found.append(name if counts[name] == 1 else f"{name} ({counts[name]})")
    return tuple(found)


def _plain(name: str) -> str:
    return name.strip().strip('"').casefold().replace(" ", "_")


def _checked(rows: Rows, layout: Layout, names: Sequence[str]) -> Rows:
    """The rows without headers in the middle; shifted ones are rejected."""
    if layout.header and rows.table.num_rows:
        is_header = pc.and_kleene(
            *(
                pc.equal(pc.utf8_lower(rows.table[name]), name.casefold())
                for name in (layout.needed[0], layout.needed[1])
            )
        )
        keep = ~pc.fill_null(is_header, False).to_numpy(zero_copy_only=False)
        rows = rows if keep.all() else rows.keep(keep)
    bad, rejected = misplaced(rows, {name: pattern for name, pattern in layout.anchors.items() if name in names})
    if rejected:
        rows = rows.keep(~bad)
        rows.rejected.extend(rejected)
    # A repeated header with further names has the wrong number of cells; it is no row.
    rows.rejected = [one for one in rows.rejected if not (layout.header and _is_header(one.text, layout))]
    return rows


def _is_header(text: str, layout: Layout) -> bool:
    cells = {_plain(cell) for cell in text.split("," if layout.quoted else "\t")}
    return all(_plain(name) in cells for name in layout.needed)
