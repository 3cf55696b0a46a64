"""Composes a brief on two actors: said, done, promised, only claimed, third parties, sources."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from dragoman.brief.statement import Citation, Citations, Statement
from dragoman.brief.wording import say_event
from dragoman.records import Document, Mention

Row = Mapping[str, Any]
LONGEST_SECTION = 14
"""Statements of one section; the most reported and most recent are kept, the rest are counted."""

MOST_CITATIONS = 5
"""Citations printed behind one statement; every further report stays in `dragoman events`."""


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a brief; `left_out` counts events that had no room."""

    title: str
    note: str
    statements: tuple[Statement, ...]
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Brief:
    """A cited brief; every statement ends in citations that resolve to `citations` and `documents`."""

    title: str
    parties: tuple[str, str]
    as_of: date | None
    version: int
    figures: tuple[tuple[str, int], ...]
    sections: tuple[Section, ...]
    citations: tuple[Citation, ...]
    documents: Mapping[str, Document]


def make_brief(
    parties: tuple[str, str],
    *,
    between: Sequence[Row],
    around: Sequence[Row],
    mentions: Mapping[str, Mention],
    documents: Mapping[str, Document],
    names: Mapping[str, str],
    as_of: date | None,
    version: int,
) -> Brief:
    """The brief over the events between two parties and, for third parties, around them."""
    citations = Citations(dict(documents))
    names = {**_names([*between, *around]), **names}
    own = {code for row in between for side in ("source", "target") for code in _codes(row, side)} & _queried(
        between, parties
    )
    shared = {mentions[m].document_id for row in between for m in row["mentions"] if m in mentions}

    def third(row: Row) -> bool:
        outsider = not set(_codes(row, "source")) & own
        told_together = any(mentions[m].document_id in shared for m in row["mentions"] if m in mentions)
        return outsider and bool(row["target"]) and told_together

    def section(title: str, note: str, rows: Sequence[Row], fits: Callable[[Row], bool]) -> Section:
        chosen = [row for row in rows if fits(row) and any(m in mentions for m in row["mentions"])]
        kept = sorted(chosen, key=_weight, reverse=True)[:LONGEST_SECTION]
        statements = tuple(
            _statement(row, mentions, citations, names) for row in sorted(kept, key=lambda row: (_day(row), row["id"]))
        )
        return Section(title, note, statements, len(chosen) - len(kept))

    firm = [row for row in between if row["factuality"] == "actual" and not is_only_claimed(row)]
    sections = (
        section(
            "What was said",
            "Statements, talks, praise and blame that the reports give as having happened.",
            firm,
            is_word,
        ),
        section(
            "What was done", "Deeds that the reports, or the doer himself, give as having happened.", firm, is_deed
        ),
        section(
            "What was promised or threatened",
            "Not yet done when it was reported.",
            between,
            lambda row: bool(row["factuality"] == "pledged"),
        ),
        section(
            "What is only claimed, and by whom",
            "Claims of others, possibilities, and what one side denies. None of this counts as having happened.",
            between,
            lambda row: (
                row["factuality"] in ("possible", "denied") or (row["factuality"] == "actual" and is_only_claimed(row))
            ),
        ),
        section("Third parties", "What others said or did to either of them in the same reports.", around, third),
    )
    used = {citation.document_id for citation in citations.all()}
    first, second = (names.get(code, code) for code in parties)
    return Brief(
        title=f"{first} and {second}",
        parties=parties,
        as_of=as_of,
        version=version,
        figures=_figures(between, documents),
        sections=tuple(part for part in sections if part.statements),
        citations=citations.all(),
        documents={key: document for key, document in documents.items() if key in used},
    )


def is_deed(row: Row) -> bool:
    """A material event (quad 2 or 4)."""
    return bool(row["quad"] in (2, 4))


def is_word(row: Row) -> bool:
    """A verbal event (quad 1 or 3)."""
    return not is_deed(row)


def is_only_claimed(row: Row) -> bool:
    """Whether nobody but outsiders stands behind it: neither an article itself nor the one who did it."""
    return bool(row["claimants"]) and not set(row["claimants"]) & set(_codes(row, "source"))


def _statement(row: Row, mentions: Mapping[str, Mention], citations: Citations, names: Mapping[str, str]) -> Statement:
    own = [mentions[key] for key in row["mentions"] if key in mentions]
    # Prefer reports that agree with the resolved factuality and that quote.
    own.sort(key=lambda m: (m.factuality.value != row["factuality"], not m.quotes, m.sentence.part != "body", m.id))
    cited = tuple(dict.fromkeys(citations.cite(mention) for mention in own[:MOST_CITATIONS]))
    quotes: dict[str, None] = {}
    for mention in own[:MOST_CITATIONS]:
        citation = citations.cite(mention)
        for quote in mention.quotes:
            start = quote.start - mention.sentence.start
            quotes.setdefault(citation.text[start : quote.end - mention.sentence.start].strip(" ,."), None)
    short = [quote for quote in quotes if 0 < len(quote) <= 120]
    return Statement(say_event(row, names, short[:4]), cited, row["id"])


def _figures(between: Sequence[Row], documents: Mapping[str, Document]) -> tuple[tuple[str, int], ...]:
    actual = [row for row in between if row["factuality"] == "actual"]
    return (
        ("events between the two", len(between)),
        ("of these words", sum(is_word(row) for row in actual)),
        ("deeds", sum(is_deed(row) for row in actual)),
        ("promises and threats", sum(row["factuality"] == "pledged" for row in between)),
        ("possible or denied", sum(row["factuality"] in ("possible", "denied") for row in between)),
        ("contested", sum(row["contested"] for row in between)),
        ("documents read for this brief", len(documents)),
    )


def _weight(row: Row) -> tuple[int, int, float, str]:
    return (
        min(row["origins"], 3),
        int(row["date"] is not None),
        abs(row["intensity"]) + _day(row).toordinal() / 365,
        row["id"],
    )


def _day(row: Row) -> date:
    day: date = row["date"] or row["first_reported"] or date.min
    return day


def _codes(row: Row, side: str) -> list[str]:
    return [actor["code"] for actor in row[side]]


def _queried(rows: Sequence[Row], parties: tuple[str, str]) -> set[str]:
    """The codes that the asked-for parties stand for ("NATO" stands for itself under IGO)."""
    wanted = set(parties)
    return wanted | {
        a["code"] for row in rows for side in ("source", "target") for a in row[side] if a["name"] in wanted
    }


def _names(rows: Sequence[Row]) -> dict[str, str]:
    """The plainest name seen for each code."""
    found: dict[str, str] = {}
    for row in rows:
        for side in ("source", "target"):
            for actor in row[side]:
                plain = actor["sector"] is None
                if plain or actor["code"] not in found:
                    found[actor["code"]] = actor["name"]
    return found
