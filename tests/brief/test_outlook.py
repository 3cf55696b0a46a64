from __future__ import annotations

from datetime import date
from typing import Any

from dragoman.brief.outlook import Foreseen, chosen

DAY = date(2024, 6, 1)


def row(question: str, odds: float, asked: date = DAY, closes: date = date(2024, 7, 1), **more: Any) -> dict[str, Any]:
    source, rest = question.split(">")
    own = {"id": f"f{odds}", "question": question, "source": source, "target": rest.split()[0], "odds": odds}
    reasons = [{"words": "x", "weight": None, "events": ["e12", "e34"]}]
    own |= {"asked": asked, "closes": closes, "low": 0.1, "high": 0.6, "base_rate": 0.2, "record_version": 1}
    return own | {"reasons": reasons, "notes": []} | more


def test_the_last_running_forecast_of_each_question_is_told_the_likeliest_first() -> None:
    rows = [
        row("PRK>RUS quad:1 30d", 0.2),
        row("PRK>RUS quad:1 30d", 0.3, asked=date(2024, 6, 5)),
        row("RUS>PRK quad:2 30d", 0.6),
        row("RUS>PRK quad:3 30d", 0.9, closes=date(2024, 6, 4)),
        row("KOR>PRK quad:3 30d", 0.9),
    ]
    found = chosen(rows, ("PRK", "RUS"), date(2024, 6, 10))
    assert [own.odds for own in found] == [0.6, 0.3]


def test_a_sentence_gives_the_number_its_word_the_base_rate_and_what_is_too_small() -> None:
    own = Foreseen.of(row("PRK>RUS deed:arms 30d", 0.12, notes=["too small to say much: no such event"]))
    told = own.say("North Korea", "Russia")
    assert told.startswith(
        "Very unlikely, 12% (10% to 60%): deed in the domain arms from North Korea to Russia until 1"
    )
    assert "base rate is 20%" in told
    assert told.endswith("Too small to say much: no such event.")
    assert own.mentions == ("m12", "m34")
