"""Indicators: named questions about a relation, and how sure the record is of the answer to each.

Each is answered by the strongest state that any report gives it; the weaker evidence and the denials stay beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from dragoman.relate.evidence import Happening, acts
from dragoman.relate.origins import Copies, count_origins, near_copies
from dragoman.relate.questions import Direction, Indicator, Questions, load_indicators
from dragoman.relate.testimony import STATES, Heard, Piece, State, testimony

__all__ = [
    "Directed",
    "Direction",
    "Finding",
    "Indicator",
    "IndicatorRow",
    "State",
    "Step",
    "indicators",
    "load_indicators",
]


@dataclass(frozen=True, slots=True)
class Step:
    """The reports that give an indicator one state, or those that deny it.

    `speakers` are those who say so (codes, names, or kinds of speakers), empty for an article's own voice; `first` and
    `last` are the days of the events, `first_said` and `last_said` those of the reports; `sentence` is the first.
    """

    state: State
    origins: int
    speakers: tuple[str, ...]
    outlets: tuple[str, ...]
    first: date | None
    last: date | None
    first_said: date | None
    last_said: date | None
    events: tuple[str, ...]
    mentions: tuple[str, ...]
    sentence: str

    def row(self) -> dict[str, object]:
        """Plain values, dates as ISO text."""
        return {
            "state": str(self.state),
            "origins": self.origins,
            "speakers": list(self.speakers),
            "outlets": list(self.outlets),
            "first": _iso(self.first),
            "last": _iso(self.last),
            "first_said": _iso(self.first_said),
            "last_said": _iso(self.last_said),
            "events": list(self.events),
            "evidence": list(self.mentions),
            "sentence": self.sentence,
        }


@dataclass(frozen=True, slots=True)
class Finding:
    """What is known: the state, the evidence for it and for the weaker ones (strongest first), and the denials.

    `origins` counts the independent origins of all reports that speak for it. It is contested while somebody denies
    what others say, and has not said so himself since.
    """

    state: State
    steps: tuple[Step, ...]
    denial: Step | None
    origins: int
    contested: bool
    reason: str

    @property
    def first(self) -> date | None:
        """The day of the first event on which the state rests."""
        return self._basis.first if self._basis else None

    @property
    def last(self) -> date | None:
        """The day of the last event on which the state rests."""
        return self._basis.last if self._basis else None

    @property
    def claimants(self) -> tuple[str, ...]:
        """Outsiders who claim it."""
        return next((step.speakers for step in self.steps if step.state is State.CLAIMED), ())

    @property
    def confirmed_by(self) -> tuple[str, ...]:
        """The parties that say so themselves."""
        return next((step.speakers for step in self.steps if step.state is State.CONFIRMED), ())

    @property
    def deniers(self) -> tuple[str, ...]:
        """Those who say that it is not so."""
        return self.denial.speakers if self.denial else ()

    @property
    def _basis(self) -> Step | None:
        return self.steps[0] if self.steps else self.denial

    def row(self) -> dict[str, object]:
        """Plain values, dates as ISO text; `evidence` holds the ids of mentions."""
        steps = [*self.steps, *([self.denial] if self.denial else [])]
        return {
            "state": str(self.state),
            "first": _iso(self.first),
            "last": _iso(self.last),
            "origins": self.origins,
            "confirmed_by": list(self.confirmed_by),
            "claimants": list(self.claimants),
            "deniers": list(self.deniers),
            "contested": self.contested,
            "reason": self.reason,
            "events": sorted({event for step in steps for event in step.events}),
            "evidence": sorted({mention for step in steps for mention in step.mentions}),
            "steps": [step.row() for step in self.steps],
            "denial": self.denial.row() if self.denial else None,
        }


@dataclass(frozen=True, slots=True)
class Directed:
    """What is known of one direction."""

    source: str
    target: str
    finding: Finding

    def row(self) -> dict[str, object]:
        """Plain values, dates as ISO text."""
        return {"source": self.source, "target": self.target, **self.finding.row()}


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """One indicator of a relation: what is known of it in all and, where direction matters, each way."""

    key: str
    question: str
    finding: Finding
    directions: tuple[Directed, ...] = ()

    @property
    def state(self) -> State:
        """The strongest state that the evidence gives."""
        return self.finding.state

    def row(self) -> dict[str, object]:
        """Plain values, dates as ISO text; `directions` is empty where direction does not matter."""
        return {
            "indicator": self.key,
            "question": self.question,
            **self.finding.row(),
            "directions": [directed.row() for directed in self.directions],
        }


def indicators(
    happenings: Sequence[Happening], first: str, second: str, *, today: date, definitions: Sequence[Indicator]
) -> list[IndicatorRow]:
    """What the record knows by `today` of each question about two parties (codes or names), in the questions' order.

    Reports that became available after `today` are left out, and an event dated after it is only talked of. A sentence
    that says in the article's own voice that nothing was seen says nothing for or against.
    """
    questions, parties = Questions(definitions), (first, second)
    pieces: list[list[Piece]] = [[] for _ in questions.all]
    for happening in sorted((h for h in happenings if questions.of_type(h.event.type)), key=lambda h: h.event.id):
        ways = acts(happening, first, second), acts(happening, second, first)
        if happening.event.dismissed or not any(ways):
            continue
        heard = Heard(happening, parties, ways, today)
        possible = heard.possible(questions)
        for question, found in zip(questions.all, pieces, strict=True):
            if possible & 1:
                found += testimony(question, heard)
            possible >>= 1
    copies = near_copies([piece.report for found in pieces for piece in found])
    answered = zip(questions.all, pieces, strict=True)
    return [_answer(question.indicator, found, parties, copies) for question, found in answered]


def _answer(indicator: Indicator, pieces: Sequence[Piece], parties: tuple[str, str], copies: Copies) -> IndicatorRow:
    first, second = parties
    directions: tuple[Directed, ...] = ()
    if indicator.direction is Direction.ONE:
        forth = [piece for piece in pieces if piece.forth and (piece.denies or not piece.back)]
        back = [piece for piece in pieces if piece.back and (piece.denies or not piece.forth)]
        directions = (
            Directed(first, second, _finding(forth, copies)),
            Directed(second, first, _finding(back, copies)),
        )
    return IndicatorRow(indicator.key, indicator.question, _finding(pieces, copies), directions)


def _finding(pieces: Sequence[Piece], copies: Copies) -> Finding:
    by_state = {state: [p for p in pieces if p.state is state and not p.denies] for state in STATES}
    steps = tuple(_step(state, by_state[state], copies) for state in reversed(STATES) if by_state[state])
    denials = [piece for piece in pieces if piece.denies]
    implied = [piece.state for piece in denials if piece.state is not None]
    held = [*(step.state for step in steps), *implied, State.NOTHING]
    state = max(held, key=STATES.index)
    denial = _step(max(implied, key=STATES.index, default=State.NOTHING), denials, copies) if denials else None
    alone = steps[0].origins if len(steps) == 1 else None
    count = alone or count_origins([p.report for p in pieces if not p.denies], copies)
    contested = bool(steps) and bool(_still_denied(denials, by_state[State.CONFIRMED]))
    return Finding(state, steps, denial, count, contested, _reason(steps, denial))


def _still_denied(denials: Iterable[Piece], confirmations: Sequence[Piece]) -> set[str]:
    """Those whose last denial no later confirmation of their own has overtaken."""
    latest: dict[str, date] = {}
    for piece in denials:
        for speaker in piece.speakers:
            latest[speaker] = max(latest.get(speaker, date.min), piece.said or date.min)
    return {
        speaker
        for speaker, day in latest.items()
        if not any(speaker in p.speakers and p.said is not None and p.said > day for p in confirmations)
    }


def _step(state: State, pieces: Sequence[Piece], copies: Copies) -> Step:
    reports = [piece.report for piece in pieces]
    mentions = [report.mention.id for report in reports]
    days = [piece.happening.day for piece in pieces if piece.happening.day]
    said = [piece.said for piece in pieces if piece.said]
    earliest = min(
        (piece.said or date.max, piece.report.mention.sentence.part != "body", mention, piece.report.sentence)
        for piece, mention in zip(pieces, mentions, strict=True)
    )
    return Step(
        state=state,
        origins=count_origins(reports, copies),
        speakers=tuple(sorted({speaker for piece in pieces for speaker in piece.speakers})),
        outlets=tuple(sorted({report.outlet for report in reports if report.outlet})),
        first=min(days, default=None),
        last=max(days, default=None),
        first_said=min(said, default=None),
        last_said=max(said, default=None),
        events=tuple(sorted({piece.happening.event.id for piece in pieces})),
        mentions=tuple(sorted(set(mentions))),
        sentence=earliest[-1],
    )


def _reason(steps: Sequence[Step], denial: Step | None) -> str:
    parts = [_words_for(step) for step in steps]
    if denial:
        parts.append(f"denied by {_join(denial.speakers)}{_span(denial)}")
    if not parts:
        return "No document in the record speaks of it."
    text = "; ".join(parts)
    return f"{text[0].upper()}{text[1:]}."


def _words_for(step: Step) -> str:
    by = f" by {_join(step.speakers)}" if step.speakers and step.state is not State.TALKED else ""
    if step.state is State.REPORTED:
        by = f" by {step.origins} independent origin{'s' if step.origins > 1 else ''}"
    return f"{step.state}{by}{_span(step)}"


def _span(step: Step) -> str:
    if step.first_said is None:
        return ""
    if step.first_said == step.last_said:
        return f" on {step.first_said}"
    return f" from {step.first_said} to {step.last_said}"


def _join(names: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1]))) if names else "nobody named"


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
