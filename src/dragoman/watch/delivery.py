"""Sends alerts on their way: all that is due for a channel in one message, tried again until it is taken."""

from __future__ import annotations

import datetime
import logging
from collections.abc import Sequence
from typing import Any

from sqlalchemy import CursorResult, select, update

from dragoman.database import Alert, Database, Delivery
from dragoman.watch.answers import back_off
from dragoman.watch.channels import Channel, Sender
from dragoman.watch.holding import is_past

log = logging.getLogger(__name__)

CLAIM = datetime.timedelta(minutes=5)
"""So long one watcher may take to send before another may try."""
MOST_TRIES = 12
"""After so many tries, some two days, an alert is given up for that channel; it stays in the database."""
MOST_AT_ONCE = 50


def deliver(database: Database, channels: Sequence[Channel], sender: Sender, now: datetime.datetime) -> int:
    """Send what is due; how many alerts were taken."""
    return sum(_deliver(database, channel, sender, now) for channel in channels)


def message(alerts: Sequence[Alert]) -> tuple[str, str]:
    """Title and text for alerts: of each what, why, and the sentences behind it with where they stand."""
    first = alerts[0].title
    title = f"Dragoman: {first}" if len(alerts) == 1 else f"Dragoman: {len(alerts)} alerts, first {first}"
    return title, "\n\n".join(_told(alert) for alert in alerts)


def _told(alert: Alert) -> str:
    lines = [alert.title, alert.why]
    for piece in alert.evidence:
        outlet = f" ({piece['outlet']})" if piece.get("outlet") else ""
        where = f" [{piece['mention']}]" if piece.get("mention") else ""
        lines.append(f"  “{piece['text']}”{outlet}{where}")
    lines.append(f"  rule {alert.rule}, alert {alert.id}, record version {alert.record_version}")
    return "\n".join(lines)


def _deliver(database: Database, channel: Channel, sender: Sender, now: datetime.datetime) -> int:
    found = _claimed(database, channel, now)
    if not found:
        return 0
    with database.session() as session:
        rows = list(session.scalars(select(Alert).where(Alert.id.in_([way.alert_id for way in found]))))
    rows.sort(key=lambda row: (row.at, row.id))
    taken = sender.send(channel, *message(rows))
    with database.session() as session:
        for way in found:
            values: dict[str, Any] = {"tries": way.tries + 1}
            if taken:
                values |= {"delivered": now, "next_try": None, "error": ""}
            elif way.tries + 1 >= MOST_TRIES:
                values |= {"next_try": None, "error": f"not taken after {MOST_TRIES} tries; given up"}
            else:
                again = now + back_off(way.tries + 1)
                values |= {"next_try": again, "error": "the channel did not take the message"}
            session.execute(update(Delivery).where(Delivery.id == way.id).values(**values))
    if not taken:
        log.warning("channel %s did not take %d alerts; tried again later", channel.name, len(found))
    return len(found) if taken else 0


def _claimed(database: Database, channel: Channel, now: datetime.datetime) -> list[Delivery]:
    """What is due for a channel and now this watcher's to send."""
    with database.session() as session:
        due = session.scalars(
            select(Delivery)
            .where(
                Delivery.channel == channel.name,
                Delivery.delivered.is_(None),
                Delivery.next_try.is_not(None),
                is_past(Delivery.next_try, now),
            )
            .order_by(Delivery.id)
            .limit(MOST_AT_ONCE)
        ).all()
        mine = []
        for way in due:
            done: CursorResult[Any] = session.execute(  # type: ignore[assignment]
                update(Delivery)
                .where(Delivery.id == way.id, Delivery.next_try == way.next_try, Delivery.delivered.is_(None))
                .values(next_try=now + CLAIM)
                .execution_options(synchronize_session=False)
            )
            if done.rowcount == 1:
                mine.append(way)
        return mine
