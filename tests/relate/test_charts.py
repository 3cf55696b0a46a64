from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import pytest

from dragoman.errors import UsageError
from dragoman.relate.charts import (
    eras_chart,
    formulae_chart,
    indicators_chart,
    ledger_chart,
    network_chart,
    series_chart,
    survival_chart,
    to_png,
    to_svg,
)
from dragoman.relate.drawing import Chart, shortened

Rows = list[dict[str, Any]]


def week(day: str, covered: bool = True, **counts: Any) -> dict[str, Any]:
    none = dict.fromkeys(("words_cooperation", "words_conflict", "deeds_cooperation", "deeds_conflict"))
    return {"period": day, "covered": covered, **none, **counts}


def entry(promise: str, state: str = "kept", **changes: Any) -> dict[str, Any]:
    return {"promise": promise, "made": "2024-06-19", "due": None, "settled": None, "state": state, **changes}


def indicator(key: str, state: str, **changes: Any) -> dict[str, Any]:
    return {"key": key, "state": state, "first": None, "last": None, "origins": None, **changes}


def net(*edges: tuple[str, str, str], blocs: dict[str, int] | None = None, year: int = 2024) -> dict[str, Any]:
    keys = sorted({key for edge in edges for key in edge[:2]})
    return {
        "since": f"{year}-01-01",
        "until": f"{year}-12-31",
        "nodes": [{"key": key, "name": key, "bloc": (blocs or {}).get(key)} for key in keys],
        "edges": [
            {
                "first": first,
                "second": second,
                "sign": sign,
                "cooperation": 3 * (sign != "negative"),
                "conflict": 3 * (sign != "positive"),
            }
            for first, second, sign in edges
        ],
    }


WEEKS: Rows = [
    week("2024-06-03", words_cooperation=2, deeds_conflict=1),
    week("2024-06-10", covered=False),
    week("2024-06-17", words_cooperation=3, deeds_cooperation=1),
]
ERAS: Rows = [
    {"start": "2024-06-03", "end": "2024-06-12", "name": "cool"},
    {"start": "2024-06-13", "end": None, "name": "warm, deeds leading"},
]
CURVE: Rows = [
    {"days": 0, "share": 1.0, "low": None, "high": None},
    {"days": 40, "share": 0.5, "low": 0.2, "high": 0.8},
]
CHARTS: dict[str, Callable[[], Chart]] = {
    "series": lambda: series_chart(WEEKS, "By week"),
    "eras": lambda: eras_chart(WEEKS, ERAS),
    "ledger": lambda: ledger_chart([entry("arms", settled="2024-10-23"), entry("grain", "open", due="2024-12-01")]),
    "survival": lambda: survival_chart(CURVE),
    "formulae": lambda: formulae_chart([{"phrase": "blood bond", "uses_by_period": {"2024": 1, "2025": 4}}]),
    "indicators": lambda: indicators_chart([indicator("arms", "confirmed", first="2023-08-01", origins=2)]),
    "network": lambda: network_chart([net(("PRK", "RUS", "positive"), ("RUS", "UKR", "negative"))]),
}


def words(chart: Chart) -> str:
    """All that can be read on a chart."""
    root = ElementTree.fromstring(to_svg(chart))
    return "\n".join("".join(node.itertext()) for node in root.iter("{http://www.w3.org/2000/svg}text"))


def colours(chart: Chart) -> set[str]:
    """Every colour that something on a chart is filled with."""
    return {node.get("fill", "") for node in ElementTree.fromstring(to_svg(chart)).iter()}


@pytest.mark.parametrize("name", CHARTS)
def test_every_chart_is_an_image_that_fits_a_page(name: str) -> None:
    chart = CHARTS[name]()
    png = to_png(chart, scale=1)
    assert png.startswith(b"\x89PNG")
    assert int.from_bytes(png[16:20], "big") <= 900
    assert ElementTree.fromstring(to_svg(chart)).tag == "{http://www.w3.org/2000/svg}svg"


@pytest.mark.parametrize("name", CHARTS)
def test_the_same_rows_give_the_same_chart(name: str) -> None:
    assert to_svg(CHARTS[name]()) == to_svg(CHARTS[name]())


def test_a_title_stands_above_the_chart() -> None:
    assert "North Korea to Russia" in words(series_chart(WEEKS, "North Korea to Russia"))


def test_weeks_without_documents_are_marked_and_others_are_not() -> None:
    assert "no documents read" in words(series_chart(WEEKS))
    assert "no documents read" not in words(series_chart(WEEKS[:1]))


def test_a_series_may_tell_first_and_last_day_and_counts_with_intensity() -> None:
    rows = [
        {**week("", deeds_cooperation={"count": 7, "intensity_mean": 4.0}), "start": "2024-06-01", "end": "2024-06-30"}
    ]
    del rows[0]["period"]
    assert "7" not in words(series_chart(WEEKS))
    assert "6" in words(series_chart(rows))


def test_the_order_of_rows_makes_no_difference() -> None:
    assert to_svg(series_chart(WEEKS)) == to_svg(series_chart(WEEKS[::-1]))
    assert to_svg(eras_chart(WEEKS, ERAS)) == to_svg(eras_chart(WEEKS[::-1], ERAS[::-1]))


def test_days_do_not_move_with_the_time_zone() -> None:
    rows = [{"promise": "p", "made": "2024-06-19", "due": "2024-07-01", "settled": "2024-07-03", "state": "kept"}]
    code = (
        "import sys; from dragoman.relate.charts import ledger_chart, to_svg;"
        f"sys.stdout.buffer.write(to_svg(ledger_chart({rows!r})))"
    )
    here = to_svg(ledger_chart(rows))
    # A zone is read once in a process; this one is surely another than here, and each way from the world's clock.
    zone = "America/Los_Angeles" if time.timezone <= 0 else "Asia/Seoul"
    there = subprocess.run([sys.executable, "-c", code], env={"TZ": zone}, capture_output=True, check=True).stdout
    assert there == here


def test_eras_are_listed_with_their_days() -> None:
    read = words(eras_chart(WEEKS, ERAS))
    assert "1. 3 Jun 2024 to 12 Jun 2024: cool" in read
    assert "2. since 13 Jun 2024: warm, deeds leading" in read


def test_an_era_before_the_series_is_listed_but_has_no_band() -> None:
    early = {"start": "1991-01-01", "end": "1999-12-31", "name": "dormant"}
    read = words(eras_chart(WEEKS, [early, *ERAS]))
    assert "1. 1 Jan 1991 to 31 Dec 1999: dormant" in read
    assert "2. cool" in read


def test_an_entry_shows_its_words_and_state() -> None:
    read = words(ledger_chart([entry("Putin's \\ “help” with satellites", "broken", settled="2024-10-01")]))
    assert "Putin's \\ “help” with satellites" in read
    assert "broken" in read


def test_a_long_promise_is_cut_between_words() -> None:
    assert shortened("to send workers to rebuild the region of Kursk", 24) == "to send workers to…"
    assert shortened("to send workers", 24) == "to send workers"
    assert shortened("x" * 40, 10) == f"{'x' * 9}…"


def test_entries_stand_in_the_order_in_which_they_were_made() -> None:
    read = words(ledger_chart([entry("second", made="2024-07-01"), entry("first", made="2024-01-01")]))
    assert read.index("first") < read.index("second")


def test_an_entry_without_a_day_is_left_out() -> None:
    assert "undated" not in words(ledger_chart([entry("dated"), entry("undated", made=None)]))


def test_a_state_of_no_ledger_is_refused() -> None:
    with pytest.raises(UsageError, match="kept, partly, broken, withdrawn, lapsed, open"):
        ledger_chart([entry("arms", "done")])


def test_a_curve_tells_what_its_share_is_of() -> None:
    assert "share not yet kept" in words(survival_chart(CURVE))
    assert "50%" not in words(survival_chart(CURVE, label="kept"))


def test_periods_of_formulae_stand_in_order_of_time() -> None:
    uses = {"2025-Q1": 3, "2024-Q4": 1, "2024-Q3": None}
    read = words(formulae_chart([{"phrase": "blood bond", "by_period": uses}])).split("\n")
    assert [word for word in read if "-Q" in word] == ["2024-Q3", "2024-Q4", "2025-Q1"]
    assert "Uses in each period. Grey: no statement of the period was read." in read


def test_a_period_that_is_none_is_refused() -> None:
    with pytest.raises(UsageError, match="spring"):
        formulae_chart([{"phrase": "blood bond", "uses_by_period": {"spring": 3}}])


def test_an_indicator_shows_how_far_it_came_when_and_by_how_many_origins() -> None:
    rows = [
        indicator("joint_exercises", "nothing seen"),
        indicator("arms", "reported by 3 origins", first="2023-08-01", last="2024-11-20", origins=3),
        indicator("labour", "talked of", first="2025-06-17", last="2025-06-20", origins=1, name="Labour"),
    ]
    read = words(indicators_chart(rows))
    assert {"joint exercises", "nothing seen", "Labour"} <= set(read.split("\n"))
    assert "Aug 2023 – Nov 2024" in read
    assert "3 origins" in read
    assert "Jun 2025" in read
    assert "1 origins" not in read


def test_a_state_of_no_indicator_is_refused() -> None:
    with pytest.raises(UsageError, match="confirmed"):
        indicators_chart([indicator("arms", "rumoured")])


def test_each_network_is_headed_by_its_days() -> None:
    read = words(network_chart([net(("A", "B", "positive"), year=year) for year in (2023, 2024)]))
    assert "1 Jan 2023 to 31 Dec 2023" in read
    assert "1 Jan 2024 to 31 Dec 2024" in read


def test_a_body_is_called_by_its_short_name() -> None:
    assert "AU" in words(network_chart([net(("IGO:African Union", "SOM", "positive"))])).split("\n")


def test_a_bloc_keeps_its_colour_from_one_period_to_the_next() -> None:
    first = net(("A", "B", "positive"), blocs={"A": 0, "B": 0}, year=2023)
    grown = net(("A", "B", "positive"), ("A", "C", "positive"), blocs={"A": 4, "B": 4, "C": 4})
    assert colours(network_chart([first, grown])) == colours(network_chart([grown]))


def test_actors_that_are_not_shown_are_counted() -> None:
    star = [("A", f"B{n:02}", "positive") for n in range(40)]
    assert "The 24 actors with most ties are shown; 17 others are not." in words(network_chart([net(*star)]))


@pytest.mark.parametrize(
    "draw",
    [series_chart, ledger_chart, survival_chart, formulae_chart, indicators_chart, network_chart],
    ids=lambda draw: draw.__name__,
)
def test_nothing_cannot_be_drawn_and_rows_of_another_view_neither(draw: Any) -> None:
    with pytest.raises(UsageError, match="nothing to draw"):
        draw([])
    with pytest.raises(UsageError, match="lacks"):
        draw([{"colour": "red"}])


def test_a_day_that_is_none_is_refused() -> None:
    with pytest.raises(UsageError, match="June"):
        series_chart([week("June")])
