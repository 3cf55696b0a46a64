"""Composes a brief: for each relation what was said, done, promised, only claimed, contested, and what others did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from dragoman.brief.beyond import Beyond
from dragoman.brief.changes import Earlier
from dragoman.brief.chart import weekly_chart, weekly_counts
from dragoman.brief.development import Developing, Development
from dragoman.brief.judging import is_ahead, is_claim, is_deed, is_only_claimed, is_word
from dragoman.brief.names import join, say_speaker
from dragoman.brief.numbering import in_order, renumbered
from dragoman.brief.outlook import Foreseen
from dragoman.brief.statement import Citation, Citations, Section, Statement
from dragoman.brief.wording import say_claim, say_clause, say_date, say_event
from dragoman.evaluate import Measured, measured
from dragoman.records import Document, Mention
from dragoman.relate.entries import STATE_WORDS

Row = Mapping[str, Any]
LONGEST_SECTION = 16
"""Statements of one section; the most reported and most recent are kept, the rest are counted."""

MOST_CITATIONS = 5
"""Citations printed behind one statement; every further report stays in `dragoman events`."""

LATELY = timedelta(days=45)
"""How long before the newest event one may lie that the headline names."""

CHANGED = "What changed since the previous brief"

LEAST_SUMMED = 8
"""Statements from which a brief has a summary."""

LONGEST_QUOTE = 120
"""Characters of a quotation that a statement repeats."""


@dataclass(frozen=True, slots=True)
class Relation:
    """The part of a brief on one pair of actors; `chart` is an SVG image, `weeks` the table behind it."""

    parties: tuple[str, str]
    title: str
    standfirst: str
    figures: tuple[tuple[str, int], ...]
    chart: str | None
    weeks: tuple[Mapping[str, Any], ...]
    sections: tuple[Section, ...]
    headline: str = ""
    """The pair and the newest telling event."""


@dataclass(frozen=True, slots=True)
class Brief:
    """A cited brief; every statement ends in citations that resolve to `citations` and `documents`."""

    title: str
    headline: str
    standfirst: str
    as_of: date | None
    since: date | None
    version: int
    relations: tuple[Relation, ...]
    citations: tuple[Citation, ...]
    documents: Mapping[str, Document]
    measured: Measured

    @property
    def sections(self) -> tuple[Section, ...]:
        """The sections of all relations, in order."""
        return tuple(section for relation in self.relations for section in relation.sections)


@dataclass(frozen=True, slots=True)
class Findings:
    """The events of one relation, between the two and of others towards either; how it develops; running forecasts."""

    parties: tuple[str, str]
    between: Sequence[Row]
    around: Sequence[Row]
    development: Development | None = None
    outlook: Sequence[Foreseen] = ()
    earlier: Earlier | None = None
    """What the previous brief knew, if what changed since is to be told."""


def make_brief(
    findings: Sequence[Findings],
    *,
    mentions: Mapping[str, Mention],
    documents: Mapping[str, Document],
    names: Mapping[str, str],
    as_of: date | None,
    since: date | None,
    version: int,
) -> Brief:
    """The brief over the findings; `names` are the states' names by code."""
    citations = Citations(dict(documents))
    rows = [row for found in findings for row in (*found.between, *found.around)]
    writer = _Writer(mentions, citations, {**_names(rows), **names}, as_of)
    relations = tuple(writer.relation(found, since) for found in findings)
    numbers = in_order((section for own in relations for section in own.sections), citations.all())
    relations = tuple(
        replace(own, sections=tuple(renumbered(section, numbers) for section in own.sections)) for own in relations
    )
    used = {citation.document_id for citation in numbers.values()}
    return Brief(
        title="; ".join(relation.title for relation in relations),
        headline=relations[0].headline if len(relations) == 1 else "; ".join(own.title for own in relations),
        standfirst=" ".join(relation.standfirst for relation in relations),
        as_of=as_of,
        since=since,
        version=version,
        relations=relations,
        citations=tuple(numbers.values()),
        documents={key: document for key, document in documents.items() if key in used},
        measured=measured(),
    )


@dataclass(frozen=True, slots=True)
class _Writer:
    mentions: Mapping[str, Mention]
    citations: Citations
    names: Mapping[str, str]
    as_of: date | None

    def relation(self, found: Findings, since: date | None) -> Relation:
        """All sections on one pair."""
        between = found.between
        rows = {row["id"]: row for row in (*found.around, *between)}
        beyond = Beyond(self.mentions, self.citations, self.names, rows)
        development = found.development
        responses = beyond.responses(development.responses) if development else Section("", "", ())
        answered = {answer.event for one in development.responses for answer in one.answers} if development else set()
        firm = [row for row in between if row["factuality"] == "actual" and not is_only_claimed(row)]
        title = " and ".join(self.names.get(code, code) for code in found.parties)
        developing = Developing(self.mentions, self.citations, self.names, self.as_of)
        before = developing.before(found.development) if found.development else []
        after = developing.after(found.development) if found.development else []
        sections = [
            *before,
            self.section(
                f"New since {since.day} {since:%B %Y}" if since else "",
                "Reported for the first time on that day or later.",
                between if since else (),
                lambda row: bool(since and row["first_reported"] and row["first_reported"] >= since),
            ),
            self.section(
                "What was said",
                "Statements, talks, praise and blame that the reports give as having happened.",
                firm,
                is_word,
            ),
            self.section(
                "What was done", "Deeds that the reports, or the doer himself, give as having happened.", firm, is_deed
            ),
            self.section(
                "What was promised or threatened",
                "Not yet done when it was reported.",
                between,
                lambda row: bool(row["factuality"] == "pledged"),
            ),
            *after,
            self.contested(between),
            self.section(
                "What is only claimed, and by whom",
                "Claims of others, possibilities, and what one side denies. None of this counts as having happened.",
                between,
                lambda row: row["factuality"] in ("possible", "denied") or is_claim(row),
            ),
            responses,
            self.section(
                "Third parties",
                "What others said or did to either of them in the same reports.",
                [row for row in found.around if row["id"] not in answered],
                self._outsiders(found),
            ),
            beyond.readings(development.readings) if development else Section("", "", ()),
            developing.outlook(found.outlook),
            developing.due(development.ledger) if development else Section("", "", ()),
        ]
        lead = self._lead(firm, between)
        changed = self._changed(found, developing) if found.earlier else Section("", "", ())
        sections = [self._in_brief(lead, sections), changed, *sections]
        return Relation(
            parties=found.parties,
            title=title,
            headline=f"{title}: {say_clause(lead[0], self.names)}" if lead else title,
            standfirst=_standfirst(title, between, development),
            figures=_figures(between),
            chart=weekly_chart(between, f"{title}: words and deeds by week"),
            weeks=tuple(weekly_counts(between)),
            sections=tuple(section for section in sections if section.statements),
        )

    def _lead(self, firm: Sequence[Row], between: Sequence[Row]) -> tuple[Row, Statement] | None:
        """The most telling event of the last weeks that somebody stands behind, else the newest one."""
        told = [
            row for row in (*firm, *(row for row in between if row["factuality"] == "pledged")) if self._reports(row)
        ]
        if not told:
            return None
        newest = max(_day(row) for row in told)
        recent = [row for row in told if _day(row) >= newest - LATELY]
        chosen = max(recent, key=lambda row: (min(row["origins"], 3), abs(row["intensity"]), _day(row), row["id"]))
        return chosen, self._statement(chosen)

    def _in_brief(self, lead: tuple[Row, Statement] | None, sections: Sequence[Section]) -> Section:
        """The summary: the newest telling event, and of the sections that follow the one statement that says most."""
        found = {section.title: section.statements for section in sections}
        picked = [
            *([lead[1]] if lead else []),
            *[_shortened(own) for own in found.get("How it developed", ())[-1:]],
            *[own for own in found.get("What became of words", ()) if "still open" not in own.text][-1:],
            *found.get("What is contested", ())[:1],
            *found.get("Response of third parties", ())[-1:],
            *found.get("Outlook", found.get("What to watch", ()))[:1],
        ]
        # Of a brief that is itself a few lines there is nothing to sum up.
        if sum(len(section.statements) for section in sections) < LEAST_SUMMED:
            return Section("In brief", "", ())
        note = "What stands out; the sections below say more of each."
        return Section("In brief", note, tuple(dict.fromkeys(picked)))

    def _changed(self, found: Findings, developing: Developing) -> Section:
        """What changed since the previous brief: settled words, answers to questions, events."""
        earlier = found.earlier
        if earlier is None:
            return Section("", "", ())
        known = [row for row in found.between if self._reports(row)]
        changed = [row for row in known if not earlier.is_new(row) and earlier.was(row)]
        new = [row for row in known if earlier.is_new(row)]
        told = [] if found.development is None else developing.changed(found.development, earlier)
        for row in sorted(changed, key=_weight, reverse=True):
            now = self._statement(row)
            told.append(replace(now, text=f"{now.text} Before, it was told as {earlier.was(row)}."))
        told += [self._statement(row) for row in sorted(new, key=_weight, reverse=True)]
        since = say_date(earlier.day, "day").removeprefix("on ") if earlier.day else "an unknown day"
        note = (
            f"Beside the brief of {since} (record version {earlier.version}): "
            f"{_count(len(new), 'new event')}, {_count(len(changed), 'event')} now told otherwise."
        )
        kept = _merged(told)
        return Section(CHANGED, note, kept[:LONGEST_SECTION], max(0, len(kept) - LONGEST_SECTION))

    def section(self, title: str, note: str, rows: Iterable[Row], fits: Callable[[Row], bool]) -> Section:
        """The most telling events that fit, in the order of time; equal sentences become one."""
        chosen = [row for row in rows if fits(row) and self._reports(row)]
        kept = sorted(chosen, key=_weight, reverse=True)[:LONGEST_SECTION]
        statements = [self._statement(row) for row in sorted(kept, key=lambda row: (_day(row), row["id"]))]
        return Section(title, note, _merged(statements), len(chosen) - len(kept))

    def contested(self, rows: Sequence[Row]) -> Section:
        """What some claim or report and others deny, both sides in one sentence."""
        groups: dict[tuple[object, ...], list[Row]] = {}
        for row in rows:
            if row["factuality"] != "pledged" and self._reports(row):
                groups.setdefault((row["type"], row["domain"], _keys(row, "source"), _keys(row, "target")), []).append(
                    row
                )
        statements = []
        for group in groups.values():
            denied = [row for row in group if row["factuality"] == "denied" or row["contested"]]
            told = [row for row in group if row["factuality"] != "denied"]
            if not denied or not told:
                continue
            deniers = self._speakers(denied, "denied")
            tellers = [name for name in self._speakers(told, "actual", "possible") if name not in deniers]
            if not deniers or not tellers:
                continue
            sides = f"is claimed by {join(tellers)} and denied by {join(deniers)}"
            cited = [self._cite(row)[0] for row in (*told[:3], *denied[:2])]
            text = f"That {say_claim(told[0], self.names)} {sides}."
            statements.append(Statement(text, tuple(dict.fromkeys(cited)), told[0]["id"]))
        return Section("What is contested", "Both sides of what some report and others deny.", tuple(statements))

    def _statement(self, row: Row) -> Statement:
        cited = self._cite(row)
        ahead = any(is_ahead(mention) for mention in self._reports(row))
        return Statement(say_event({**row, "ahead": ahead}, self.names, self._quotes(row)), cited, row["id"])

    def _reports(self, row: Row) -> list[Mention]:
        """The event's mentions: those that agree with its factuality and that quote come first."""
        own = [self.mentions[key] for key in row["mentions"] if key in self.mentions]
        return sorted(
            own, key=lambda m: (m.factuality.value != row["factuality"], not m.quotes, m.sentence.part != "body", m.id)
        )

    def _cite(self, row: Row) -> tuple[Citation, ...]:
        return tuple(dict.fromkeys(self.citations.cite(mention) for mention in self._reports(row)[:MOST_CITATIONS]))

    def _quotes(self, row: Row) -> list[str]:
        found: dict[str, None] = {}
        for mention in self._reports(row)[:MOST_CITATIONS]:
            text = self.citations.cite(mention).text
            for quote in mention.quotes:
                start = quote.start - mention.sentence.start
                found.setdefault(text[start : quote.end - mention.sentence.start].strip(" ,.“”"), None)
        return [quote for quote in found if 0 < len(quote) <= LONGEST_QUOTE][:4]

    def _speakers(self, rows: Sequence[Row], *factualities: str) -> list[str]:
        found = {
            claimant.label
            for row in rows
            for mention in self._reports(row)
            if mention.factuality.value in factualities
            for claimant in mention.claimants[-1:]
        }
        return [say_speaker(code, self.names) for code in sorted(found)]

    def _outsiders(self, found: Findings) -> Callable[[Row], bool]:
        """Events whose doer is neither of the two, told in a document that also tells of the two."""
        own = {code for row in found.between for side in ("source", "target") for code in _codes(row, side)}
        own &= _queried(found.between, found.parties)
        shared = {m.document_id for row in found.between for m in self._reports(row)}

        def fits(row: Row) -> bool:
            outside = not set(_codes(row, "source")) & own and bool(row["target"])
            return outside and any(mention.document_id in shared for mention in self._reports(row))

        return fits


def _merged(statements: Sequence[Statement]) -> tuple[Statement, ...]:
    """Statements of equal text as one, with the citations of all."""
    found: dict[str, Statement] = {}
    for statement in statements:
        known = found.get(statement.text)
        citations = (*known.citations, *statement.citations) if known else statement.citations
        event = known.event_id if known else statement.event_id
        found[statement.text] = Statement(statement.text, tuple(dict.fromkeys(citations)), event)
    return tuple(found.values())


def _standfirst(title: str, between: Sequence[Row], development: Development | None) -> str:
    """What the brief says in one or two sentences, in numbers that it opens up below."""
    firm = [row for row in between if row["factuality"] == "actual" and not is_only_claimed(row)]
    days = [_day(row) for row in between if _day(row) > date.min]
    span = f" from {min(days):%B %Y} to {max(days):%B %Y}" if days else ""
    deeds = sum(is_deed(row) for row in firm)
    text = (
        f"The record holds {_count(len(between), 'event')} between {title}{span}, of which the reports give "
        f"{_count(deeds, 'deed')} and {_count(len(firm) - deeds, 'word')} as having happened."
    )
    followed = Counter(str(entry.state) for entry in development.ledger if not entry.general) if development else None
    if followed:
        told = [f"{followed[state]} {words}" for state, words in STATE_WORDS.items() if followed[state]]
        text += f" {_count(followed.total(), 'promise or threat', 'promises and threats')} followed: {join(told)}."
    return text


def _shortened(own: Statement) -> Statement:
    """An era without the list of what was done in it for the first time, which stands below."""
    return replace(own, text=own.text.split(" For the first time in the record:")[0])


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or f'{one}s'}"


def _figures(between: Sequence[Row]) -> tuple[tuple[str, int], ...]:
    firm = [row for row in between if row["factuality"] == "actual" and not is_only_claimed(row)]
    return (
        ("events between the two", len(between)),
        ("words: said and done in words", sum(is_word(row) for row in firm)),
        ("deeds", sum(is_deed(row) for row in firm)),
        ("promised or threatened", sum(row["factuality"] == "pledged" for row in between)),
        ("only claimed by others", sum(is_claim(row) for row in between)),
        ("possible or denied", sum(row["factuality"] in ("possible", "denied") for row in between)),
        ("reports of them, sentence by sentence", len({mention for row in between for mention in row["mentions"]})),
    )


def _weight(row: Row) -> tuple[int, int, float, str]:
    recency = _day(row).toordinal() / 365
    return (min(row["origins"], 3), int(row["date"] is not None), abs(row["intensity"]) + recency, row["id"])


def _day(row: Row) -> date:
    day: date = row["date"] or row["first_reported"] or date.min
    return day


def _codes(row: Row, side: str) -> list[str]:
    return [actor["code"] for actor in row[side]]


def _keys(row: Row, side: str) -> frozenset[str]:
    """States by code; bodies and groups by name."""
    return frozenset(a["name"] if a["code"] in ("IGO", "NGO", "IMG") else a["code"] for a in row[side])


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
                if actor["sector"] is None or actor["code"] not in found:
                    found[actor["code"]] = actor["name"]
    return found
