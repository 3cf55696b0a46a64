from __future__ import annotations

from datetime import date, timedelta

import pytest

from dragoman.exchange.agreement import Coded, Coding, Kind, Reference, compare, match_units
from dragoman.exchange.reliability import krippendorff_alpha

DAY = date(2024, 6, 19)
QUADS = {"CONSULT": 1, "AGREE": 1, "AID": 2, "ACCUSE": 3, "ASSAULT": 4}


def coded(kind: str, source: str = "PRK", target: str = "RUS", day: date = DAY, number: int = 0) -> Coded:
    return Coded(day, source, target, kind, QUADS[kind], "actual", f"e{kind}{number}")


def coding(*units: Coded, days: tuple[date, ...] = (DAY,)) -> Coding:
    return Coding("x", frozenset(days), units)


def test_matching_prefers_the_type_then_the_quad() -> None:
    found = match_units([coded("CONSULT"), coded("AID")], [coded("AID"), coded("ACCUSE"), coded("AGREE")])
    pairs = {(m.a.type if m.a else None, m.b.type if m.b else None) for m in found}
    assert pairs == {("AID", "AID"), ("CONSULT", "AGREE"), (None, "ACCUSE")}


def test_a_unit_is_matched_once() -> None:
    kinds = [m.kind for m in match_units([coded("AID", number=1), coded("AID", number=2)], [coded("AID")])]
    assert kinds == [Kind.SAME, Kind.ONLY_A]


def test_direction_counts() -> None:
    found = compare(coding(coded("AID")), coding(coded("AID", "RUS", "PRK")), Reference.B)
    assert [match.kind for match in found.matches] == [Kind.ONLY_A, Kind.ONLY_B]


def test_only_days_that_both_cover_are_judged() -> None:
    next_day = DAY + timedelta(days=1)
    a = coding(coded("AID"), coded("AID", day=next_day), days=(DAY, next_day))
    summary = compare(a, coding(coded("AID")), Reference.B).summary()
    assert (summary["days_both"], summary["n_a"], summary["only_a"]) == (1, 1, 0)
    assert (summary["a"]["units"], summary["a"]["units_on_days_both"]) == (2, 1)


def four() -> tuple[Coding, Coding]:
    """Of three units of A and four of B one is the same, one has another type of the same quad, one is A's alone."""
    a = coding(coded("AID"), coded("CONSULT"), coded("ACCUSE", "USA", "CHN"))
    b = coding(coded("AID"), coded("AGREE"), coded("ASSAULT", "ISR", "IRN"), coded("ASSAULT", "ISR", "IRN", number=1))
    return a, b


def test_counts_and_rates_by_hand() -> None:
    summary = compare(*four(), Reference.B).summary()
    counts = {key: summary[key] for key in ("n_a", "n_b", "same", "type_differs", "only_a", "only_b")}
    assert counts == {"n_a": 3, "n_b": 4, "same": 1, "type_differs": 1, "only_a": 1, "only_b": 2}
    assert summary["levels"]["type"] == {"precision": 0.3333, "recall": 0.25, "f1": 0.2857}
    assert summary["levels"]["quad"] == {"precision": 0.6667, "recall": 0.5, "f1": 0.5714}
    assert summary["levels"]["pair"] == summary["levels"]["quad"]


def test_the_reference_turns_precision_and_recall() -> None:
    one, other = (compare(*four(), reference).summary()["levels"]["type"] for reference in Reference)
    assert (one["precision"], one["recall"]) == (other["recall"], other["precision"])


def test_alpha_counts_absence_as_disagreement() -> None:
    summary = compare(*four(), Reference.B).summary()
    told = [("AID", "AID"), ("CONSULT", "AGREE"), ("ACCUSE", "-"), ("-", "ASSAULT"), ("-", "ASSAULT")]
    assert summary["alpha"] == pytest.approx(krippendorff_alpha(told), abs=0.0001)
    assert summary["alpha_type"] == pytest.approx(krippendorff_alpha(told[:2]), abs=0.0001)


def test_by_type_and_by_dyad() -> None:
    summary = compare(*four(), Reference.B).summary()
    by_type = {row["type"]: row for row in summary["by_type"]}
    assert by_type["AID"] | {"alpha": 1} == {
        "type": "AID",
        "n_a": 1,
        "n_b": 1,
        "same": 1,
        "precision": 1,
        "recall": 1,
        "f1": 1,
        "alpha": 1,
    }
    assert (by_type["ASSAULT"]["precision"], by_type["ASSAULT"]["recall"]) == (None, 0)
    dyads = {row["dyad"]: (row["n_a"], row["n_b"], row["same"]) for row in summary["by_dyad"]}
    assert dyads == {"PRK>RUS": (2, 2, 1), "USA>CHN": (1, 0, 0), "ISR>IRN": (0, 2, 0)}
    assert [row["day"] for row in summary["by_day"]] == [DAY.isoformat()]


def test_the_rows_that_differ_can_be_read() -> None:
    rows = [match.row() for match in compare(*four(), Reference.B).differences()]
    assert [row["difference"] for row in rows] == ["only in b", "only in b", "type differs", "only in a"]
    assert rows[2] == {
        "difference": "type differs",
        "date": "2024-06-19",
        "source": "PRK",
        "target": "RUS",
        "type_a": "CONSULT",
        "factuality_a": "actual",
        "id_a": "eCONSULT0",
        "type_b": "AGREE",
        "factuality_b": "actual",
        "id_b": "eAGREE0",
    }


def test_nothing_in_common_gives_no_number() -> None:
    summary = compare(coding(days=()), coding(coded("AID")), Reference.A).summary()
    assert (summary["days_both"], summary["alpha"], summary["levels"]["type"]["precision"]) == (0, None, None)
