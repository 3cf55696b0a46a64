"""Questions: what is asked of the future, the odds as they were issued, and what came of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any

from fastapi import HTTPException, Query
from fastapi.responses import Response

from dragoman.forecast.charts import reliability_chart
from dragoman.forecast.estimative import estimative
from dragoman.forecast.ledger import Scoreboard
from dragoman.forecast.questions import Question
from dragoman.forecast.scores import BINS, Bin, Score
from dragoman.forecast.settling import Outcome
from dragoman.pipeline.parties import party_code
from dragoman.relate.drawing import to_svg
from dragoman.serve.asking import Identity, PageNumber, Pager, Text, on_page, text_asked, word_asked
from dragoman.serve.desk import Desk, TheDesk
from dragoman.serve.listing import party_name
from dragoman.serve.routing import Pages

pages = Pages("questions")


class State(StrEnum):
    """Which questions are shown."""

    OPEN = "open"
    SETTLED = "settled"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class ReasonTold:
    """What moved the odds, by how much (log-odds; null where that is not told), and the events behind it."""

    words: str
    weight: float | None
    events: list[str]


@dataclass(frozen=True, slots=True)
class ForecastRow:
    """A forecast as it was issued, and its outcome: open, yes, no or unknown. Odds go from 0 to 1."""

    id: str
    question: str
    text: str
    source: str
    target: str
    source_name: str
    target_name: str
    asked: str
    closes: str
    odds: float
    low: float
    high: float
    words: str
    base_rate: float
    outcome: str


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """How the settled forecasts of a model did; a Brier score of 0 is perfect, a skill above 0 beats the reference."""

    model: str
    questions: int
    true: int
    brier: float
    log_score: float
    calibration_error: float
    skills: list[SkillRow]
    too_few: bool


@dataclass(frozen=True, slots=True)
class SkillRow:
    """The skill against a reference with its 95 % interval; ends are null where there is but one relation."""

    reference: str
    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class CalibrationRow:
    """Settled forecasts of about the same odds: their number, their mean odds, the share that came true."""

    odds: float
    share: float
    count: int


@dataclass(frozen=True, slots=True)
class QuestionsPage:
    """The ledger of forecasts with its scoreboard."""

    title: str
    state: str
    party: str
    other: str
    rows: list[ForecastRow]
    pager: Pager
    open: int
    settled: int
    unknown: int
    scores: list[ScoreRow]
    calibration: list[CalibrationRow]
    chart: str | None


@dataclass(frozen=True, slots=True)
class QuestionPage:
    """A forecast with its rule, its reasons, what came of it, and what was said of the same question on other days."""

    title: str
    forecast: ForecastRow
    rule: str
    recurrence: float
    reasons: list[ReasonTold]
    notes: list[str]
    model: str
    seed: int
    record_version: int
    dragoman: str
    settled_because: str | None
    settled_by: list[str]
    settled_on: str | None
    others: list[ForecastRow]


@pages.page("/questions", "questions.html.j2")
def questions_page(
    desk: TheDesk,
    state: Annotated[str, Query(max_length=20, description="open, settled or all.")] = "",
    party: Text = "",
    other: Text = "",
    page: PageNumber = 1,
) -> QuestionsPage:
    """Forecasts with their odds and their record; by default all, the open ones first."""
    shown = word_asked(State, state, "state of a question") or State.ALL
    parties = [party_code(text_asked(text)) for text in (party, other) if text.strip()]
    ledger, board = _ledger(desk), _board(desk)
    chosen = [
        row
        for row in ledger
        if set(parties) <= {row["source"], row["target"]}
        and (shown is State.ALL or (_outcome(row) == Outcome.OPEN) is (shown is State.OPEN))
    ]
    # The open ones that end first stand first, then the settled ones that ended last.
    still, over = ([row for row in chosen if (_outcome(row) == Outcome.OPEN) is is_open] for is_open in (True, False))
    chosen = sorted(still, key=_soonest) + sorted(over, key=_soonest, reverse=True)
    first, second = (*parties, "", "")[:2]
    asked = {"state": shown.value if shown is not State.ALL else "", "party": first, "other": second}
    return QuestionsPage(
        title="Questions",
        state=shown.value,
        party=first,
        other=second,
        rows=[_row(row) for row in chosen[on_page(page)]],
        pager=Pager.of(page, len(chosen), "/questions", **asked),
        open=board.open,
        settled=board.settled,
        unknown=board.unknown,
        scores=[_score(name, own) for name, own in _scores(board).items()],
        calibration=[CalibrationRow(round(b["odds"], 3), round(b["share"], 3), int(b["count"])) for b in board.bins],
        chart="/questions/reliability.svg" if board.bins else None,
    )


@pages.file("/questions/reliability.svg", "image/svg+xml")
def reliability_drawing(desk: TheDesk) -> Response:
    """The share of settled forecasts that came true against their odds."""

    def draw() -> bytes | None:
        bins = [_bin(own["odds"], own["share"], int(own["count"])) for own in _board(desk).bins]
        return to_svg(reliability_chart({"all settled forecasts": bins}, "")) if bins else None

    image = desk.record.kept("reliability chart", draw, lambda svg: len(svg or b"") // 500)
    if image is None:
        raise HTTPException(404, "No forecast of this record is settled yet; “dragoman forecast settle” settles them.")
    return Response(image, media_type="image/svg+xml")


@pages.page("/questions/{identity}", "question.html.j2")
def question_page(desk: TheDesk, identity: Identity) -> QuestionPage:
    """A forecast with its reasons and what came of it."""
    ledger = _ledger(desk)
    found = next((row for row in ledger if row["id"] == identity), None)
    if found is None:
        raise HTTPException(404, "No forecast of the record has this id; the list of all is at “Questions”.")
    settlement = found["settlement"]
    others = [row for row in ledger if row["question"] == found["question"] and row["id"] != identity]
    return QuestionPage(
        title=Question.parse(found["question"]).told(party_name),
        forecast=_row(found),
        rule=found["rule"],
        recurrence=found["recurrence"],
        reasons=[ReasonTold(own["words"], own["weight"], list(own["events"])) for own in found["reasons"]],
        notes=list(found["notes"]),
        model=found["model"],
        seed=found["seed"],
        record_version=found["record_version"],
        dragoman=found["dragoman"],
        settled_because=settlement["reason"] if settlement else None,
        settled_by=list(settlement["events"]) if settlement else [],
        settled_on=settlement["as_of"].isoformat() if settlement else None,
        others=[_row(row) for row in sorted(others, key=lambda row: (row["asked"], row["id"]))[-20:]],
    )


def _ledger(desk: Desk) -> Sequence[Mapping[str, Any]]:
    return desk.record.kept("ledger of forecasts", desk.record.forecasts, lambda rows: 4 * len(rows))


def _board(desk: Desk) -> Scoreboard:
    return desk.record.kept("scoreboard", desk.record.scoreboard)


def _bin(odds: float, share: float, count: int) -> Bin:
    """The bin of a reliability diagram in which these odds lie."""
    place = min(int(odds * BINS), BINS - 1)
    return Bin(place / BINS, (place + 1) / BINS, count, odds, share)


def _outcome(row: Mapping[str, Any]) -> str:
    return str(row["settlement"]["outcome"]) if row["settlement"] else Outcome.OPEN.value


def _soonest(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return row["closes"], -row["odds"], row["id"]


def _row(row: Mapping[str, Any]) -> ForecastRow:
    question = Question.parse(row["question"])
    return ForecastRow(
        id=row["id"],
        question=row["question"],
        text=question.told(party_name),
        source=row["source"],
        target=row["target"],
        source_name=party_name(row["source"]),
        target_name=party_name(row["target"]),
        asked=row["asked"].isoformat(),
        closes=row["closes"].isoformat(),
        odds=row["odds"],
        low=row["low"],
        high=row["high"],
        words=estimative(row["odds"]),
        base_rate=row["base_rate"],
        outcome=_outcome(row),
    )


def _scores(board: Scoreboard) -> dict[str, Score]:
    """The score of all settled forecasts, and of each model where there are several."""
    found = {"all": board.all} if board.all else {}
    return found | (board.by_model if len(board.by_model) > 1 else {})


def _score(name: str, own: Score) -> ScoreRow:
    return ScoreRow(
        model=name,
        questions=own.questions,
        true=own.true,
        brier=round(own.brier, 4),
        log_score=round(own.log_score, 4),
        calibration_error=round(own.calibration_error, 4),
        skills=[SkillRow(reference, skill.value, skill.low, skill.high) for reference, skill in own.against.items()],
        too_few=own.few,
    )
