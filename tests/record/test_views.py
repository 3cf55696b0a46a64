from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from dragoman.errors import UsageError
from dragoman.periods import Period, Precision
from dragoman.record import EventFilter, Store, event_row, filter_events, in_order, sentences
from dragoman.record.views import event_table
from dragoman.records import Mention, Party, Span
from dragoman.relate import Report, merge_mentions
from dragoman.terms import Domain, EventType, Part
from making import KOR, NATO, PRK, RUS, make_document, make_mention, make_mention_row

HERE = Span(Part.BODY, 0, 5)


def side(*actors: object) -> tuple[Party, ...]:
    return tuple(Party(actor, HERE, "name") for actor in actors)  # type: ignore[arg-type]


MENTIONS: dict[str, Mention] = {
    "north to russia": make_mention(),
    "russia to north": make_mention(source=side(RUS), target=side(PRK)),
    "nato to russia": make_mention(source=side(NATO), target=side(RUS), type=EventType.ACCUSE, domain=None),
    "south to north, may": make_mention(
        source=side(KOR), target=side(PRK), date=Period(date(2024, 5, 1), Precision.MONTH), domain=Domain.TRADE
    ),
    "undated": make_mention(source=side(KOR), target=side(RUS), date=None),
}
EVENTS = {merge_mentions([Report(m, "o", None, "s")])[0].id: name for name, m in MENTIONS.items()}


def asked(**wanted: object) -> list[str]:
    rows = [event_row(merge_mentions([Report(m, "o", None, "s")])[0]) for m in MENTIONS.values()]
    found = in_order(filter_events(event_table(rows), EventFilter(**wanted)))  # type: ignore[arg-type]
    return [EVENTS[key] for key in found.to_pyarrow()["id"].to_pylist()]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"parties": ("PRK", "RUS")}, {"north to russia", "russia to north"}),
        ({"parties": ("PRK", "RUS"), "directed": True}, {"north to russia"}),
        ({"parties": ("NATO",)}, {"nato to russia"}),
        ({"parties": ("IGO", "RUS")}, {"nato to russia"}),
        ({"parties": ("North Korea", "RUS")}, {"north to russia", "russia to north"}),
        ({"parties": ("PRK",), "directed": True}, {"north to russia"}),
        ({"types": (EventType.ACCUSE,)}, {"nato to russia"}),
        ({"domains": (Domain.TRADE,)}, {"south to north, may"}),
        ({"since": date(2024, 6, 1)}, {"north to russia", "russia to north", "nato to russia"}),
        ({"until": date(2024, 5, 15)}, {"south to north, may"}),
        ({"since": date(2024, 5, 20), "until": date(2024, 5, 25)}, {"south to north, may"}),
        ({"providers": ("gdelt",)}, set()),
    ],
)
def test_filter_events_finds(wanted: dict[str, object], expected: set[str]) -> None:
    assert set(asked(**wanted)) == expected


def test_in_order_puts_the_undated_last() -> None:
    names = asked()
    assert (names[0], names[-1]) == ("south to north, may", "undated")


def _three() -> EventFilter:
    return EventFilter(parties=("A", "B", "C"))


def _backwards() -> EventFilter:
    return EventFilter(since=date(2024, 2, 1), until=date(2024, 1, 1))


@pytest.mark.parametrize(("make", "message"), [(_three, "one or two"), (_backwards, "swap them")])
def test_a_filter_that_cannot_be_is_refused(make: Callable[[], EventFilter], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        make()


@pytest.mark.parametrize("most", [1, 7, 40, 100])
def test_background_sentences_are_those_of_the_lowest_ids(tmp_path: Path, most: int) -> None:
    store = Store.open(tmp_path, create=True)
    documents = [make_document(f"Sentence number {n}.", url=f"https://x.example/{n}") for n in range(40)]
    rows = [make_mention_row(make_mention(document), document) for document in documents]
    with store.begin("add") as transaction:
        transaction.insert("mentions", rows)
    lowest = sorted(rows, key=lambda row: str(row["id"]))[:most]
    assert sentences(store.snapshot(), most) == sorted(str(row["text"]) for row in lowest)
