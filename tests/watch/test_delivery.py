"""What is known of a message whose sender died: nothing, so it is sent again and says so."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from dragoman.database import Alert, Database, Delivery
from dragoman.watch import Channel
from dragoman.watch.delivery import AGAIN, MOST_TRIES, deliver
from simulated_watch import MINUTE, START

CHANNEL = Channel("hook", "json://127.0.0.1")


class KilledError(Exception):
    """The watcher is gone."""


@dataclass
class Told:
    """Keeps what was sent; `dying` ends the watcher after the channel took the message."""

    dying: bool = False
    bodies: list[str] = field(default_factory=list)

    def send(self, channel: Channel, title: str, body: str) -> bool:
        self.bodies.append(body)
        if self.dying:
            raise KilledError
        return True


def put(database: Database, name: str) -> None:
    with database.session() as session:
        session.add(
            Alert(id=name, rule="r", at=START, title=name, why="so", evidence=[], dyad=["PRK", "RUS"], record_version=1)
        )
        session.flush()
        session.add(Delivery(alert_id=name, channel="hook", next_try=START, error=""))


def test_what_was_being_sent_when_the_watcher_died_is_sent_again_and_says_so(database: Database) -> None:
    put(database, "a1")
    told = Told(dying=True)
    with pytest.raises(KilledError):
        deliver(database, [CHANNEL], told, START)
    told.dying = False
    put(database, "a2")
    assert deliver(database, [CHANNEL], told, START + MINUTE) == 1
    assert deliver(database, [CHANNEL], told, START + 6 * MINUTE) == 1
    assert deliver(database, [CHANNEL], told, START + 60 * MINUTE) == 0
    first, second, again = told.bodies
    assert (AGAIN in first, AGAIN in second, AGAIN in again) == (False, False, True)
    assert ("alert a1," in first, "alert a2," in second, "alert a1," in again) == (True, True, True)


def test_a_message_that_kills_every_watcher_is_given_up(database: Database) -> None:
    put(database, "a1")
    told = Told(dying=True)
    for number in range(MOST_TRIES + 3):
        try:
            deliver(database, [CHANNEL], told, START + 10 * number * MINUTE)
        except KilledError:
            continue
    assert len(told.bodies) == MOST_TRIES
