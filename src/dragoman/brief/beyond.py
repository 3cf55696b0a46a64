"""The parts of a brief on what stands beyond the two: how third parties responded, and what is read into it all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dragoman.brief.judging import is_only_claimed
from dragoman.brief.names import join, say_speaker
from dragoman.brief.statement import Citation, Citations, Section, Statement
from dragoman.brief.wording import capital, say_clause, say_date
from dragoman.records import Mention
from dragoman.relate.readings import Reading
from dragoman.relate.responses import Response
from dragoman.terms import ClaimantKind

Row = Mapping[str, Any]

MOST_ANSWERED = 8
"""Events of the two whose responses are told: those that most others answered, then the newest."""

MOST_ANSWERS = 4
"""Responses told of one event, the fastest first."""

MOST_READINGS = 12
"""Interpretations told, the newest; those of named or plural outsiders before those of the articles themselves."""


@dataclass(frozen=True, slots=True)
class Answered:
    """An event of the two, and what others said or did about it afterwards."""

    event: str
    answers: tuple[Response, ...]


@dataclass(frozen=True, slots=True)
class Beyond:
    """Writes these sections; `rows` are the events at hand, by id."""

    mentions: Mapping[str, Mention]
    citations: Citations
    names: Mapping[str, str]
    rows: Mapping[str, Row]

    def responses(self, found: Sequence[Answered]) -> Section:
        """One statement an answered event: what was done, and who answered within two weeks."""
        groups = [(self.rows[one.event], self._outside(one)) for one in found if one.event in self.rows]
        ranked = sorted(
            (group for group in groups if group[1]),
            key=lambda group: (len({answer.responder for answer in group[1]}), str(_day(group[0])), group[0]["id"]),
            reverse=True,
        )
        told: list[tuple[str, Statement]] = []
        used: set[str] = set()
        for row, answers in ranked:
            fresh = [answer for answer in answers if answer.event not in used][:MOST_ANSWERS]
            cited = self._cite([*row["mentions"][:1], *(answer.mention for answer in fresh)])
            if not fresh or not cited:
                continue
            used |= {answer.event for answer in fresh}
            said = dict.fromkeys(self._answer(answer) for answer in fresh)
            text = f"{capital(self._told(row))}: {'; '.join(said)}."
            told.append((str(_day(row)), Statement(text, cited, row["id"])))
        kept = sorted(told[:MOST_ANSWERED], key=lambda pair: (pair[0], pair[1].event_id))
        note = (
            "What others said or did within two weeks, about the same. That it follows does not say that it was caused "
            "by it."
        )
        return Section(
            "Response of third parties", note, tuple(one for _, one in kept), max(0, len(told) - MOST_ANSWERED)
        )

    def readings(self, found: Sequence[Reading]) -> Section:
        """The interpretations by claimant, in the claimants' own sentences."""
        outside = [one for one in found if one.kind is not ClaimantKind.MEDIA]
        own = [one for one in found if one.kind is ClaimantKind.MEDIA]
        newest = [*outside[-MOST_READINGS:], *own[-max(0, MOST_READINGS - len(outside)) :]]
        chosen = newest[:MOST_READINGS]
        told = []
        for one in sorted(chosen, key=lambda one: (one.kind is ClaimantKind.MEDIA, found.index(one))):
            citation = self.citations.cite_span(one.document_id, one.span, one.word)
            told.append(Statement(self._reading(one), (citation,), ""))
        note = "What is read into it, told of those who do. None of this is an event, and none of it is counted."
        return Section("What is read into it", note, tuple(told), len(found) - len(chosen))

    def _reading(self, one: Reading) -> str:
        outlet = self.citations.publisher(one.document_id)
        who = capital(one.who) if one.kind is not ClaimantKind.MEDIA else "The article itself"
        where = f" (in {outlet})" if outlet else ""
        aspect = f", on what it means {one.aspect}" if one.aspect else ""
        hedge = ", as a possibility" if one.hedged else ""
        return f"{who}{where}{aspect}{hedge}: “{' '.join(one.text.split())}”"

    def _outside(self, one: Answered) -> list[Response]:
        return [
            answer
            for answer in one.answers
            if not answer.party and answer.event in self.rows and answer.mention in self.mentions
        ]

    def _answer(self, answer: Response) -> str:
        days = (
            "the same day" if answer.days == 0 else "a day later" if answer.days == 1 else f"{answer.days} days later"
        )
        return f"{days}, {say_clause(self.rows[answer.event], self.names)}"

    def _told(self, row: Row) -> str:
        """What was answered, with its day; a claim of outsiders stays a claim."""
        claimed = row["factuality"] == "actual" and is_only_claimed(row)
        by = f" of {join([say_speaker(code, self.names) for code in row['claimants']])}" if claimed else ""
        what = f"the claim{by} that {say_clause(row, self.names)}" if claimed else say_clause(row, self.names)
        if row["date"]:
            return f"after {what} {say_date(row['date'], row['date_precision'])}"
        reported = row["first_reported"]
        return f"after {what}" + (f" (reported {say_date(reported, 'day').removeprefix('on ')})" if reported else "")

    def _cite(self, keys: Sequence[str | None]) -> tuple[Citation, ...]:
        known = [self.mentions[key] for key in keys if key is not None and key in self.mentions]
        return tuple(dict.fromkeys(map(self.citations.cite, known)))


def _day(row: Row) -> object:
    return row["date"] or row["first_reported"] or ""
