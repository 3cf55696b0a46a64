from __future__ import annotations

from datetime import date

import pytest
from fastapi.testclient import TestClient

from dragoman.pipeline.geography import stored_activity
from dragoman.pipeline.happenings import load_happenings
from dragoman.relate import Happening
from dragoman.relate.ties import ties_of
from dragoman.serve import Desk
from dragoman.serve.routes.map import SHADES, legend, shade_of
from dragoman.serve.world import WIDTH, arc_between, capitals, drawn, height, project, shapes
from dragoman.terms import Domain

WIDE = {"since": "2000-01-01", "until": "2030-01-01"}


def told(desk: Desk) -> list[Happening]:
    """What is actual or pledged and has a day."""
    found = load_happenings(desk.record.store().snapshot(), ())
    return [own for own in found if (own.is_deed or own.is_word) and own.day]


def test_its_ties_are_those_of_the_network(desk: Desk) -> None:
    found = stored_activity(desk.record.store().snapshot(), date(2000, 1, 1), date(2030, 1, 1))
    assert sorted(found.ties, key=lambda tie: (tie.first, tie.second)) == ties_of(told(desk)) != []


def test_actors_are_counted_on_each_side_once_for_an_event(desk: Desk) -> None:
    found = stored_activity(desk.record.store().snapshot(), date(2000, 1, 1), date(2030, 1, 1))
    counted = {own.key: (own.acts, own.acted_on) for own in found.actors}
    happenings = told(desk)
    assert found.events == len(happenings)
    for key in ("PRK", "RUS", "USA"):
        acts = sum(any(actor.key == key for actor in own.event.source) for own in happenings)
        acted_on = sum(any(actor.key == key for actor in own.event.target) for own in happenings)
        assert counted[key] == (acts, acted_on), key


def test_a_domain_keeps_its_events_alone(desk: Desk) -> None:
    snapshot = desk.record.store().snapshot()
    found = stored_activity(snapshot, date(2000, 1, 1), date(2030, 1, 1), Domain.ARMS)
    assert found.events == sum(own.event.domain is Domain.ARMS for own in told(desk))
    assert {spot.name for spot in found.places} == {"Ukraine"}


def test_a_number_opens_to_exactly_its_events(client: TestClient) -> None:
    page = client.get("/map.json", params=WIDE).json()
    rows = [(row["acts"], row["acts_address"]) for row in page["actors"] if row["acts"]]
    rows += [(row["acted_on"], row["acted_on_address"]) for row in page["actors"] if row["acted_on"]]
    rows += [(row["events"], row["address"]) for row in page["places"]]
    assert len(rows) > 5
    client.app.state.desk.search.follow(patience=60)  # type: ignore[attr-defined]
    for number, address in rows:
        assert client.get(address.replace("/search?", "/search.json?")).json()["event_count"] == number, address


def test_without_days_it_shows_the_year_up_to_the_newest_report(client: TestClient) -> None:
    page = client.get("/map.json").json()
    assert (page["since"], page["until"]) == ("2022-11-23", "2023-11-23")
    assert page["events"] > 0


def test_days_without_events_say_so(client: TestClient) -> None:
    answer = client.get("/map", params={"since": "1990-01-01", "until": "1990-12-31"})
    assert answer.status_code == 200
    assert "No event of these days" in answer.text


@pytest.mark.parametrize(
    "query",
    [
        {"since": "2024-01-02", "until": "2024-01-01"},
        {"since": "yesterday"},
        {"domain": "weather"},
        {"show": "<script>"},
        {"since": "0000-01-01"},
    ],
)
def test_what_cannot_be_asked_is_refused_with_what_can(client: TestClient, query: dict[str, str]) -> None:
    assert client.get("/map", params=query).status_code == 400


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_first_and_the_last_day_of_the_calendar_are_days(client: TestClient, day: str) -> None:
    assert client.get("/map", params={"until": day}).status_code == 200


def test_every_state_has_a_place_on_the_map_and_most_have_a_shape() -> None:
    from dragoman.coding import gazetteer

    states = set(gazetteer().states)
    assert states <= set(capitals())
    assert len(states & drawn()) > 160
    inside = [code for code in states if 0 <= capitals()[code][0] <= WIDTH and 0 <= capitals()[code][1] <= height()]
    assert set(inside) == states


def test_shapes_stay_on_the_map() -> None:
    for shape in shapes():
        x, y = map(float, shape.path[1:].split("l")[0].split())
        assert -1 <= x <= WIDTH + 1, shape.name
        assert -1 <= y <= height() + 1, shape.name


def test_the_equator_and_the_first_meridian_cross_in_the_middle() -> None:
    x, y = project(0, 0)
    assert x == WIDTH / 2
    assert project(180, 0)[0] == pytest.approx(WIDTH)
    assert project(0, 40)[1] < y < project(0, -40)[1]


def test_a_line_joins_its_two_ends() -> None:
    assert arc_between((0, 0), (10, 0)).startswith("M0.0 0.0Q5.0 -1.8 10.0 0.0")


@pytest.mark.parametrize("top", [1, 2, 3, 7, 40, 341, 7000])
def test_shades_of_the_legend_hold_every_number_once(top: int) -> None:
    steps = legend(top)
    for events in range(1, top + 1):
        (own,) = [step for step in steps if step.low <= events <= step.high]
        assert own.number == shade_of(events, top), events
    assert steps[-1].high == top
    assert shade_of(0, top) == 0
    assert shade_of(top, top) == SHADES
