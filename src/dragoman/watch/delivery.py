"""Sends alerts on their way: all that is due for a channel in one message, tried again until it is taken.

That it is being sent is written down before, and what came of it after. Where a watcher dies in between nobody knows
whether the channel took the message: it is sent again, and says that it may be a second one. A message that comes
twice costs a glance; one that never comes is what the watch is there to prevent.
"""

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
UNDER_WAY = "is being sent"
"""What stands in the place of an error from just before a message is sent until it is known what came of it."""
AGAIN = (
    "This may have reached you before: the watch was cut off while it was being sent, and an alert twice is better "
    "than none. The numbers of the alerts are the same."
)


def deliver(database: Database, channels: Sequence[Channel], sender: Sender, now: datetime.datetime) -> int:
    """Send what is due; how many alerts were taken."""
    return sum(_deliver(database, channel, sender, now) for channel in channels)


def message(alerts: Sequence[Alert], *, again: bool = False) -> tuple[str, str]:
    """Title and text for alerts: of each what, why, and the sentences behind it with where they stand.

    `again` says that it may be a second time.
    """
    first = alerts[0].title
    title = f"Dragoman: {first}" if len(alerts) == 1 else f"Dragoman: {len(alerts)} alerts, first {first}"
    return title, "\n\n".join([*([AGAIN] if again else []), *(_told(alert) for alert in alerts)])


def _told(alert: Alert) -> str:
    lines = [alert.title, alert.why]
    for piece in alert.evidence:
        outlet = f" ({piece['outlet']})" if piece.get("outlet") else ""
        where = f" [{piece['mention']}]" if piece.get("mention") else ""
        lines.append(f"  “{piece['text']}”{outlet}{where}")
    lines.append(f"  rule {alert.rule}, alert {alert.id}, record version {alert.record_version}")
    return "\n".join(lines)


def _deliver(database: Database, channel: Channel, sender: Sender, now: datetime.datetime) -> int:
    """Send what is due for one channel: what nobody has seen in one message, what somebody may have seen in another."""
    found = _claimed(database, channel, now)
    return sum(
        _send(database, channel, sender, [way for way in found if (way.error == UNDER_WAY) is again], now, again=again)
        for again in (False, True)
    )


def _send(
    database: Database,
    channel: Channel,
    sender: Sender,
    found: Sequence[Delivery],
    now: datetime.datetime,
    *,
    again: bool,
) -> int:
    if not found:
        return 0
    with database.session() as session:
        rows = list(session.scalars(select(Alert).where(Alert.id.in_([way.alert_id for way in found]))))
    rows.sort(key=lambda row: (row.at, row.id))
    taken = sender.send(channel, *message(rows, again=again))
    with database.session() as session:
        for way in found:
            tries = way.tries + 1
            values: dict[str, Any]
            if taken:
                values = {"delivered": now, "next_try": None, "error": ""}
            elif tries >= MOST_TRIES:
                values = {"next_try": None, "error": f"not taken after {MOST_TRIES} tries; given up"}
            else:
                values = {"next_try": now + back_off(tries), "error": "the channel did not take the message"}
            session.execute(update(Delivery).where(Delivery.id == way.id).values(**values))
    if not taken:
        log.warning("channel %s did not take %d alerts; tried again later", channel.name, len(found))
    return len(found) if taken else 0


def _claimed(database: Database, channel: Channel, now: datetime.datetime) -> list[Delivery]:
    """What is due for a channel and now this watcher's to send, as it stood before; each claim counts as a try."""
    with database.session() as session:
        due = session.scalars(
            select(Delivery)
            .where(
                Delivery.channel == channel.name,
                Delivery.delivered.is_(None),
                Delivery.tries < MOST_TRIES,
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
                .values(next_try=now + CLAIM, tries=Delivery.tries + 1, error=UNDER_WAY)
                .execution_options(synchronize_session=False)
            )
            if done.rowcount == 1:
                mine.append(way)
        return mine
